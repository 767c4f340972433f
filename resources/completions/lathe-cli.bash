# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for lathe-cli; made by installer/completions.py

_lathe_cli() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local global="--help --json --project --set --seed --threads --device"
  local command="" sub="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      --project|--set|--seed|--threads|--device) ((i++)) ;;
      -*) ;;
      *)
        if [[ -z $command ]]; then command=$word
        elif [[ -z $sub ]]; then sub=$word
        fi ;;
    esac
  done
  local path=$command
  case $command in
    data|spec|runs|study) path="$command $sub" ;;
    deploy) case $sub in list|retrain|drift) path="$command $sub" ;; esac ;;
  esac
  case "$path:$prev" in
    "metrics:--format") COMPREPLY=($(compgen -W "csv json" -- "$cur")); return ;;
    "export:--format") COMPREPLY=($(compgen -W "torchscript onnx torchserve savedmodel c triton" -- "$cur")); return ;;
    *:--device) COMPREPLY=($(compgen -W "auto cpu cuda" -- "$cur")); return ;;
    *:--task) COMPREPLY=($(compgen -W "auto classification regression multilabel quantile anomaly forecast" -- "$cur")); return ;;
    *:--optimizer) COMPREPLY=($(compgen -W "auto sgd adam adamw rmsprop adagrad adadelta nadam radam lion lamb muon prodigy dadapt_adam schedule_free_sgd schedule_free_adamw yellowfin" -- "$cur")); return ;;
    *:--model) COMPREPLY=($(compgen -W "mlp resmlp cnn realmlp tabm ft-transformer resnet-small wide-resnet mobilenet-small conv1d gru lstm transformer autoencoder resnet18 resnet34 resnet50 mobilenet-v2" -- "$cur")); return ;;
    *:--sampler) COMPREPLY=($(compgen -W "random grid qmc tpe gp cmaes nsga2 nsga3 motpe ehvi de evolution annealing auto" -- "$cur")); return ;;
    *:--pruner) COMPREPLY=($(compgen -W "none median percentile patient threshold halving asha hyperband bohb dehb wilcoxon pbt" -- "$cur")); return ;;
    *:--direction) COMPREPLY=($(compgen -W "minimize maximize" -- "$cur")); return ;;
    *:--split) COMPREPLY=($(compgen -W "train test" -- "$cur")); return ;;
    *:--data|*:--model-store|*:--out|*:--project|*:--space|*:--test)
      compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    *:--allow-url|*:--batch-size|*:--behind|*:--budget|*:--checkpoint-every|*:--confirm-seeds|*:--confirm-top|*:--deploy|*:--epochs|*:--export|*:--final-epochs|*:--folds|*:--format|*:--goal|*:--group|*:--grpc|*:--horizon|*:--host|*:--http|*:--lower|*:--lr|*:--management|*:--max-batch|*:--max-bytes|*:--max-delay|*:--max-flops|*:--max-latency|*:--max-parameters|*:--method|*:--metric|*:--min-delta|*:--min-epochs|*:--name|*:--params|*:--patience|*:--percentile|*:--population|*:--predict-url|*:--protocol|*:--quantize|*:--repeats|*:--rest|*:--seed|*:--set|*:--signature|*:--significance|*:--startup-trials|*:--study|*:--super-epochs|*:--target|*:--threads|*:--time|*:--timeout|*:--to|*:--token|*:--trials|*:--upper|*:--url|*:--version|*:--watch|*:--weight|*:--window|*:--workers) return ;;
  esac

  if [[ $cur == -* ]]; then
    local options=$global
    case $path in
      "") options="$global --version" ;;
      "data inspect") options="--help --target --task --group --time --window --horizon --weight --test $global" ;;
      "spec new") options="--help --data --target --task --group --time --window --horizon --weight --test --model --epochs --batch-size --lr --optimizer --name --checkpoint-every --out $global" ;;
      "spec show") options="--help --data --target --task --group --time --window --horizon --weight --test --model --epochs --batch-size --lr --optimizer --name --checkpoint-every $global" ;;
      "spec validate") options="--help --data --target --task --group --time --window --horizon --weight --test --model --epochs --batch-size --lr --optimizer --name --checkpoint-every $global" ;;
      "train") options="--help --data --target --task --group --time --window --horizon --weight --test --model --epochs --batch-size --lr --optimizer --name --checkpoint-every --dry-run $global" ;;
      "resume") options="--help --epochs $global" ;;
      "runs list") options="--help --all --study $global" ;;
      "runs show") options="--help --spec $global" ;;
      "runs compare") options="--help $global" ;;
      "runs rm") options="--help $global" ;;
      "runs restore") options="--help $global" ;;
      "metrics") options="--help --name --format $global" ;;
      "predict") options="--help --data --out --split $global" ;;
      "evaluate") options="--help --data $global" ;;
      "export") options="--help --format --out --quantize --name $global" ;;
      "verify") options="--help --data $global" ;;
      "search") options="--help --data --target --task --group --time --window --horizon --weight --folds --test --model --epochs --batch-size --lr --optimizer --name --checkpoint-every --metric --direction --space --sampler --pruner --percentile --startup-trials --patience --min-delta --lower --upper --significance --trials --timeout --workers --population --behind --min-epochs --repeats --confirm-top --confirm-seeds --terminator --deterministic $global" ;;
      "nas") options="--help --data --target --task --group --time --window --horizon --weight --test --model --epochs --batch-size --lr --optimizer --name --checkpoint-every --method --space --metric --direction --max-parameters --max-flops --max-latency --pruner --percentile --startup-trials --patience --min-delta --lower --upper --significance --trials --timeout --workers --population --behind --min-epochs --super-epochs --final-epochs --confirm-top --confirm-seeds --no-inherit --no-proxies --deterministic $global" ;;
      "study list") options="--help $global" ;;
      "study show") options="--help $global" ;;
      "study resume") options="--help --trials --timeout --workers $global" ;;
      "study pause") options="--help $global" ;;
      "study cancel") options="--help $global" ;;
      "study extend") options="--help --trials --timeout --workers $global" ;;
      "study enqueue") options="--help --params $global" ;;
      "study replay") options="--help $global" ;;
      "study rm") options="--help $global" ;;
      "study restore") options="--help $global" ;;
      "study ask-tell") options="--help --space --sampler --direction --trials --population $global" ;;
      "autopilot") options="--help --data --target --task --group --time --window --horizon --weight --test --budget --goal --max-latency --max-bytes --export --deploy --url --predict-url --model-store --token --out --resume $global" ;;
      "serve") options="--help --http --management --grpc --rest --host --no-token --model-store --allow-url --workers --max-batch --max-delay $global" ;;
      "deploy") options="--help --to --url --predict-url --model-store --token --name --version --data --max-latency --watch $global" ;;
      "deploy list") options="--help $global" ;;
      "deploy retrain") options="--help --data --token --max-latency --watch $global" ;;
      "deploy drift") options="--help $global" ;;
      "request") options="--help --url --grpc --protocol --model --version --signature --data --token $global" ;;
      "doctor") options="--help $global" ;;
      "help") options="--help $global" ;;
    esac
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
    return
  fi

  local commands="data spec train resume runs metrics predict evaluate export verify search nas study autopilot serve deploy request doctor help"
  if [[ -z $command || $command == help ]]; then COMPREPLY=($(compgen -W "$commands" -- "$cur")); return; fi
  if [[ -z $sub ]]; then
    case $command in
      data) COMPREPLY=($(compgen -W "inspect" -- "$cur")); return ;;
      spec) COMPREPLY=($(compgen -W "new show validate" -- "$cur")); return ;;
      runs) COMPREPLY=($(compgen -W "list show compare rm restore" -- "$cur")); return ;;
      study) COMPREPLY=($(compgen -W "list show resume pause cancel extend enqueue replay rm restore ask-tell" -- "$cur")); return ;;
      deploy) COMPREPLY=($(compgen -W "list retrain drift" -- "$cur")) ;;
    esac
  fi
  case $path in
    "deploy"|"evaluate"|"export"|"metrics"|"predict"|"resume"|"runs compare"|"runs restore"|"runs rm"|"runs show") COMPREPLY+=($(compgen -W "latest best" -- "$cur")) ;;
    "study replay"|"study restore"|"study resume"|"study rm"|"study show") COMPREPLY+=($(compgen -W "latest" -- "$cur")) ;;
  esac
  compopt -o filenames 2>/dev/null
  COMPREPLY+=($(compgen -f -- "$cur"))
}
complete -F _lathe_cli lathe-cli

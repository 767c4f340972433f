# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for lathe-cli

_lathe_cli() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local global="--json --project --set --seed --threads --device --help"
  local data="--target --task --group --time --window --horizon --weight --test"
  local spec="--data $data --model --epochs --batch-size --lr --optimizer --name --checkpoint-every"
  local commands="data spec train resume runs metrics predict evaluate export verify doctor help"
  local command="" sub="" word i

  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      --project|--set|--seed|--threads|--device) ((i++)) ;;
      -*) ;;
      *)
        if [[ -z $command ]]; then
          command=$word
        elif [[ -z $sub ]]; then
          sub=$word
        fi
        ;;
    esac
  done

  case $prev in
    --model) COMPREPLY=($(compgen -W "mlp resmlp cnn resnet-small wide-resnet mobilenet-small conv1d gru lstm transformer" -- "$cur")); return ;;
    --optimizer) COMPREPLY=($(compgen -W "sgd adam adamw" -- "$cur")); return ;;
    --task) COMPREPLY=($(compgen -W "classification regression" -- "$cur")); return ;;
    --device) COMPREPLY=($(compgen -W "auto cpu cuda" -- "$cur")); return ;;
    --split) COMPREPLY=($(compgen -W "train test" -- "$cur")); return ;;
    --format)
      if [[ $command == metrics ]]; then
        COMPREPLY=($(compgen -W "csv json" -- "$cur"))
      else
        COMPREPLY=($(compgen -W "torchscript" -- "$cur"))
      fi
      return
      ;;
    --target|--group|--time|--window|--horizon|--weight|--epochs|--batch-size|--lr|--name|--checkpoint-every|--set|--seed|--threads) return ;;
    --data|--test|--out|--project) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return ;;
  esac

  if [[ $cur == -* ]]; then
    local options=$global
    case $command in
      "") options="$global --version" ;;
      data) options="$data $global" ;;
      spec) options="$spec --out $global" ;;
      train) options="$spec --dry-run $global" ;;
      resume) options="--epochs $global" ;;
      runs) options="--all --spec $global" ;;
      metrics) options="--name --format $global" ;;
      predict) options="--data --out --split $global" ;;
      evaluate|verify) options="--data $global" ;;
      export) options="--format --out --name $global" ;;
    esac
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
    return
  fi

  case $command in
    "") COMPREPLY=($(compgen -W "$commands" -- "$cur")); return ;;
    help) COMPREPLY=($(compgen -W "$commands" -- "$cur")); return ;;
    data) [[ -z $sub ]] && { COMPREPLY=($(compgen -W "inspect" -- "$cur")); return; } ;;
    spec) [[ -z $sub ]] && { COMPREPLY=($(compgen -W "new show validate" -- "$cur")); return; } ;;
    runs)
      if [[ -z $sub ]]; then
        COMPREPLY=($(compgen -W "list show compare rm restore" -- "$cur"))
      else
        COMPREPLY=($(compgen -W "latest best" -- "$cur"))
      fi
      return
      ;;
    resume|metrics|export) COMPREPLY=($(compgen -W "latest best" -- "$cur")); return ;;
    predict|evaluate) COMPREPLY=($(compgen -W "latest best" -- "$cur")) ;;
  esac
  compopt -o filenames 2>/dev/null
  COMPREPLY+=($(compgen -f -- "$cur"))
}
complete -F _lathe_cli lathe-cli

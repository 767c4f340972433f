# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for lathe-cli

function __lathe_cli_uses
    __fish_seen_subcommand_from $argv
end

set -l commands data spec train resume runs metrics predict evaluate export verify doctor help
complete -c lathe-cli -l json -d 'The result as one JSON object on one line'
complete -c lathe-cli -l project -x -a '(__fish_complete_directories)' -d 'Project folder'
complete -c lathe-cli -l set -x -d 'Override a field of the spec'
complete -c lathe-cli -l seed -x -d 'Seed'
complete -c lathe-cli -l threads -x -d 'Threads to compute with'
complete -c lathe-cli -l device -x -a 'auto cpu cuda' -d 'Device'
complete -c lathe-cli -l help -d 'Help'
complete -c lathe-cli -l version -d 'Print the version'

complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a data -d 'Look at data'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a spec -d 'Experiments as files'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a train -d 'Train a model on a data file'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a resume -d 'Continue a run'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a runs -d 'The runs of a project'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a metrics -d 'Every point of a run\'s curves'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a predict -d 'Predict the rows of a data file'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a evaluate -d 'Score a model on labelled rows'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a export -d 'Write a model for use elsewhere'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a verify -d 'Compare an export with its run'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a doctor -d 'What this machine has'
complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a help -d 'Help on a command'

complete -c lathe-cli -n '__lathe_cli_uses help' -f -a "$commands"
complete -c lathe-cli -n '__lathe_cli_uses data; and not __lathe_cli_uses inspect' -f -a inspect
complete -c lathe-cli -n '__lathe_cli_uses spec; and not __lathe_cli_uses new show validate' -f -a 'new show validate'
complete -c lathe-cli -n '__lathe_cli_uses runs; and not __lathe_cli_uses list show compare rm restore' -f -a 'list show compare rm restore'
complete -c lathe-cli -n '__lathe_cli_uses show compare rm' -f -a 'latest best'
complete -c lathe-cli -n '__lathe_cli_uses resume metrics export' -f -a 'latest best'
complete -c lathe-cli -n '__lathe_cli_uses predict evaluate' -a 'latest best'

complete -c lathe-cli -n '__lathe_cli_uses data spec train' -l target -x -d 'Column to predict'
complete -c lathe-cli -n '__lathe_cli_uses data spec train' -l task -x -a 'classification regression' -d 'Task'
complete -c lathe-cli -n '__lathe_cli_uses data spec train' -l group -x -d 'Split by this column: no group in two parts'
complete -c lathe-cli -n '__lathe_cli_uses data spec train' -l time -x -d 'Split by this column: never look ahead'
complete -c lathe-cli -n '__lathe_cli_uses data spec train' -l window -x -d 'Rows in the order of time that the model sees at once'
complete -c lathe-cli -n '__lathe_cli_uses data spec train' -l horizon -x -d 'Rows ahead that a forecast predicts'
complete -c lathe-cli -n '__lathe_cli_uses data spec train' -l weight -x -d 'Column that weighs the rows'
complete -c lathe-cli -n '__lathe_cli_uses data spec train' -l test -r -d 'A file of test rows'
complete -c lathe-cli -n '__lathe_cli_uses spec train predict evaluate verify' -l data -r -d 'Data file or folder'
complete -c lathe-cli -n '__lathe_cli_uses spec train' -l model -x -a 'mlp resmlp cnn resnet-small wide-resnet mobilenet-small conv1d gru lstm transformer' -d 'Template'
complete -c lathe-cli -n '__lathe_cli_uses spec train resume' -l epochs -x -d 'Passes over the training rows'
complete -c lathe-cli -n '__lathe_cli_uses spec train' -l batch-size -x -d 'Rows in a step'
complete -c lathe-cli -n '__lathe_cli_uses spec train' -l lr -x -d 'Learning rate'
complete -c lathe-cli -n '__lathe_cli_uses spec train' -l optimizer -x -a 'sgd adam adamw' -d 'Optimizer'
complete -c lathe-cli -n '__lathe_cli_uses spec train export metrics' -l name -x -d 'Name'
complete -c lathe-cli -n '__lathe_cli_uses spec train' -l checkpoint-every -x -d 'A checkpoint at least so often'
complete -c lathe-cli -n '__lathe_cli_uses train' -l dry-run -d 'Print what would be done'
complete -c lathe-cli -n '__lathe_cli_uses runs' -l all -d 'With the trials of studies'
complete -c lathe-cli -n '__lathe_cli_uses show' -l spec -d 'Print the resolved spec alone'
complete -c lathe-cli -n '__lathe_cli_uses metrics' -l format -x -a 'csv json' -d 'Format'
complete -c lathe-cli -n '__lathe_cli_uses export' -l format -x -a torchscript -d 'Format'
complete -c lathe-cli -n '__lathe_cli_uses predict export spec' -l out -r -d 'Where to write'
complete -c lathe-cli -n '__lathe_cli_uses predict' -l split -x -a 'train test' -d 'Split'

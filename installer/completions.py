#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the shells' completions from what lathe-cli says of itself: installer/completions.py [PROGRAM [FOLDER]].

For those who change a command or an option; the three files in resources/completions are committed, and a test holds
them against `lathe-cli help --json`."""
import json
import pathlib
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
program = sys.argv[1] if len(sys.argv) > 1 else str(root / "build/release/bin/lathe-cli")
folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else root / "resources/completions"


def told(*words):
    return json.loads(subprocess.run([program, "help", *words, "--json"], check=True, capture_output=True, text=True).stdout)


everything = told()
commands = everything["commands"]
fields = {field["path"]: field["choices"] for field in told("spec")["fields"]}
searching = everything["choices"]
every = [o for o in everything["globals"] if o["name"] != "--version"]

# By option; where an option of that name means something else in one command, by both.
choices = {
    "--device": ["auto", "cpu", "cuda"],
    "--task": fields["data.task"],
    "--optimizer": fields["training.optimizer.name"],
    "--model": searching["--model"],
    "--sampler": searching["--sampler"],
    "--pruner": searching["--pruner"],
    "--direction": ["minimize", "maximize"],
    "--split": ["train", "test"],
    "metrics --format": ["csv", "json"],
    "export --format": searching["export --format"],
}
files = ("FILE", "FILE.csv", "SPEC.json", "SPACE.json")
named_run = {"deploy", "resume", "runs show", "runs compare", "runs rm", "runs restore", "metrics", "predict", "evaluate", "export"}
named_study = {"study show", "study resume", "study replay", "study rm", "study restore"}


def values(command, option):
    return choices.get(f"{command} {option['name']}", choices.get(option["name"], []))


def first_words():
    seen = {}
    for command in commands:
        first, _, rest = command["command"].partition(" ")
        seen.setdefault(first, [])
        if rest:
            seen[first].append(rest)
    return seen


groups = first_words()
# Commands that are one themselves and have others below them: deploy RUN, deploy list.
both = {command["command"] for command in commands} & {name for name, subs in groups.items() if subs}
helps = {name: text for name, text in everything["groups"].items()}


def bash():
    globals_text = " ".join(o["name"] for o in every)
    out = ["# SPDX-License-Identifier: GPL-3.0-or-later", "# bash completion for lathe-cli; made by installer/completions.py", "",
           "_lathe_cli() {",
           '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}',
           f'  local global="{globals_text}"',
           '  local command="" sub="" word i',
           "  for ((i = 1; i < COMP_CWORD; i++)); do",
           "    word=${COMP_WORDS[i]}",
           "    case $word in",
           f"      {'|'.join(o['name'] for o in every if o['value'])}) ((i++)) ;;",
           "      -*) ;;",
           "      *)",
           "        if [[ -z $command ]]; then command=$word",
           "        elif [[ -z $sub ]]; then sub=$word",
           "        fi ;;",
           "    esac",
           "  done",
           "  local path=$command",
           "  case $command in",
           f"    {'|'.join(g for g, subs in groups.items() if subs and g not in both)}) path=\"$command $sub\" ;;",
           *[f"    {g}) case $sub in {'|'.join(groups[g])}) path=\"$command $sub\" ;; esac ;;" for g in sorted(both)],
           "  esac",
           '  case "$path:$prev" in']
    free, paths, folders = set(), set(), set()
    for command in commands:
        for option in command["options"]:
            words = values(command["command"], option)
            if f"{command['command']} {option['name']}" in choices:
                out.append(f'    "{command["command"]}:{option["name"]}") COMPREPLY=($(compgen -W "{" ".join(words)}" -- "$cur")); return ;;')
    for option in every + [o for c in commands for o in c["options"]]:
        if option["name"] in choices or not option["value"]:
            continue
        (folders if option["value"] == "DIR" else paths if option["value"] in files else free).add(option["name"])
    for name, words in choices.items():
        if " " not in name:
            out.append(f'    *:{name}) COMPREPLY=($(compgen -W "{" ".join(words)}" -- "$cur")); return ;;')
    free -= paths | folders
    out += [f"    {'|'.join('*:' + n for n in sorted(paths | folders))})",
            '      compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return ;;',
            f"    {'|'.join('*:' + n for n in sorted(free))}) return ;;",
            "  esac", "",
            "  if [[ $cur == -* ]]; then",
            "    local options=$global",
            "    case $path in",
            '      "") options="$global --version" ;;']
    for command in commands:
        names = " ".join(o["name"] for o in command["options"])
        if names:
            out.append(f'      "{command["command"]}") options="{names} $global" ;;')
    out += ["    esac", '    COMPREPLY=($(compgen -W "$options" -- "$cur"))', "    return", "  fi", "",
            f'  local commands="{" ".join(groups)}"',
            '  if [[ -z $command || $command == help ]]; then COMPREPLY=($(compgen -W "$commands" -- "$cur")); return; fi',
            '  if [[ -z $sub ]]; then', "    case $command in"]
    for group, subs in groups.items():
        if subs and group in both:
            out.append(f'      {group}) COMPREPLY=($(compgen -W "{" ".join(subs)}" -- "$cur")) ;;')
        elif subs:
            out.append(f'      {group}) COMPREPLY=($(compgen -W "{" ".join(subs)}" -- "$cur")); return ;;')
    quoted = lambda names: "|".join(f'"{n}"' for n in sorted(names))
    out += ["    esac", "  fi", "  case $path in",
            f'    {quoted(named_run)}) COMPREPLY+=($(compgen -W "latest best" -- "$cur")) ;;',
            f'    {quoted(named_study)}) COMPREPLY+=($(compgen -W "latest" -- "$cur")) ;;',
            "  esac", "  compopt -o filenames 2>/dev/null", '  COMPREPLY+=($(compgen -f -- "$cur"))', "}",
            "complete -F _lathe_cli lathe-cli", ""]
    return "\n".join(out)


def zsh_text(text):
    return text.replace("'", "'\\''").replace("[", "(").replace("]", ")").replace(":", "\\:")


def zsh_option(command, option):
    words = values(command, option)
    text = zsh_text(option["help"])
    if not option["value"]:
        return f"'{option['name']}[{text}]'"
    kind = option["value"].split(" ")[0].lower().replace(":", "")
    action = f"({' '.join(words)})" if words else "_files -/" if option["value"] == "DIR" else "_files" if option["value"] in files else ""
    return f"'*{option['name']}[{text}]:{kind}:{action}'"


def zsh():
    out = ["#compdef lathe-cli", "# SPDX-License-Identifier: GPL-3.0-or-later",
           "# zsh completion for lathe-cli; made by installer/completions.py", "", "_lathe_cli() {",
           "  local curcontext=$curcontext state line path", "  typeset -A opt_args", "  local -a global commands options", "  global=("]
    out += [f"    {zsh_option('', o)}" for o in every] + ["  )", "  commands=("]
    out += [f"    '{name}:{zsh_text(helps[name])}'" for name in groups] + ["  )", "",
            "  _arguments -C $global '--version[print the version]' '1:command:->command' '*::argument:->argument'",
            "  case $state in", "    command) _describe command commands ;;", "    argument)", "      path=$line[1]", "      case $line[1] in"]
    for group, subs in groups.items():
        if subs and group in both:
            out += [f"        {group})", "          if (( CURRENT == 2 )); then", f"            compadd {' '.join(subs)}", "          fi",
                    f"          case $words[2] in {'|'.join(subs)})", '            path="$line[1] $words[2]"; shift words; (( CURRENT-- )) ;;',
                    "          esac ;;"]
        elif subs:
            out += [f"        {group})", "          if (( CURRENT == 2 )); then", f"            compadd {' '.join(subs)}; return", "          fi",
                    '          path="$line[1] $words[2]"; shift words; (( CURRENT-- )) ;;']
    out += ["        help) _describe command commands; return ;;", "      esac", "      options=()", "      case $path in"]
    for command in commands:
        lines = [zsh_option(command["command"], o) for o in command["options"]]
        name = command["command"]
        rest = "'*:run:(latest best)'" if name in named_run else "'*:study:(latest)'" if name in named_study else "'*:file:_files'"
        out += [f'        "{name}")', "          options=("] + [f"            {text}" for text in lines] + [f"            {rest}", "          ) ;;"]
    out += ["      esac", "      _arguments $global $options ;;", "  esac", "}", "", '_lathe_cli "$@"', ""]
    return "\n".join(out)


def fish_text(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")


def fish():
    out = ["# SPDX-License-Identifier: GPL-3.0-or-later", "# fish completion for lathe-cli; made by installer/completions.py", "",
           "function __lathe_cli_at", "    set -l words (commandline -opc)", "    set -l wanted $argv", "    set -l found",
           "    for word in $words[2..-1]", "        string match -q -- '-*' $word; or set -a found $word", "    end",
           '    test (count $found) -ge (count $wanted); and test "$found[1..'"(count $wanted)"']" = "$wanted"', "end", "",
           f"set -l commands {' '.join(groups)}"]

    def line(where, option, command=""):
        words = values(command, option)
        text = f"complete -c lathe-cli {where}-l {option['name'][2:]} "
        if words:
            text += f"-x -a '{' '.join(words)}' "
        elif option["value"] == "DIR":
            text += "-x -a '(__fish_complete_directories)' "
        elif option["value"] in files:
            text += "-r "
        elif option["value"]:
            text += "-x "
        return text + f"-d '{fish_text(option['help'])}'"

    out += [line("", o) for o in every] + ["complete -c lathe-cli -l version -d 'Print the version'", ""]
    for name in groups:
        out.append(f'complete -c lathe-cli -n "not __fish_seen_subcommand_from $commands" -f -a {name} -d \'{fish_text(helps[name])}\'')
    out.append("complete -c lathe-cli -n '__lathe_cli_at help' -f -a \"$commands\"")
    for group, subs in groups.items():
        if subs:
            plain = "" if group in both else "-f "
            out.append(f"complete -c lathe-cli -n '__lathe_cli_at {group}; and not __fish_seen_subcommand_from {' '.join(subs)}' {plain}-a '{' '.join(subs)}'")
    for name in sorted(named_run):
        out.append(f"complete -c lathe-cli -n '__lathe_cli_at {name}' -a 'latest best'")
    for name in sorted(named_study):
        out.append(f"complete -c lathe-cli -n '__lathe_cli_at {name}' -f -a latest")
    out.append("")
    for command in commands:
        out += [line(f"-n '__lathe_cli_at {command['command']}' ", o, command["command"]) for o in command["options"]]
    return "\n".join(out) + "\n"


for name, text in (("lathe-cli.bash", bash()), ("_lathe-cli", zsh()), ("lathe-cli.fish", fish())):
    (folder / name).write_text(text)

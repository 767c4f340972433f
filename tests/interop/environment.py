# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual environment with other people's runtimes, made once and kept. Used by the checks of this folder.

A check calls need(FOLDER, PACKAGES) first: it goes on in that environment's Python, or ends with 77 (skipped) and a loud
line where a registry cannot be reached.
"""
import os
import pathlib
import subprocess
import sys


def need(folder, packages, system=False):
    """`system`: Debian's own Python packages are seen as well."""
    home = pathlib.Path(folder)
    python = home / "bin/python"
    if pathlib.Path(sys.prefix).resolve() == home.resolve():
        return
    done = home / "complete"
    if not done.exists() or done.read_text() != " ".join(packages):
        print(f"installing {' '.join(packages)} into {home}", flush=True)
        for command in ([sys.executable, "-m", "venv", *(["--system-site-packages"] if system else []), str(home)],
                        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "20",
                         *packages]):
            if subprocess.run(command).returncode:
                print(f"SKIPPED: {' '.join(packages)} could not be installed; this format was not checked by its runtime")
                sys.exit(77)
        done.write_text(" ".join(packages))
    os.execv(python, [str(python), *sys.argv])

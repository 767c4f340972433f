# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual environment with other people's runtimes, made once and kept. Used by the checks of this folder.

A check calls need(FOLDER, PACKAGES) first: it goes on in that environment's Python, or ends with 77 (skipped) and a loud
line where a registry cannot be reached.
"""
import os
import pathlib
import subprocess
import sys


def install(folder, packages, system=False):
    """The environment's Python; None with a loud line where it cannot be had."""
    home = pathlib.Path(folder)
    python = home / "bin/python"
    done = home / "complete"
    if done.exists() and done.read_text() == " ".join(packages):
        return python
    print(f"installing {' '.join(packages)} into {home}", flush=True)
    for command in ([sys.executable, "-m", "venv", *(["--system-site-packages"] if system else []), str(home)],
                    [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "20",
                     *packages]):
        if subprocess.run(command).returncode:
            print(f"SKIPPED: {' '.join(packages)} could not be installed; this was not checked with it", flush=True)
            return None
    done.write_text(" ".join(packages))
    return python


def need(folder, packages, system=False):
    """`system`: Debian's own Python packages are seen as well."""
    home = pathlib.Path(folder)
    if pathlib.Path(sys.prefix).resolve() == home.resolve():
        return
    python = install(folder, packages, system)
    if python is None:
        sys.exit(77)
    os.execv(python, [str(python), *sys.argv])

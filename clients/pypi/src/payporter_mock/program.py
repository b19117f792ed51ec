"""Where the program is, and how to run it as the command payporter-mock."""
from __future__ import annotations

import os
import pathlib
import subprocess
import sys


def program() -> str:
    """The path of the program: what PAYPORTER_MOCK names, else the one in this package."""
    name = "payporter-mock.exe" if sys.platform == "win32" else "payporter-mock"
    return os.environ.get("PAYPORTER_MOCK") or str(pathlib.Path(__file__).parent / "bin" / name)


def main() -> None:
    """Becomes the program; on Windows, where that cannot be, waits for it."""
    command = [program(), *sys.argv[1:]]
    if sys.platform == "win32":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)

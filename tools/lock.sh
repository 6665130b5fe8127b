#!/bin/sh
# Write the lock files from pyproject.toml: every package pinned with hashes, one file for Python 3.11–3.13
# and every platform, no index or host inside. Pins already in the files stay unless UPGRADE is set.
#
#   requirements-build.lock  what builds: hatchling for bresim, and for the dependencies without a wheel, with setuptools
#   requirements.lock        what runs bresim
#   requirements-dev.lock    all of that, and what tests and lints it
set -eu
cd "$(dirname "$0")/.."

uv=${UV:-uv}
if ! command -v "$uv" >/dev/null 2>&1; then
    echo "bresim: make lock needs uv (pip install uv), or name it: make lock UV=/path/to/uv" >&2
    exit 2
fi

compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" ${UPGRADE:+--upgrade} "$@" >/dev/null
}

compile pyproject.toml --output-file requirements.lock
compile pyproject.toml --all-extras --constraint requirements.lock --output-file requirements-dev.lock
compile tools/build.in --constraint requirements-dev.lock --output-file requirements-build.lock

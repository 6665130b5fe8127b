#!/bin/sh
# Run the whole suite on each supported Python that is found, each in its own environment.
set -eu
cd "$(dirname "$0")/.."

ran=""
missing=""
failed=""
for version in 3.11 3.12 3.13; do
    if python=$(sh tools/setup.sh find "$version"); then
        echo "== Python $version: $python"
        if "${MAKE:-make}" --no-print-directory test PYTHON="$python" VENV=".venv-$version" ARGS="$*"; then
            ran="$ran $version"
        else
            failed="$failed $version"
        fi
    else
        missing="$missing $version"
    fi
done
echo "Passed on:${ran:- none}. Failed on:${failed:- none}. Not found:${missing:- none}."
[ -n "$ran" ] && [ -z "$failed" ]

#!/bin/sh
# Make the virtual environment ready, or do nothing when it is.
#
#   sh tools/setup.sh core|dev       set up $VENV (default .venv) with $PYTHON or the first that fits
#   sh tools/setup.sh find X.Y       print the path of a Python X.Y that runs, also one that only pyenv has
#
# "core" runs bresim; "dev" adds the tools that test and lint it. A stamp in the environment holds what it
# was made from, so a second call does no work. An environment that is broken, moved, half made or of
# another Python than asked for is made again; one that is only older than the lock is updated.
set -eu
cd "$(dirname "$0")/.."

venv=${VENV:-.venv}
asked=${PYTHON:-}
supported="3.11 3.12 3.13"

fail() {
    echo "bresim: $*" >&2
    exit 2
}

# Print "ok X.Y.Z PREFIX" when $1 is a Python that can make the environment, else why not.
probe() {
    if ! command -v "$1" >/dev/null 2>&1; then
        echo "not found"
        return
    fi
    answer=$("$1" -c '
import sys
version = "%d.%d.%d" % sys.version_info[:3]
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    print("is " + version)
else:
    try:
        import ensurepip, venv
        print("ok " + version + " " + sys.base_prefix)
    except ImportError:
        print("is %s without venv (on Debian: apt install python%d.%d-venv)" % ((version,) + sys.version_info[:2]))
' 2>/dev/null) || answer=""
    case $answer in
        "ok "* | "is "*) echo "$answer" ;;
        *) echo "does not run" ;;
    esac
}

# Set $python and $found ("ok X.Y.Z PREFIX"), or end with one line that says what is missing.
find_python() {
    if [ -n "$asked" ]; then
        python=$asked
        found=$(probe "$python")
        case $found in
            "ok "*) return ;;
            *) fail "PYTHON=$asked $found; bresim needs Python 3.11, 3.12 or 3.13" ;;
        esac
    fi
    tried=""
    for python in python3 python3.11 python3.12 python3.13; do
        found=$(probe "$python")
        case $found in
            "ok "*) return ;;
            *) tried="$tried${tried:+, }$python $found" ;;
        esac
    done
    fail "needs Python 3.11, 3.12 or 3.13 ($tried); install one, or name it: make PYTHON=/path/to/python"
}

# Print a Python of version $1 that runs: on the PATH, or among pyenv's versions.
find_version() {
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1"*"/bin/python$1"; do
        case $(probe "$candidate") in
            "ok $1."*)
                command -v "$candidate"
                return
                ;;
        esac
    done
    return 1
}

case ${1:-} in
    core | dev) profile=$1 ;;
    find)
        find_version "${2:?find which version?}"
        exit
        ;;
    *) fail "setup.sh core|dev|find X.Y" ;;
esac

[ -z "$asked" ] || find_python

inside="$venv/bin/python"
started="$venv/.bresim-started"
locks=$(cat pyproject.toml requirements-build.lock requirements.lock requirements-dev.lock | cksum)

# What the environment must be made from: its Python, where it stands, the locks.
wanted() {
    echo "$(probe "$inside") | $(pwd -P)/$venv | $locks"
}

# Is it there, whole, in its place and of the Python asked for?
usable() {
    [ ! -e "$started" ] || return 1
    now=$(probe "$inside")
    case $now in "ok "*) ;; *) return 1 ;; esac
    [ -z "$asked" ] || [ "$now" = "$found" ] || return 1
    for stamp in "$venv/.bresim-core" "$venv/.bresim-dev"; do
        [ -e "$stamp" ] || continue
        made=$(cat "$stamp")
        [ "${made% | *}" = "$now | $(pwd -P)/$venv" ] || return 1
    done
    "$inside" -c 'import pip' >/dev/null 2>&1
}

if usable; then
    stamp="$venv/.bresim-$profile"
    if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$(wanted)" ]; then
        exit 0
    fi
    echo "Bringing $venv up to date ($profile) ..."
else
    [ -n "$asked" ] || find_python
    version=${found#ok }
    version=${version%% *}
    if [ -e "$venv" ] && [ ! -e "$venv/pyvenv.cfg" ] && [ ! -e "$started" ]; then
        fail "$venv exists and is no virtual environment; move it away, or choose another: make VENV=NAME"
    fi
    echo "Setting up $venv with Python $version ($profile; this takes a minute or two) ..."
    rm -rf "$venv"
    mkdir -p "$venv"
    : >"$started"
    "$python" -m venv "$venv"
fi

: >"$started"
rm -f "$venv/.bresim-core" "$venv/.bresim-dev"
install() {
    PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 "$inside" -m pip install -qq --no-input --no-build-isolation "$@" ||
        fail "set-up of $venv did not finish: pip's message is above; the next call starts it again"
}
install --require-hashes -r requirements-build.lock
case $profile in
    core) install --require-hashes -r requirements.lock ;;
    dev) install --require-hashes -r requirements-dev.lock ;;
esac
install --no-deps --editable .

wanted >"$venv/.bresim-core"
[ "$profile" = core ] || wanted >"$venv/.bresim-dev"
rm -f "$started"

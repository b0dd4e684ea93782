#!/bin/sh
# Makes .venv from the lock files and installs the project into it, then builds the page assets.
# Each step is skipped when what it is made from has not changed. Run by every make target.
set -eu
cd "$(dirname "$0")/.."
venv=.venv

say() { printf '%s\n' "$*" >&2; }

# Somebody else's environment must not leak into ours.
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV

find_python() {
    # 3.11 first: the lock files were made for it.
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            if "$name" -c 'import venv, ensurepip' >/dev/null 2>&1; then
                printf '%s' "$name"
                return
            fi
            without_venv=$name
        fi
    done
    if [ -n "${without_venv:-}" ]; then
        say "$without_venv is here, but without its venv module, which keeps this project's packages apart."
        say "Install it (on Debian and Ubuntu: apt-get install python3-venv) and run make again."
    else
        say "Python 3.11 or newer is needed, and none was found on the PATH."
        say "Install it (on Debian and Ubuntu: apt-get install python3 python3-venv) and run make again."
    fi
    exit 1
}

# A virtual environment knows its own path by heart, so a moved checkout makes a new one.
packages=$(cat requirements/runtime.lock requirements/dev.lock | cksum)-$(pwd)
project=$packages-$(cat pyproject.toml requirements/runtime.in requirements/hatch_metadata.py | cksum)

made_from() { [ -x "$venv/bin/python" ] && [ "$(cat "$venv/.made-from-$1" 2>/dev/null)" = "$2" ]; }

if ! made_from packages "$packages"; then
    python=$(find_python)
    say "Installing Python packages into .venv (once; a minute or two) ..."
    "$python" -m venv --clear "$venv" || {
        say "The virtual environment .venv could not be made with $python. Is the disk full?"
        exit 1
    }
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
        --require-hashes -r requirements/runtime.lock -r requirements/dev.lock || {
        say "The packages could not be installed: pip's reason is above."
        say "Check that this machine can reach its package index (pip config list) and run make again."
        exit 1
    }
    printf '%s' "$packages" >"$venv/.made-from-packages"
fi

if ! made_from project "$project"; then
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
        --no-deps --no-build-isolation --no-index -e . || {
        say "The project itself could not be installed into .venv: pip's reason is above."
        exit 1
    }
    printf '%s' "$project" >"$venv/.made-from-project"
fi

# Quiet when there is nothing to do; its own words on stderr when something is wrong.
"$venv/bin/python" -m ims_config.assets >/dev/null

#!/bin/sh
# Renews the lock files. No index address is written: each machine uses the index it is set up for.
set -eu
cd "$(dirname "$0")"
if ! command -v uv >/dev/null 2>&1; then
    echo "uv is needed to renew the lock files (pip install uv). Using them needs only pip." >&2
    exit 1
fi
for name in runtime dev; do
    uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
        "$@" --output-file "$name.lock" "$name.in"
done

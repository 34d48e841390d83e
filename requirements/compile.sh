#!/bin/sh
# Writes the lock files again from the *.in files (needs uv): one per use and version of Python,
# each complete, with hashes. Versions already locked stay unless --upgrade is given.
set -eu
cd "$(dirname "$0")"
for version in 3.11 3.12 3.13; do
    for name in runtime dev; do
        constraint=""
        if [ "$name" = dev ]; then constraint="-c runtime-$version.txt"; fi
        # shellcheck disable=SC2086
        uv pip compile --quiet --no-header --overrides overrides.txt $constraint "$@" \
            --python-version "$version" --generate-hashes "$name.in" -o "$name-$version.txt"
    done
done
for name in build node; do
    # shellcheck disable=SC2086
    uv pip compile --quiet --no-header "$@" --universal --python-version 3.11 --generate-hashes \
        "$name.in" -o "$name.txt"
done

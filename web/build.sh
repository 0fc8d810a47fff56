#!/usr/bin/env bash
# web/build.sh [check|test]
# Copies web/ to build/web and writes build/web/dist there; with check or test it looks at types or
# runs the tests of the islands instead. script/bootstrap sees to Node and to the packages, and runs
# this where something in web/ has changed.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
[ ! -x build/node/bin/node ] || PATH=$PWD/build/node/bin:$PATH
to=build/web
mkdir -p $to
# Nothing that was deleted here stays there.
for entry in "$to"/*; do
    case ${entry##*/} in node_modules | dist | package-lock.json) ;; *) rm -rf "$entry" ;; esac
done
if ! cmp -s web/package-lock.json $to/package-lock.json || [ ! -d $to/node_modules ]; then
    echo "web/build.sh: run script/bootstrap first; it fetches the packages of web/" >&2
    exit 1
fi
for entry in web/*; do
    [ "$entry" = web/package-lock.json ] || cp -R "$entry" $to
done
cd $to
npm run --silent "${1-build}"

#!/usr/bin/env bash
# web/build.sh [check|test]
# Copies web/ to build/web, fetches what its lock names if that changed, and writes build/web/dist;
# with check or test it looks at types or runs the tests of the islands instead. Needs Node 20.19 or
# newer; script/bootstrap sees to that.
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
    cp web/package.json web/package-lock.json $to
    npm --prefix $to ci --ignore-scripts --no-audit --no-fund
fi
for entry in web/*; do
    [ "$entry" = web/package-lock.json ] || cp -R "$entry" $to
done
cd $to
npm run --silent "${1-build}"

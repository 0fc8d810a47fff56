#!/usr/bin/env bash
# What every script begins with; they source it, nobody runs it. It goes to the root of the
# repository, answers -h and --help with the comment on top of the script, and tells CMake about
# packages that script/bootstrap had to unpack under build/deps.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
-h | --help)
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "script/${0##*/}"
    exit
    ;;
esac

say() { printf '%s\n' "$*" >&2; }

# use_deps: call it after script/bootstrap.
use_deps() {
    local unpacked=$PWD/build/deps/usr
    if [ -d "$unpacked" ]; then
        export CMAKE_PREFIX_PATH=$unpacked${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}
    fi
}

# quietly COMMAND...: what it prints is shown only where it fails.
quietly() {
    local log
    log=$("$@" 2>&1) || { say "$log" && return 1; }
}

# configure PRESET [OPTION...]
configure() { quietly cmake --preset "$@"; }

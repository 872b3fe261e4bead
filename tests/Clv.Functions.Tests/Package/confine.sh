#!/bin/sh
# Runs a program as nobody, without rights, on a file system that is read-only apart from one folder, without a home.
# confine.sh TEMP PROGRAM [ARGUMENT...]
set -eu
temp=$1
shift
exec unshare --mount --propagation private sh -eu -c '
    awk "{ print \$5 }" /proc/self/mountinfo | while read -r point; do mount -o remount,bind,ro "$(printf %b "$point")"; done
    mount -t tmpfs -o mode=1777 tmpfs "$0"
    exec env -u HOME TMPDIR="$0" setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
' "$temp" "$@"

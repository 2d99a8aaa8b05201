#!/bin/sh
# Stands on the PATH for every program that a script calls, under that program's name. Counts and notes the call; fails where
# $FAIL says so; otherwise runs the stub of that name in this folder, or busybox's own.
#   $WORLD  what the stubs know, and their journal
#   $FAIL   "PROGRAM NUMBER": the call that goes wrong
#   $HOW    fails, or silent: it succeeds and does nothing
program=${0##*/} number=1
set -C # a file is created only once: calls come from several processes
until { true >"$WORLD/calls/$program.$number"; } 2>/dev/null; do number=$((number + 1)); done
set +C
if [ "$FAIL" = "$program $number" ]; then
  echo "wrong: $program $number $*" >>"$WORLD/journal"
  [ "$HOW" = fails ] || exit 0
  echo "$program: made to fail" >&2
  exit 1
fi
echo "$program $number $*" >>"$WORLD/journal"
PATH=$BIN
if [ -e "$STUBS/$program" ]; then exec sh "$STUBS/$program" "$@"; fi
exec "$BIN/$program" "$@"

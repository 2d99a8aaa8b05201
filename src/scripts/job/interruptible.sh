#!/bin/sh
# Sourced by jobs that must react to SIGTERM during a long command: the shell runs traps only between commands, and
# during `wait`.

child='' # the program that runs in the background

interruptible() { # interruptible COMMAND...
  "$@" &
  child=$!
  wait "$child"
}

kill_child() {
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
}

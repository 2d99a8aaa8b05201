#!/bin/sh
# Sourced by jobs that can be stopped while a program runs that takes long: the shell acts on SIGTERM only between commands, and
# while it waits.

child='' # the program that runs in the background

interruptible() { # interruptible COMMAND...
  "$@" &
  child=$!
  wait "$child"
}

kill_child() {
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
}

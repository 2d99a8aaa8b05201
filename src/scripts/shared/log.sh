#!/bin/sh
# Sourced by the other scripts: one line for each decision, on standard error, with the time.

log() {
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2
}

die() {
  log "error: $*"
  exit 1
}

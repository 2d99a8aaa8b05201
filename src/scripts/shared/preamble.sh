#!/bin/sh
# Sourced first by every script: how errors end it, and how it logs.
# There is one shell to write for, that of busybox: it has `local`, and pipefail.
set -euo pipefail

log() { # log WORD...: one line for each decision, on standard error, with the time
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2
}

die() { # die WORD...: the last line of a script that fails
  log "error: $*"
  exit 1
}

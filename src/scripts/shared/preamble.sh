#!/bin/sh
# Sourced first by every script: how errors end it, and how it logs.
# There is one shell to write for, that of busybox: it has `local`, and pipefail.
set -euo pipefail

explained='' # whether the script has said why it fails

log() { # log WORD...: one line for each decision, on standard error, with the time
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2
}

# die WORD...: the last line of a script that fails. Not in $(...), which it would only leave: what prints a value returns 1, and
# its caller dies.
die() {
  log "error: $*"
  explained=yes
  exit 1
}

# A command that fails where nothing expects it ends the script, too; what that command printed is the line before.
explain_end() { # explain_end STATUS
  case $1 in
    0 | 143) ;; # 143: stopped by SIGTERM
    *) [ -n "$explained" ] || log "error: $0 failed with status $1; the line above is all that is known" ;;
  esac
}
trap 'explain_end $?' EXIT

is_number() { # is_number TEXT: whether it is digits, and not nothing
  case $1 in
    '' | *[!0-9]*) return 1 ;;
  esac
}

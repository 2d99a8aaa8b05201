#!/bin/sh
# Sourced first by every script: error handling and logging.
# All scripts run in busybox sh, which has `local` and pipefail.
set -euo pipefail

explained='' # set once the script has logged why it fails

log() { # log WORD...: one line on standard error, with the time
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2
}

# die WORD...: logs why the script fails, and ends it. Not for use in $(...), which it would only leave: there, return 1, and let
# the caller die.
die() {
  log "error: $*"
  explained=yes
  exit 1
}

# An unexpected failure ends the script too; the output of the failed command is the line above.
explain_end() { # explain_end STATUS
  case $1 in
    0 | 143) ;; # 143: stopped by SIGTERM
    *) [ -n "$explained" ] || log "error: $0 failed with status $1; see the line above" ;;
  esac
}
trap 'explain_end $?' EXIT

# What loops ask each second is read by the shell itself: a process takes a millisecond of processor time.
now() { # seconds; a clock that is set does not change them
  local seconds
  IFS=. read -r seconds _ </proc/uptime
  echo "$seconds"
}

first_line() { # first_line FILE [DEFAULT]: of a file that is missing or empty, the default
  local line=''
  { IFS= read -r line <"$1"; } 2>/dev/null || true
  shift
  if [ -n "$line" ]; then echo "$line"; else echo "$*"; fi
}

seconds_since() { # seconds_since TIME
  echo $(($(now) - $1))
}

is_number() { # is_number TEXT: whether it consists of digits
  case $1 in
    '' | *[!0-9]*) return 1 ;;
  esac
}

# etcdctl ARGUMENT...: with certificates in its environment, etcdctl uses TLS for http:// endpoints, too
etcdctl() {
  case " $* " in
    # The member in this pod. Its certificate may not have this address.
    *' https://127.0.0.1:'*) command etcdctl --insecure-skip-tls-verify "$@" ;;
    *' http://'*) env -u ETCDCTL_CERT -u ETCDCTL_KEY -u ETCDCTL_CACERT etcdctl "$@" ;;
    *) command etcdctl "$@" ;;
  esac
}

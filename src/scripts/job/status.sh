#!/bin/sh
# Sourced by the jobs: what a member says of itself.

host_of() { # host_of ENDPOINT
  echo "$1" | sed 's/^[a-z]*:\/\///; s/:[0-9]*$//'
}

member_status() { # member_status ENDPOINT TIMEOUT: then value and is_leader know it, or $TMP/said has why not
  etcdctl --endpoints "$1" --command-timeout="$2" endpoint status --write-out=fields >"$TMP/member" 2>"$TMP/said"
}

value() { # value KEY: of the member that was asked last
  sed -n 's/^"'"$1"'" : "*\([^"]*\)"*$/\1/p' "$TMP/member"
}

is_leader() {
  [ "$(value MemberID)" = "$(value Leader)" ]
}

key_count() { # key_count OPTION...: how many keys the member at --endpoints has, or nothing
  etcdctl "$@" --command-timeout=60s get '' --from-key --count-only --write-out=fields 2>/dev/null | sed -n 's/^"Count" : //p'
}

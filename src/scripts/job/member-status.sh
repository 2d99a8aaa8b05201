#!/bin/sh
# Sourced by the jobs: what members say of themselves. A question without an answer fails, and so does an answer without what was
# asked for: `why_not` then says why, in the words of the program that asked.

host_of() { # host_of ENDPOINT
  echo "$1" | sed 's/^[a-z]*:\/\///; s/:[0-9]*$//'
}

name_of() { # name_of ENDPOINT: of the member's pod
  host_of "$1" | sed 's/\..*//'
}

why_not() { # the last line of $TMP/said, where the program that failed last has left its words
  local words
  words=$(sed '/^Error: unhealthy cluster$/d; s/.*"error":"\([^"]*\)".*/\1/; s/.* is unhealthy: //; s/^Error: //' "$TMP/said" | tail -n 1)
  [ -n "$words" ] || words='there was no answer'
  echo "$words"
}

# --- through etcdctl
member_status() { # member_status ENDPOINT TIMEOUT: `value` then reads the answer
  local key
  etcdctl --endpoints "$1" --command-timeout="$2" endpoint status --write-out=fields >"$TMP/member" 2>"$TMP/said" || return 1
  for key in ClusterID MemberID Leader Revision RaftAppliedIndex DBSize; do
    is_number "$(value "$key")" || {
      echo "the answer is without $key" >"$TMP/said"
      return 1
    }
  done
}

value() { # value KEY [FILE]: from the answer of the member that was asked last, or from one that was kept
  local file=$TMP/member
  [ $# -lt 2 ] || file=$2
  sed -n 's/^"'"$1"'" : "*\([^"]*\)"*$/\1/p' "$file"
}

is_leader() { # the member that was asked last
  [ "$(value MemberID)" = "$(value Leader)" ]
}

size_in_use() { # size_in_use ENDPOINT: of its database; the member was asked for its status last
  local bytes
  bytes=$(value DBSizeInUse)
  # The etcdctl of 3.5 has it in JSON only.
  [ -n "$bytes" ] || bytes=$(etcdctl --endpoints "$1" --command-timeout=5s endpoint status --write-out=json 2>"$TMP/said" |
    sed -n 's/.*"dbSizeInUse":"*\([0-9]*\).*/\1/p') || return 1
  is_number "$bytes" || return 1
  echo "$bytes"
}

is_healthy() { # is_healthy ENDPOINT: whether it sees a quorum and writes; a used up quota is for the jobs to deal with
  local failed=''
  etcdctl --endpoints "$1" --command-timeout=5s endpoint health >"$TMP/said" 2>&1 || failed=yes
  if [ -z "$failed" ] && grep -q ' is healthy: ' "$TMP/said"; then return 0; fi
  [ -n "$failed" ] && grep -q "$IS_FULL" "$TMP/said"
}

key_count() { # key_count ENDPOINT OPTION...: how many keys it has
  local endpoint=$1 count
  shift
  count=$(etcdctl --endpoints "$endpoint" "$@" --command-timeout=60s get '' --from-key --count-only --write-out=fields 2>"$TMP/said" |
    sed -n 's/^"Count" : //p') || return 1
  is_number "$count" || return 1
  echo "$count"
}

# --- through its phase port, and its metrics
# call_member ENDPOINT JOB: prints the member's phase (phase.sh), and tells it that this job runs
call_member() {
  timeout 5 wget -q -O - "http://$(host_of "$1"):$PHASE_PORT/cgi-bin/hello?$CLUSTER_NAME-$2"
}

metrics_of() { # metrics_of ENDPOINT
  timeout 5 wget -q -O - "http://$(host_of "$1"):$METRICS_PORT/metrics"
}

#!/bin/sh
# Sourced by jobs, after messages.sh: the state of members. A request without an answer fails, and so does an answer without the requested
# value; `why_not` then prints the error of the program that asked.

host_of() { # host_of ENDPOINT
  echo "$1" | sed 's/^[a-z]*:\/\///; s/:[0-9]*$//'
}

name_of() { # name_of ENDPOINT: of the member's pod
  host_of "$1" | sed 's/\..*//'
}

why_not() { # the last line of $TMP/said, the output of the program that failed last
  local words
  words=$(sed '/^Error: unhealthy cluster$/d; s/.*"error":"\([^"]*\)".*/\1/; s/.* is unhealthy: //; s/^Error: //' "$TMP/said" | tail -n 1)
  [ -n "$words" ] || words='there was no answer'
  echo "$words"
}

# --- through etcdctl
# await_login: for up to 150 s, in which members apply a new password in root's Secret
await_login() {
  local endpoint tries=30
  while [ "$AUTH" = password ] && [ "$tries" -gt 0 ]; do
    for endpoint in $MEMBER_ENDPOINTS; do
      if etcdctl --endpoints "$endpoint" --command-timeout=5s auth status >"$TMP/said" 2>&1; then return; fi
    done
    grep -q 'authentication failed' "$TMP/said" || return 0
    log "members have not applied the password in root's Secret yet; waiting"
    tries=$((tries - 1))
    sleep 5
  done
}

member_status() { # member_status ENDPOINT TIMEOUT: `value` then reads the answer
  local key
  etcdctl --endpoints "$1" --command-timeout="$2" endpoint status --write-out=fields >"$TMP/member" 2>"$TMP/said" || return 1
  for key in ClusterID MemberID Leader Revision RaftAppliedIndex DBSize; do
    is_number "$(value "$key")" || {
      echo "the answer has no $key" >"$TMP/said"
      return 1
    }
  done
}

value() { # value KEY [FILE]: from the last answer, or from FILE
  local file=$TMP/member
  [ $# -lt 2 ] || file=$2
  sed -n 's/^"'"$1"'" : "*\([^"]*\)"*$/\1/p' "$file"
}

is_leader() { # the member that was asked last
  [ "$(value MemberID)" = "$(value Leader)" ]
}

size_in_use() { # size_in_use ENDPOINT: of its database; after member_status
  local bytes
  bytes=$(value DBSizeInUse)
  # etcdctl 3.5 prints it in JSON only.
  [ -n "$bytes" ] || bytes=$(etcdctl --endpoints "$1" --command-timeout=5s endpoint status --write-out=json 2>"$TMP/said" |
    sed -n 's/.*"dbSizeInUse":"*\([0-9]*\).*/\1/p') || return 1
  is_number "$bytes" || return 1
  echo "$bytes"
}

is_healthy() { # is_healthy ENDPOINT: whether it has quorum and can write; a used up quota does not count
  local failed=''
  etcdctl --endpoints "$1" --command-timeout=5s endpoint health >"$TMP/said" 2>&1 || failed=yes
  if [ -z "$failed" ] && grep -q ' is healthy: ' "$TMP/said"; then return 0; fi
  [ -n "$failed" ] && grep -q "$IS_FULL" "$TMP/said"
}

key_count() { # key_count ENDPOINT OPTION...: the number of keys
  local endpoint=$1 count
  shift
  count=$(etcdctl --endpoints "$endpoint" "$@" --command-timeout=60s get '' --from-key --count-only --write-out=fields 2>"$TMP/said" |
    sed -n 's/^"Count" : //p') || return 1
  is_number "$count" || return 1
  echo "$count"
}

# --- through its phase port, and its metrics
# call_member ENDPOINT JOB: prints the member's phase (phase.sh), and announces this job
call_member() {
  local caller="$CLUSTER_NAME-$2" pod question query answer
  pod="$(name_of "$1").$POD_DOMAIN" question=$(new_question)
  query=$(query_of "$caller" "$question")
  if [ "$TLS" != off ]; then query="$query&$(checksum "$(current_key)" "$caller $pod $question" call)"; fi
  answer=$(timeout 5 wget -Y off -q -O - "http://$(host_of "$1"):$PHASE_PORT/cgi-bin/hello?$query" | limited) || return 1
  authentic "hello $caller $pod $question" "$answer" || {
    echo "$(name_of "$1") answers without the key of this cluster" >&2
    return 1
  }
}

metrics_of() { # metrics_of ENDPOINT
  timeout 5 wget -Y off -q -O - "http://$(host_of "$1"):$METRICS_PORT/metrics"
}

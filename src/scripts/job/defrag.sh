#!/bin/sh
# Defragments the members one after the other, followers first, the leader last, and only while all others are well.
#   offline  evicts a member's pod; the new pod defragments before etcd starts (defrag-before-start.sh). Fails no write.
#   online   asks the running member to: it hangs its clients for as long as it takes.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/status.sh"
. "$here/space.sh"

table="$TMP/table" # a line for each member: name, endpoint, role, size, in use, raft index, id
started=$(date +%s)

name_of() {
  host_of "$1" | sed 's/\..*//'
}

stop() { # stop WHY: something is wrong
  die "$1; stopping here, the other members are left as they are"
}

look() { # asks all members; stops when one does not answer
  : >"$table"
  for endpoint in $MEMBER_ENDPOINTS; do
    member_status "$endpoint" 5s || stop "$endpoint does not answer"
    role=follower
    if is_leader; then role=leader; fi
    if [ "$(value IsLearner)" = true ]; then role=learner; fi
    echo "$(name_of "$endpoint") $endpoint $role $(value DBSize) $(value DBSizeInUse) $(value RaftAppliedIndex) $(printf '%x' "$(value MemberID)")" >>"$table"
  done
}

column() { # column MEMBER NUMBER
  awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$table"
}

gate() { # everything that must be so before a member is let go
  look
  grep -q ' leader ' "$table" || stop "there is no leader"
  etcdctl --endpoints "$first" --command-timeout=5s member list >"$TMP/members"
  learner=$(awk -F', ' '$NF == "true" { print $1; exit }' "$TMP/members")
  [ -z "$learner" ] || stop "there is a learner: $learner"
  etcdctl --endpoints "$(echo "$MEMBER_ENDPOINTS" | tr ' ' ',')" --command-timeout=10s endpoint health >"$TMP/said" 2>&1 || true
  sick=$(grep ' is unhealthy: ' "$TMP/said" | grep -v "$IS_FULL" || true) # which this job is for
  [ -z "$sick" ] || stop "not all members are healthy: $sick"
  listed=$(wc -l <"$TMP/members")
  [ "$listed" = "$(wc -l <"$table")" ] || stop "the member list has $listed members, and $(wc -l <"$table") are expected"
  alarms=$(etcdctl --endpoints "$first" --command-timeout=5s alarm list | grep -v 'alarm:NOSPACE *$' || true)
  [ -z "$alarms" ] || stop "there is an alarm: $alarms"
  most=$(awk '$6 > most { most = $6 } END { printf "%.0f", most }' "$table")
  least=$(awk 'NR == 1 || $6 < least { least = $6 } END { printf "%.0f", least }' "$table")
  [ $((most - least)) -le "$MAXIMUM_LAG" ] || stop "a member is $((most - least)) entries behind, and $MAXIMUM_LAG are allowed"
  for endpoint in $MEMBER_ENDPOINTS; do
    if fetch_hello "$(host_of "$endpoint")" | grep -q '^restore '; then stop "a restore is being taken up"; fi
  done
}

fetch_hello() { # fetch_hello HOST
  timeout 5 wget -q -O - "http://$1:$PHASE_PORT/cgi-bin/hello?$CLUSTER_NAME-defrag" 2>/dev/null || true
}

# --- other jobs
at_work() { # which work a restart would disturb, or nothing
  for endpoint in $MEMBER_ENDPOINTS; do
    host=$(host_of "$endpoint")
    if takes_snapshot "$host"; then
      echo "$(name_of "$endpoint") is giving a snapshot to somebody"
      return
    fi
    busy=$(fetch_hello "$host" | sed -n 's/^busy //p' | paste -sd, -)
    if [ -n "$busy" ]; then
      echo "the job $CLUSTER_NAME-$busy is at work, or was within the last 15 s"
      return
    fi
  done
}

is_over() { # the window
  [ $(($(date +%s) - started)) -ge "$WINDOW_SECONDS" ]
}

wait_for_others() { # returns when nobody is at work, or the window is over
  told=''
  until is_over; do
    work=$(at_work)
    [ -n "$work" ] || return 0
    [ "$work" = "$told" ] || log "waiting: $work"
    told=$work
    sleep 5
  done
}

takes_snapshot() { # takes_snapshot HOST: whether more snapshots have begun than ended
  timeout 5 wget -q -O - "http://$1:$METRICS_PORT/metrics" 2>/dev/null |
    awk '/^grpc_server_started_total.*grpc_method="Snapshot"/ { begun += $NF } /^grpc_server_handled_total.*grpc_method="Snapshot"/ { ended += $NF } END { exit !(begun > ended) }'
}

plan() { # sets $todo, in the order in which members are let go
  todo=''
  log "plan: member, role, size, in use, gain, decision"
  for role in follower leader; do
    # shellcheck disable=SC2013 # names without spaces
    for member in $(awk -v role="$role" '$3 == role { print $1 }' "$table"); do
      size=$(column "$member" 4) in_use=$(column "$member" 5)
      decision='nothing to gain'
      if is_worth_while "$size" "$in_use"; then
        decision=defragment
        todo="$todo $member"
      fi
      log "  $member, $role, $(mebibytes "$size"), $(mebibytes "$in_use"), $(mebibytes $((size - in_use))), $decision"
    done
  done
}

# --- offline
uid_of() {
  kubectl get pod "$1" --namespace "$NAMESPACE" --output 'jsonpath={.metadata.uid}' 2>/dev/null || true
}

evict() { # evict MEMBER: as a drain does, so that the PodDisruptionBudget decides
  eviction='{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"'$1'","namespace":"'$NAMESPACE'"}}'
  echo "$eviction" | kubectl create --raw "/api/v1/namespaces/$NAMESPACE/pods/$1/eviction" -f - >/dev/null 2>"$TMP/said" ||
    stop "$1 may not be evicted: $(tail -n 1 "$TMP/said")"
}

is_ready() {
  ready=$(kubectl get pod "$1" --namespace "$NAMESPACE" --output 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null || true)
  [ "$ready" = True ]
}

# is_back MEMBER OLD-UID: a new pod that is ready, a voting member that sees a quorum, and is found by its name: where a node
# was lost, the old one may still answer there.
is_back() {
  uid=$(uid_of "$1")
  [ -n "$uid" ] && [ "$uid" != "$2" ] && is_ready "$1" && timeout 5 wget -q -O /dev/null "http://$1.$MEMBER_DOMAIN:$METRICS_PORT/readyz" 2>/dev/null
}

restart() { # restart MEMBER
  old=$(uid_of "$1")
  [ -n "$old" ] || stop "there is no pod $1"
  log "evicting $1, which defragments before it starts again"
  evict "$1"
  until is_back "$1" "$old"; do
    [ $(($(date +%s) - begun)) -lt "$MEMBER_TIMEOUT_SECONDS" ] || stop "$1 is not back after $MEMBER_TIMEOUT_SECONDS s"
    sleep 1
  done
}

# --- online
defragment_online() { # defragment_online MEMBER
  endpoint=$(column "$1" 2)
  if [ "$(column "$1" 3)" = leader ] && [ "$(wc -l <"$table")" -gt 1 ]; then
    target=$(awk '$3 == "follower" { print $7; exit }' "$table")
    log "handing the leadership of $1 over first"
    etcdctl --endpoints "$endpoint" --command-timeout=10s move-leader "$target" || stop "the leadership could not be handed over"
  fi
  log "defragmenting $endpoint while it runs"
  etcdctl --endpoints "$endpoint" --command-timeout="$MEMBER_TIMEOUT_SECONDS"s defrag || stop "$1 was not defragmented"
}

treat() { # treat MEMBER
  begun=$(date +%s)
  before=$(column "$1" 4)
  "$treatment" "$1"
  look
  after=$(column "$1" 4)
  [ "$after" -lt "$before" ] || stop "$1 is not smaller: $(mebibytes "$before") before, $(mebibytes "$after") after; its log says why"
  log "Finished defragmenting etcd member[$(column "$1" 2)]"
  summary="$summary
  $1: $(mebibytes "$before") before, $(mebibytes "$after") after, $(($(date +%s) - begun)) s"
}

disarm() { # the alarm stays when space was won, until somebody takes it away
  etcdctl --endpoints "$first" --command-timeout=5s alarm list >"$TMP/alarms"
  if ! grep -q 'alarm:NOSPACE *$' "$TMP/alarms"; then return; fi
  look
  largest=$(awk '$4 > most { most = $4 } END { printf "%.0f", most }' "$table")
  if [ $((largest * 10)) -gt $((QUOTA_BYTES * 9)) ]; then
    stop "the alarm NOSPACE stays: a database of $(mebibytes "$largest") is above 90 % of the quota of $(mebibytes "$QUOTA_BYTES")"
  fi
  etcdctl --endpoints "$first" --command-timeout=5s alarm disarm
  log "disarmed the alarm NOSPACE: the largest database has $(mebibytes "$largest") of $(mebibytes "$QUOTA_BYTES")"
}

compact() {
  revision=$(value Revision)
  log "compacting everything before revision $revision"
  etcdctl --endpoints "$first" --command-timeout=300s compact "$revision" --physical || log "not compacted: it is already"
}

case $METHOD in
  offline) treatment=restart ;;
  online) treatment=defragment_online ;;
esac
first=$(echo "$MEMBER_ENDPOINTS" | cut -d' ' -f1)
summary=''
gate
if [ "$COMPACT" = true ] && [ "$DRY_RUN" = false ]; then
  compact
  gate
fi
plan
if [ "$DRY_RUN" = true ]; then
  log "a dry run: nothing was done"
  exit 0
fi
if [ -n "$todo" ] && [ "$METHOD" = offline ] && [ "$(wc -l <"$table")" -lt 3 ]; then
  stop "fewer than three members: none can be let go without an outage; use the method online"
fi
for member in $todo; do
  wait_for_others
  if is_over; then
    log "the window of $WINDOW_SECONDS s is over: $member and what follows are left for the next run"
    break
  fi
  gate
  treat "$member"
  sleep "$SETTLE_SECONDS"
done
disarm
if [ -n "$summary" ]; then log "summary:$summary"; else log "nothing to do"; fi

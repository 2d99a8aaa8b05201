#!/bin/sh
# Defragments the members one after another, followers first, the leader last, and only while all others are healthy.
#   offline  evicts a member's pod; the new pod defragments before etcd starts (defrag-before-start.sh). No write fails.
#   online   defragments the running member, which answers no client meanwhile.
# Every check needs an answer: when a member or the API server gives none, this job stops.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/messages.sh"
. "$here/member-status.sh"
. "$here/space.sh"

table="$TMP/table" # a line for each member: name, endpoint, role, size, in use, raft index, hexadecimal id
started=$(date +%s)
summary='' # a line for each member that was defragmented
first=$(echo "$MEMBER_ENDPOINTS" | cut -d' ' -f1)

stop() { # stop WHY
  die "$1; stopping here: the other members are unchanged"
}

# --- the members' state
ask_members() { # writes $table; stops when a member does not answer
  local endpoint role in_use
  : >"$table"
  for endpoint in $MEMBER_ENDPOINTS; do
    member_status "$endpoint" 5s || stop "$endpoint does not answer ($(why_not))"
    in_use=$(size_in_use "$endpoint") || stop "$endpoint does not report how much of its database is in use"
    role=follower
    if is_leader; then role=leader; fi
    if [ "$(value IsLearner)" != false ]; then role=learner; fi
    echo "$(name_of "$endpoint") $endpoint $role $(value DBSize) $in_use $(value RaftAppliedIndex) $(printf '%x' "$(value MemberID)")" >>"$table"
  done
}

column() { # column MEMBER FIELD
  awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$table"
}

member_count() {
  wc -l <"$table"
}

with_role() { # with_role ROLE: names
  awk -v role="$1" '$3 == role { print $1 }' "$table"
}

largest() { # largest COLUMN
  awk -v column="$1" '$column > most { most = $column } END { printf "%.0f", most }' "$table"
}

smallest() { # smallest COLUMN
  awk -v column="$1" 'NR == 1 || $column < least { least = $column } END { printf "%.0f", least }' "$table"
}

# --- checks
check_cluster() { # stops unless a member may be defragmented now
  local endpoint
  ask_members
  [ -n "$(with_role leader)" ] || stop "there is no leader"
  check_member_list
  for endpoint in $MEMBER_ENDPOINTS; do
    is_healthy "$endpoint" || stop "$endpoint is not healthy ($(why_not))"
  done
  check_alarms
  check_lag
  check_phases
}

check_member_list() {
  local learner listed
  etcdctl --endpoints "$first" --command-timeout=5s member list >"$TMP/members" 2>"$TMP/said" || stop "$first does not return its member list ($(why_not))"
  learner=$(awk -F', ' '$NF == "true" { print $1; exit }' "$TMP/members")
  [ -z "$learner" ] || stop "there is a learner: $learner"
  listed=$(wc -l <"$TMP/members")
  [ "$listed" = "$(member_count)" ] || stop "the member list has $listed members, but $(member_count) are expected"
}

ask_alarms() { # writes $TMP/alarms, a line for each: type, id; an answer without alarms has a header too
  etcdctl --endpoints "$first" --command-timeout=5s alarm list --write-out=fields >"$TMP/answer" 2>"$TMP/said" || stop "$first does not report the alarms ($(why_not))"
  grep -q '^"ClusterID" : [0-9]' "$TMP/answer" || stop "$first does not report the alarms (its answer has no header)"
  awk '$1 == "\"MemberID\"" { id = $3 } $1 == "\"AlarmType\"" { print $3, id }' "$TMP/answer" >"$TMP/alarms"
}

check_alarms() { # any but NOSPACE, which this job is there to fix
  local other
  ask_alarms
  other=$(awk '$1 != "NOSPACE" { print $1 " of member " $2 }' "$TMP/alarms" | paste -sd, -)
  [ -z "$other" ] || stop "there is an alarm: $other"
}

has_nospace() {
  ask_alarms
  grep -q '^NOSPACE ' "$TMP/alarms"
}

check_lag() {
  local lag
  lag=$(($(largest 6) - $(smallest 6)))
  [ "$lag" -le "$MAXIMUM_LAG" ] || stop "a member is $lag entries behind; at most $MAXIMUM_LAG are allowed"
}

check_phases() { # no member is leaving or restoring
  local endpoint name
  for endpoint in $MEMBER_ENDPOINTS; do
    name=$(name_of "$endpoint")
    ask_phase "$endpoint"
    grep -q '^member ' "$TMP/phase" || stop "$name reports the phase $(head -n 1 "$TMP/phase" | cut -d' ' -f1)"
    if grep -q '^restore ' "$TMP/phase"; then stop "a restore is in progress"; fi
  done
}

ask_phase() { # ask_phase ENDPOINT: writes $TMP/phase
  call_member "$1" defrag >"$TMP/phase" 2>"$TMP/said" || stop "$(name_of "$1") does not report its phase ($(why_not))"
  grep -qF " $(name_of "$1").$POD_DOMAIN " "$TMP/phase" || stop "$(name_of "$1") does not report its phase ($(host_of "$1") is another pod's address, or the answer is empty)"
}

# --- other jobs
wait_for_others() { # until nothing runs that a restart would disturb, or the window is over
  local told=''
  until is_over; do
    find_other_work
    [ -s "$TMP/work" ] || return 0
    [ "$(cat "$TMP/work")" = "$told" ] || log "waiting: $(cat "$TMP/work")"
    told=$(cat "$TMP/work")
    sleep 5
  done
}

is_over() { # the window
  [ $(($(date +%s) - started)) -ge "$WINDOW_SECONDS" ]
}

find_other_work() { # writes $TMP/work: what a restart would disturb, or nothing
  local endpoint job
  : >"$TMP/work"
  for endpoint in $MEMBER_ENDPOINTS; do
    count_streams "$endpoint"
    if [ "$(cat "$TMP/streams")" -gt 0 ]; then
      echo "$(name_of "$endpoint") is streaming a snapshot to a client" >"$TMP/work"
      return
    fi
    ask_phase "$endpoint"
    job=$(sed -n 's/^busy //p' "$TMP/phase" | paste -sd, -)
    if [ -n "$job" ]; then
      echo "the job $CLUSTER_NAME-$job is running, or was within the last 15 s" >"$TMP/work"
      return
    fi
  done
}

count_streams() { # count_streams ENDPOINT: writes $TMP/streams: the number of snapshots that it is streaming
  metrics_of "$1" >"$TMP/metrics" 2>"$TMP/said" || stop "$(name_of "$1") does not report its metrics ($(why_not))"
  awk '/^grpc_server_started_total.*grpc_method="Snapshot"/ { begun += $NF; known = 1 }
    /^grpc_server_handled_total.*grpc_method="Snapshot"/ { ended += $NF }
    END { if (!known) exit 1; printf "%d\n", begun - ended }' "$TMP/metrics" >"$TMP/streams" ||
    stop "$(name_of "$1") does not report whether it streams a snapshot (its metrics are incomplete)"
}

# --- the plan
plan() { # writes $TMP/plan: the members to defragment, in order
  local role member size in_use decision
  log "plan: member, role, size, in use, gain, decision"
  for role in follower leader; do
    for member in $(with_role "$role"); do
      size=$(column "$member" 4) in_use=$(column "$member" 5)
      decision='nothing to gain'
      if is_worth_while "$size" "$in_use"; then
        decision=defragment
        echo "$member"
      fi
      log "  $member, $role, $(mebibytes "$size"), $(mebibytes "$in_use"), $(mebibytes $((size - in_use))), $decision"
    done
  done >"$TMP/plan"
}

# --- offline
pod_state() { # pod_state POD: its uid, and whether it is ready: True or False
  kubectl get pod "$1" --namespace "$NAMESPACE" --output 'jsonpath={.metadata.uid} {.status.conditions[?(@.type=="Ready")].status}' 2>"$TMP/said"
}

restart() { # restart MEMBER: evicts its pod, and waits until the member is back
  local uid begun
  begun=$(date +%s)
  uid=$(pod_state "$1" | cut -d' ' -f1) || stop "kubectl cannot read the pod $1, which is not evicted ($(why_not))"
  [ -n "$uid" ] || stop "kubectl cannot read the pod $1, which is not evicted (there was no answer)"
  log "evicting $1, which defragments before it restarts"
  evict "$1"
  until is_back "$1" "$uid"; do
    [ $(($(date +%s) - begun)) -lt "$MEMBER_TIMEOUT_SECONDS" ] || stop "$1 is not back after $MEMBER_TIMEOUT_SECONDS s"
    sleep 1
  done
}

evict() { # evict MEMBER: like a drain, so that the PodDisruptionBudget applies
  local eviction='{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"'$1'","namespace":"'$NAMESPACE'"}}'
  echo "$eviction" | kubectl create --raw "/api/v1/namespaces/$NAMESPACE/pods/$1/eviction" -f - >/dev/null 2>"$TMP/said" ||
    stop "$1 cannot be evicted: $(why_not)"
}

# is_back MEMBER OLD-UID: whether a new pod is ready, a voting member with quorum, and reached by its name: when a node
# was lost, the old pod may still answer there.
is_back() {
  local state
  state=$(pod_state "$1") || return 1
  case $state in
    "$2 "* | ' '*) return 1 ;;
    *' True') timeout 5 wget -Y off -q -O /dev/null "http://$1.$MEMBER_DOMAIN:$METRICS_PORT/readyz" 2>/dev/null ;;
    *) return 1 ;;
  esac
}

# --- online
defragment_online() { # defragment_online MEMBER
  local endpoint
  endpoint=$(column "$1" 2)
  if [ "$(column "$1" 3)" = leader ] && [ "$(member_count)" -gt 1 ]; then transfer_leadership "$1" "$endpoint"; fi
  log "defragmenting $endpoint while it runs"
  etcdctl --endpoints "$endpoint" --command-timeout="$MEMBER_TIMEOUT_SECONDS"s defrag || stop "$1 was not defragmented"
}

transfer_leadership() { # transfer_leadership MEMBER ENDPOINT
  local target
  target=$(with_role follower | sed -n 1p)
  log "transferring leadership away from $1 first"
  etcdctl --endpoints "$2" --command-timeout=10s move-leader "$(column "$target" 7)" || stop "the leadership could not be transferred"
  ask_members
  [ "$(column "$1" 3)" = follower ] || stop "$1 is still the leader"
}

defragment_member() { # defragment_member MEMBER: its size before is in $table
  local begun before after
  begun=$(date +%s)
  before=$(column "$1" 4)
  case $METHOD in
    offline) restart "$1" ;;
    online) defragment_online "$1" ;;
    *) stop "unknown method $METHOD" ;;
  esac
  ask_members
  after=$(column "$1" 4)
  [ "$after" -lt "$before" ] || stop "$1 is not smaller: $(mebibytes "$before") before, $(mebibytes "$after") after; its log says why"
  log "Finished defragmenting etcd member[$(column "$1" 2)]"
  summary="$summary
  $1: $(mebibytes "$before") before, $(mebibytes "$after") after, $(($(date +%s) - begun)) s"
}

# --- history and alarms
compact() { # up to the current revision
  local revision
  member_status "$first" 5s || stop "$first does not report its revision ($(why_not))"
  revision=$(value Revision)
  log "compacting everything before revision $revision"
  if etcdctl --endpoints "$first" --command-timeout=300s compact "$revision" --physical 2>"$TMP/said"; then return; fi
  grep -q 'has been compacted' "$TMP/said" || stop "$first did not compact ($(why_not))"
  log "the revisions are compacted already"
}

disarm_nospace() { # etcd keeps the alarm until it is disarmed, also when there is space again
  local size
  has_nospace || return 0
  ask_members
  size=$(largest 4)
  if [ $((size * 10)) -gt $((QUOTA_BYTES * 9)) ]; then
    stop "the alarm NOSPACE stays: a database of $(mebibytes "$size") is above 90% of the quota of $(mebibytes "$QUOTA_BYTES")"
  fi
  etcdctl --endpoints "$first" --command-timeout=5s alarm disarm || stop "$first did not disarm the alarm NOSPACE"
  if has_nospace; then stop "the alarm NOSPACE was disarmed and is raised again"; fi
  log "disarmed the alarm NOSPACE: the largest database is $(mebibytes "$size"), the quota $(mebibytes "$QUOTA_BYTES")"
}

await_login
check_cluster
if [ "$COMPACT" = true ] && [ "$DRY_RUN" = false ]; then
  compact
  check_cluster
fi
plan
if [ "$DRY_RUN" = true ]; then
  log "dry run: nothing was changed"
  exit 0
fi
if [ -s "$TMP/plan" ] && [ "$METHOD" = offline ] && [ "$(member_count)" -lt 3 ]; then
  stop "fewer than three members: restarting one would be an outage; use the online method"
fi
# shellcheck disable=SC2013 # names without spaces
for member in $(cat "$TMP/plan"); do
  wait_for_others
  if is_over; then
    log "the maintenance window of $WINDOW_SECONDS s is over: $member and the members after it are left for the next run"
    break
  fi
  check_cluster
  defragment_member "$member"
  sleep "$SETTLE_SECONDS"
done
disarm_nospace
if [ -n "$summary" ]; then log "summary:$summary"; else log "nothing to do"; fi

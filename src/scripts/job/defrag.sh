#!/bin/sh
# Defragments the members one after the other, followers first, the leader last, and only while all others are healthy.
#   offline  evicts a member's pod; the new pod defragments before etcd starts (defrag-before-start.sh). No write fails.
#   online   defragments the running member, whose clients hang for as long as it takes.
# Every gate takes an answer: where a member, or the API server, does not give one, this job stops.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/member-status.sh"
. "$here/space.sh"

table="$TMP/table" # what members said last, a line for each: name, endpoint, role, size, in use, raft index, hexadecimal id
started=$(date +%s)
summary='' # a line for each member that was defragmented
first=$(echo "$MEMBER_ENDPOINTS" | cut -d' ' -f1)

stop() { # stop WHY
  die "$1; stopping here, the other members are left as they are"
}

# --- what members say
ask_members() { # writes $table; stops when a member does not answer
  local endpoint role in_use
  : >"$table"
  for endpoint in $MEMBER_ENDPOINTS; do
    member_status "$endpoint" 5s || stop "$endpoint does not answer ($(why_not))"
    in_use=$(size_in_use "$endpoint") || stop "$endpoint does not tell how much of its database is in use"
    role=follower
    if is_leader; then role=leader; fi
    if [ "$(value IsLearner)" != false ]; then role=learner; fi
    echo "$(name_of "$endpoint") $endpoint $role $(value DBSize) $in_use $(value RaftAppliedIndex) $(printf '%x' "$(value MemberID)")" >>"$table"
  done
}

column() { # column MEMBER NUMBER
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

# --- gates
check_cluster() { # everything that must be so before a member is defragmented
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
  etcdctl --endpoints "$first" --command-timeout=5s member list >"$TMP/members" 2>"$TMP/said" || stop "$first does not tell the member list ($(why_not))"
  learner=$(awk -F', ' '$NF == "true" { print $1; exit }' "$TMP/members")
  [ -z "$learner" ] || stop "there is a learner: $learner"
  listed=$(wc -l <"$TMP/members")
  [ "$listed" = "$(member_count)" ] || stop "the member list has $listed members, and $(member_count) are expected"
}

ask_alarms() { # writes $TMP/alarms, a line for each: type, id; an answer without alarms has a header, too
  etcdctl --endpoints "$first" --command-timeout=5s alarm list --write-out=fields >"$TMP/answer" 2>"$TMP/said" || stop "$first does not tell the alarms ($(why_not))"
  grep -q '^"ClusterID" : [0-9]' "$TMP/answer" || stop "$first does not tell the alarms (its answer has no header)"
  awk '$1 == "\"MemberID\"" { id = $3 } $1 == "\"AlarmType\"" { print $3, id }' "$TMP/answer" >"$TMP/alarms"
}

check_alarms() { # a used up quota is what this job is for
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
  [ "$lag" -le "$MAXIMUM_LAG" ] || stop "a member is $lag entries behind, and $MAXIMUM_LAG are allowed"
}

check_phases() { # members that are leaving, or that restore a snapshot
  local endpoint name
  for endpoint in $MEMBER_ENDPOINTS; do
    name=$(name_of "$endpoint")
    ask_phase "$endpoint"
    grep -q '^member ' "$TMP/phase" || stop "$name says that it is $(head -n 1 "$TMP/phase" | cut -d' ' -f1)"
    if grep -q '^restore ' "$TMP/phase"; then stop "a restore is being taken up"; fi
  done
}

ask_phase() { # ask_phase ENDPOINT: writes $TMP/phase
  call_member "$1" defrag >"$TMP/phase" 2>"$TMP/said" || stop "$(name_of "$1") does not tell its phase ($(why_not))"
  grep -qF " $(name_of "$1").$POD_DOMAIN " "$TMP/phase" || stop "$(name_of "$1") does not tell its phase ($(host_of "$1") is another pod's address, or the answer is empty)"
}

# --- other jobs
wait_for_others() { # returns when nothing runs that a restart would disturb, or when the window is over
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
      echo "$(name_of "$endpoint") streams a snapshot to a client" >"$TMP/work"
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

count_streams() { # count_streams ENDPOINT: writes $TMP/streams: how many snapshots it streams: have begun and not ended
  metrics_of "$1" >"$TMP/metrics" 2>"$TMP/said" || stop "$(name_of "$1") does not tell its metrics ($(why_not))"
  awk '/^grpc_server_started_total.*grpc_method="Snapshot"/ { begun += $NF; known = 1 }
    /^grpc_server_handled_total.*grpc_method="Snapshot"/ { ended += $NF }
    END { if (!known) exit 1; printf "%d\n", begun - ended }' "$TMP/metrics" >"$TMP/streams" ||
    stop "$(name_of "$1") does not tell whether it streams a snapshot (its metrics are incomplete)"
}

# --- the plan
plan() { # writes $TMP/plan: names of the members to defragment, in that order
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
  log "evicting $1, which defragments before it starts again"
  evict "$1"
  until is_back "$1" "$uid"; do
    [ $(($(date +%s) - begun)) -lt "$MEMBER_TIMEOUT_SECONDS" ] || stop "$1 is not back after $MEMBER_TIMEOUT_SECONDS s"
    sleep 1
  done
}

evict() { # evict MEMBER: as a drain does, so that the PodDisruptionBudget decides
  local eviction='{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"'$1'","namespace":"'$NAMESPACE'"}}'
  echo "$eviction" | kubectl create --raw "/api/v1/namespaces/$NAMESPACE/pods/$1/eviction" -f - >/dev/null 2>"$TMP/said" ||
    stop "$1 may not be evicted: $(why_not)"
}

# is_back MEMBER OLD-UID: a new pod that is ready, a voting member that sees a quorum, and is found by its name: where a node
# was lost, the old one may still answer there.
is_back() {
  local state
  state=$(pod_state "$1") || return 1
  case $state in
    "$2 "* | ' '*) return 1 ;;
    *' True') timeout 5 wget -q -O /dev/null "http://$1.$MEMBER_DOMAIN:$METRICS_PORT/readyz" 2>/dev/null ;;
    *) return 1 ;;
  esac
}

# --- online
defragment_online() { # defragment_online MEMBER
  local endpoint
  endpoint=$(column "$1" 2)
  if [ "$(column "$1" 3)" = leader ] && [ "$(member_count)" -gt 1 ]; then hand_over_leadership "$1" "$endpoint"; fi
  log "defragmenting $endpoint while it runs"
  etcdctl --endpoints "$endpoint" --command-timeout="$MEMBER_TIMEOUT_SECONDS"s defrag || stop "$1 was not defragmented"
}

hand_over_leadership() { # hand_over_leadership MEMBER ENDPOINT
  local target
  target=$(with_role follower | sed -n 1p)
  log "handing the leadership of $1 over first"
  etcdctl --endpoints "$2" --command-timeout=10s move-leader "$(column "$target" 7)" || stop "the leadership could not be handed over"
  ask_members
  [ "$(column "$1" 3)" = follower ] || stop "$1 is the leader still"
}

defragment_member() { # defragment_member MEMBER: whose size before is in $table
  local begun before after
  begun=$(date +%s)
  before=$(column "$1" 4)
  case $METHOD in
    offline) restart "$1" ;;
    online) defragment_online "$1" ;;
    *) stop "there is no method $METHOD" ;;
  esac
  ask_members
  after=$(column "$1" 4)
  [ "$after" -lt "$before" ] || stop "$1 is not smaller: $(mebibytes "$before") before, $(mebibytes "$after") after; its log says why"
  log "Finished defragmenting etcd member[$(column "$1" 2)]"
  summary="$summary
  $1: $(mebibytes "$before") before, $(mebibytes "$after") after, $(($(date +%s) - begun)) s"
}

# --- history and alarms
compact() { # everything before the revision that a member has now
  local revision
  member_status "$first" 5s || stop "$first does not tell its revision ($(why_not))"
  revision=$(value Revision)
  log "compacting everything before revision $revision"
  if etcdctl --endpoints "$first" --command-timeout=300s compact "$revision" --physical 2>"$TMP/said"; then return; fi
  grep -q 'has been compacted' "$TMP/said" || stop "$first did not compact ($(why_not))"
  log "not compacted: it is already"
}

disarm_nospace() { # etcd keeps the alarm when there is space again, until somebody disarms it
  local size
  has_nospace || return 0
  ask_members
  size=$(largest 4)
  if [ $((size * 10)) -gt $((QUOTA_BYTES * 9)) ]; then
    stop "the alarm NOSPACE stays: a database of $(mebibytes "$size") is above 90 % of the quota of $(mebibytes "$QUOTA_BYTES")"
  fi
  etcdctl --endpoints "$first" --command-timeout=5s alarm disarm || stop "$first did not disarm the alarm NOSPACE"
  if has_nospace; then stop "the alarm NOSPACE was disarmed, and is there again"; fi
  log "disarmed the alarm NOSPACE: the largest database has $(mebibytes "$size") of $(mebibytes "$QUOTA_BYTES")"
}

check_cluster
if [ "$COMPACT" = true ] && [ "$DRY_RUN" = false ]; then
  compact
  check_cluster
fi
plan
if [ "$DRY_RUN" = true ]; then
  log "a dry run: nothing was done"
  exit 0
fi
if [ -s "$TMP/plan" ] && [ "$METHOD" = offline ] && [ "$(member_count)" -lt 3 ]; then
  stop "fewer than three members: restarting one would be an outage; use the method online"
fi
# shellcheck disable=SC2013 # names without spaces
for member in $(cat "$TMP/plan"); do
  wait_for_others
  if is_over; then
    log "the window of $WINDOW_SECONDS s is over: $member and what follows are left for the next run"
    break
  fi
  check_cluster
  defragment_member "$member"
  sleep "$SETTLE_SECONDS"
done
disarm_nospace
if [ -n "$summary" ]; then log "summary:$summary"; else log "nothing to do"; fi

#!/bin/sh
# watch-member.sh PROCESS: runs alongside etcd: promotes this member when it has caught up, records its id, answers the startup probe, updates
# its peer URL, and, at the leader, removes members that the settings no longer have.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/messages.sh"
. "$here/phase.sh"
. "$here/membership.sh"
. "$here/transport.sh"
. "$here/certificates.sh"
. "$here/restart.sh"
. "$here/report-tls.sh"
. "$here/damage.sh"
. "$here/lead.sh"
. "$here/root.sh"
. "$here/users.sh"

etcd=$1

is_current() { # whether the etcd that this script watches still runs: it must not take the next one for it
  [ "$(cat "$RUN/etcd-pid" 2>/dev/null || true)" = "$etcd" ]
}

use_current_data
started=$(now)
goal='' # the applied index of a ready member when this one first asked

serves_here() { # etcd counts requests once it accepts them; a request of our own could be slow, and seem to fail
  [ -n "$(metrics_here | sed -n '/^grpc_server_started_total/p')" ]
}

serves_within() { # serves_within SECONDS
  local tries=$(($1 * 4))
  until serves_here; do
    [ "$tries" -gt 0 ] || return 1
    tries=$((tries - 1))
    sleep 0.25
  done
}

# --- until it votes and serves
has_caught_up() { # has_caught_up READY: with the applied index of that member when this one first asked
  local applied
  if [ -z "$goal" ]; then goal=$(fetch "http://$(host_that_answered "$1").:$METRICS_PORT/metrics" | metric etcd_server_proposals_applied_total) || return 1; fi
  applied=$(metrics_here | metric etcd_server_proposals_applied_total) || return 1
  awk -v here="$applied" -v goal="$goal" 'BEGIN { exit !(goal > 0 && here + 0 >= goal + 0) }'
}

# etcd serves clients once it has seen its own entry, with its URLs, in the log. Under writes it often misses that entry, which came
# with the leader's snapshot, or was lost while that reset the connection; etcd would write another one after 7 s. Restarted
# with current data, it writes one at once.
restart_once() {
  if [ -e "$RUN/restarted" ]; then return 0; fi
  touch "$RUN/restarted"
  log "restarting etcd: it has caught up but does not serve, because it missed its own entry in the log"
  restart_etcd
}

find_ready() { # a member that has quorum, or nothing; also one that the settings no longer have
  # shellcheck disable=SC2086 # names without spaces
  survey $everyone
  first_ready_on "$data_id"
}

ask_ready() { # sets $ready and $list: a member that has quorum, and its member list; fails when there is none
  ready=$(find_ready)
  [ -n "$ready" ] && list=$(members_at "$(client_url "$ready")")
}

leader_first() { # leader_first MEMBER: the leader, if one says so, and that member
  local member
  # shellcheck disable=SC2086 # names without spaces
  for member in $(ready_of $everyone); do
    if [ "$member" != "$1" ] && [ "$(fetch "http://$(host_that_answered "$member").:$METRICS_PORT/metrics" | metric etcd_server_is_leader)" = 1 ]; then echo "$member"; fi
  done
  echo "$1"
}

promote_at() { # promote_at ID MEMBER...: followers pass a promotion on to the leader without the user who asks
  local id=$1 member said='' why
  shift
  for member in "$@"; do
    if said=$(ask_etcd "$member" member promote "$id" 2>&1); then
      log "caught up: this is a voting member now"
      return
    fi
  done
  why=$(echo "$said" | tail -n 1 | sed 's/^Error: //')
  if [ "$why" != "$not_promoted" ]; then log "not promoted yet: $why"; fi
  not_promoted=$why
}

promote() { # after ask_ready; only once it serves: others count on a voting member
  local id
  id=$(id_in "$list" "$POD_NAME")
  is_learner_in "$list" "$id" || return 0
  if [ -e "$RUN/restarted" ] || serves_here; then
    # shellcheck disable=SC2046 # names without spaces
    promote_at "$id" $(leader_first "$ready")
  elif has_caught_up "$ready" && ! serves_within 1; then
    restart_once
  fi
}

own_id() { # the id of this member, according to its etcd
  metrics_here | sed -n 's/^etcd_server_id{server_id="\([0-9a-f]*\)"} 1$/\1/p'
}

# As soon as etcd runs: a member that a quorum removed before it voted is recognized by its id, not by its name.
note_id() {
  local id
  id=$(own_id) || return 0
  [ -n "$id" ] || return 0
  note member-id "$id" || log "cannot record the member id on the volume; serving anyway"
  identified=yes
}

# has_traffic METRICS ID: whether bytes went to or came from that member since the first look. etcd's gauge stays at 0 for some working
# connections.
has_traffic() {
  local bytes
  bytes=$(echo "$1" | grep -e "^etcd_network_peer_sent_bytes_total{To=\"$2\"}" -e "^etcd_network_peer_received_bytes_total{From=\"$2\"}" || true)
  [ -e "$RUN/traffic.$2" ] || echo "$bytes" >"$RUN/traffic.$2"
  [ "$bytes" != "$(cat "$RUN/traffic.$2")" ]
}

# why_apart_here: why this member may be apart from a ready one, or nothing
why_apart_here() {
  local here metrics name id apart=''
  if ! here=$(members_at "$local_url" 2>"$RUN/refused") || ! metrics=$(metrics_here); then
    refuses_login "$(cat "$RUN/refused")" || echo "etcd does not say which members it is connected to"
    return 0
  fi
  for name in $(others_in "$here"); do
    id=$(id_in "$here" "$name")
    if ! has_active_peer "$metrics" "$id" && ! has_traffic "$metrics" "$id"; then apart="$apart $name"; fi
  done
  [ -n "$apart" ] || return 0
  # shellcheck disable=SC2086 # names without spaces
  survey $apart
  for name in $apart; do
    if was_ready "$name"; then
      echo "$name is ready but not connected to this member"
      return
    fi
  done
}

# Kubernetes restarts the next member once this one has started: without these connections, quorum can depend on that one. A name of a pod can
# still resolve to the address of the pod before, for 30 s by default.
is_connected_to_ready() {
  local why
  why=$(why_apart_here)
  if [ -z "$why" ]; then return 0; fi
  if [ -z "$served_since" ]; then
    served_since=$(now)
    log "not reporting as started yet: $why"
  fi
  [ "$(seconds_since "$served_since")" -ge 45 ] || return 1
  log "reporting as started after 45 s, although $why"
}

# A pod of Bitnami's chart, which stops next, may lead. It transfers leadership only to a member that it takes for connected, and it takes none for
# connected while their names resolve to the addresses of the pods before: an election would follow.
lead_instead_of_chart() {
  local list pods name
  list=$(members_at "$local_url") || return 0
  pods=$(with_pod_address "$list")
  # shellcheck disable=SC2086 # names without spaces
  survey $pods
  for name in $pods; do
    [ "$(word_of "$name")" = silent ] || continue
    if ask_etcd "$name" move-leader "$(id_in "$list" "$POD_NAME")" >/dev/null 2>&1; then
      log "transferred leadership from $name, a pod of Bitnami's chart, to this member"
    fi
  done
}

with_pod_address() { # with_pod_address LIST: the other members whose peer URL has the name of a pod, as the chart's
  echo "$1" | awk -v me="$POD_NAME" -v domain="$POD_DOMAIN" '$2 != me && index($5, domain ":") { print $2 }'
}

# Records what the next start needs, and answers the startup probe. Kubernetes runs readiness probes only afterwards: etcd's
# /readyz can succeed for a member that does not serve yet, and for a learner.
note_self() {
  [ "$(metrics_here | metric etcd_server_is_learner)" = 0 ] || return 1
  note etcd-version "$MEMBER_VERSION" || log "cannot write to the volume; serving anyway"
  rm -f "$notes/bootstrapping" "$RUN/restarted" || true
  unpublish first
  forget_ends
  unpublish restarting
  touch "$RUN/served"
  if ! [ -e "$RUN/leaving" ]; then set_phase member || return 1; fi
  publish started "serves" || return 1
  log "serving as member $(noted member-id "(id unknown)") of the cluster"
}

# After ask_ready. When no quorum was found at the start, a quorum may have removed this member.
restart_if_removed() {
  local id
  id=$(own_id) || return 0
  if [ -n "$id" ] && ! echo "$list" | grep -q "^$id "; then
    log "restarting etcd: $ready has quorum, but its member list does not contain this member, $id"
    restart_etcd
  fi
}

# A bootstrap that was killed between the creation of the log and its first entry never elects. No vote and no write can be in it. An etcd that
# has just started reports 0 for every log, so it takes several looks. A restore has no token, and its log is never empty.
begin_again_if_empty() {
  local metrics
  [ -n "$(noted bootstrapping | cut -d' ' -s -f2)" ] || return 0
  metrics=$(metrics_here) || return 0
  if is_empty "$metrics"; then looks_empty=$((looks_empty + 1)); else looks_empty=0; fi
  if [ "$looks_empty" -ge 4 ]; then
    log "the bootstrap was cut off before its first log entry: starting it again"
    touch "$RUN/begin-again"
    restart_etcd
  fi
}

is_empty() { # is_empty METRICS: whether nothing was committed or applied, and there is no leader
  local name
  for name in proposals_applied_total proposals_committed_total has_leader; do
    [ "$(echo "$1" | metric "etcd_server_$name")" = 0 ] || return 1
  done
}

come_up() { # one step, until note_self has succeeded
  local learner
  learner=$(metrics_here | metric etcd_server_is_learner) || learner=''
  if [ "$learner" = 1 ]; then
    if ask_ready; then promote; fi
  elif is_ready_here; then
    if ! serves_within 2; then
      restart_once
    elif is_connected_to_ready; then
      lead_instead_of_chart
      if is_current && note_self; then noted=yes; fi
    fi
  elif [ "$(seconds_since "$looked")" -ge 3 ]; then
    looked=$(now)
    begin_again_if_empty
    if ask_ready; then
      promote # the metric is 0 for a learner that began with a snapshot of the leader
      if [ "$(seconds_since "$started")" -ge 30 ]; then restart_if_removed; fi
    fi
  fi
}

# --- its address
# Other members connect to the peer URL in the member list. When the manifests have another one, this member updates the list, once all voting
# members that answer have quorum.
move_address() {
  local list listed wanted others name
  if ! list=$(members_at "$local_url" 2>"$RUN/refused"); then
    say_if_users
    return 0
  fi
  listed=$(echo "$list" | awk -v me="$POD_NAME" '$2 == me { print $5 }') wanted=$(peer_url "$(peer_scheme)" "$POD_NAME")
  if [ "$listed" = "$wanted" ]; then
    moved=yes
    return 0
  fi
  others=$(voters_in "$list" | grep -vx "$POD_NAME" || true)
  # shellcheck disable=SC2086 # names without spaces
  survey $others
  for name in $others; do
    if ! was_ready "$name" && [ "$(word_of "$name")" != silent ]; then return 0; fi
  done
  log "changing the peer URL of this member from $listed to $wanted"
  set_peer_url "$local_url" "$list" "$(peer_scheme)" || log "etcd refuses the new peer URL; the old one stays for now"
}

say_if_users() {
  if [ -z "$said_users" ] && refuses_login "$(cat "$RUN/refused")"; then
    said_users=yes
    log "etcd has authentication enabled and refuses the scripts: set auth; until then no member is added or removed"
  fi
}

led=0 pause=0 not_promoted='' said_users='' identified='' served_since='' noted='' moved='' looks_empty=0 looked=$started
known=$(setting replicas)
while is_current && kill -0 "$etcd" 2>/dev/null; do
  if [ -z "$identified" ]; then note_id; fi
  if [ -z "$noted" ]; then
    come_up
    sleep 0.3
    continue
  fi
  if [ "$(setting replicas)" != "$known" ] && ! [ -e "$RUN/leaving" ]; then
    known=$(setting replicas)
    set_phase member # members that leave read the number in the phase
    log "the settings now ask for $known members"
    pause=0
  fi
  if [ -z "$moved" ] && ! [ -e "$RUN/leaving" ]; then move_address; fi
  if ! [ -e "$RUN/leaving" ]; then restart_if_needed; fi
  follow_root
  if is_leader_here; then
    lead
    follow_users
  fi
  report_tls
  sleep 1
done

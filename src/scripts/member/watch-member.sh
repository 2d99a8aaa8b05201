#!/bin/sh
# watch-member.sh PROCESS: runs beside etcd: promotes this member when it has caught up, notes who it is, answers the startup probe,
# and, at the leader, removes members that the settings no longer have.
set -eu
here=$(dirname "$0")
. "$here/log.sh"
. "$here/phase.sh"
. "$here/data.sh"
. "$here/membership.sh"

use_current_data
local_url="http://127.0.0.1:$CLIENT_PORT"

serves_here() { # etcd counts requests from when it takes them; asking it by one would take a slow answer for none
  fetch "http://127.0.0.1:$METRICS_PORT/metrics" | grep -q '^grpc_server_started_total'
}

serves_within() { # serves_within SECONDS
  tries=$(($1 * 4))
  until serves_here; do
    [ "$tries" -gt 0 ] || return 1
    tries=$((tries - 1))
    sleep 0.25
  done
}

applied_at() { # applied_at ADDRESS: the index of the last entry of the log that the member there has applied
  fetch "http://$1:$METRICS_PORT/metrics" | sed -n 's/^etcd_server_proposals_applied_total //p'
}

has_caught_up() { # with what the member that was asked first had then; after find_ready
  [ -n "$goal" ] || goal=$(applied_at "$(address_of "$ready")")
  awk -v here="$(applied_at 127.0.0.1)" -v goal="$goal" 'BEGIN { exit !(goal > 0 && here + 0 >= goal + 0) }'
}

# Etcd serves clients once it has seen its own entry, with its URLs, in the log. Under writes it often misses that, which came
# within the leader's snapshot, or was lost while that made it connect anew; and it would make another one after 7 s. Started
# again on data that are current, it makes one at once.
start_again_once() {
  [ -e "$RUN/restarted" ] && return
  touch "$RUN/restarted"
  log "starting etcd again: it has caught up, and does not serve, since it missed its own entry in the log"
  start_again
}

promote() { # only what serves may vote: others count on it
  others=$(other_members "$(setting replicas)")
  # shellcheck disable=SC2086 # names without spaces
  ready=$(find_ready $others)
  [ -n "$ready" ] || return 0
  via=$(client_url "$ready")
  id=$(id_in "$(members_at "$via")" "$POD_NAME") || return 0
  [ -n "$id" ] || return 0
  if [ -e "$RUN/restarted" ] || serves_here; then
    if etcdctl --endpoints "$via" --command-timeout=5s member promote "$id" >/dev/null 2>&1; then
      log "caught up: a voting member now"
    fi
  elif has_caught_up && ! serves_within 1; then
    start_again_once
  fi
}

# What the next start needs to know; and the answer to the startup probe. Kubernetes asks whether a pod is ready only
# afterwards: etcd's /readyz can be true of a member that does not serve, and, since it looks for that before it waits for the log,
# of a learner.
note_self() {
  voters=$(members_at "$local_url" | grep ' false ran$') || return 1
  id=$(id_in "$voters" "$POD_NAME")
  [ -n "$id" ] || return 1
  note member-id "$id"
  note etcd-version "$MEMBER_VERSION"
  rm -f "$notes/bootstrapping" "$RUN/restarted"
  [ -e "$RUN/leaving" ] || set_phase member
  publish started "serves"
  log "member $id of the cluster"
}

# why_remove MEMBER: why one that the settings don't have may be removed now, or nothing. One that is leaving stops first,
# so that its clients go elsewhere; unless the quorum needs it until it is removed.
why_remove() {
  left=$(echo "$voting" | grep -vxc "$1" || true)
  case $(answer_of "$1") in
    leaving*)
      touch "$RUN/left.$1"
      if [ "$left" -lt "$quorum" ]; then echo "it is leaving"; fi
      ;;
    silent)
      if [ -e "$RUN/left.$1" ]; then
        echo "it has left"
      # A name that does not resolve tells something only while names do resolve.
      elif nslookup "$(member_host "$POD_NAME")" >/dev/null 2>&1 && ! nslookup "$(member_host "$1")" >/dev/null 2>&1; then
        echo "its pod is gone"
      fi
      ;;
  esac
}

remove_surplus() { # one at a time, the highest ordinal first
  replicas=$(setting replicas)
  members=$(members_at "$local_url") || return 0
  [ -n "$members" ] || return 0
  surplus=$(echo "$members" | while read -r _ name _; do
    if [ "$(ordinal_of "$name")" -ge "$replicas" ]; then echo "$name"; fi
  done | sort -r)
  [ -n "$surplus" ] || return 0
  # shellcheck disable=SC2046 # names without spaces
  survey $(echo "$members" | awk -v me="$POD_NAME" '$2 != me { print $2 }')
  quorum=$(($(echo "$members" | grep -c ' false ') / 2 + 1))
  voting=$(echo "$members" | while read -r _ name learner _; do
    if [ "$learner" = false ] && { [ "$name" = "$POD_NAME" ] || was_ready "$name"; }; then echo "$name"; fi
  done)
  for name in $surplus; do
    why=$(why_remove "$name")
    [ -n "$why" ] || continue
    log "removing $name: the settings have $replicas members, and $why"
    if etcdctl --endpoints "$local_url" --command-timeout=5s member remove "$(id_in "$members" "$name")" >&2; then
      rm -f "$RUN/left.$name"
    else
      log "not yet: $name stays for now"
    fi
    return 0
  done
}

noted='' goal=''
known=$(setting replicas)
while kill -0 "$1" 2>/dev/null; do
  if [ -z "$noted" ]; then
    if gauge etcd_server_is_learner; then
      promote
    elif is_ready_here; then
      if ! serves_within 2; then
        start_again_once
      elif note_self; then
        noted=yes
      fi
    fi
    sleep 0.3
  else
    if [ "$(setting replicas)" != "$known" ] && ! [ -e "$RUN/leaving" ]; then
      known=$(setting replicas)
      set_phase member # members that leave read the number in it
      log "the settings have $known members"
    fi
    if gauge etcd_server_is_leader; then remove_surplus; fi
    sleep 1
  fi
done

#!/bin/sh
# preStop: hands the leadership over, gives the Service a moment to forget the pod, and holds on while the others could not go on without
# this member. What is known about them is in $RUN/others, made anew by each look:
#   members     the member list, the last one that could be read
#   staying     ready and not leaving
#   strangers   see a quorum, but know nothing of phases, as pods of Bitnami's chart
#   lower       leaving, ready, with a lower ordinal: they stop later
#   leaving     leaving
#   scaled      staying, and without this member in their settings
#   left.NAME   has said that it leaves, since this one began to
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/phase.sh"
. "$here/membership.sh"
. "$here/space.sh"
. "$here/defrag-before-start.sh"
exec 2>"/proc/$(cat "$RUN/pid")/fd/2" # what a hook prints is not in the pod's log

CONNECTED_SECONDS=40 # for so long members that are ready may take to connect to each other; what is not connected by then is down

began=$(date +%s)
deadline=$((began + HOLD_SECONDS))
remove_by=$((deadline - HOLD_SECONDS / 4))
others="$RUN/others"
own_ordinal=$(ordinal_of "$POD_NAME")

is_past() { # is_past TIME
  [ "$(date +%s)" -ge "$1" ]
}

is_alive_here() {
  wget -q -T 2 -O /dev/null "http://127.0.0.1:$METRICS_PORT/livez" 2>/dev/null
}

sees_quorum() { # sees_quorum MEMBER: as etcd says
  local said
  said=$(ask_etcd "$1" endpoint health 2>&1) || true
  echo "$said" | grep -q -e ' is healthy: ' -e "$IS_FULL"
}

these() { # these LIST: members in a list of the last look
  cat "$others/$1"
}

count() { # count LIST...
  local list
  for list in "$@"; do these "$list"; done | wc -l
}

# --- looking
look() {
  local list member
  mkdir -p "$others"
  if list=$(members_at "$local_url" 2>/dev/null); then echo "$list" >"$others/members"; fi
  [ -e "$others/members" ] || : >"$others/members"
  for list in staying strangers lower leaving scaled; do : >"$others/$list"; done
  # shellcheck disable=SC2046 # names without spaces
  survey $(other_names)
  for member in $(other_names); do sort_in "$member"; done
}

other_names() { # the highest ordinal first
  others_in "$(these members)" | sort -r
}

sort_in() { # sort_in MEMBER: into the lists that it belongs to
  case $(word_of "$1") in
    leaving)
      echo "$1" >>"$others/leaving"
      touch "$others/left.$1"
      if was_ready "$1" && [ "$(ordinal_of "$1")" -lt "$own_ordinal" ]; then echo "$1" >>"$others/lower"; fi
      ;;
    silent)
      if sees_quorum "$1"; then echo "$1" >>"$others/strangers"; fi
      ;;
    *)
      was_ready "$1" || return 0
      echo "$1" >>"$others/staying"
      if [ "$(count_of "$1")" -le "$own_ordinal" ]; then echo "$1" >>"$others/scaled"; fi
      ;;
  esac
}

# --- why it is needed
voters() {
  these members | grep -c ' false ran ' || true
}

left() { # how many voting members would be left
  count staying strangers lower
}

why_needed() { # why the others need this member, or nothing
  if [ "$(left)" -lt $(($(voters) / 2 + 1)) ]; then
    echo "without this member $(left) of $(voters) would be left; if it is scaled down, it is removed first"
  elif [ "$(count leaving)" != 0 ] && [ "$(count scaled)" = 0 ]; then
    echo "several leave at once; if they are scaled down, the others must know that first"
  fi
}

# unconnected: a pair of those that are left without a connection to each other yet. A pod that was just replaced can be ready through this
# member alone. Etcd's gauge stays at 0 for some connections that work, so bytes that arrive count, too.
unconnected() {
  local member peer id metrics received before
  # shellcheck disable=SC2013 # names without spaces
  for member in $(these staying) $(these lower); do
    metrics=$(fetch "http://$(host_that_answered "$member").:$METRICS_PORT/metrics" | sed -n '/^etcd_network_/p') || metrics=''
    for peer in $(these staying) $(these lower); do
      [ "$peer" != "$member" ] || continue
      id=$(id_in "$(these members)" "$peer")
      if echo "$metrics" | grep -q "^etcd_network_active_peers{.*Remote=\"$id\"} 1\$"; then continue; fi
      received=$(echo "$metrics" | grep "^etcd_network_peer_received_bytes_total{From=\"$id\"}" || true)
      before=$(cat "$others/received.$member.$peer" 2>/dev/null || true)
      echo "$received" >"$others/received.$member.$peer"
      if [ -n "$before" ] && [ "$received" != "$before" ]; then continue; fi
      echo "$member has no connection to $peer yet"
      return
    done
  done
}

all_leave() { # whether nobody stays. A member that is only down may be the one that stays: the settings can be late.
  local member
  [ "$(count staying strangers)" = 0 ] || return 1
  for member in $(other_names); do
    if [ -e "$others/left.$member" ]; then continue; fi
    # A name that does not resolve tells something only while names do resolve.
    if ! resolves "$(pod_host "$POD_NAME")" || resolves "$(pod_host "$member")"; then return 1; fi
  done
}

# --- acting
hand_over() { # to the highest ordinal that stays: a rolling restart has replaced it already, and it need not hand over again
  local target
  is_leader_here || return 0
  # shellcheck disable=SC2013 # names without spaces
  for target in $(these staying) $(these strangers); do
    if etcdctl --endpoints "$local_url" --command-timeout=5s move-leader "$(id_in "$(these members)" "$target")" >/dev/null 2>&1; then
      log "leaving: handed the leadership over to $target"
      return
    fi
  done
}

# The pod is about to be killed, and the others would have no quorum. Without this member in their list they have one; if its pod comes
# back, it joins them anew.
remove_self() {
  [ "$(left)" -ge $((($(voters) - 1) / 2 + 1)) ] || return 0
  if etcdctl --endpoints "$local_url" --command-timeout=5s member remove "$(id_in "$(these members)" "$POD_NAME")" >/dev/null 2>&1; then
    log "leaving: removed itself from the cluster, since time is up and the others would be without a quorum"
  fi
}

hold_on() { # until the others can go on without this member, or time is up
  local reason told=''
  until is_past "$deadline"; do
    look
    if all_leave; then
      log "leaving: all other members leave, too"
      return
    fi
    hand_over
    reason=$(why_needed)
    if [ -n "$reason" ] && is_past "$remove_by"; then remove_self; fi
    if [ -z "$reason" ] && ! is_past $((began + CONNECTED_SECONDS)); then reason=$(unconnected); fi
    if [ -z "$reason" ]; then
      log "leaving: the others go on without this member"
      return
    fi
    if [ "$reason" != "$told" ]; then log "holding on: $reason"; fi
    told=$reason
    is_alive_here || return 0 # removed from the cluster
    sleep 0.3
  done
  log "leaving: held on for $HOLD_SECONDS s, no longer"
}

use_current_data
touch "$RUN/leaving"
set_phase leaving
rm -rf "$others"
is_alive_here || exit 0 # etcd has not started
note_gain
look
[ -n "$(other_names)" ] || exit 0
hand_over
sleep "$FORGET_SECONDS"
hold_on

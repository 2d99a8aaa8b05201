#!/bin/sh
# preStop hook: transfers leadership, waits until Services have dropped the pod, and delays the stop while the others would lose quorum
# without this member. Each look writes what is known about them to $RUN/others:
#   members     the member list, the last one that could be read
#   staying     ready, and neither leaving nor about to restart
#   strangers   have quorum but no phase: pods of Bitnami's chart
#   lower       leaving, ready, with a lower ordinal: these stop later
#   leaving     leaving
#   scaled      staying, with settings that no longer have this member
#   stopped     has been leaving, and does not answer any longer
#   left.NAME   has been leaving at some time since this member began to
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/messages.sh"
. "$here/phase.sh"
. "$here/membership.sh"
. "$here/space.sh"
. "$here/defrag-before-start.sh"
exec 2>"/proc/$(cat "$RUN/pid")/fd/2" # the output of a hook is not in the pod's log

CONNECTED_SECONDS=40 # ready members may take so long to connect to each other; a member that is not connected by then is down
LIST_SECONDS=15      # an election takes a few seconds

began=$(now)
deadline=$((began + HOLD_SECONDS))
remove_by=$((deadline - HOLD_SECONDS / 4))
others="$RUN/others"
own_ordinal=$(ordinal_of "$POD_NAME")

is_past() { # is_past TIME
  [ "$(now)" -ge "$1" ]
}

runs_here() {
  [ -e "$RUN/etcd-pid" ]
}

has_quorum() { # has_quorum MEMBER: according to its etcd
  local said
  said=$(ask_etcd "$1" endpoint health 2>&1) || true
  echo "$said" | grep -q -e ' is healthy: ' -e "$IS_FULL"
}

these() { # these LIST: the members in a list
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
  set_phase leaving # watch-member.sh may have published another one meanwhile
  if list=$(members_at "$local_url" 2>"$others/refused"); then echo "$list" >"$others/members"; fi
  [ -e "$others/members" ] || : >"$others/members"
  for list in staying strangers lower leaving scaled stopped; do : >"$others/$list"; done
  # shellcheck disable=SC2046 # names without spaces
  survey $(other_names)
  for member in $(other_names); do sort_in "$member"; done
}

first_look() { # a leader may be elected just now
  look
  until [ -s "$others/members" ] || refuses_login "$(these refused)" || is_past $((began + LIST_SECONDS)); do
    sleep 1
    look
  done
  [ -s "$others/members" ] || log "leaving: etcd returns no member list, so it is not known whether the others need this member"
}

other_names() { # the highest ordinal first
  others_in "$(these members)" | sort -r
}

sort_in() { # sort_in MEMBER: adds it to its lists
  case $(word_of "$1") in
    leaving)
      echo "$1" >>"$others/leaving"
      touch "$others/left.$1"
      if was_ready "$1" && [ "$(ordinal_of "$1")" -lt "$own_ordinal" ]; then echo "$1" >>"$others/lower"; fi
      ;;
    silent)
      if has_quorum "$1"; then
        echo "$1" >>"$others/strangers"
      elif [ -e "$others/left.$1" ]; then
        echo "$1" >>"$others/stopped"
      fi
      ;;
    *)
      was_ready "$1" && [ -z "$(line_of "$1" restarting)" ] || return 0
      echo "$1" >>"$others/staying"
      if [ "$(count_of "$1")" -le "$own_ordinal" ]; then echo "$1" >>"$others/scaled"; fi
      ;;
  esac
}

# --- whether this member is needed
voters() {
  these members | grep -c ' false ran ' || true
}

left() { # how many voting members would be left
  count staying strangers lower
}

why_needed() { # why the others need this member, or nothing
  if [ "$(left)" -lt $(($(voters) / 2 + 1)) ]; then
    echo "only $(left) of $(voters) voting members would be left without this member; in a scale-down, it is removed from the member list first"
  elif [ "$(count leaving)" != 0 ] && [ "$(count scaled)" = 0 ]; then
    echo "several members are stopping; if this is a scale-down, the others must read the new settings first"
  fi
}

# unconnected: two of the remaining members that are not connected to each other yet. A pod that was just replaced can be ready through this
# member alone. etcd's gauge stays at 0 for some working connections, so received bytes count too.
unconnected() {
  local member peer id metrics received before
  # shellcheck disable=SC2013 # names without spaces
  for member in $(these staying) $(these lower); do
    metrics=$(fetch "http://$(host_that_answered "$member").:$METRICS_PORT/metrics" | sed -n '/^etcd_network_/p') || metrics=''
    for peer in $(these staying) $(these lower); do
      [ "$peer" != "$member" ] || continue
      id=$(id_in "$(these members)" "$peer")
      if has_active_peer "$metrics" "$id"; then continue; fi
      received=$(echo "$metrics" | grep "^etcd_network_peer_received_bytes_total{From=\"$id\"}" || true)
      before=$(cat "$others/received.$member.$peer" 2>/dev/null || true)
      echo "$received" >"$others/received.$member.$peer"
      if [ -n "$before" ] && [ -n "$received" ] && [ "$received" != "$before" ]; then continue; fi
      echo "$member is not connected to $peer yet"
      return
    done
  done
}

all_leave() { # whether no member stays. A member that is merely down may stay: settings can be late.
  local member
  [ "$(count staying strangers)" = 0 ] || return 1
  for member in $(other_names); do
    if [ -e "$others/left.$member" ]; then continue; fi
    has_no_pod "$member" || return 1
  done
}

# --- acting
transfer_leadership() { # to the highest ordinal that stays: a rolling restart has replaced that pod already
  local leader
  # shellcheck disable=SC2046 # names without spaces
  leader=$(move_leadership "$(these members)" $(these staying) $(these strangers))
  if [ -n "$leader" ]; then log "leaving: transferred leadership to $leader"; fi
}

# The pod is about to be killed, and those that stay would have no quorum. They have one when this member is removed; if its pod
# comes back, it rejoins.
remove_self() {
  [ "$(count staying strangers)" -lt $(($(voters) / 2 + 1)) ] && [ "$(left)" -ge $((($(voters) - 1) / 2 + 1)) ] || return 0
  if etcdctl --endpoints "$local_url" --command-timeout=5s member remove "$(id_in "$(these members)" "$POD_NAME")" >/dev/null 2>&1; then
    log "leaving: removed this member from the cluster, because time is up and the others would lose quorum"
  fi
}

# The leader does this too, but one elected since then never saw the member leaving.
remove_stopped() {
  local member
  [ "$(count scaled)" != 0 ] || return 0
  for member in $(these stopped); do
    [ "$(ordinal_of "$member")" -gt "$own_ordinal" ] || continue
    log "leaving: removing $member, which has stopped: the settings ask for $(count_of "$(these scaled | head -n 1)") members"
    etcdctl --endpoints "$local_url" --command-timeout=5s member remove "$(id_in "$(these members)" "$member")" >/dev/null 2>&1 || true
  done
}

wait_until_not_needed() { # or until time is up
  local reason told=''
  until is_past "$deadline"; do
    look
    if all_leave; then
      log "leaving: all other members are leaving too"
      return
    fi
    transfer_leadership
    remove_stopped
    reason=$(why_needed)
    if [ -n "$reason" ] && is_past "$remove_by"; then remove_self; fi
    if [ -z "$reason" ] && ! is_past $((began + CONNECTED_SECONDS)); then reason=$(unconnected); fi
    if [ -z "$reason" ]; then
      log "leaving: the others have quorum without this member"
      return
    fi
    if [ "$reason" != "$told" ]; then log "not stopping yet: $reason"; fi
    told=$reason
    runs_here || return 0 # removed from the cluster
    sleep 0.3
  done
  log "leaving: stopping after $HOLD_SECONDS s, although the others may still need this member"
}

use_current_data
touch "$RUN/leaving"
set_phase leaving
rm -rf "$others"
runs_here || exit 0
note_gain
first_look
[ -n "$(other_names)" ] || exit 0
transfer_leadership
sleep "$FORGET_SECONDS"
wait_until_not_needed

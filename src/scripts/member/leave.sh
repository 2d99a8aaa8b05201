#!/bin/sh
# preStop: hands the leadership over, gives the Service a moment to forget the pod, and holds on while the others could
# not go on without this member.
set -eu
here=$(dirname "$0")
. "$here/log.sh"
. "$here/phase.sh"
. "$here/data.sh"
. "$here/membership.sh"
. "$here/space.sh"
. "$here/defrag-before-start.sh"
exec 2>"/proc/$(cat "$RUN/pid")/fd/2" # what a hook prints is not in the pod's log

deadline=$(($(date +%s) + HOLD_SECONDS))
remove_by=$((deadline - HOLD_SECONDS / 4))
connected_by=$(($(date +%s) + 40)) # longer than DNS remembers an address; what is not connected by then is down
rm -f "$RUN"/received.*
local_url="http://127.0.0.1:$CLIENT_PORT"
use_current_data
touch "$RUN/leaving"
set_phase leaving

is_alive_here() {
  wget -q -T 2 -O /dev/null "http://127.0.0.1:$METRICS_PORT/livez" 2>/dev/null
}

serves() { # serves MEMBER: whether it sees a quorum, though it knows nothing of phases, as a pod of Bitnami's chart
  etcdctl --endpoints "$(client_url "$1")" --dial-timeout=1s --command-timeout=2s endpoint health 2>&1 | grep -q -e ' is healthy: ' -e "$IS_FULL"
}

# look: who is there. $staying are ready and not leaving; $strangers are, as far as can be seen; $lower are leaving with a
# lower ordinal, so they stop later; all these are the $left of all $voters; $several says whether others leave now, $scaled
# whether one that stays no longer has this member in its settings.
look() {
  list=$(members_at "$local_url" 2>/dev/null) || true
  [ -z "$list" ] || members=$list
  others=$(echo "$members" | awk -v me="$POD_NAME" '$2 != me { print $2 }' | sort -r)
  # shellcheck disable=SC2086 # names without spaces
  survey $others
  staying='' strangers='' lower='' several='' scaled=''
  for member in $others; do
    answer=$(answer_of "$member")
    case $answer in
      leaving*)
        several=yes
        if was_ready "$member" && [ "$(ordinal_of "$member")" -lt "$(ordinal_of "$POD_NAME")" ]; then lower="$lower $member"; fi
        ;;
      silent)
        if serves "$member"; then strangers="$strangers $member"; fi
        ;;
      *)
        was_ready "$member" || continue
        staying="$staying $member"
        if [ "$(echo "$answer" | cut -d' ' -f2)" -le "$(ordinal_of "$POD_NAME")" ]; then scaled=yes; fi
        ;;
    esac
  done
  voters=$(echo "$members" | grep -c ' false ran$' || true)
  # shellcheck disable=SC2086
  left=$(printf '%s\n' $staying $strangers $lower | grep -c . || true)
}

hand_over() { # to the highest ordinal that stays: a rolling restart has replaced it already, and it need not hand over again
  gauge etcd_server_is_leader || return 0
  for target in $staying $strangers; do
    if etcdctl --endpoints "$local_url" --command-timeout=5s move-leader "$(id_in "$members" "$target")" >/dev/null 2>&1; then
      log "leaving: handed the leadership over to $target"
      return
    fi
  done
}

# unconnected MEMBER...: a pair of them that has no connection yet. A pod that was just replaced can be ready through
# this member alone, while DNS still tells the others its old address. Etcd's gauge stays at 0 for some connections that
# work, so bytes that arrive count, too.
unconnected() {
  for member in "$@"; do
    fetch "http://$(address_of "$member"):$METRICS_PORT/metrics" | grep '^etcd_network_' >"$answers/$member.network" || true
    for peer in "$@"; do
      [ "$peer" != "$member" ] || continue
      id=$(id_in "$members" "$peer")
      if grep -q "^etcd_network_active_peers{.*Remote=\"$id\"} 1\$" "$answers/$member.network"; then continue; fi
      received=$(grep "^etcd_network_peer_received_bytes_total{From=\"$id\"}" "$answers/$member.network" || true)
      before=$(cat "$RUN/received.$member.$peer" 2>/dev/null || true)
      echo "$received" >"$RUN/received.$member.$peer"
      if [ -n "$before" ] && [ "$received" != "$before" ]; then continue; fi
      echo "$member has no connection to $peer yet"
      return
    done
  done
}

needed() { # why the others need this member, or nothing
  if [ "$left" -lt $((voters / 2 + 1)) ]; then
    echo "without this member $left of $voters would be left; if it is scaled down, it is removed first"
  elif [ -n "$several" ] && [ -z "$scaled" ]; then
    echo "several leave at once; if they are scaled down, the others must know that first"
  fi
}

not_connected() { # the same, while a pod that was just replaced is on its way
  # shellcheck disable=SC2086
  if [ "$(date +%s)" -lt "$connected_by" ]; then unconnected $staying $lower; fi
}

# The pod is about to be killed, and the others would have no quorum. Without this member in their list they have one; if its
# pod comes back, it joins them anew.
remove_self() {
  if [ "$left" -lt $(((voters - 1) / 2 + 1)) ]; then return; fi
  if etcdctl --endpoints "$local_url" --command-timeout=5s member remove "$(id_in "$members" "$POD_NAME")" >/dev/null 2>&1; then
    log "leaving: removed itself from the cluster, since time is up and the others would be without a quorum"
  fi
}

is_alive_here || exit 0 # etcd has not started
note_gain
members=
look
[ -n "$others" ] || exit 0
hand_over
sleep "$FORGET_SECONDS"

told=
while [ "$(date +%s)" -lt "$deadline" ]; do
  look
  if [ -z "$staying" ]; then
    log "leaving: nobody stays"
    exit 0
  fi
  hand_over
  reason=$(needed)
  if [ -n "$reason" ] && [ "$(date +%s)" -ge "$remove_by" ]; then remove_self; fi
  [ -n "$reason" ] || reason=$(not_connected)
  if [ -z "$reason" ]; then
    log "leaving: the others go on without this member"
    exit 0
  fi
  if [ "$reason" != "$told" ]; then log "holding on: $reason"; fi
  told=$reason
  is_alive_here || exit 0 # removed from the cluster
  sleep 0.3
done
log "leaving: held on for $HOLD_SECONDS s, no longer"

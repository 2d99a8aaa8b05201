#!/bin/sh
# shellcheck disable=SC2154 # $local_url is set by membership.sh; $led and $pause by watch-member.sh
# Sourced by watch-member.sh: what the leader does: it removes members that the settings no longer have, and learners that never run.

# why_remove MEMBER VOTING VOTERS: why a surplus member may be removed now, or nothing. One that is leaving stops first,
# so that its clients connect elsewhere, unless the others have no quorum until it is removed, and have one then. Etcd
# checks that too, but takes a member that was cut off for connected at first.
why_remove() {
  local left quorum=$(($3 / 2 + 1)) quorum_then=$((($3 - 1) / 2 + 1))
  left=$(echo "$2" | grep -vxc "$1" || true)
  case $(word_of "$1") in
    leaving)
      touch "$RUN/left.$1"
      if [ "$left" -lt "$quorum" ] && [ "$left" -ge "$quorum_then" ]; then echo "it is leaving"; fi
      ;;
    silent)
      if [ -e "$RUN/left.$1" ]; then
        echo "it has stopped"
      elif has_no_pod "$1"; then
        echo "its pod is gone"
      fi
      ;;
  esac
}

remove_surplus() { # remove_surplus LIST: one at a time, the highest ordinal first
  local list=$1 replicas voters voting name why
  replicas=$(setting replicas)
  voters=$(voters_in "$list" | wc -l)
  voting=$(voters_in "$list" | while read -r name; do
    if [ "$name" = "$POD_NAME" ] || was_ready "$name"; then echo "$name"; fi
  done)
  for name in $(surplus_in "$list" "$replicas"); do
    why=$(why_remove "$name" "$voting" "$voters")
    [ -n "$why" ] || continue
    log "removing $name: the settings ask for $replicas members, and $why"
    if etcdctl --endpoints "$local_url" --command-timeout=5s member remove "$(id_in "$list" "$name")" >&2; then
      rm -f "$RUN/left.$name"
      return 0
    fi
    log "etcd refuses to remove $name, which stays a member for now"
  done
}

surplus_in() { # surplus_in LIST REPLICAS
  echo "$1" | awk -v replicas="$2" '{ ordinal = $2; sub(/.*-/, "", ordinal); if (ordinal + 0 >= replicas) print $2 }' | sort -r
}

# etcd allows one learner at a time. One that never ran, and whose pod does not answer, keeps all others from joining.
remove_stale_learner() { # remove_stale_learner LIST
  local id name seen
  id=$(echo "$1" | awk '$3 == "true" && $4 == "new" { print $1 }')
  name=$(echo "$1" | awk -v id="$id" '$1 == id { print $2 }')
  if [ -z "$id" ] || [ "$(word_of "$name")" != silent ]; then
    rm -f "$RUN"/silent.*
    return 0
  fi
  seen="$RUN/silent.$id"
  [ -s "$seen" ] || now >"$seen"
  [ "$(seconds_since "$(cat "$seen")")" -ge 30 ] || return 0
  log "removing the learner $name: it never ran, and has not answered for 30 s"
  etcdctl --endpoints "$local_url" --command-timeout=5s member remove "$id" >&2 || log "etcd refuses to remove $name, which stays a member for now"
}

# lead: every 10 s, and at once after the settings have changed. While there is a surplus member or a learner that has not run yet, every second.
lead() {
  local list
  [ "$(seconds_since "$led")" -ge "$pause" ] || return 0
  led=$(now) pause=0
  # With a password, each request costs a check of it, which takes 70 ms.
  if [ "$AUTH" = password ]; then pause=3; fi
  list=$(members_at "$local_url" 2>/dev/null) || return 0
  if [ -z "$(surplus_in "$list" "$(setting replicas)")" ] && ! echo "$list" | grep -q ' true new '; then
    pause=10
    return 0
  fi
  # shellcheck disable=SC2046 # names without spaces
  survey $(others_in "$list")
  remove_surplus "$list"
  remove_stale_learner "$list"
}

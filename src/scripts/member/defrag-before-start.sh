#!/bin/sh
# shellcheck disable=SC2154 # $data and $notes are set by data.sh
# Sourced: defragments the data of a member that is about to start, while its database is closed. That fails no write, which
# a member that defragments while it serves does.

database_size() {
  stat -c %s "$data/member/snap/db" 2>/dev/null || echo 0
}

# note_gain: before this member stops, how much of its database is in use; offline, nothing tells
note_gain() {
  local in_use
  in_use=$(metrics_here | metric etcd_mvcc_db_total_size_in_use_in_bytes) || return 0
  if [ -n "$in_use" ]; then note in-use "$(printf '%.0f' "$in_use")" || true; fi
}

why_not_defragment() { # or nothing, when it is worth while
  local size in_use free
  size=$(database_size)
  in_use=$(noted in-use "$size")
  free=$(free_bytes "$VOLUME")
  if [ -e "$RUN/attempt.defrag" ]; then
    echo "the last try in this pod did not end; it may need more memory"
  elif ! is_worth_while "$size" "$in_use"; then
    echo "$(mebibytes $((size - in_use))) of $(mebibytes "$size") to gain"
  elif [ "$free" -lt $((in_use + 67108864)) ]; then
    echo "the volume has $(mebibytes "$free") free, and a second copy needs $(mebibytes $((in_use + 67108864)))"
  fi
}

# survey_until_answered MEMBER...: asks all others, and where none answers and there is space to win, five times more. A pod that was just
# made may not be let through at once, since NetworkPolicies learn its address late; and only while others serve is there time to defragment.
survey_until_answered() {
  local left=5
  survey "$@"
  while [ $# -gt 0 ] && nobody_answered "$@" && [ $left -gt 0 ] && [ -z "$(why_not_defragment)" ]; do
    [ $left -lt 5 ] || log "no other member answers yet: asking again, since there is space to win"
    left=$((left - 1))
    sleep 1
    survey "$@"
  done
}

# defragment: leaves the old database as it is unless the new one is whole: etcdutl writes a copy and renames it
defragment() {
  local reason before started said
  rm -f "$data"/member/snap/db.tmp.* # left by one that was killed
  reason=$(why_not_defragment)
  rm -f "$notes/in-use" # of the last run; not known after a crash
  if [ -n "$reason" ]; then
    log "not defragmenting: $reason"
    return
  fi
  before=$(database_size)
  started=$(date +%s)
  log "defragmenting $(mebibytes "$before") before etcd starts"
  touch "$RUN/attempt.defrag" # where memory runs out, the whole container is killed
  if said=$(etcdutl defrag --data-dir "$data" 2>&1); then
    log "Finished defragmenting etcd member[$(client_url "$POD_NAME")]: $(mebibytes "$before") before, $(mebibytes "$(database_size)") after, $(($(date +%s) - started)) s"
  else
    rm -f "$data"/member/snap/db.tmp.*
    log "error: defragmentation failed, starting on the database as it is: $(echo "$said" | tail -n 1)"
  fi
  rm -f "$RUN/attempt.defrag"
}

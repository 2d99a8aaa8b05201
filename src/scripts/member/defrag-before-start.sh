#!/bin/sh
# shellcheck disable=SC2154 # $data and $notes are set by data.sh
# Sourced: defragments the database of a member before etcd starts. No write fails, unlike when a member defragments while
# it serves.

database_size() {
  stat -c %s "$data/member/snap/db" 2>/dev/null || echo 0
}

# note_gain: before this member stops, records how much of its database is in use; that is not known offline
note_gain() {
  local in_use
  in_use=$(metrics_here | metric etcd_mvcc_db_total_size_in_use_in_bytes) || return 0
  if [ -n "$in_use" ]; then note in-use "$(printf '%.0f' "$in_use")" || true; fi
}

why_not_defragment() { # or nothing when it is worthwhile
  local size in_use free
  size=$(database_size)
  in_use=$(noted in-use "$size")
  if ! free=$(free_bytes "$VOLUME") || ! is_number "$free"; then
    echo "the free space of the volume cannot be read"
  elif [ -e "$RUN/attempt.defrag" ]; then
    echo "the last attempt in this pod did not finish; it may need more memory"
  elif ! is_worth_while "$size" "$in_use"; then
    echo "only $(mebibytes $((size - in_use))) of $(mebibytes "$size") would be reclaimed"
  elif [ "$free" -lt $((in_use + 67108864)) ]; then
    echo "the volume has $(mebibytes "$free") free; a second copy of the database needs $(mebibytes $((in_use + 67108864)))"
  fi
}

# survey_until_answered MEMBER...: asks all others; when none answers and defragmenting would reclaim space, up to five times more. NetworkPolicies
# may admit a new pod only after a moment, and there is time to defragment only while others serve.
survey_until_answered() {
  local left=5
  survey "$@"
  while [ $# -gt 0 ] && nobody_answered "$@" && [ $left -gt 0 ] && [ -z "$(why_not_defragment)" ]; do
    [ $left -lt 5 ] || log "no other member answers yet: asking again, because defragmentation would reclaim space"
    left=$((left - 1))
    sleep 1
    survey "$@"
  done
}

# defragment: never harms the old database: etcdutl writes a copy and renames it
defragment() {
  local reason before started said
  rm -f "$data"/member/snap/db.tmp.* # left by an attempt that was killed
  reason=$(why_not_defragment)
  rm -f "$notes/in-use" # from the last stop; unknown after a crash
  if [ -n "$reason" ]; then
    log "not defragmenting: $reason"
    return
  fi
  before=$(database_size)
  started=$(date +%s)
  log "defragmenting $(mebibytes "$before") before etcd starts"
  touch "$RUN/attempt.defrag" # when memory runs out, the whole container is killed
  if said=$(etcdutl defrag --data-dir "$data" 2>&1); then
    log "Finished defragmenting etcd member[$(client_url "$POD_NAME")]: $(mebibytes "$before") before, $(mebibytes "$(database_size)") after, $(($(date +%s) - started)) s"
  else
    rm -f "$data"/member/snap/db.tmp.*
    log "error: defragmentation failed; starting with the database unchanged: $(echo "$said" | tail -n 1)"
  fi
  rm -f "$RUN/attempt.defrag"
}

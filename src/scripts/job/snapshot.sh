#!/bin/sh
# Takes a snapshot from a healthy member, verifies it, gives it its name, copies it to the remote, and only then removes old
# ones. Whatever fails, no unverified file gets a snapshot's name, and no verified one is removed.
#   $SNAPSHOT_DIRECTORY/.db-*       a snapshot that is not verified yet, and .db-*.json, its metadata
#   $SNAPSHOT_DIRECTORY/db-*        a verified one, and db-*.json
#   $TMP/source                     the member's status before the snapshot
#   $TMP/remote                     the listing of the remote (list_remote)
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/verify-snapshot.sh"
. "$here/store.sh"
. "$here/messages.sh"
. "$here/member-status.sh"
. "$here/space.sh"
. "$here/announce.sh"
. "$here/interruptible.sh"
. "$here/remote-copies.sh"

started=$(date +%s)
name=''     # of the new snapshot
is_kept=''  # set once it has its name
has_lock='' # set once this run has locked the volume

terminate() { # old snapshots are removed from the claim also when copying to the remote takes too long
  log "stopped before it was complete"
  kill_child
  [ -z "$is_kept" ] || prune_store
  exit 143
}
trap terminate TERM

# --- one run at a time
lock_volume() { # the lock ends with the process
  local problem waited=0
  exec 9>"$SNAPSHOT_DIRECTORY/.lock"
  until problem=$(flock -n 9 2>&1); do
    if [ -n "$problem" ]; then
      log "this volume does not support locks ($problem); continuing without a lock"
      return
    fi
    [ "$waited" -gt 0 ] || log "another run has locked the volume; waiting for it"
    waited=$((waited + 1))
    [ "$waited" -lt 600 ] || die "another run has locked the volume for 10 minutes; no snapshot was taken"
    interruptible sleep 1
  done
  has_lock=yes
}

remove_leftovers() { # of runs that were killed
  local file facts
  [ -n "$has_lock" ] || return 0
  for file in "$SNAPSHOT_DIRECTORY"/.db-*; do
    [ -e "$file" ] || continue
    log "removing $file, left by a run that was killed"
    rm -f "$file"
  done
  for facts in "$SNAPSHOT_DIRECTORY"/db-*.json; do
    file=$(echo "$facts" | sed 's/\(\.drill\)*\.json$//')
    if [ -e "$facts" ] && [ -n "$file" ] && ! [ -e "$file" ]; then
      log "removing $facts, because its snapshot is missing"
      rm -f "$facts"
    fi
  done
}

# --- which member
find_candidates() { # endpoints, followers first, the leader last
  local endpoint leader=''
  for endpoint in $MEMBER_ENDPOINTS; do
    if ! member_status "$endpoint" 5s; then
      log "$endpoint does not answer: $(why_not)"
    elif [ "$(value IsLearner)" != false ]; then
      log "$endpoint is a learner, which may be behind"
    elif is_leader; then
      leader=$endpoint
    else
      echo "$endpoint"
    fi
  done
  [ -z "$leader" ] || echo "$leader"
}

# choose ENDPOINT: whether it has quorum, and so every write that was acknowledged before. Writes $TMP/source, the state that the
# snapshot must have reached. A full database is no obstacle: back it up before keys are deleted.
choose() {
  is_healthy "$1" || {
    log "$1 is not healthy: $(why_not)"
    return 1
  }
  cat "$TMP/said"
  member_status "$1" 5s || {
    log "$1 does not answer: $(why_not)"
    return 1
  }
  cp "$TMP/member" "$TMP/source"
}

check_room() {
  local free needed
  needed=$(value DBSize "$TMP/source")
  free=$(free_bytes "$SNAPSHOT_DIRECTORY") || die "df does not report the free space of $SNAPSHOT_DIRECTORY: no snapshot was taken; the old ones are kept"
  [ "$free" -gt $((needed + 65536)) ] ||
    die "the volume of $SNAPSHOT_DIRECTORY has $(mebibytes "$free") free; the database has $(mebibytes "$needed"): no snapshot was taken; the old ones are kept"
}

# --- the name
# A slow remote must not prevent a snapshot: nothing is ever overwritten there.
is_taken() { # is_taken NAME
  local answer=0
  if [ -e "$SNAPSHOT_DIRECTORY/$1" ]; then return 0; fi
  has_remote || return 1
  remote_has "$1" || answer=$?
  [ "$answer" != 2 ] || log "$REMOTE does not report whether it has $1; continuing, because nothing is overwritten there"
  [ "$answer" = 0 ]
}

find_name() { # sets $name
  local newest
  name=db-$(date -u +%Y-%m-%d_%H-%M)
  while is_taken "$name"; do
    log "$name exists already; waiting for the next minute"
    interruptible sleep 5
    name=db-$(date -u +%Y-%m-%d_%H-%M)
  done
  newest=$(newest_in "$SNAPSHOT_DIRECTORY")
  if [ -n "$newest" ] && [ "$(later_of "$newest" "$name")" != "$name" ]; then
    die "$newest is from the future: a clock is or was wrong; remove this snapshot, because it would count as the newest"
  fi
}

# --- the snapshot
take_from() { # take_from ENDPOINT FILE: FILE is then a verified snapshot, with its metadata in FILE.json
  local problem free
  log "taking a snapshot from $1"
  if ! interruptible etcdctl --endpoints "$1" snapshot save "$2"; then
    rm -f "$2" "$2.part"
    free=$(free_bytes "$SNAPSHOT_DIRECTORY") || free=0
    log "$1 did not return a complete snapshot; the volume has $(mebibytes "$free") free"
    return 1
  fi
  if problem=$(check_snapshot "$1" "$2"); then return 0; fi
  rm -f "$2" "$2.json"
  [ -n "$problem" ] || problem='it could not be verified'
  log "the snapshot of $1 is not kept: $problem"
  return 1
}

check_snapshot() { # check_snapshot ENDPOINT FILE: writes FILE.json, or prints why the snapshot cannot be used
  verify_snapshot "$2" || return 1
  check_keys "$1" || return 1
  check_revision "$1" || return 1
  [ "$TRIAL_RESTORE" != true ] || try_restore "$2" || return 1
  { fsync "$2" && write_facts "$1" "$2" && fsync "$2.json"; } || {
    echo "it or its metadata could not be written to the disk"
    return 1
  }
}

# check_keys ENDPOINT: whether the file has as many keys as the member at the last revision of the file. Unknown when that revision is
# compacted already. Writes $TMP/keys.
check_keys() {
  local keys
  if keys=$(key_count "$1" --rev="$(counted revision)"); then
    [ "$(counted totalKey)" -ge "$keys" ] || {
      echo "it has $(counted totalKey) keys, but $1 has $keys at that revision"
      return 1
    }
  elif grep -q 'has been compacted' "$TMP/said"; then
    keys=$(counted totalKey)
  else
    echo "$1 does not report its number of keys ($(why_not))"
    return 1
  fi
  echo "$keys" >"$TMP/keys"
}

check_revision() { # check_revision ENDPOINT: whether the file has everything that the member had when the snapshot began
  local revision
  revision=$(value Revision "$TMP/source")
  if [ "$(counted revision)" -ge "$revision" ] || no_file_can_show "$revision" "$1"; then return 0; fi
  echo "it ends at revision $(counted revision), but $1 was at $revision when it began"
  return 1
}

# no_file_can_show REVISION ENDPOINT: whether nothing was written yet, or the last write was a deletion that is compacted
no_file_can_show() {
  [ "$1" -gt 1 ] || return 0
  if etcdctl --endpoints "$2" --command-timeout=5s get x --rev="$(($1 - 1))" >"$TMP/said" 2>&1; then return 1; fi
  grep -q 'has been compacted' "$TMP/said"
}

try_restore() { # try_restore FILE
  local problem=''
  rm -rf "$TMP/trial"
  etcdutl snapshot restore "$1" --data-dir "$TMP/trial" >"$TMP/said" 2>&1 || problem=$(why_not)
  [ -n "$problem" ] || [ -d "$TMP/trial/member" ] || problem='it restored no data'
  rm -rf "$TMP/trial"
  [ -n "$problem" ] || return 0
  echo "a trial restore failed: $problem"
  return 1
}

write_facts() { # write_facts ENDPOINT FILE
  local revision keys size sum cluster_id version
  { revision=$(counted revision) && keys=$(cat "$TMP/keys") && size=$(stat -c %s "$2") && sum=$(sha256_of "$2"); } || return 1
  { cluster_id=$(value ClusterID "$TMP/source") && version=$(value Version "$TMP/source") && [ -n "$version" ]; } || return 1
  { is_number "$revision" && is_number "$keys" && is_number "$size" && is_number "$cluster_id"; } || return 1
  {
    echo '{'
    echo "  \"cluster\": \"$SNAPSHOT_CLUSTER\","
    echo "  \"takenFrom\": \"$1\","
    echo "  \"takenAt\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\","
    echo "  \"durationSeconds\": $(($(date +%s) - started)),"
    echo "  \"etcdVersion\": \"$version\","
    echo "  \"clusterId\": \"$(printf '%x' "$cluster_id")\","
    echo "  \"revision\": $revision,"
    echo "  \"keys\": $keys,"
    echo "  \"size\": $size,"
    echo "  \"sha256\": \"$sum\""
    echo '}'
  } >"$2.json" || return 1
  [ "$(fact "$2" sha256)" = "$sum" ] # the last line: missing when the disk is full
}

keep() { # keep FILE: renames it; the metadata first, so that no snapshot is ever without
  local kept="$SNAPSHOT_DIRECTORY/$name"
  { mv "$1.json" "$kept.json" && mv "$1" "$kept" && sync -f "$SNAPSHOT_DIRECTORY"; } || die "the snapshot could not be renamed to $name; the old ones are kept"
  # Old ones are removed for it: look for it as the next run and a restore do.
  has_snapshot "$SNAPSHOT_DIRECTORY" "$name" || die "the snapshot is not found under its name $name; the old ones are kept"
  is_kept=yes
  log "snapshot saved: $kept ($(fact "$kept" size) bytes, revision $(fact "$kept" revision), $(fact "$kept" keys) keys, verified)"
}

# --- removing old ones
prune_store() {
  local old all_old other
  if ! other=$(newest_of_another "$SNAPSHOT_DIRECTORY" "$name") ||
    ! all_old=$(snapshots_in "$SNAPSHOT_DIRECTORY" | surplus "$SNAPSHOT_HISTORY_LIMIT" "$name" "$other"); then
    die "the snapshots in $SNAPSHOT_DIRECTORY, or the setting restore-file, could not be read; nothing was removed"
  fi
  for old in $all_old; do
    # The next run removes metadata without a snapshot; a snapshot without metadata would stay forever.
    rm "$SNAPSHOT_DIRECTORY/$old" || die "$old could not be removed from $SNAPSHOT_DIRECTORY"
    rm -f "$SNAPSHOT_DIRECTORY/$old.json" "$SNAPSHOT_DIRECTORY/$old.drill.json"
    log "removed $old: the newest $SNAPSHOT_HISTORY_LIMIT are kept"
  done
  [ -z "$other" ] || log "keeping $other, the newest snapshot from before this cluster was restored or started empty"
}

list_store() {
  local listed file others
  log "snapshots in $SNAPSHOT_DIRECTORY:"
  for listed in $(snapshots_in "$SNAPSHOT_DIRECTORY"); do
    file="$SNAPSHOT_DIRECTORY/$listed"
    log "  $listed: $(fact "$file" size) bytes, revision $(fact "$file" revision), $(fact "$file" keys) keys, from $(fact "$file" takenFrom)"
  done
  others=$(find "$SNAPSHOT_DIRECTORY" -maxdepth 1 -name 'db-*' ! -name '*.json' | wc -l)
  others=$((others - $(snapshots_in "$SNAPSHOT_DIRECTORY" | wc -l)))
  [ "$others" = 0 ] || log "  and $others that this job did not create and leaves alone"
}

# --- the remote
copy_all() { # the new one, and those of earlier runs that are missing there; sets $failure otherwise
  if ! copy_to_remote "$name"; then
    failure="rclone could not copy $name to $REMOTE; it is kept at $SNAPSHOT_DIRECTORY"
  elif ! interruptible list_remote "$TMP/remote"; then
    failure="rclone could not list $REMOTE; nothing was removed there"
  elif ! has_snapshot "$TMP/remote" "$name"; then
    failure="$name was copied to $REMOTE, and is not listed there; nothing was removed there"
  elif ! copy_missing "$TMP/remote" "$name"; then
    may_prune_remote=yes
    failure="not copied to $REMOTE yet, for the reasons above: $(paste -sd' ' "$TMP/not-copied"); the next run tries again"
  else
    may_prune_remote=yes
  fi
}

announce snapshotter
lock_volume
remove_leftovers
await_login
candidates=$(find_candidates)
if [ "$ON_TOTAL_LOSS" = restore ] && [ -z "$candidates" ] && sh "$here/all-lost.sh"; then
  exec sh "$here/serve-snapshot.sh"
fi
find_name
half="$SNAPSHOT_DIRECTORY/.$name"
taken_from=''
for endpoint in $candidates; do
  choose "$endpoint" || continue
  check_room
  if take_from "$endpoint" "$half"; then
    taken_from=$endpoint
    break
  fi
done
[ -n "$taken_from" ] || die "no member with quorum returned a snapshot; the old ones are kept"
keep "$half"
failure='' may_prune_remote=''
if has_remote; then copy_all; fi
prune_store
list_store
[ -z "$may_prune_remote" ] || prune_remote "$TMP/remote" "$name"
[ -z "$failure" ] || die "$failure"

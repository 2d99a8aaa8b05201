#!/bin/sh
# Takes a snapshot from a healthy member, proves it, gives it its name, copies it to the remote, and only then removes old
# ones. Whatever fails, no unproven file ever has a snapshot's name, and no proven one goes.
#   $SNAPSHOT_DIRECTORY/.db-…       a snapshot that is not proven yet, and .db-….json, its facts
#   $SNAPSHOT_DIRECTORY/db-…        a proven one, and db-….json
#   $TMP/source                     what its member said before it was taken
#   $TMP/remote                     what the remote has (list_remote)
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/proof.sh"
. "$here/store.sh"
. "$here/member-status.sh"
. "$here/space.sh"
. "$here/announce.sh"
. "$here/interruptible.sh"
. "$here/remote-copies.sh"

started=$(date +%s)
name=''     # of the new snapshot
is_kept=''  # whether it has its name
has_lock='' # whether this run alone uses the volume

terminate() { # a remote that takes too long must not keep old ones in the claim: the new snapshot is there
  log "stopped before the end"
  kill_child
  [ -z "$is_kept" ] || prune_store
  exit 143
}
trap terminate TERM

# --- one run at a time
lock_volume() { # the lock goes with the process, however it ends
  local problem waited=0
  exec 9>"$SNAPSHOT_DIRECTORY/.lock"
  until problem=$(flock -n 9 2>&1); do
    if [ -n "$problem" ]; then
      log "this volume has no locks ($problem); going on without"
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
      log "removing $facts, whose snapshot is not there"
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

# choose ENDPOINT: whether it sees a quorum; then it has every write that was acknowledged before. Writes $TMP/source, which the
# snapshot must not be below. A full database is one to take a snapshot of, before somebody deletes things.
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
  free=$(free_bytes "$SNAPSHOT_DIRECTORY") || die "df does not tell how much of the volume of $SNAPSHOT_DIRECTORY is free: no snapshot; the old ones are kept"
  [ "$free" -gt $((needed + 65536)) ] ||
    die "the volume of $SNAPSHOT_DIRECTORY has $(mebibytes "$free") free, and the database has $(mebibytes "$needed"): no snapshot; the old ones are kept"
}

# --- the name
# A remote that does not answer soon must not keep a snapshot from being taken: there, nothing is ever written over.
is_taken() { # is_taken NAME
  local answer=0
  if [ -e "$SNAPSHOT_DIRECTORY/$1" ]; then return 0; fi
  has_remote || return 1
  remote_has "$1" || answer=$?
  [ "$answer" != 2 ] || log "$REMOTE does not tell whether it has $1; going on, since nothing is written over there"
  [ "$answer" = 0 ]
}

find_name() { # sets $name
  local newest
  name=db-$(date -u +%Y-%m-%d_%H-%M)
  while is_taken "$name"; do
    log "$name is there already, waiting for the next minute"
    interruptible sleep 5
    name=db-$(date -u +%Y-%m-%d_%H-%M)
  done
  newest=$(newest_in "$SNAPSHOT_DIRECTORY")
  if [ -n "$newest" ] && [ "$(later_of "$newest" "$name")" != "$name" ]; then
    die "$newest is from the future: a clock is or was wrong; remove it, since it would be taken for the newest"
  fi
}

# --- the snapshot
take_from() { # take_from ENDPOINT FILE: FILE is then a proven snapshot, with its facts in FILE.json
  local problem free
  log "snapshotting $1"
  if ! interruptible etcdctl --endpoints "$1" snapshot save "$2"; then
    rm -f "$2" "$2.part"
    free=$(free_bytes "$SNAPSHOT_DIRECTORY") || free=0
    log "$1 did not give a whole snapshot; the volume has $(mebibytes "$free") free"
    return 1
  fi
  if problem=$(check_snapshot "$1" "$2"); then return 0; fi
  rm -f "$2" "$2.json"
  [ -n "$problem" ] || problem='it could not be proven'
  log "the snapshot of $1 is not kept: $problem"
  return 1
}

check_snapshot() { # check_snapshot ENDPOINT FILE: writes FILE.json, or prints why the snapshot is not to be relied on
  prove_snapshot "$2" || return 1
  check_keys "$1" || return 1
  check_revision "$1" || return 1
  [ "$TRIAL_RESTORE" != true ] || try_restore "$2" || return 1
  { fsync "$2" && write_facts "$1" "$2" && fsync "$2.json"; } || {
    echo "it could not be written to the disk, or its facts could not"
    return 1
  }
}

# check_keys ENDPOINT: that the file has as many keys as the member has at the revision where the file ends. Where that is compacted
# already, nobody can tell. Writes $TMP/keys.
check_keys() {
  local keys
  if keys=$(key_count "$1" --rev="$(counted revision)"); then
    [ "$(counted totalKey)" -ge "$keys" ] || {
      echo "it has $(counted totalKey) keys, and $1 has $keys at its revision"
      return 1
    }
  elif grep -q 'has been compacted' "$TMP/said"; then
    keys=$(counted totalKey)
  else
    echo "$1 does not tell how many keys it has ($(why_not))"
    return 1
  fi
  echo "$keys" >"$TMP/keys"
}

check_revision() { # check_revision ENDPOINT: that the file has all that the member had when the snapshot began
  local revision
  revision=$(value Revision "$TMP/source")
  if [ "$(counted revision)" -ge "$revision" ] || no_file_can_show "$revision" "$1"; then return 0; fi
  echo "it ends at revision $(counted revision), and $1 was at $revision when it began"
  return 1
}

# no_file_can_show REVISION ENDPOINT: nothing was written yet, or it was a deletion that is compacted by now
no_file_can_show() {
  [ "$1" -gt 1 ] || return 0
  if etcdctl --endpoints "$2" --command-timeout=5s get x --rev="$(($1 - 1))" >"$TMP/said" 2>&1; then return 1; fi
  grep -q 'has been compacted' "$TMP/said"
}

try_restore() { # try_restore FILE
  local problem=''
  rm -rf "$TMP/trial"
  etcdutl snapshot restore "$1" --data-dir "$TMP/trial" >"$TMP/said" 2>&1 || problem=$(why_not)
  [ -n "$problem" ] || [ -d "$TMP/trial/member" ] || problem='it made no data'
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
  [ "$(fact "$2" sha256)" = "$sum" ] # the last line: where the disk is full, it is not there
}

keep() { # keep FILE: gives it its name; the facts first: a snapshot is never there without them
  local kept="$SNAPSHOT_DIRECTORY/$name"
  { mv "$1.json" "$kept.json" && mv "$1" "$kept" && sync -f "$SNAPSHOT_DIRECTORY"; } || die "the snapshot could not be given its name $name; the old ones are kept"
  # Old ones go for it: it is looked for where the next run, and a restore, will.
  has_snapshot "$SNAPSHOT_DIRECTORY" "$name" || die "the snapshot is not found under its name $name; the old ones are kept"
  is_kept=yes
  log "snapshot saved: $kept ($(fact "$kept" size) bytes, revision $(fact "$kept" revision), $(fact "$kept" keys) keys, proven)"
}

# --- what goes
prune_store() {
  local old all_old
  all_old=$(snapshots_in "$SNAPSHOT_DIRECTORY" | surplus "$SNAPSHOT_HISTORY_LIMIT" "$name") ||
    die "the snapshots in $SNAPSHOT_DIRECTORY, or the setting restore-file, could not be read; nothing was removed"
  for old in $all_old; do
    # Facts without a snapshot are removed by the next run; a snapshot without facts would stay for ever.
    rm "$SNAPSHOT_DIRECTORY/$old" || die "$old could not be removed from $SNAPSHOT_DIRECTORY"
    rm -f "$SNAPSHOT_DIRECTORY/$old.json" "$SNAPSHOT_DIRECTORY/$old.drill.json"
    log "removed $old: the newest $SNAPSHOT_HISTORY_LIMIT are kept"
  done
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
  [ "$others" = 0 ] || log "  and $others that are not from this job, which leaves them alone"
}

# --- the remote
copy_all() { # the new one, and those of earlier runs that are not there; or leaves in $failure why not
  if ! copy_to_remote "$name"; then
    failure="rclone could not copy $name to $REMOTE; it is kept at $SNAPSHOT_DIRECTORY"
  elif ! interruptible list_remote "$TMP/remote"; then
    failure="rclone could not list $REMOTE; nothing was removed there"
  elif ! has_snapshot "$TMP/remote" "$name"; then
    failure="$name was copied to $REMOTE, and is not listed there; nothing was removed there"
  elif ! copy_missing "$TMP/remote" "$name"; then
    may_prune_remote=yes
    failure="not at $REMOTE yet, for what is said above: $(paste -sd' ' "$TMP/not-copied"); the next run tries again"
  else
    may_prune_remote=yes
  fi
}

announce snapshotter
lock_volume
remove_leftovers
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
[ -n "$taken_from" ] || die "no member that sees a quorum gave a snapshot; the old ones are kept"
keep "$half"
failure='' may_prune_remote=''
if has_remote; then copy_all; fi
prune_store
list_store
[ -z "$may_prune_remote" ] || prune_remote "$TMP/remote" "$name"
[ -z "$failure" ] || die "$failure"

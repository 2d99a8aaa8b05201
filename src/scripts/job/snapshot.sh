#!/bin/sh
# Takes a snapshot from a healthy member, proves it, gives it its name, copies it to the remote, and only then removes old
# ones. Whatever fails, no unproven file ever has a snapshot's name, and no proven one goes.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/proof.sh"
. "$here/store.sh"
. "$here/status.sh"
. "$here/space.sh"
. "$here/announce.sh"
. "$here/remote-copies.sh"

started=$(date +%s)

interruptible() { # interruptible COMMAND...: so that the job can be stopped while it runs
  "$@" &
  child=$!
  wait "$child"
}
child='' kept=''
stop() { # a remote that takes too long must not keep the claim from being tidied: the new snapshot is there
  log "stopped before the end"
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  [ -z "$kept" ] || prune_store
  exit 143
}
trap stop TERM

# --- one run at a time
lock_store() { # the lock goes with the process, however it ends
  exec 9>"$SNAPSHOT_DIRECTORY/.lock"
  waited=0
  until problem=$(flock -n 9 2>&1); do
    if [ -n "$problem" ]; then
      log "this volume knows no locks ($problem); going on without"
      locked=
      return
    fi
    [ "$waited" -gt 0 ] || log "another run is at work on the volume, waiting for it"
    waited=$((waited + 1))
    [ "$waited" -lt 600 ] || die "another run has held the volume for 10 minutes"
    sleep 1
  done
  locked=yes
}

clean_up() { # what runs that were killed have left
  [ -n "$locked" ] || return 0
  for left in "$SNAPSHOT_DIRECTORY"/.db-*; do
    [ -e "$left" ] || continue
    log "removing $left, left by a run that was killed"
    rm -f "$left"
  done
  for facts in "$SNAPSHOT_DIRECTORY"/db-*.json; do
    file=$(echo "$facts" | sed 's/\(\.drill\)*\.json$//')
    if [ -e "$facts" ] && ! [ -e "$file" ]; then
      log "removing $facts, whose snapshot is not there"
      rm -f "$facts"
    fi
  done
}

# --- which member
ask_members() { # sets $candidates: followers first, the leader last
  followers='' leader=''
  for endpoint in $MEMBER_ENDPOINTS; do
    if ! member_status "$endpoint" 5s; then
      log "$endpoint does not answer: $(tail -n 1 "$TMP/said" | sed 's/.*"error":"\([^"]*\)".*/\1/')"
    elif [ "$(value IsLearner)" = true ]; then
      log "$endpoint is a learner, which cannot tell"
    elif is_leader; then
      leader=$endpoint
    else
      followers="$followers $endpoint"
    fi
  done
  candidates="$followers $leader"
}

# choose ENDPOINT: whether it sees a quorum; then it has every write that was acknowledged before. Sets $revision, which the
# snapshot must not be below. A full database is one to take a snapshot of, before somebody deletes things.
choose() {
  healthy=yes
  etcdctl --endpoints "$1" --command-timeout=5s endpoint health >"$TMP/said" 2>&1 || healthy=
  cat "$TMP/said"
  [ -n "$healthy" ] || grep -q "$IS_FULL" "$TMP/said" || return 1
  member_status "$1" 5s || return 1
  revision=$(value Revision)
  version=$(value Version)
  cluster_id=$(printf '%x' "$(value ClusterID)")
  database=$(value DBSize)
}

check_room() {
  free=$(free_bytes "$SNAPSHOT_DIRECTORY")
  [ "$free" -gt $((database + 65536)) ] ||
    die "the volume of $SNAPSHOT_DIRECTORY has $(mebibytes "$free") free, and the database has $(mebibytes "$database"): no snapshot; the old ones are kept"
}

# --- the snapshot
# no_file_can_show ENDPOINT: its revision: nothing was written yet, or it was a deletion that is compacted by now
no_file_can_show() {
  local said
  [ "$revision" -gt 1 ] || return 0
  said=$(etcdctl --endpoints "$1" --command-timeout=5s get x --rev="$((revision - 1))" 2>&1) || true # it fails where that is compacted
  echo "$said" | grep -q 'has been compacted'
}

# count_keys ENDPOINT: sets $keys to how many keys the member has at the revision where the snapshot ends; where that is
# compacted already, to what the file has
count_keys() {
  keys=$(key_count --endpoints "$1" --rev="$(counted revision)") || keys=''
  [ -n "$keys" ] || keys=$(counted totalKey)
}

save() { # save ENDPOINT: sets $half to a proven file
  half="$SNAPSHOT_DIRECTORY/.$name"
  log "snapshotting $1"
  if ! interruptible etcdctl --endpoints "$1" snapshot save "$half"; then
    rm -f "$half" "$half.part"
    log "$1 did not give a whole snapshot; the volume has $(mebibytes "$(free_bytes "$SNAPSHOT_DIRECTORY")") free"
    return 1
  fi
  problem=$(snapshot_problem "$half")
  [ -n "$problem" ] || count_keys "$1"
  if [ -z "$problem" ] && [ "$(counted totalKey)" -lt "$keys" ]; then
    problem="it has $(counted totalKey) keys, and $1 has $keys at its revision"
  elif [ -z "$problem" ] && [ "$(counted revision)" -lt "$revision" ] && ! no_file_can_show "$1"; then
    problem="it ends at revision $(counted revision), and $1 was at $revision when it began"
  fi
  if [ -z "$problem" ] && [ "$TRIAL_RESTORE" = true ]; then
    rm -rf "$TMP/trial"
    etcdutl snapshot restore "$half" --data-dir "$TMP/trial" >"$TMP/said" 2>&1 || problem="a trial restore failed: $(tail -n 1 "$TMP/said")"
    rm -rf "$TMP/trial"
  fi
  if [ -n "$problem" ]; then
    rm -f "$half"
    log "the snapshot of $1 is not kept: $problem"
    return 1
  fi
  fsync "$half" 2>/dev/null || sync
  from=$1
}

write_facts() { # write_facts FILE
  {
    echo '{'
    echo "  \"cluster\": \"$SNAPSHOT_CLUSTER\","
    echo "  \"takenFrom\": \"$from\","
    echo "  \"takenAt\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\","
    echo "  \"durationSeconds\": $(($(date +%s) - started)),"
    echo "  \"etcdVersion\": \"$version\","
    echo "  \"clusterId\": \"$cluster_id\","
    echo "  \"revision\": $(counted revision),"
    echo "  \"keys\": $keys,"
    echo "  \"size\": $(stat -c %s "$half"),"
    echo "  \"sha256\": \"$(sha256_of "$half")\""
    echo '}'
  } >"$1"
  fsync "$1" 2>/dev/null || sync
}

keep() { # the facts first: a snapshot is never there without them
  write_facts "$SNAPSHOT_DIRECTORY/.$name.json"
  mv "$SNAPSHOT_DIRECTORY/.$name.json" "$SNAPSHOT_DIRECTORY/$name.json"
  mv "$half" "$SNAPSHOT_DIRECTORY/$name"
  sync
  log "snapshot saved: $SNAPSHOT_DIRECTORY/$name ($(fact "$SNAPSHOT_DIRECTORY/$name" size) bytes, revision $(counted revision), $keys keys, proven)"
}

is_taken() { # is_taken NAME; a remote that does not answer soon must not keep a snapshot from being taken
  [ -e "$SNAPSHOT_DIRECTORY/$1" ] || { has_remote && [ -n "$(timeout 20 rclone lsf --files-only --include "/$1*" "$REMOTE" --timeout=10s --retries=1 --low-level-retries=1 2>/dev/null)" ]; }
}

# --- what goes
prune_store() {
  for old in $(in_store "$SNAPSHOT_DIRECTORY" | beyond "$SNAPSHOT_HISTORY_LIMIT"); do
    rm -f "$SNAPSHOT_DIRECTORY/$old"
    rm -f "$SNAPSHOT_DIRECTORY/$old.json" "$SNAPSHOT_DIRECTORY/$old.drill.json"
    log "removed $old: the newest $SNAPSHOT_HISTORY_LIMIT are kept"
  done
}

# beyond LIMIT: of the names of this cluster's snapshots that it reads, the oldest, all but the newest; never that of this
# run, whatever the others are named, nor one that a restore is to take
beyond() {
  awk -v name="$name" -v asked="$(cat "$SETTINGS/restore-file")" '$0 != name && $0 != asked' | sort -r | tail -n +"$1" | sort
}

list_store() {
  log "snapshots in $SNAPSHOT_DIRECTORY:"
  for kept in $(in_store "$SNAPSHOT_DIRECTORY"); do
    log "  $kept: $(fact "$SNAPSHOT_DIRECTORY/$kept" size) bytes, revision $(fact "$SNAPSHOT_DIRECTORY/$kept" revision), $(fact "$SNAPSHOT_DIRECTORY/$kept" keys) keys, from $(fact "$SNAPSHOT_DIRECTORY/$kept" takenFrom)"
  done
  others=$(find "$SNAPSHOT_DIRECTORY" -maxdepth 1 -name 'db-*' ! -name '*.json' | wc -l)
  others=$((others - $(in_store "$SNAPSHOT_DIRECTORY" | wc -l)))
  [ "$others" = 0 ] || log "  and $others that are not from this job, which leaves them alone"
}

announce snapshotter &
lock_store
clean_up
ask_members
if [ "$ON_TOTAL_LOSS" = restore ] && [ -z "$(echo "$candidates" | tr -d ' ')" ] && sh "$here/all-lost.sh"; then
  exec sh "$here/serve-snapshot.sh"
fi
name=db-$(date -u +%Y-%m-%d_%H-%M)
while is_taken "$name"; do
  log "$name is there already, waiting for the next minute"
  interruptible sleep 5
  name=db-$(date -u +%Y-%m-%d_%H-%M)
done
newest=$(newest_in "$SNAPSHOT_DIRECTORY")
if [ -n "$newest" ] && [ "$(printf '%s\n' "$newest" "$name" | sort | tail -n 1)" = "$newest" ]; then
  die "$newest is from the future: a clock is or was wrong; remove it, since it would be taken for the newest"
fi
from=
for endpoint in $candidates; do
  choose "$endpoint" || continue
  check_room
  if save "$endpoint"; then break; fi
done
[ -n "$from" ] || die "no member that sees a quorum gave a snapshot; the old ones are kept"
keep
kept=yes
failure='' remote_known=''
if has_remote; then
  if ! copy_to_remote "$name"; then
    failure="rclone could not copy $name to $REMOTE; it is kept at $SNAPSHOT_DIRECTORY"
  elif ! interruptible remote_facts "$TMP/remote"; then
    failure="rclone could not list $REMOTE; nothing was removed there"
  else
    remote_known=yes
    copy_missing || failure="not at $REMOTE yet, for what is said above:$failed; the next run tries again"
  fi
fi
prune_store
list_store
[ -z "$remote_known" ] || prune_remote
[ -z "$failure" ] || die "$failure"

#!/bin/sh
# Sourced by snapshot.sh: copies of snapshots at the remote, those that are still missing there, and those that go.

# copy_to_remote NAME: the facts last, as the mark that the copy is whole. Nothing is ever written over, whoever shares the
# folder; what is there already, and the same, is not sent again.
copy_to_remote() {
  log "copying $1 to $REMOTE"
  for file in "$1" "$1.json"; do
    interruptible remote copyto --checksum --immutable --no-traverse "$SNAPSHOT_DIRECTORY/$file" "$REMOTE/$file" || return 1
  done
  log "copied: $REMOTE/$1"
}

# missing_copies: names of what the claim has and $TMP/remote has not, newest first; without those that would be removed there
# at once
missing_copies() {
  in_store "$TMP/remote" >"$TMP/there"
  { in_store "$SNAPSHOT_DIRECTORY"; cat "$TMP/there"; } | sort -u | beyond "$REMOTE_HISTORY_LIMIT" >"$TMP/beyond"
  for missing in $(in_store "$SNAPSHOT_DIRECTORY" | sort -r); do
    grep -qx "$missing" "$TMP/there" "$TMP/beyond" || echo "$missing"
  done
}

copy_missing() { # what earlier runs could not copy; sets $failed to what this one could not
  failed=''
  for missing in $(missing_copies); do
    if [ -e "$TMP/remote/$missing.json" ] && [ "$(fact "$TMP/remote/$missing" cluster)" != "$SNAPSHOT_CLUSTER" ]; then
      log "not copying $missing: $REMOTE has one of that name, of $(fact "$TMP/remote/$missing" cluster)"
      continue
    fi
    log "$REMOTE does not have $missing, of an earlier run"
    interruptible snapshot_problem "$SNAPSHOT_DIRECTORY/$missing" >"$TMP/problem" || echo "it could not be read" >"$TMP/problem"
    if [ -s "$TMP/problem" ]; then
      log "not copying $missing: $(cat "$TMP/problem")"
      failed="$failed $missing"
    elif copy_to_remote "$missing"; then
      cp "$SNAPSHOT_DIRECTORY/$missing.json" "$TMP/remote/"
      : >"$TMP/remote/$missing"
    elif [ -e "$TMP/remote/$missing" ]; then
      log "rclone could not copy $missing: a file without facts has its name at $REMOTE; look at it, and remove it there"
      failed="$failed $missing"
    else
      log "rclone could not copy $missing; older ones are not tried now"
      failed="$failed $missing"
      break
    fi
  done
  [ -z "$failed" ]
}

prune_remote() { # what $TMP/remote has
  for old in $(in_store "$TMP/remote" | beyond "$REMOTE_HISTORY_LIMIT"); do
    for file in "$old" "$old.json" $(remote lsf --files-only --include "/$old.drill.json" "$REMOTE"); do
      remote deletefile "$REMOTE/$file" || log "rclone could not remove $REMOTE/$file; the next run tries again"
    done
    log "removed $REMOTE/$old: the newest $REMOTE_HISTORY_LIMIT are kept there"
  done
}

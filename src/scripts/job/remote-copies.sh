#!/bin/sh
# Sourced by snapshot.sh: copies snapshots to the remote, also those of earlier runs, and removes old copies.
#   LISTING   a folder that list_remote has filled
#   NEW       the name of this run's snapshot

# copy_to_remote NAME: the metadata last, which marks the copy as complete. Nothing is ever overwritten, even if others share the
# folder; an identical file is not sent again.
copy_to_remote() {
  local file
  log "copying $1 to $REMOTE"
  for file in "$1" "$1.json"; do
    interruptible remote copyto --checksum --immutable --no-traverse "$SNAPSHOT_DIRECTORY/$file" "$REMOTE/$file" || return 1
  done
  log "copied: $REMOTE/$1"
}

# find_missing LISTING NEW: snapshots that the remote does not have, newest first; without those that would be removed there at
# once
find_missing() {
  local other there
  snapshots_in "$SNAPSHOT_DIRECTORY" | sort >"$TMP/here" || return 1
  snapshots_in "$1" | sort >"$TMP/there" || return 1
  there=$(newest_of_another "$1" "$2") || return 1
  other=$(newest_of_another "$SNAPSHOT_DIRECTORY" "$2") || return 1
  other=$(later_of "$there" "$other") || return 1
  sort -u "$TMP/here" "$TMP/there" | surplus "$REMOTE_HISTORY_LIMIT" "$2" "$other" >"$TMP/surplus" || return 1
  sort -u "$TMP/there" "$TMP/surplus" >"$TMP/not-missing" || return 1
  comm -23 "$TMP/here" "$TMP/not-missing" | sort -r
}

# copy_missing LISTING NEW: copies what earlier runs could not copy; fails with the names in $TMP/not-copied when this one cannot.
# Adds what was copied to the listing.
copy_missing() {
  local all_missing missing copied=''
  : >"$TMP/not-copied"
  all_missing=$(find_missing "$1" "$2") || die "cannot compare $SNAPSHOT_DIRECTORY with $REMOTE; nothing was removed"
  for missing in $all_missing; do
    if [ -e "$1/$missing.json" ] && [ "$(fact "$1/$missing" cluster)" != "$SNAPSHOT_CLUSTER" ]; then
      log "not copying $missing: $REMOTE has one of that name, from $(fact "$1/$missing" cluster)"
      continue
    fi
    log "$REMOTE does not have $missing, from an earlier run"
    if ! interruptible verify_snapshot "$SNAPSHOT_DIRECTORY/$missing" >"$TMP/problem"; then
      [ -s "$TMP/problem" ] || echo "it could not be verified" >"$TMP/problem"
      log "not copying $missing: $(cat "$TMP/problem")"
      echo "$missing" >>"$TMP/not-copied"
    elif copy_to_remote "$missing"; then
      copied="$copied $missing"
    elif [ -e "$1/$missing" ]; then
      log "rclone could not copy $missing: a file without metadata has its name at $REMOTE; look at it, then remove it there"
      echo "$missing" >>"$TMP/not-copied"
    else
      log "rclone could not copy $missing; older ones are not tried now"
      echo "$missing" >>"$TMP/not-copied"
      break
    fi
  done
  # shellcheck disable=SC2086 # names without spaces
  [ -z "$copied" ] || check_copied "$1" $copied
  ! [ -s "$TMP/not-copied" ]
}

check_copied() { # check_copied LISTING NAME...: before older copies are removed
  local listing=$1 copied
  shift
  list_remote "$listing" || log "rclone could not list $REMOTE again"
  for copied in "$@"; do
    has_snapshot "$listing" "$copied" && continue
    log "$copied was copied to $REMOTE, and is not listed there"
    echo "$copied" >>"$TMP/not-copied"
  done
}

prune_remote() { # prune_remote LISTING NEW
  local all_old old other
  if ! other=$(newest_of_another "$1" "$2") || ! all_old=$(snapshots_in "$1" | surplus "$REMOTE_HISTORY_LIMIT" "$2" "$other"); then
    die "the copies at $REMOTE could not be compared; nothing was removed there"
  fi
  for old in $all_old; do
    # With its metadata, the next run finds it again; without, it would stay forever.
    if ! remote deletefile "$REMOTE/$old"; then
      log "rclone could not remove $REMOTE/$old; the next run tries again"
      continue
    fi
    remove_facts "$old.json"
    remove_facts "$old.drill.json"
    log "removed $REMOTE/$old: the newest $REMOTE_HISTORY_LIMIT are kept there"
  done
}

remove_facts() { # remove_facts FILE: from the remote, if present
  local found
  found=$(remote lsf --files-only --include "/$1" "$REMOTE") || found=''
  [ -n "$found" ] || return 0
  remote deletefile "$REMOTE/$1" || log "rclone could not remove $REMOTE/$1, which stays"
}

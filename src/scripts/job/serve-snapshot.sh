#!/bin/sh
# Serves a snapshot to the members: finds and verifies it, offers it to every member, and waits until all of them run on its
# data. While something is wrong with the file, it tells the members why, and retries.
#   RESTORE_ID, RESTORE_FILE   the restore that this job is for; "newest" for the newest verified snapshot
#   RESTORE_KIND               "asked" or "total-loss"
# State:
#   $name, $file          the snapshot, once it is found
#   $verified             appearance of the file when it was verified, or nothing. While that is the same, the same file is
#                         served: members must not get different ones
#   $problem              why no snapshot is served, or nothing
#   $RUN/public/offer     what members read: the metadata, or the problem
#   $RUN/public/snapshot  what they fetch
#   $TMP/progress         the progress of each member
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/messages.sh"
. "$here/phase.sh"
. "$here/verify-snapshot.sh"
. "$here/store.sh"

scratch="$TMP/fetched"
name=$RESTORE_FILE file='' verified='' problem=''
sha256=''      # of the snapshot that was verified last
told=''        # what was logged last
unwanted=''    # since when the settings do not ask for this restore
looked_again=0 # when, because members refused what is served

tell() { # tell TEXT: logs it when it changes
  if [ "$1" != "$told" ]; then log "$1"; fi
  told=$1
}

# --- finding the snapshot
find_snapshot() { # sets $name and $file, or $problem
  local place=store
  name=$RESTORE_FILE
  if has_remote; then place=remote; fi
  if [ "$RESTORE_KIND" = total-loss ]; then
    place=$(place_of_newest) || problem="rclone cannot list $REMOTE, which may have the newest snapshot"
  fi
  if [ -n "$problem" ]; then
    return
  elif [ "$place" = remote ]; then
    fetch_snapshot
  else
    find_name "$SNAPSHOT_DIRECTORY"
    file="$SNAPSHOT_DIRECTORY/$name"
  fi
}

place_of_newest() { # claim or remote; the remote has newer copies only when the claim was lost too
  local in_claim at_remote=''
  in_claim=$(newest_in "$SNAPSHOT_DIRECTORY")
  if has_remote; then
    list_remote "$TMP/remote" || return 1
    at_remote=$(newest_in "$TMP/remote")
  fi
  if [ -n "$at_remote" ] && [ "$(later_of "$in_claim" "$at_remote")" != "$in_claim" ]; then echo remote; else echo store; fi
}

fetch_snapshot() {
  if [ "$name" = newest ] && ! list_remote "$TMP/remote"; then
    problem="rclone cannot list $REMOTE"
    return
  fi
  find_name "$TMP/remote"
  file="$scratch/$name"
  [ -n "$problem" ] || fetch_from_remote "$name" "$scratch" || problem="rclone cannot fetch $name from $REMOTE"
}

find_name() { # find_name FOLDER: of the newest snapshot, if the settings ask for that
  local newest clusters
  [ "$name" = newest ] || return 0
  newest=$(newest_in "$1")
  clusters=$(clusters_in "$1" | paste -sd' ' -)
  if [ -z "$newest" ]; then
    problem="there is no verified snapshot in the store yet"
  elif [ "$(echo "$clusters" | wc -w)" != 1 ]; then
    problem="the store has snapshots of several clusters ($clusters); set the file name"
  fi
  [ -z "$newest" ] || name=$newest
}

# --- serving it
appearance() { # changes with the file or its metadata
  stat -c '%n %s %Y' "$file" "$file.json" 2>/dev/null || true
}

prepare_offer() { # finds, verifies and offers the snapshot, or offers the problem
  local found
  if [ -n "$verified" ] && [ "$(appearance)" = "$verified" ]; then return; fi
  problem=''
  [ -n "$verified" ] || find_snapshot
  verified=''
  if [ -z "$problem" ]; then
    found=$(appearance)
    problem=$(verify_snapshot "$file") || [ -n "$problem" ] || problem="$name could not be verified"
  fi
  if [ -z "$problem" ]; then
    offer_snapshot
    verified=$found
  else
    offer "problem $problem"
  fi
}

offer_snapshot() {
  local version size
  sha256=$(fact "$file" sha256) # which was just compared
  [ -n "$sha256" ] || sha256=$(sha256_of "$file")
  version=$(fact "$file" etcdVersion)
  [ -n "$version" ] || version=$(counted version)
  [ -n "$version" ] || version=$MEMBER_VERSION # unknown, but etcdutl can open it: data of 3.5 has no version
  size=$(stat -c %s "$file")
  ln -sf "$file" "$RUN/public/snapshot"
  offer "sha256 $sha256" "size $size" "version $version"
  log "$name is verified: sha256 $sha256, revision $(counted revision)"
}

offer() { # offer LINE...: atomic
  printf '%s\n' "cluster $POD_DOMAIN" "kind $RESTORE_KIND" "id $RESTORE_ID" "run $RESTORE_RUN" "file $name" "$@" >"$RUN/public/offer.new"
  mv "$RUN/public/offer.new" "$RUN/public/offer"
}

# --- progress of the members
HAVE_IT='runs on this snapshot'
HAVE_OTHER='runs on data of this restore'

progress_of() { # progress_of MEMBER
  local restore
  restore=$(line_of "$1" restore)
  if was_ready_on "$1" "$RESTORE_ID" && [ -z "$restore" ]; then
    if [ -n "$sha256" ] && [ "$(line_of "$1" from)" = "$sha256" ]; then echo "$HAVE_IT"; else echo "$HAVE_OTHER"; fi
  elif [ -n "$restore" ]; then
    echo "$restore" | cut -d' ' -f2- | cut -c1-200
  else
    word_of "$1"
  fi
}

ask_members() { # ask_members COUNT: writes $TMP/progress, a line for each
  local members member
  members=$(members_below "$1")
  # shellcheck disable=SC2086 # names without spaces
  survey $members
  for member in $members; do echo "$member: $(progress_of "$member")"; done >"$TMP/progress"
}

with_progress() { # with_progress PATTERN: the number of members
  grep -c "^[^ ]*: $1\$" "$TMP/progress" || true
}

finish_when_done() { # finish_when_done COUNT
  [ "$1" -gt 0 ] && [ "$(with_progress "\($HAVE_IT\|$HAVE_OTHER\)")" = "$1" ] || return 0
  if [ -z "$problem" ] && [ "$(with_progress "$HAVE_IT")" = 0 ]; then
    die "nothing is restored: the members already have data of restore $RESTORE_ID from another run; give this restore a new id"
  fi
  log "restore $RESTORE_ID: all members run on this data"
  exit 0
}

look_again_where_refused() { # members refuse the file: another one may be there by now
  grep -q -e 'but the settings ask for' -e 'which is newer than' "$TMP/progress" || return 0
  [ $(($(date +%s) - looked_again)) -ge 30 ] || return 0
  looked_again=$(date +%s)
  verified=''
}

# --- whether this restore is asked for
is_wanted() {
  [ "$RESTORE_KIND" = total-loss ] || [ "$(asked_data -) $(setting restore-file)" = "$RESTORE_ID $RESTORE_FILE" ]
}

wait_until_wanted() { # the settings may be late, or change back: a Job that has succeeded never runs again
  [ -n "$unwanted" ] || unwanted=$(date +%s)
  tell "waiting: the settings ask for restore $(setting restore-id) of $(setting restore-file), but this job is for $RESTORE_ID of $RESTORE_FILE"
  [ $(($(date +%s) - unwanted)) -lt 300 ] || die "the settings do not ask for this restore"
  sleep 5
}

serve_program offer.cgi.sh offer
httpd -p "$PHASE_PORT" -h "$RUN/public"
log "restore $RESTORE_ID: serving $RESTORE_FILE to the members"
while :; do
  note_message_key
  if ! is_wanted; then
    wait_until_wanted
    continue
  fi
  unwanted=''
  prepare_offer
  if ! replicas=$(setting replicas) || ! is_number "$replicas"; then
    die "the setting replicas cannot be read, so the number of members is not known"
  fi
  ask_members "$replicas"
  finish_when_done "$replicas"
  look_again_where_refused
  if [ -n "$problem" ]; then
    tell "cannot serve it: $problem; trying again"
    sleep 5
  else
    tell "members: $(paste -sd';' "$TMP/progress" | sed 's/;/; /g')"
    sleep 1
  fi
done

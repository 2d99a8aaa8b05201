#!/bin/sh
# Brings a snapshot to the members: gets it, proves it, tells every member about it, and serves it until all members run on
# its data. While something is wrong with the file it says so, to the members too, and looks again.
#   RESTORE_ID, RESTORE_FILE   which restore of the settings this job is for; "newest" for the newest proven one
#   RESTORE_KIND               asked, or total-loss
here=$(dirname "$0")
. "$here/preamble.sh"
POD_NAME=$CLUSTER_NAME-restore # members know their caller by this name
. "$here/phase.sh"
. "$here/proof.sh"
. "$here/store.sh"

wanted=$RESTORE_ID
scratch="$TMP/fetched"
mkdir -p "$RUN/public" "$RUN/addresses"

# find_snapshot: sets $name, $file, and $seen to what tells whether it is another one than before; or $problem
find_snapshot() {
  if [ -n "$fetched" ] && [ -n "$proven" ]; then return; fi
  problem='' name=$RESTORE_FILE fetched=''
  if [ "$RESTORE_KIND" = total-loss ]; then
    find_anywhere
  elif has_remote; then
    fetch_snapshot
  else
    find_in_store
  fi
  seen=$(stat -c '%n %s %Y' "$file" "$file.json" 2>/dev/null || true)
}

find_in_store() { # the newest stays the one that was proven first: members must not see another one in the middle
  if [ "$name" = newest ] && [ -n "$proven" ]; then
    name=$pinned
  elif [ "$name" = newest ]; then
    name_newest "$SNAPSHOT_DIRECTORY"
    pinned=$name
  fi
  file="$SNAPSHOT_DIRECTORY/$name"
}

fetch_snapshot() {
  if [ "$name" = newest ]; then
    if remote_facts "$TMP/remote"; then name_newest "$TMP/remote"; else problem="rclone cannot list $REMOTE"; fi
  fi
  file="$scratch/$name"
  [ -n "$problem" ] || fetch_remote "$name" "$scratch" || problem="rclone cannot fetch $name from $REMOTE"
  fetched=yes
}

find_anywhere() { # the newest of both; the copies are no newer unless the claim was lost, too
  if [ -n "$proven" ]; then
    find_in_store
    return
  fi
  here_newest=$(newest_in "$SNAPSHOT_DIRECTORY")
  there_newest=''
  if has_remote && remote_facts "$TMP/remote"; then there_newest=$(newest_in "$TMP/remote"); fi
  if [ -n "$there_newest" ] && [ "$(printf '%s\n' "$here_newest" "$there_newest" | sort | tail -n 1)" != "$here_newest" ]; then
    fetch_snapshot
  else
    find_in_store
  fi
}

name_newest() { # name_newest FOLDER
  name=$(newest_in "$1")
  if [ -z "$name" ]; then
    problem="there is no proven snapshot in the store yet"
  elif [ "$(clusters_in "$1" | wc -l)" -gt 1 ]; then
    problem="the store has snapshots of several clusters ($(clusters_in "$1" | paste -sd' ' -)); name the file"
  fi
}

offer() { # what members read
  {
    echo "cluster $MEMBER_DOMAIN"
    echo "kind $RESTORE_KIND"
    echo "id $RESTORE_ID"
    echo "file $name"
    if [ -n "$problem" ]; then
      echo "problem $problem"
    else
      echo "sha256 $sha256"
      echo "size $(stat -c %s "$file")"
      echo "version $version"
    fi
  } >"$RUN/public/offer.new"
  mv "$RUN/public/offer.new" "$RUN/public/offer"
}

prove() { # once for each state of the file
  if [ -z "$problem" ] && [ "$seen" = "$proven" ] && [ -n "$seen" ]; then return; fi
  proven=''
  [ -n "$problem" ] || problem=$(snapshot_problem "$file")
  if [ -z "$problem" ]; then
    version=$(fact "$file" etcdVersion)
    [ -n "$version" ] || version=$MEMBER_VERSION # not known: etcdutl could open it
    sha256=$(fact "$file" sha256) # which was just compared
    [ -n "$sha256" ] || sha256=$(sha256_of "$file")
    ln -sf "$file" "$RUN/public/snapshot"
    proven=$seen
    log "$name is proven: sha256 $sha256, revision $(counted revision)"
  fi
}

tell_progress() { # in the log when it is news
  if [ "$1" != "$told" ]; then log "$1"; fi
  told=$1
}

# progress MEMBER...: sets $complete to whether all members run on data with this id, $matching to how many of them say that
# these come from this snapshot, $summary to where they are
progress() {
  complete=yes summary='' matching=0
  for member in "$@"; do
    said=$(restore_of "$member")
    answer=$(answer_of "$member")
    if [ "$(data_id_of "$member")" = "$wanted" ] && [ -z "$said" ] && [ -e "$answers/$member.ready" ]; then
      where='runs on them'
      if [ "$(from_of "$member")" = "$sha256" ]; then matching=$((matching + 1)); fi
    else
      complete=''
      where=$(echo "$said" | cut -d' ' -f2- | cut -c1-200)
      [ -n "$said" ] || where=$(echo "$answer" | cut -d' ' -f1)
    fi
    summary="$summary; $member: $where"
  done
}

is_still_asked_for() {
  [ "$RESTORE_KIND" = total-loss ] || [ "$(setting restore-id) $(setting restore-file)" = "$RESTORE_ID $RESTORE_FILE" ]
}

httpd -p "$PHASE_PORT" -h "$RUN/public"
told='' proven='' sha256='' version='' name='' file='' problem='' fetched='' pinned=''
log "restore $RESTORE_ID: bringing $RESTORE_FILE to the members"
not_asked_since='' looked_at=0
while :; do
  if ! is_still_asked_for; then
    # They may not have arrived yet, or come back: a Job that has succeeded is never started again.
    [ -n "$not_asked_since" ] || not_asked_since=$(date +%s)
    tell_progress "waiting: the settings ask for restore $(setting restore-id) of $(setting restore-file), and this job is for $RESTORE_ID of $RESTORE_FILE"
    [ $(($(date +%s) - not_asked_since)) -lt 300 ] || die "this restore is not asked for"
    sleep 5
    continue
  fi
  not_asked_since=''
  find_snapshot
  prove
  offer
  members=$(other_members "$(setting replicas)")
  # shellcheck disable=SC2086 # names without spaces
  survey $members
  # shellcheck disable=SC2086
  progress $members
  if [ -n "$complete" ] && [ -z "$problem" ] && [ "$matching" = 0 ]; then
    die "nothing is restored: the members have data of restore $RESTORE_ID already, from elsewhere; give this restore a new id"
  elif [ -n "$complete" ]; then
    log "restore $RESTORE_ID: all members run on these data"
    exit 0
  fi
  case $summary in # another file may be there by now
    *'and the settings ask for'* | *'which is newer than'*)
      if [ $(($(date +%s) - looked_at)) -ge 30 ]; then
        looked_at=$(date +%s)
        proven=''
      fi
      ;;
  esac
  if [ -n "$problem" ]; then
    tell_progress "cannot bring it: $problem; looking again until it is mended"
    sleep 5
  else
    tell_progress "members$(echo "$summary" | cut -c2-)"
    sleep 1
  fi
done

#!/bin/sh
# Runs beside etcd, and before it: brings this member to the data that the settings ask for: those of a restore, or earlier ones again. The
# members serve on their old data until all of them have the new data beside those; then they change over within seconds. Whatever is wrong
# until then changes nothing.
# What a member has of the wanted data is its stance, which it tells the others:
#   prepared SHA256 of RUN     restored from the snapshot with this checksum, in this run of the restore
#   holds RUN                  has had these data before
#   absent                     others have them, and this member joins these
#   waits WHY
#   runs                       (not told: its phase says so) runs on them
# A restore has a run, "UID-COUNT-BUMP": the uid of the Job that serves its snapshot, for how many members, and by how much revisions are
# raised. The same file restored in two runs makes two clusters, and nothing may bring their members together.
# State: $wanted is the id in the settings; $stances what the others said last, "MEMBER STANCE" a line; $mine this member's own stance.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/phase.sh"
. "$here/versions.sh"
. "$here/membership.sh"
. "$here/space.sh"

SPARE_BYTES=67108864
prepared="$VOLUME/prepared" # a folder: data, and a file for each fact: id, run, count, kind, sha256
offer="$RUN/offer" # what the job that serves the snapshot says of it, "KEY VALUE" a line

told='' # what tell logged last
stayed='' # why this member did not change over, as logged last

tell() { # tell STANCE: to the others; in the log when it is news
  publish restore "restore $wanted $1"
  if [ "$wanted $1" != "$told" ]; then log "restore $wanted: $1"; fi
  told="$wanted $1"
}

# --- the others
stance_of() { # stance_of MEMBER: or why it does not count
  local said
  case $(word_of "$1") in
    member | bootstrapping | leaving | refusing)
      if [ "$(data_id_of "$1")" = "$wanted" ]; then
        echo runs
        return
      fi
      ;;
    silent | starting)
      echo silent
      return
      ;;
  esac
  said=$(line_of "$1" restore)
  case $said in
    "$wanted "*) echo "$said" | cut -d' ' -f2- ;;
    '') if [ "$(data_id_of "$1")" = "$wanted" ]; then echo absent; else echo "unaware of it"; fi ;; # it is fresh, and joins what there is
    *) echo "unaware of it" ;;
  esac
}

look() { # sets $stances
  local others member
  others=$(members_below "$(setting replicas)")
  # shellcheck disable=SC2086 # names without spaces
  survey $others
  stances=$(for member in $others; do echo "$member $(stance_of "$member")"; done)
}

others_that() { # others_that PATTERN: how many have a stance like this
  echo "$stances" | grep -c "^[^ ]* $1" || true
}

first_that_runs() {
  echo "$stances" | sed -n 's/ runs$//p' | sed -n 1p
}

running_run() { # the run of the data on which others run already, or nothing
  local member
  member=$(first_that_runs)
  if [ -n "$member" ]; then run_of "$member"; fi
}

# count_of_restore: for how many members it is: once one has changed over, that is decided, whatever the settings say by now
count_of_restore() {
  local member
  member=$(first_that_runs)
  if [ -n "$member" ] && [ "$(word_of "$member")" = bootstrapping ]; then count_of "$member"; else setting replicas; fi
}

others_with_data() {
  local member
  for member in $(members_below "$(setting replicas)"); do
    case $(word_of "$member") in
      fresh) ;;
      *) printf '%s (%s) ' "$member" "$(word_of "$member")" ;;
    esac
  done
}

is_total_loss() { # every member has lost its data, and is to get those of the newest snapshot
  [ "$(setting existing) $(setting on-total-loss)" = "true restore" ] && ! has_data "$data_id"
}

# --- restoring a snapshot that a job offers
offered() { # offered KEY
  sed -n "s/^$1 //p" "$offer" | sed -n 1p
}

is_the_asked_file() {
  if [ "$(offered kind)" = total-loss ]; then
    is_total_loss && [ -z "$(others_with_data)" ]
  else
    [ "$(setting restore-file)" = newest ] || [ "$(setting restore-file)" = "$(offered file)" ]
  fi
}

fetch_offer() {
  fetch "http://$RESTORE_HOST.:$PHASE_PORT/offer" >"$offer.new" && mv "$offer.new" "$offer"
}

why_not_take() { # why the offer can't be taken, or nothing
  if [ "$(offered cluster)" != "$POD_DOMAIN" ]; then
    echo "at $RESTORE_HOST is a job of $(offered cluster)"
  elif [ "$(offered id)" != "$wanted" ] || ! is_the_asked_file; then
    echo "the job serves $(offered file) for restore $(offered id), and the settings ask for $(setting restore-file)"
  elif [ -n "$(offered problem)" ]; then
    offered problem
  elif [ "$(offered kind)" = asked ] && [ -n "$(setting restore-sha256)" ] && [ "$(offered sha256)" != "$(setting restore-sha256)" ]; then
    echo "$(offered file) has the sha256 $(offered sha256), and the settings ask for $(setting restore-sha256)"
  elif [ "$(minor_of "$(offered version)")" -gt "$(minor_of "$MEMBER_VERSION")" ]; then
    echo "$(offered file) is of etcd $(offered version), which is newer than $MEMBER_VERSION"
  elif [ -e "$RUN/attempt.restore-$(offered run)" ]; then
    echo "the last try in this pod did not end; it may need more memory"
  fi
}

prepare() { # restores the offered snapshot beside the data
  local reason unseen free needed
  if ! fetch_offer; then
    tell "waits for the job that serves the snapshot"
    return
  fi
  reason=$(why_not_take)
  # A member that is not seen may run on these data already: what was restored here would take their place.
  unseen=$(echo "$stances" | sed -n 's/ silent$//p' | paste -sd' ' -)
  free=$(free_bytes "$VOLUME") needed=$((2 * $(offered size | grep . || echo 0) + SPARE_BYTES))
  if [ -n "$reason" ]; then
    tell "waits: $reason"
  elif [ -n "$unseen" ]; then
    tell "waits to hear from $unseen"
  elif [ "$free" -lt "$needed" ]; then
    tell "waits: the volume has $(mebibytes "$free") free, and the restore needs $(mebibytes "$needed")"
  else
    tell "waits while $(offered file) is fetched and restored"
    touch "$RUN/attempt.restore-$(offered run)" # where memory runs out, the whole container is killed
    fetch_and_restore "$prepared.half" "$(setting replicas)" "$(setting "$(offered kind)-bump")"
    rm -f "$RUN/attempt.restore-$(offered run)"
  fi
}

fetch_and_restore() { # fetch_and_restore FOLDER COUNT BUMP
  local half=$1 run sha256
  run="$(offered run)-$2-$3"
  drop_prepared
  mkdir "$half"
  if ! wget -q -T 30 -O "$half/snapshot" "http://$RESTORE_HOST.:$PHASE_PORT/snapshot"; then
    tell "waits: $(offered file) could not be fetched"
    return
  fi
  sha256=$(sha256sum "$half/snapshot" | cut -d' ' -f1)
  if [ "$sha256" != "$(offered sha256)" ]; then
    tell "waits: what was fetched has the sha256 $sha256, and $(offered sha256) was offered"
    return
  fi
  if ! restore_snapshot "$half" "$2" "$3" "$(echo "$sha256" | cut -c1-12)-$wanted-$run"; then
    tell "waits: etcdutl refuses $(offered file): $(tail -n 1 "$half/said")"
    return
  fi
  rm "$half/snapshot" "$half/said"
  write_facts "$half" id "$wanted" run "$run" count "$2" kind "$(offered kind)" sha256 "$sha256"
  sync -f "$half"
  mv "$half" "$prepared"
}

# restore_snapshot FOLDER COUNT BUMP TOKEN: the token makes another cluster of it: a member of the old one, or of another run, is not let in
restore_snapshot() {
  local half=$1 count=$2 bump=$3 token=$4
  set -- --name "$POD_NAME" --initial-cluster-token "$CLUSTER_SEED-$token"
  set -- "$@" --initial-cluster "$(initial_cluster "$count")"
  set -- "$@" --initial-advertise-peer-urls "$(peer_url "$POD_NAME")"
  if [ "$bump" != 0 ]; then set -- "$@" --bump-revision "$bump" --mark-compacted; fi
  etcdutl snapshot restore "$half/snapshot" --data-dir "$half/data" "$@" >"$half/said" 2>&1
}

write_facts() { # write_facts FOLDER NAME VALUE...
  local folder=$1
  shift
  while [ $# -gt 0 ]; do
    echo "$2" >"$folder/$1"
    shift 2
  done
}

was_prepared() { # was_prepared FACT
  cat "$prepared/$1" 2>/dev/null || true
}

is_prepared() { # for the wanted data
  [ -e "$prepared/run" ] && [ "$(was_prepared id)" = "$wanted" ]
}

drop_prepared() {
  rm -rf "$prepared" "$prepared.half"
}

asked_numbers() { # the part of the run that the settings give
  echo "$(setting replicas)-$(setting "$(was_prepared kind)-bump")"
}

# why_drop RUNNING: why what is prepared does not fit any more, or nothing
why_drop() {
  if [ -n "$1" ]; then
    [ "$1" = "$(was_prepared run)" ] || echo "others run on another run of this restore"
  elif [ "$(was_prepared run | grep -o '[0-9]*-[0-9]*$')" != "$(asked_numbers)" ]; then
    echo "the settings have changed"
  elif fetch_offer && [ "$(offered id)" = "$wanted" ] && [ "$(offered sha256 | grep . || was_prepared sha256) $(offered run)-$(asked_numbers)" != "$(was_prepared sha256) $(was_prepared run)" ]; then
    echo "another file, or another run of the job, is offered now"
  fi
}

# take_back WHY: others may have seen this member ready with what it has prepared, and change over to it now. It takes that back first, looks
# again, and drops it unless they have.
take_back() {
  tell "waits: $1"
  sleep 5
  look
  if [ "$(running_run)" != "$(was_prepared run)" ]; then drop_prepared; fi
}

# --- the change
is_this_run() { # is_this_run RUNNING RUN: where others run already, it is theirs that counts
  [ -z "$1" ] || [ "$1" = "$2" ]
}

take_stance() { # sets $mine
  local held why
  if is_prepared; then
    why=$(why_drop "$(running_run)")
    if [ -n "$why" ]; then take_back "$why"; fi
  fi
  held=$(use_data "$wanted" && echo "$data_run")
  mine=''
  if has_data "$wanted" && is_this_run "$(running_run)" "$held"; then
    mine="holds $held"
  elif is_prepared; then
    mine="prepared $(was_prepared sha256) of $(was_prepared run)"
  elif [ -n "$(running_run)" ] || [ "$(others_that holds)" != 0 ]; then
    mine=absent
  fi
}

different_stances() { # of those that have the data, or nothing: they would not be one cluster
  {
    echo "$POD_NAME $mine"
    echo "$stances" | grep -E '^[^ ]* (holds|prepared) ' || true
  } | awk '
    $2 == "absent" { next }
    run == "" { run = $NF }
    $2 == "prepared" && first == "" { first = substr($0, length($1) + 2) }
    $NF != run || ($2 == "prepared" && substr($0, length($1) + 2) != first) { print }'
}

stay_reason() { # why not to change over yet, or nothing
  local quorum have not_yet different running
  running=$(others_that runs)
  quorum=$(($(count_of_restore) / 2 + 1))
  have=$((running + $(others_that holds) + $(others_that prepared)))
  if [ "$mine" != absent ]; then have=$((have + 1)); fi
  different=''
  if [ "$running" = 0 ]; then different=$(different_stances); fi
  not_yet=$(echo "$stances" | grep -vE '^[^ ]* (runs|holds .*|absent|prepared .*)$' || true)
  # Once one has changed over, the others follow: a member that is down must not keep them apart.
  if [ "$running" != 0 ] && [ "$have" -ge "$quorum" ]; then not_yet=$(echo "$not_yet" | grep -v ' silent$' || true); fi
  if [ -n "$different" ]; then
    echo "since members have different data of this restore: $POD_NAME $mine, $(echo "$different" | paste -sd, -); if it stays so, give this restore a new id"
  elif [ -n "$not_yet" ]; then
    echo "for $(echo "$not_yet" | cut -c1-200 | paste -sd, -)"
  elif [ "$have" -lt "$quorum" ]; then
    echo "since only $have of $(count_of_restore) members have these data"
  elif [ "$mine" = absent ] && [ "$running" -lt "$quorum" ]; then
    echo "for a quorum to run on these data, which this member then joins"
  elif [ "$mine" = absent ] && ! has_data "$data_id"; then
    echo "to join the others" # agree.sh does that
  fi
}

change_over() {
  log "restore $wanted: all members are ready for it, changing over from data $data_id to $wanted"
  use_data "$wanted"
  if [ -e "$data" ] && ! has_data "$data_id"; then set_aside unusable; fi
  case $mine in
    absent) if has_data "$data_id"; then set_aside replaced; fi ;; # of another run than the others'
    prepared*)
      if has_data "$data_id"; then set_aside replaced; fi
      note restored-from "$(was_prepared sha256)"
      note run "$(was_prepared run)"
      note etcd-version "$MEMBER_VERSION"
      note bootstrapping "$(was_prepared count)"
      mv "$prepared/data" "$data"
      sync -f "$VOLUME"
      use_data "$wanted"
      ;;
  esac
  keep_data_id
  drop_prepared
  if [ -z "$(noted bootstrapping)" ]; then set_phase "$(if has_data "$data_id"; then echo member; else echo fresh; fi)"; else set_phase bootstrapping; fi
  unpublish restore
  restart_etcd
}

runs_on_others() { # whether etcd was started on other data than the current: this script was stopped between two lines
  [ -e "$RUN/etcd-pid" ] || return 1
  use_current_data # agree.sh may have changed it since
  [ "$(cat "$RUN/start/data-id")" != "$data_id" ]
}

why_not_hold() { # etcd would refuse data of before an upgrade, on all members at once
  case $mine in
    holds*) (use_data "$wanted" && why_not_upgrade) ;;
  esac
}

restore() { # a restore is asked for, and this member does not run on its data
  local refusal reason
  look
  take_stance
  refusal=$(why_not_hold)
  if [ -n "$refusal" ]; then
    tell "waits: $refusal"
  elif [ -n "$mine" ]; then
    tell "$mine"
    if [ -e "$RUN/leaving" ]; then return 0; fi
    reason=$(stay_reason)
    if [ -z "$reason" ]; then
      change_over
    else
      if [ "$reason" != "$stayed" ]; then log "restore $wanted: $mine, waiting $reason"; fi
      stayed=$reason
    fi
  elif [ -n "$(setting restore-file)" ]; then
    prepare
  elif ! is_total_loss; then
    tell "waits: no member has these data any more; the members go on with those that they have"
  elif [ -n "$(others_with_data)" ]; then
    tell "waits, since not all members are without data: $(others_with_data)"
  else
    prepare
  fi
}

discard_old_data() { # when told so, and only beside data that serve
  local folder
  # In this order: the settings change all at once, and may do so in between.
  [ "$(setting restore-discard)" = true ] && [ "$(setting restore-id)" = "$data_id" ] && is_ready_here || return 0
  for folder in "$VOLUME/data" "$VOLUME"/data-*; do
    case $folder in
      "$data" | *.notes | *.*-[0-9]*) continue ;;
    esac
    if [ -e "$folder" ]; then
      log "removing $folder: discardOldData is set"
      rm -rf "$folder" "$folder.notes"
    fi
  done
}

settled() { # this member runs on what the settings ask for
  unpublish restore
  if runs_on_others; then restart_etcd; fi
  publish from "from $(noted restored-from -)"
  told='' stayed=''
  drop_prepared
  discard_old_data
}

while :; do
  use_current_data
  wanted=$(setting restore-id)
  if [ "$(ordinal_of "$POD_NAME")" -ge "$(setting replicas)" ]; then
    : # on its way out
  elif [ "$wanted" != "$data_id" ] || { ! has_data "$data_id" && { [ -n "$(setting restore-file)" ] || is_total_loss; }; }; then
    restore
  else
    settled
  fi
  sleep 1
done

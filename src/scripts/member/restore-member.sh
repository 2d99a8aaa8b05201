#!/bin/sh
# Moves this member to the data that the settings ask for: that of a restore, or earlier data again. When they ask for none, it stays on its
# data, unless it has no quorum on them and another member has one on other data: a switch that was not over when restoreFrom was removed. Runs before etcd and alongside it. The
# members serve their old data until each has the new data next to it; then all switch within seconds. Until then, a problem
# changes nothing.
# A member publishes its stance: what it has of the wanted data.
#   prepared SHA256 of RUN     has restored the snapshot with this checksum, in this run of the restore
#   holds RUN                  has this data from an earlier time
#   absent                     others have the data, and this member joins them
#   waiting: WHY
#   runs                       runs on the data (not published: its phase says so)
# A run of a restore is "UID-COUNT-BUMP-SHA", "-https" with TLS among members, and "-users" with auth: the uid of the Job that serves the snapshot, the number of
# members, by how much revisions are raised, and the beginning of the snapshot's checksum. Two runs make two clusters, and their members must never meet.
# State: $wanted, the id in the settings; $stances, those of the others, "MEMBER STANCE" a line; $mine, this member's own stance.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/messages.sh"
. "$here/phase.sh"
. "$here/versions.sh"
. "$here/membership.sh"
. "$here/transport.sh"
. "$here/certificates.sh"
. "$here/space.sh"
. "$here/disable-auth.sh"
. "$here/prepare-restore.sh"

told='' # the stance that was logged last
stayed='' # the reason not to switch that was logged last

tell() { # tell STANCE: publishes it, and logs it when it changes
  publish restore "restore $wanted $1"
  if [ "$wanted $1" != "$told" ]; then log "restore $wanted: $1"; fi
  told="$wanted $1"
}

# --- the others
stance_of() { # stance_of MEMBER: or why it has none
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
    '') if joins_without_stance "$1"; then echo absent; else echo "has not read these settings yet"; fi ;;
    *) echo "has not read these settings yet" ;;
  esac
}

# joins_without_stance MEMBER: whether it has no data and is to run on the wanted data, which no job restores. Otherwise it publishes a stance.
joins_without_stance() {
  [ "$(data_id_of "$1")" = "$wanted" ] && [ -z "$(setting restore-file)" ] && ! is_total_loss
}

look() { # sets $stances
  local others member
  others=$(members_below "$(setting replicas)")
  # shellcheck disable=SC2086 # names without spaces
  survey $others
  stances=$(for member in $others; do echo "$member $(stance_of "$member")"; done)
}

others_that() { # others_that PATTERN: the number of others with this stance
  echo "$stances" | grep -c "^[^ ]* $1" || true
}

first_that_runs() {
  echo "$stances" | sed -n 's/ runs$//p' | sed -n 1p
}

running_run() { # the run of the data that others already run on, or nothing
  local member
  member=$(first_that_runs)
  if [ -n "$member" ]; then run_of "$member"; fi
}

# count_of_restore: its number of members: once one member has switched, its number counts, not that of the settings
count_of_restore() {
  local member
  member=$(first_that_runs)
  if [ -n "$member" ] && [ "$(word_of "$member")" = bootstrapping ]; then count_of "$member"; else setting replicas; fi
}

others_with_data() { # or the reason why that is not known; a member above replicas may have been scaled down, and have the data
  local member replicas
  if ! replicas=$(setting replicas) || ! is_number "$replicas"; then
    echo "the setting replicas cannot be read"
    return
  fi
  # shellcheck disable=SC2086 # names without spaces
  survey $everyone
  for member in $everyone; do
    if may_have_data "$replicas" "$member"; then printf '%s (%s) ' "$member" "$(word_of "$member")"; fi
  done
}

is_total_loss() { # whether this member is to restore the newest snapshot because all data is lost
  [ "$(setting existing) $(setting on-total-loss)" = "true restore" ] && ! has_data "$data_id"
}

# why_drop RUNNING: why the prepared data no longer fits, or nothing
why_drop() {
  if [ -n "$1" ]; then
    [ "$1" = "$(was_prepared run)" ] || echo "other members run on data from a different run of this restore"
  elif [ "$(was_prepared count) $(was_prepared bump)" != "$(setting replicas) $(setting "$(was_prepared kind)-bump")" ]; then
    echo "the settings have changed"
  elif fetch_offer && [ "$(offered id)" = "$wanted" ] && [ "$(run_offered "$(was_prepared count)" "$(was_prepared bump)")" != "$(was_prepared run)" ]; then
    echo "another file or another run of the job is offered now"
  fi
}

# take_back WHY: others may have seen this member's prepared data, and may be switching now. So it first withdraws its stance, looks
# again, and drops the data unless others have switched.
take_back() {
  tell "waiting: $1"
  sleep 5
  look
  if [ "$(running_run)" != "$(was_prepared run)" ]; then drop_prepared; fi
}

# --- switching
is_this_run() { # is_this_run RUNNING RUN: whether RUN is that of the others, if these already run
  [ -z "$1" ] || [ "$1" = "$2" ]
}

take_stance() { # sets $mine
  local held why
  if is_prepared; then
    why=$(why_drop "$(running_run)")
    if [ -n "$why" ]; then take_back "$why"; fi
  elif [ -e "$prepared" ]; then
    drop_prepared # for data that is no longer asked for; agree.sh does not join while it exists
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

different_stances() { # stances that would not form one cluster, or nothing
  {
    echo "$POD_NAME $mine"
    echo "$stances" | grep -E '^[^ ]* (holds|prepared) ' || true
  } | awk '
    $2 == "absent" { next }
    run == "" { run = $NF }
    $NF != run { print }'
}

stay_reason() { # why this member must not switch yet, or nothing
  local quorum have not_yet different running
  running=$(others_that runs)
  quorum=$(($(count_of_restore) / 2 + 1))
  have=$((running + $(others_that holds) + $(others_that prepared)))
  if [ "$mine" != absent ]; then have=$((have + 1)); fi
  different=''
  if [ "$running" = 0 ]; then different=$(different_stances); fi
  not_yet=$(echo "$stances" | grep -vE '^[^ ]* (runs|holds .*|absent|prepared .*)$' || true)
  # Once one has switched, the others follow: they must not wait for a member that is down.
  if [ "$running" != 0 ] && [ "$have" -ge "$quorum" ]; then not_yet=$(echo "$not_yet" | grep -v ' silent$' || true); fi
  if [ -n "$different" ]; then
    echo "members have different data of this restore: $POD_NAME $mine, $(echo "$different" | paste -sd, -); if this persists, give this restore a new id"
  elif [ -n "$not_yet" ]; then
    echo "these members are not ready to switch: $(echo "$not_yet" | cut -c1-200 | paste -sd, -)"
  elif [ "$have" -lt "$quorum" ]; then
    echo "only $have of $(count_of_restore) members have this data"
  elif [ "$mine" = absent ] && [ "$running" -lt "$quorum" ]; then
    echo "waiting for a quorum on this data, for this member to join"
  elif [ "$mine" = absent ] && ! has_data "$data_id"; then
    echo "this member joins the others next" # agree.sh does that
  fi
}

switch_data() {
  log "restore $wanted: all members are ready: switching from data $data_id to $wanted"
  use_data "$wanted"
  if [ -e "$data" ] && ! has_data "$data_id"; then set_aside unusable; fi
  case $mine in
    absent) if has_data "$data_id"; then set_aside replaced; fi ;; # from another run
    prepared*)
      if has_data "$data_id"; then set_aside replaced; fi
      note restored-from "$(was_prepared sha256)"
      note run "$(was_prepared run)"
      note scheme "$(was_prepared scheme)"
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

runs_on_others() { # whether etcd uses other data than the current: this script may have been killed between two lines
  [ -e "$RUN/etcd-pid" ] || return 1
  use_current_data # agree.sh may have changed it since
  [ "$(cat "$RUN/start/data-id")" != "$data_id" ]
}

why_not_hold() { # earlier data may be too old for this etcd, on all members at once
  case $mine in
    holds*) (use_data "$wanted" && why_not_upgrade) ;;
  esac
}

restore() { # when the settings ask for data that this member does not run on
  local refusal reason others
  look
  take_stance
  refusal=$(why_not_hold)
  if [ -n "$refusal" ]; then
    tell "waiting: $refusal"
  elif [ -n "$mine" ]; then
    tell "$mine"
    if [ -e "$RUN/leaving" ]; then return 0; fi
    reason=$(stay_reason)
    if [ -z "$reason" ]; then
      switch_data
    else
      if [ "$reason" != "$stayed" ]; then log "restore $wanted: $mine, waiting: $reason"; fi
      stayed=$reason
    fi
  elif [ -n "$(setting restore-file)" ]; then
    prepare
  elif ! is_total_loss; then
    tell "waiting: no member has this data any longer; the members keep the data that they have"
  else
    others=$(others_with_data)
    if [ -z "$others" ]; then prepare; else tell "waiting: not all members are without data: $others"; fi
  fi
}

ready_elsewhere() { # the id of other data on which a member is ready, or nothing
  local member id
  # shellcheck disable=SC2086 # names without spaces
  survey $everyone
  for member in $everyone; do
    id=$(data_id_of "$member")
    if [ "$id" != "$data_id" ] && was_ready_on "$member" "$id"; then
      echo "$id"
      return
    fi
  done
}

wanted_data() { # the id of the data that this member should run on
  local id
  id=$(asked_data '')
  if [ -z "$id" ] && ! has_data "$data_id"; then id=-; fi
  if [ -z "$id" ] && ! is_ready_here; then id=$(ready_elsewhere); fi
  if [ -z "$id" ]; then id=$data_id; fi
  echo "$id"
}

discard_old_data() { # when the settings say so, and this member serves the wanted data
  local folder
  # In this order: all settings change at once, possibly between two reads.
  [ "$(setting restore-discard)" = true ] && [ "$(asked_data '')" = "$data_id" ] && is_ready_here || return 0
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

settled() { # when this member runs on the wanted data
  local from
  unpublish restore
  if runs_on_others; then
    restart_etcd
    return
  fi
  from="from $(noted restored-from -)"
  if [ "$(first_line "$RUN/public/from")" != "$from" ]; then publish from "$from"; fi
  told='' stayed=''
  drop_prepared
  discard_old_data
}

follow_certificates() { # also of a member that waits, or whose etcd does not run; etcd reads CAs itself when it starts
  [ "$(seconds_since "$followed")" -ge 5 ] || return 0
  followed=$(now)
  write_cas client
  note_message_key
}

followed=0
while :; do
  follow_certificates
  use_current_data
  wanted=$(wanted_data)
  if ! is_below "$(setting replicas)" "$POD_NAME"; then
    : # about to leave
  elif [ "$wanted" != "$data_id" ] || { ! has_data "$data_id" && { [ -n "$(setting restore-file)" ] || is_total_loss; }; }; then
    restore
  else
    settled
  fi
  sleep 1
done

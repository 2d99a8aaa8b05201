#!/bin/sh
# Runs beside etcd, and before it: takes up the restore that the settings ask for, and goes back when they ask for other
# data again. The members serve on their old data until all of them have the new data beside those; then they change over
# within seconds. Whatever is wrong until then changes nothing. What a member has of the wanted data is its second line:
#   restore ID prepared SHA256 … restored from the snapshot with this checksum, for so many members
#   restore ID holds             has had these data before
#   restore ID absent            others have them, and this member joins these
#   restore ID waits WHY
set -eu
here=$(dirname "$0")
. "$here/log.sh"
. "$here/phase.sh"
. "$here/data.sh"
. "$here/membership.sh"
. "$here/space.sh"

prepared="$VOLUME/prepared"

tell() { # tell WORD...: to the others; in the log when it is news
  publish restore "restore $wanted $*"
  if [ "$wanted $*" != "$told" ]; then log "restore $wanted: $*"; fi
  told="$wanted $*"
}

# stance_of MEMBER: what it has of the wanted data: "runs", the word of its second line, or why it does not count
stance_of() {
  case $(answer_of "$1") in
    "member "* | "bootstrapping "* | "leaving "* | "refusing "*)
      if [ "$(data_id_of "$1")" = "$wanted" ]; then
        echo runs
        return
      fi
      ;;
    silent | "starting "*)
      echo silent
      return
      ;;
  esac
  said=$(restore_of "$1")
  case $said in
    "$wanted "*) echo "$said" | cut -d' ' -f2- ;;
    *) echo "unaware of it" ;;
  esac
}

look() { # sets $stances to "MEMBER STANCE" lines of the others
  others=$(other_members "$(setting replicas)")
  # shellcheck disable=SC2086 # names without spaces
  survey $others
  stances=$(for member in $others; do echo "$member $(stance_of "$member")"; done)
}

others_that() { # others_that PATTERN: how many have a stance like this
  echo "$stances" | grep -c "^[^ ]* $1" || true
}

others_with_data() {
  # shellcheck disable=SC2086 # names without spaces
  with_data $others | paste -sd' ' -
}

is_total_loss() { # every member has lost its data, and is to get those of the newest snapshot
  [ "$(setting existing) $(setting on-total-loss)" = "true restore" ] && ! has_data "$data_id"
}

# --- restoring a snapshot that a job offers
offer_value() { # offer_value KEY
  echo "$offer" | sed -n "s/^$1 //p"
}

find_offer() { # sets $offer and $base, or says why there is none
  caller="$RUN/addresses/$CLUSTER_NAME-restore"
  if ! [ -e "$caller" ]; then
    tell "waits for the job that brings the snapshot"
    return 1
  fi
  base="http://$(cat "$caller"):$PHASE_PORT"
  offer=$(fetch "$base/offer") || offer=
  problem=$(offer_value problem)
  if [ "$(offer_value cluster)" != "$POD_DOMAIN" ]; then
    tell "waits for the job that brings the snapshot; it has called, and does not answer now"
  elif [ "$(offer_value id)" != "$wanted" ] || ! is_the_asked_file; then
    tell "waits, since the job brings $(offer_value file) for restore $(offer_value id), and the settings ask for $(setting restore-file)"
  elif [ -n "$problem" ]; then
    tell "waits: $problem"
  elif [ "$(offer_value kind)" = asked ] && [ -n "$(setting restore-sha256)" ] && [ "$(offer_value sha256)" != "$(setting restore-sha256)" ]; then
    tell "waits: $(offer_value file) has the sha256 $(offer_value sha256), and the settings ask for $(setting restore-sha256)"
  elif [ "$(minor_of "$(offer_value version)")" -gt "$(minor_of "$MEMBER_VERSION")" ]; then
    tell "waits: $(offer_value file) is of etcd $(offer_value version), which is newer than $MEMBER_VERSION"
  else
    return 0
  fi
  return 1
}

is_the_asked_file() {
  if [ "$(offer_value kind)" = total-loss ]; then
    is_total_loss && [ -z "$(others_with_data)" ]
  else
    [ "$(setting restore-file)" = newest ] || [ "$(setting restore-file)" = "$(offer_value file)" ]
  fi
}

prepare() { # restores the offered snapshot beside the data
  find_offer || return 0
  # A member that is not seen may run on these data already: what was restored here would take their place.
  unseen=$(echo "$stances" | sed -n 's/ silent$//p' | paste -sd' ' -)
  if [ -n "$unseen" ]; then
    tell "waits to hear from $unseen"
    return
  fi
  kind=$(offer_value kind) count=$(setting replicas)
  bump=$(setting "$kind-bump")
  size=$(offer_value size)
  free=$(free_bytes "$VOLUME") needed=$((2 * size + 67108864))
  if [ "$free" -lt "$needed" ]; then
    tell "waits: the volume has $(mebibytes "$free") free, and the restore needs $(mebibytes "$needed")"
    return
  fi
  tell "waits while $(offer_value file) is fetched and restored"
  drop_prepared
  half="$prepared.half"
  mkdir "$half"
  if ! wget -q -T 30 -O "$half/snapshot" "$base/snapshot"; then
    tell "waits: $(offer_value file) could not be fetched"
    return
  fi
  sha256=$(sha256sum "$half/snapshot" | cut -d' ' -f1)
  if [ "$sha256" != "$(offer_value sha256)" ]; then
    tell "waits: what was fetched has the sha256 $sha256, and $(offer_value sha256) was offered"
    return
  fi
  if ! restore_snapshot; then
    tell "waits: etcdutl refuses $(offer_value file): $(tail -n 1 "$half/said")"
    return
  fi
  rm "$half/snapshot"
  echo "$wanted $count $kind $bump" >"$half/id"
  echo "$sha256" >"$half/sha256"
  sync -f "$VOLUME"
  mv "$half" "$prepared"
}

# The token makes another cluster of it: a member of the old one that comes back is not let in.
restore_snapshot() {
  set -- --name "$POD_NAME" --initial-cluster-token "$CLUSTER_SEED-$(echo "$sha256" | cut -c1-12)-$wanted"
  set -- "$@" --initial-cluster "$(initial_cluster "$count")"
  set -- "$@" --initial-advertise-peer-urls "$(peer_url "$POD_NAME")"
  if [ "$bump" != 0 ]; then set -- "$@" --bump-revision "$bump" --mark-compacted; fi
  etcdutl snapshot restore "$half/snapshot" --data-dir "$half/data" "$@" >"$half/said" 2>&1
}

is_prepared() {
  [ -e "$prepared/id" ] && read -r id count kind bump <"$prepared/id" &&
    [ "$id $count $bump" = "$wanted $(setting replicas) $(setting "$kind-bump")" ]
}

drop_prepared() {
  rm -rf "$prepared" "$prepared.half"
}

# --- the change
# stay_reason: why not to change over yet, or nothing
stay_reason() {
  quorum=$(($(setting replicas) / 2 + 1))
  have=$(($(others_that runs) + $(others_that holds) + $(others_that prepared)))
  if [ "$mine" != absent ]; then have=$((have + 1)); fi
  case $mine in
    prepared*) different=$(echo "$stances" | grep ' prepared ' | grep -v " $mine\$" || true) ;;
    *) different= ;;
  esac
  not_yet=$(echo "$stances" | grep -vE '^[^ ]* (runs|holds|absent|prepared .*)$' || true)
  # Once one has changed over, the others follow: a member that is down must not keep them apart.
  if [ "$(others_that runs)" != 0 ] && [ "$have" -ge "$quorum" ]; then not_yet=$(echo "$not_yet" | grep -v ' silent$' || true); fi
  if [ -n "$different" ]; then
    echo "different files under one name: $POD_NAME $mine, $(echo "$different" | paste -sd, -)"
  elif [ -n "$not_yet" ]; then
    echo "for $(echo "$not_yet" | cut -c1-200 | paste -sd, -)"
  elif [ "$have" -lt "$quorum" ]; then
    echo "only $have of $(setting replicas) members have these data"
  elif [ "$mine" = absent ] && [ "$(others_that runs)" -lt "$quorum" ]; then
    echo "for a quorum to run on these data, which this member then joins"
  elif [ "$mine" = absent ] && ! has_data "$data_id"; then
    echo "to join the others" # agree.sh does that
  fi
}

change_over() {
  log "restore $wanted: all members are ready for it, changing over from data $data_id to $wanted"
  use_data "$wanted"
  if [ -e "$data" ] && ! has_data "$data_id"; then set_aside unusable; fi
  if is_prepared && ! has_data "$data_id"; then
    note restored-from "$(cat "$prepared/sha256")"
    note etcd-version "$MEMBER_VERSION"
    note bootstrapping "$(setting replicas)"
    mv "$prepared/data" "$data"
  fi
  keep_data_id
  sync -f "$VOLUME"
  drop_prepared
  if has_data "$data_id"; then set_phase bootstrapping; else set_phase fresh; fi
  rm -f "$RUN/public/restore"
  start_again
}

runs_on_others() { # whether etcd was started on other data than the current: this script was stopped between two lines
  [ -e "$RUN/etcd-pid" ] || return 1
  use_current_data # agree.sh may have changed it since
  ! grep -qx "agreed=$data_id" "$RUN/initial"
}

take_stance() { # sets $mine: what this member has of the wanted data; tells the others
  if has_data "$wanted"; then
    mine=holds
  elif is_prepared; then
    mine="prepared $(cat "$prepared/sha256") for $count members, raised by $bump"
    drop_if_replaced
  elif [ "$(others_that runs)" != 0 ] || [ "$(others_that holds)" != 0 ]; then
    mine=absent
    drop_prepared
  else
    mine=
  fi
}

# A file that was replaced since then is prepared anew; not once others run on what they have prepared. They may have seen
# this member ready for it: it takes that back first, and looks again.
drop_if_replaced() {
  offered=$(fetch "http://$(cat "$RUN/addresses/$CLUSTER_NAME-restore" 2>/dev/null):$PHASE_PORT/offer" | sed -n 's/^sha256 //p') || true
  if [ -z "$offered" ] || [ "$offered" = "$(cat "$prepared/sha256")" ] || [ "$(others_that runs)" != 0 ]; then return; fi
  tell "waits: another file is offered now"
  sleep 5
  look
  if [ "$(others_that runs)" = 0 ]; then
    drop_prepared
    mine=
  fi
}

refuses_wanted() { # etcd would refuse data of before an upgrade, on all members at once
  (
    use_data "$wanted"
    refuses_upgrade
  )
}

take_up() { # a restore is asked for, and this member does not run on its data
  look
  take_stance
  refusal=''
  if [ "$mine" = holds ]; then refusal=$(refuses_wanted); fi
  if [ -n "$refusal" ]; then
    tell "waits: $refusal"
  elif [ -n "$mine" ]; then
    tell "$mine"
    [ -e "$RUN/leaving" ] && return
    reason=$(stay_reason)
    if [ -n "$reason" ]; then
      if [ "$reason" != "$stayed" ]; then log "restore $wanted: $mine, waiting $reason"; fi
      stayed=$reason
    else
      change_over
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
  [ "$(setting restore-discard)" = true ] && is_ready_here || return 0
  for folder in "$VOLUME/data" "$VOLUME"/data-*; do
    case $folder in
      "$data" | *.notes | *.*-[0-9]*) continue ;;
    esac
    if [ -e "$folder" ]; then
      log "removing $folder, as the settings tell"
      rm -rf "$folder" "$folder.notes"
    fi
  done
}

told='' stayed=''
while :; do
  use_current_data
  wanted=$(setting restore-id)
  if [ "$(ordinal_of "$POD_NAME")" -ge "$(setting replicas)" ]; then
    : # on its way out
  elif [ "$wanted" != "$data_id" ] || { ! has_data "$data_id" && { [ -n "$(setting restore-file)" ] || is_total_loss; }; }; then
    take_up
  else
    rm -f "$RUN/public/restore"
    if runs_on_others; then start_again; fi
    publish from "from $(cat "$notes/restored-from" 2>/dev/null || echo -)"
    told='' stayed=''
    drop_prepared
    discard_old_data
  fi
  sleep 1
done

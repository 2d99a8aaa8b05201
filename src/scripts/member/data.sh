#!/bin/sh
# Sourced: what is on the volume of a member. Data have an id: that of the restore they come from, or "-" for those of a first start.
#   disk-id              random; a new disk has another one
#   owner                the member that this volume belongs to
#   current-data         id of the data that this member runs on
#   data, data-ID        data directories of etcd, one for each id
#   data.notes, data-ID.notes   about each of them:
#     member-id          hexadecimal id of the member whose data these are
#     etcd-version       the version that ran on them last
#     restored-from      sha256 of the snapshot that they come from
#     run                the run of the restore that they come from
#     bootstrapping      "N TOKEN": the first start that was begun, while no quorum was seen yet
#     in-use             bytes in use when the member last stopped (defrag-before-start.sh)
#   data.WHY-TIME        data set aside; the newest two are kept
#   prepared             data of a restore, before all members change over to them (restore-member.sh)
# shellcheck disable=SC2034 # the state is for who sources this
# State: $data_id, $data_run, $data and $notes are of the data that use_data was last called for.

VOLUME=$(dirname "$ETCD_DATA_DIR")

data_of() { # data_of ID
  if [ "$1" = - ]; then echo "$VOLUME/data"; else echo "$VOLUME/data-$1"; fi
}

use_data() { # use_data ID
  data_id=$1
  data=$(data_of "$1")
  notes="$data.notes"
  data_run=$(noted run -)
}

use_current_data() {
  use_data "$(grep . "$VOLUME/current-data" 2>/dev/null || echo -)" # a file that a power cut emptied says nothing
}

# write_durably FILE TEXT: never half written, also when the power fails or the volume is full
write_durably() {
  echo "$2" >"$1.new" && sync "$1.new" && mv "$1.new" "$1" && sync "$(dirname "$1")"
}

keep_data_id() { # from now on this member runs on these data
  [ "$(cat "$VOLUME/current-data" 2>/dev/null || echo -)" = "$data_id" ] || write_durably "$VOLUME/current-data" "$data_id"
}

note() { # note NAME TEXT: fails where it can't be written; what is there already is not written again
  [ "$(noted "$1")" != "$2" ] || return 0
  mkdir -p "$notes" && write_durably "$notes/$1" "$2"
}

noted() { # noted NAME [DEFAULT]
  grep . "$notes/$1" 2>/dev/null || echo "$@" | sed 's/^[^ ]* *//'
}

disk_id() { # tells this disk from one that had its place before
  [ -s "$VOLUME/disk-id" ] || write_durably "$VOLUME/disk-id" "$(cat /proc/sys/kernel/random/uuid)" || return 1
  cat "$VOLUME/disk-id"
}

has_data() { # has_data ID; data that can't be read are not none
  local folder
  for folder in "$(data_of "$1")" "$(data_of "$1")/member" "$(data_of "$1")/member/wal"; do
    if [ -d "$folder" ] && ! ls "$folder" >/dev/null 2>&1; then
      die "cannot read $folder: check its owner, and the user and fsGroup of the pod"
    fi
  done
  [ -n "$(find "$(data_of "$1")/member/wal" -name '*.wal' 2>/dev/null | sed -n 1p)" ]
}

set_aside() { # set_aside WHY: data that are of no use any more; a rename, so that nothing is ever half gone
  local aside oldest
  until
    aside="$data.$1-$(date -u +%Y%m%d-%H%M%S)"
    ! [ -e "$aside" ]
  do sleep 1; done
  mv "$data" "$aside"
  rm -rf "$notes"
  log "set the data aside: they are now in $aside"
  while [ "$(set_aside_before "$aside" | wc -l)" -gt 1 ]; do
    oldest=$(set_aside_before "$aside" | sed -n 1p)
    log "removing $oldest: of the data set aside the newest two are kept"
    rm -rf "$oldest"
  done
}

set_aside_before() { # set_aside_before FOLDER: all others, the oldest first; a clock may have gone back
  find "$VOLUME" -maxdepth 1 -name "$(basename "$data").*-[0-9]*" | grep -vx "$1" | sed 's/.*-\([0-9]*-[0-9]*\)$/\1 &/' | sort | cut -d' ' -f2 || true
}

restart_etcd() { # on the current data
  touch "$RUN/restart"
  if [ -e "$RUN/etcd-pid" ]; then kill -TERM "$(cat "$RUN/etcd-pid")" || true; fi
}

#!/bin/sh
# Sourced: the files on a member's volume. Data has an id: that of the restore that it comes from, or "-" after a bootstrap.
#   disk-id              random, written once; a new volume gets another one
#   owner                the member that this volume belongs to
#   current-data         id of the data that this member runs on
#   data, data-ID        data directories of etcd, one for each id
#   data.notes, data-ID.notes   about each of them:
#     member-id          hexadecimal id of the member that the data belongs to
#     etcd-version       the version of etcd that used it last
#     restored-from      sha256 of the snapshot that it comes from
#     run                the run of the restore that it comes from
#     scheme             of the member's peer URL: http or https (transport.sh)
#     bootstrapping      "N TOKEN": the bootstrap that was begun, until there is a quorum
#     in-use             bytes in use when the member last stopped (defrag-before-start.sh)
#   data.WHY-TIME        data set aside; the two newest are kept, and of folders without a log (WHY is unusable) the newest one
#   prepared             restored data, before all members switch to it (prepare-restore.sh)
# shellcheck disable=SC2034 # the state is for who sources this
# State: use_data sets $data_id, $data_run, $data and $notes.

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
  use_data "$(first_line "$VOLUME/current-data" -)" # a file may be empty after a power failure
}

# write_durably FILE TEXT: atomic, also when the power fails or the volume is full
write_durably() {
  echo "$2" >"$1.new" && sync "$1.new" && mv "$1.new" "$1" && sync "$(dirname "$1")"
}

keep_data_id() { # from now on this member runs on this data
  [ "$(cat "$VOLUME/current-data" 2>/dev/null || echo -)" = "$data_id" ] || write_durably "$VOLUME/current-data" "$data_id"
}

note() { # note NAME TEXT: about the data; fails when it cannot be written; skips the write when nothing changes
  [ "$(noted "$1")" != "$2" ] || return 0
  mkdir -p "$notes" && write_durably "$notes/$1" "$2"
}

noted() { # noted NAME [DEFAULT]
  local file=$notes/$1
  shift
  first_line "$file" "$@"
}

text_in_database() { # without zeros, of which free pages are full, and with which grep takes seconds for a megabyte
  tr -d '\0' 2>/dev/null <"$data/member/snap/db"
}

disk_id() { # tells this volume from an earlier one of the same member
  [ -s "$VOLUME/disk-id" ] || write_durably "$VOLUME/disk-id" "$(cat /proc/sys/kernel/random/uuid)" || return 1
  cat "$VOLUME/disk-id"
}

has_data() { # has_data ID: unreadable data counts as data, and ends the script
  local folder top
  top=$(data_of "$1")
  for folder in "$top" "$top/member" "$top/member/wal"; do
    if [ -d "$folder" ] && ! ls "$folder" >/dev/null 2>&1; then
      die "cannot read $folder: check its owner and the pod's runAsUser and fsGroup"
    fi
  done
  set -- "$top"/member/wal/*.wal
  [ -e "$1" ]
}

set_aside() { # set_aside WHY: renames the data directory, so that data is never partly gone
  local aside oldest most=1
  if [ "$1" = unusable ]; then most=0; fi
  until
    aside="$data.$1-$(date -u +%Y%m%d-%H%M%S)"
    ! [ -e "$aside" ]
  do sleep 1; done
  mv "$data" "$aside" || die "cannot rename $data to $aside"
  rm -rf "$notes"
  log "set the data aside: it is now in $aside"
  while [ "$(set_aside_before "$aside" "$1" | wc -l)" -gt "$most" ]; do
    oldest=$(set_aside_before "$aside" "$1" | sed -n 1p)
    log "removing $oldest: newer copies were set aside"
    rm -rf "$oldest"
  done
}

# set_aside_before FOLDER WHY: the others, the oldest first, whatever the clock did. Folders without a log are apart: they must not make
# data go.
set_aside_before() {
  find "$VOLUME" -maxdepth 1 -name "$(basename "$data").*-[0-9]*" | grep -vx "$1" |
    if [ "$2" = unusable ]; then grep '\.unusable-'; else grep -v '\.unusable-'; fi |
    sed 's/.*-\([0-9]*-[0-9]*\)$/\1 &/' | sort | cut -d' ' -f2 || true
}

restart_etcd() { # on the current data
  touch "$RUN/restart"
  if [ -e "$RUN/etcd-pid" ]; then kill -TERM "$(cat "$RUN/etcd-pid")" || true; fi
}

#!/bin/sh
# Sourced: the data of a member, and what is kept beside them in the volume. Data have an id: that of the restore they come
# from, or "-" for those of a first start.
#   data, data-ID              data directories of etcd, one for each id
#   data.notes, data-ID.notes  about each of them:
#     member-id                  hexadecimal id of the member whose data these are
#     etcd-version               the version that ran on them last
#     restored-from              sha256 of the snapshot that they come from
#     bootstrapping              the first start began, and no quorum was seen yet
#   data.WHY-TIME              data set aside, the newest two are kept
#   current-data               which of them this member runs on
#   prepared                   data of a restore, before all members change over to them

VOLUME=$(dirname "$ETCD_DATA_DIR")

data_of() { # data_of ID
  if [ "$1" = - ]; then echo "$VOLUME/data"; else echo "$VOLUME/data-$1"; fi
}

use_data() { # use_data ID: sets $data_id, $data and $notes
  data_id=$1
  data=$(data_of "$1")
  notes="$data.notes"
}

use_current_data() {
  use_data "$(cat "$VOLUME/current-data" 2>/dev/null || echo -)"
}

keep_data_id() { # from now on this member runs on these data
  echo "$data_id" >"$VOLUME/current-data.new"
  mv "$VOLUME/current-data.new" "$VOLUME/current-data"
}

start_again() { # etcd, on the current data
  touch "$RUN/again"
  if [ -e "$RUN/etcd-pid" ]; then kill -TERM "$(cat "$RUN/etcd-pid")" || true; fi
}

note() { # note NAME TEXT: never half written
  mkdir -p "$notes"
  echo "$2" >"$notes/$1.new"
  mv "$notes/$1.new" "$notes/$1"
}

has_data() { # has_data ID; data that can't be read are not none
  for folder in "$(data_of "$1")" "$(data_of "$1")/member/wal"; do
    if [ -d "$folder" ] && ! ls "$folder" >/dev/null 2>&1; then die "$folder cannot be read: see its owner, and the user and fsGroup of the pod"; fi
  done
  [ -n "$(find "$(data_of "$1")/member/wal" -name '*.wal' 2>/dev/null | head -n 1)" ]
}

set_aside() { # set_aside WHY: data that are of no use any more; a rename, so that nothing is ever half gone
  until
    aside="$data.$1-$(date -u +%Y%m%d-%H%M%S)"
    ! [ -e "$aside" ]
  do sleep 1; done
  mv "$data" "$aside"
  rm -rf "$notes"
  log "set aside: the data are now in $aside"
  set -- "$data".*-[0-9]*
  while [ $# -gt 2 ]; do
    oldest=$(printf '%s\n' "$@" | sed 's/.*-\([0-9]*-[0-9]*\)$/\1 &/' | sort | head -n 1 | cut -d' ' -f2)
    log "removing $oldest: of the data set aside the newest two are kept"
    rm -rf "$oldest"
    set -- "$data".*-[0-9]*
  done
}

minor_of() {
  echo "$1" | cut -d. -f2
}

raise_version() { # before etcd starts: from now on the data may be of this version; of a lower one only when etcd has served
  before=$(cat "$notes/etcd-version" 2>/dev/null || echo 3.0.0)
  if [ "$(minor_of "$MEMBER_VERSION")" -ge "$(minor_of "$before")" ]; then note etcd-version "$MEMBER_VERSION"; fi
}

# refuses_upgrade: says why this etcd must not start on the data, or nothing.
# Etcd goes up one minor at a time; 3.6 needs data that 3.5.26 or later has cleaned (etcd-io/etcd#20793). Going back is
# etcd's own affair: it can while not all members went up, and refuses by itself afterwards.
refuses_upgrade() {
  before=$(cat "$notes/etcd-version" 2>/dev/null || true)
  if [ -z "$before" ]; then
    if [ "$(minor_of "$MEMBER_VERSION")" -ge 6 ]; then
      echo "cannot tell which etcd wrote the data; run 3.5.26 or a later 3.5 on them first, then $MEMBER_VERSION"
    fi
    return
  fi
  steps=$(($(minor_of "$MEMBER_VERSION") - $(minor_of "$before")))
  if [ "$steps" -gt 1 ]; then
    echo "the data are of etcd $before, and $MEMBER_VERSION skips a minor version; go up one at a time"
  elif [ "$steps" -eq 1 ] && [ "$(minor_of "$before")" -eq 5 ] && [ "$(echo "$before" | cut -d. -f3)" -lt 26 ]; then
    echo "the data are of etcd $before; run 3.5.26 or a later 3.5 on them first, then $MEMBER_VERSION"
  fi
}

#!/bin/sh
# Sourced: where snapshots are kept: a folder, and optionally an rclone remote with copies.
# Names sort by time: db-YYYY-MM-DD_HH-MM.

snapshots_in() { # snapshots_in FOLDER: those with metadata, of the cluster $SNAPSHOT_CLUSTER if set; oldest first
  local facts file
  for facts in "$1"/db-[0-9]*_[0-9][0-9]-[0-9][0-9].json; do
    file=$(echo "$facts" | sed 's/\.json$//')
    if ! [ -e "$facts" ] || ! [ -e "$file" ]; then continue; fi
    cat "$facts" >/dev/null || return 1 # it may be the newest one
    if [ -z "$SNAPSHOT_CLUSTER" ] || [ "$(fact "$file" cluster)" = "$SNAPSHOT_CLUSTER" ]; then basename "$file"; fi
  done
}

clusters_in() { # clusters_in FOLDER: the clusters that its snapshots are from
  local listed
  for listed in $(snapshots_in "$1"); do fact "$1/$listed" cluster; done | sort -u
}

newest_in() { # newest_in FOLDER: name of the newest snapshot with metadata
  snapshots_in "$1" | tail -n 1
}

has_snapshot() { # has_snapshot FOLDER NAME
  snapshots_in "$1" | awk -v name="$2" '$0 == name { found = 1 } END { exit !found }'
}

# surplus LIMIT NAME OTHER: reads names and prints those to remove: all but the newest LIMIT. NAME, the new one, always counts as one of these.
# A snapshot that a restore needs is never removed, and neither is OTHER
surplus() {
  local asked
  asked=$(cat "$SETTINGS/restore-file") || return 1
  awk -v new="$2" -v asked="$asked" -v other="$3" '$0 != new && $0 != asked && $0 != other' | sort -r | tail -n +"$1" | sort
}

# newest_of_another FOLDER NAME: the newest snapshot there from other data than NAME's, or nothing: when all data was lost and an empty cluster
# has started, it is the only one that has the data
newest_of_another() {
  local listed names id other
  id=$(fact "$1/$2" clusterId) && names=$(snapshots_in "$1" | sort -r) && [ -n "$id" ] || return 1
  for listed in $names; do
    other=$(fact "$1/$listed" clusterId) || return 1
    if [ -n "$other" ] && [ "$other" != "$id" ]; then
      echo "$listed"
      return
    fi
  done
}

later_of() { # later_of NAME NAME
  printf '%s\n' "$@" | sort | tail -n 1
}

# --- the remote
has_remote() {
  [ -n "$REMOTE" ]
}

remote() { # remote COMMAND ARGUMENT...: rclone with limits; its own retries take a quarter of an hour
  # shellcheck disable=SC2086 # words without spaces
  rclone "$@" --contimeout=15s --low-level-retries=3 --retries=2 $REMOTE_OPTIONS
}

remote_has() { # remote_has NAME: whether a file name begins with NAME there; fails with 2 without an answer within 20 s
  local found
  # shellcheck disable=SC2086 # words without spaces
  found=$(timeout 20 rclone lsf --files-only --include "/$1*" "$REMOTE" --timeout=10s --low-level-retries=1 --retries=1 $REMOTE_OPTIONS) || return 2
  [ -n "$found" ]
}

list_remote() { # list_remote FOLDER: copies all metadata of the remote there, with an empty file for each snapshot
  local names file
  { rm -rf "$1" && mkdir -p "$1"; } || return 1
  names=$(remote lsf --files-only --include '/db-*' "$REMOTE") || return 1
  for file in $names; do
    case $file in
      *.json) ;;
      *) : >"$1/$file" || return 1 ;;
    esac
  done
  remote copy --include '/db-*[0-9].json' "$REMOTE" "$1"
}

fetch_from_remote() { # fetch_from_remote NAME FOLDER: the snapshot and its metadata
  mkdir -p "$2" || return 1
  remote copyto "$REMOTE/$1" "$2/$1" && remote copy --include "/$1.json" "$REMOTE" "$2"
}

#!/bin/sh
# Sourced: where snapshots are kept: a folder, and perhaps a remote of rclone's that has copies of them.
# Names sort by time: db-YYYY-MM-DD_HH-MM.

in_store() { # in_store FOLDER: snapshots with facts beside them, of this cluster where $SNAPSHOT_CLUSTER names it; oldest first
  for facts in "$1"/db-[0-9]*_[0-9][0-9]-[0-9][0-9].json; do
    file=$(echo "$facts" | sed 's/\.json$//')
    if ! [ -e "$facts" ] || ! [ -e "$file" ]; then continue; fi
    if [ -z "$SNAPSHOT_CLUSTER" ] || [ "$(fact "$file" cluster)" = "$SNAPSHOT_CLUSTER" ]; then basename "$file"; fi
  done
}

clusters_in() { # clusters_in FOLDER: whose snapshots are there
  for listed in $(in_store "$1"); do fact "$1/$listed" cluster; done | sort -u
}

newest_in() { # newest_in FOLDER: name of the newest snapshot with facts beside it
  in_store "$1" | tail -n 1
}

has_remote() {
  [ -n "$REMOTE" ]
}

remote() { # remote COMMAND ARGUMENT...: rclone, which by itself would try for a quarter of an hour
  # shellcheck disable=SC2086 # words without spaces
  rclone "$@" --contimeout=15s --low-level-retries=3 --retries=2 $REMOTE_OPTIONS
}

remote_facts() { # remote_facts FOLDER: copies all facts of the remote there, with an empty file for each snapshot
  rm -rf "$1"
  mkdir -p "$1"
  names=$(remote lsf --files-only --include '/db-*' "$REMOTE") || return 1
  for listed in $names; do
    case $listed in
      *.json) ;;
      *) : >"$1/$listed" ;;
    esac
  done
  remote copy --include '/db-*[0-9].json' "$REMOTE" "$1"
}

fetch_remote() { # fetch_remote NAME FOLDER: the snapshot and its facts
  mkdir -p "$2"
  remote copyto "$REMOTE/$1" "$2/$1" && remote copy --include "/$1.json" "$REMOTE" "$2"
}

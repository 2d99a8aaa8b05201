#!/bin/sh
# Sourced: disables authentication in restored data. Its users are those of the snapshot's time, and root can have had another password.
# etcd keeps the state in its database as the key authEnabled, which is followed by one byte, 1 or 0. Pages have no checksums.

disable_auth() { # disable_auth FOLDER: in the data of an etcd that does not run; also where set -e is off, it fails when a step fails
  local database="$1/member/snap/db" offset
  strings -n 11 -t d "$database" | awk '
    { number = $1; text = $0; sub(/^ *[0-9]+ /, "", text) }
    (at = index(text, "authEnabled")) && at + 10 == length(text) { print number + at + 10 }' >"$1.auth" || return 1
  while read -r offset <&7; do
    if [ "$(byte_at "$database" "$offset")" = 01 ]; then
      printf '\0' | dd of="$database" bs=1 seek="$offset" conv=notrunc 2>/dev/null || return 1
      [ "$(byte_at "$database" "$offset")" = 00 ] || return 1
    fi
  done 7<"$1.auth" || return 1
  rm "$1.auth"
}

byte_at() { # byte_at FILE OFFSET
  od -An -v -tx1 -j "$2" -N 1 "$1" | tr -d ' '
}

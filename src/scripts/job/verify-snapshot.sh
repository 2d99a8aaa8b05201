#!/bin/sh
# Sourced: verifies a snapshot. `etcdctl snapshot save` appends the sha256 of the database to the file, which
# `etcdutl snapshot restore` checks and `snapshot status` does not. The snapshot job writes metadata to FILE.json, one fact a
# line.

PAGE=4096 # a database is a whole number of pages, whose size is a multiple of this

fact() { # fact FILE KEY: from the metadata in FILE.json, or nothing
  [ -e "$1.json" ] || return 0
  sed -n 's/^ *"'"$2"'": "*\([^",]*\)"*,*$/\1/p' "$1.json"
}

is_sha256() { # is_sha256 TEXT
  case $1 in
    *[!0-9a-f]*) return 1 ;;
  esac
  [ "$(printf %s "$1" | wc -c)" = 64 ]
}

sha256_of() { # sha256_of [FILE]: of FILE or standard input; fails without a sum
  local sum
  sum=$(sha256sum "$@" | cut -d' ' -f1) || return 1
  is_sha256 "$sum" || return 1
  echo "$sum"
}

sum_at_end() { # sum_at_end FILE: the sum that etcd appended
  local sum
  sum=$(tail -c 32 "$1" | od -An -v -tx1 | tr -d ' \n') || return 1
  is_sha256 "$sum" || return 1
  echo "$sum"
}

database_sum() { # database_sum FILE SIZE: of FILE without the appended sum
  dd if="$1" bs=$PAGE count=$(($2 / PAGE)) 2>/dev/null | sha256_of
}

# verify_snapshot FILE: succeeds when it is a complete snapshot and matches its metadata; otherwise prints why it cannot be
# used. `counted` then returns what etcdutl counts in it.
verify_snapshot() {
  local name size
  name=$(basename "$1")
  size=$(stat -c %s "$1" 2>/dev/null) || size=''
  if ! is_number "$size"; then
    echo "$name does not exist"
  elif [ "$size" = 0 ]; then
    echo "$name is empty"
  elif [ $((size % PAGE)) != 32 ]; then
    echo "$name is truncated or not a snapshot: $size bytes are not a whole number of pages and a checksum"
  else
    has_right_sum "$1" "$size" && opens "$1" && return 0
  fi
  return 1
}

# One of the two sums is enough, because reading the file takes a while: the sum in the metadata was written after etcd's own
# sum was checked.
has_right_sum() { # has_right_sum FILE SIZE
  local name sum at_end
  name=$(basename "$1")
  sum=$(fact "$1" sha256)
  if [ -n "$sum" ] && [ "$sum" = "$(sha256_of "$1")" ]; then return 0; fi
  if ! at_end=$(sum_at_end "$1") || ! sum=$(database_sum "$1" "$2"); then
    echo "$name cannot be read"
  elif [ "$sum" != "$at_end" ]; then
    echo "$name does not match the sha256 at its end"
  elif [ -e "$1.json" ]; then
    echo "$name does not match the sha256 in $name.json"
  else
    return 0
  fi
  return 1
}

opens() { # opens FILE
  local key
  etcdutl snapshot status "$1" --write-out=json >"$TMP/status" 2>"$TMP/said" || {
    echo "etcdutl cannot open $(basename "$1"): $(tail -n 1 "$TMP/said")"
    return 1
  }
  for key in revision totalKey; do
    is_number "$(counted "$key")" || {
      echo "etcdutl does not report the $key of $(basename "$1")"
      return 1
    }
  done
}

counted() { # counted KEY: in the snapshot that was verified last
  sed -n 's/.*"'"$1"'":"*\([^,"}]*\).*/\1/p' "$TMP/status"
}

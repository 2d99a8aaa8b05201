#!/bin/sh
# Sourced: what proves a snapshot. `etcdctl snapshot save` appends the sha256 of the database to the file; that is what
# `etcdutl snapshot restore` checks, and `snapshot status` does not. Our jobs put FILE.json beside it, one value a line.

PAGE=4096 # a database is a whole number of pages, whose size is a multiple of this

fact() { # fact FILE KEY: from FILE.json
  sed -n 's/^ *"'"$2"'": "*\([^",]*\)"*,*$/\1/p' "$1.json" 2>/dev/null
}

sha256_of() {
  sha256sum "$1" | cut -d' ' -f1
}

is_as_proven() { # is_as_proven FILE: whether these are the bytes that were proven when the facts were written
  as_proven=''
  if [ -e "$1.json" ] && [ "$(fact "$1" sha256)" = "$(sha256_of "$1")" ]; then as_proven=yes; fi
  [ -n "$as_proven" ]
}

matches_its_end() { # matches_its_end FILE
  [ "$(tail -c 32 "$1" | od -An -v -tx1 | tr -d ' \n')" = "$(dd if="$1" bs=$PAGE count=$((size / PAGE)) 2>/dev/null | sha256sum | cut -d' ' -f1)" ]
}

# snapshot_problem FILE: why it is no snapshot to rely on, or nothing; then $status has what etcdutl counts in it
snapshot_problem() {
  name=$(basename "$1")
  size=$(stat -c %s "$1" 2>/dev/null) || size=
  if [ -z "$size" ]; then
    echo "$name is not there"
  elif [ "$size" = 0 ]; then
    echo "$name is empty"
  elif [ $((size % PAGE)) != 32 ]; then
    echo "$name is cut off, or no snapshot: $size bytes are not a whole number of pages and a checksum"
  elif ! is_as_proven "$1" && ! matches_its_end "$1"; then # one of them: to read it all takes a while
    echo "$name does not match the sha256 at its end"
  elif [ -e "$1.json" ] && [ -z "$as_proven" ]; then
    echo "$name does not match the sha256 in $name.json"
  elif ! etcdutl snapshot status "$1" --write-out=json >"$TMP/status" 2>"$TMP/said"; then
    echo "etcdutl cannot open $name: $(tail -n 1 "$TMP/said")"
  fi
}

counted() { # counted KEY: of the snapshot that was proven last
  sed -n 's/.*"'"$1"'":"*\([^,"}]*\).*/\1/p' "$TMP/status"
}

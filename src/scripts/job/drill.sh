#!/bin/sh
# A restore drill: restores the newest snapshot into scratch space, starts an etcd of one member on it, reads everything
# back, and writes the outcome beside the snapshot. Fails where a restore would.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/proof.sh"
. "$here/store.sh"
. "$here/status.sh"
. "$here/announce.sh"
. "$here/space.sh"

started=$(date +%s)
scratch="$TMP/drill"
url=http://127.0.0.1:12379
etcd=''
trap 'log "stopped before the end"; [ -z "$etcd" ] || kill "$etcd" 2>/dev/null || true; exit 143' TERM
rm -rf "$scratch"
mkdir -p "$scratch"

write_outcome() { # write_outcome passed|failed WHY
  outcome="$scratch/$name.drill.json"
  {
    echo '{'
    echo "  \"outcome\": \"$1\","
    echo "  \"why\": \"$(echo "$2" | sed 's/[\\"]//g')\","
    echo "  \"at\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\","
    echo "  \"durationSeconds\": $(($(date +%s) - started)),"
    echo "  \"revision\": $3,"
    echo "  \"keys\": $4,"
    echo "  \"hash\": $5"
    echo '}'
  } >"$outcome"
  if has_remote; then
    remote copyto "$outcome" "$REMOTE/$name.drill.json" || log "error: the outcome could not be written to $REMOTE"
  else
    { cp "$outcome" "$SNAPSHOT_DIRECTORY/.drill-$name.json" && mv "$SNAPSHOT_DIRECTORY/.drill-$name.json" "$SNAPSHOT_DIRECTORY/$name.drill.json"; } ||
      log "error: the outcome could not be written to $SNAPSHOT_DIRECTORY"
  fi
}

fail() {
  [ -z "$etcd" ] || kill "$etcd" 2>/dev/null || true
  write_outcome failed "$1" 0 0 0
  die "the drill failed: $1"
}

name_snapshot() { # sets $name and $file
  if has_remote; then
    remote_facts "$TMP/remote" || die "the drill failed: rclone cannot list $REMOTE"
    name=$(newest_in "$TMP/remote")
  else
    name=$(newest_in "$SNAPSHOT_DIRECTORY")
  fi
  [ -n "$name" ] || die "the drill failed: there is no proven snapshot of this cluster"
  file="$SNAPSHOT_DIRECTORY/$name"
  if has_remote; then
    file="$scratch/$name"
    fetch_remote "$name" "$scratch" || fail "rclone cannot fetch $name from $REMOTE"
  fi
}

check_age() {
  taken=$(date -u -d "$(echo "$name" | sed 's/^db-//; s/_/ /; s/\(..\)-\(..\)$/\1:\2/')" +%s)
  age=$((started - taken))
  [ "$age" -ge -300 ] || fail "the newest snapshot, $name, is from the future: a clock is or was wrong"
  [ "$age" -le "$MAXIMUM_AGE_SECONDS" ] || fail "the newest snapshot, $name, is $age s old, and at most $MAXIMUM_AGE_SECONDS s are allowed"
}

start_etcd() {
  # Nothing of the cluster's environment: this is another etcd.
  for variable in $(env | sed -n 's/^\(ETCD_[A-Z_]*\)=.*/\1/p'); do unset "$variable"; done
  etcd --name drill --data-dir "$scratch/data" --listen-client-urls "$url" --advertise-client-urls "$url" \
    --listen-peer-urls http://127.0.0.1:12380 --initial-advertise-peer-urls http://127.0.0.1:12380 \
    --initial-cluster drill=http://127.0.0.1:12380 --quota-backend-bytes "$QUOTA_BYTES" >"$scratch/log" 2>&1 &
  etcd=$!
  until etcdctl --endpoints "$url" --command-timeout=5s endpoint health >"$TMP/said" 2>&1 || grep -q "$IS_FULL" "$TMP/said"; do
    kill -0 "$etcd" 2>/dev/null || fail "etcd does not start on the restored data: $(tail -n 1 "$scratch/log")"
    sleep 1
  done
  cat "$TMP/said"
}

read_back() { # sets $revision, $keys and $hash, from everything that can be read
  member_status "$url" 60s || fail "no status"
  revision=$(value Revision)
  keys=$(key_count --endpoints "$url") || fail "keys can't be counted"
  [ -n "$keys" ] || fail "keys can't be counted"
  hash=$(etcdctl --endpoints "$url" --command-timeout=300s endpoint hashkv --write-out=json | sed -n 's/.*"hash":\([0-9]*\).*/\1/p') || fail "no hash over all keys"
  [ -n "$hash" ] || fail "no hash over all keys"
}

announce drill &
name_snapshot
log "drill with $name"
problem=$(snapshot_problem "$file")
[ -z "$problem" ] || fail "$problem"
check_age
etcdutl snapshot restore "$file" --data-dir "$scratch/data" --name drill --initial-cluster drill=http://127.0.0.1:12380 \
  --initial-advertise-peer-urls http://127.0.0.1:12380 >"$TMP/said" 2>&1 || fail "etcdutl refuses it: $(tail -n 1 "$TMP/said")"
start_etcd
read_back
kill "$etcd"
[ "$revision" -ge "$(fact "$file" revision)" ] || fail "the restored cluster is at revision $revision, and the snapshot at $(fact "$file" revision)"
[ "$keys" -ge "$MINIMUM_KEYS" ] || fail "the restored cluster has $keys keys, and at least $MINIMUM_KEYS are expected"
write_outcome passed '' "$revision" "$keys" "$hash"
log "drill passed: $name restores to $keys keys at revision $revision, hash $hash, in $(($(date +%s) - started)) s"

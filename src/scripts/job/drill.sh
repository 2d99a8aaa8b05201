#!/bin/sh
# Restore drill: restores the newest snapshot into scratch space, starts a temporary etcd with it, reads all keys
# back, and writes the outcome next to the snapshot. Fails when a restore would.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/verify-snapshot.sh"
. "$here/store.sh"
. "$here/messages.sh"
. "$here/member-status.sh"
. "$here/announce.sh"
. "$here/interruptible.sh"
. "$here/space.sh"
. "$here/disable-auth.sh"

started=$(date +%s)
scratch="$TMP/drill"
url=http://127.0.0.1:12379
export AUTH=off # of this etcd
peer_url=http://127.0.0.1:12380
name='' # of the snapshot
file='' # where it is

terminate() {
  log "stopped before it was complete"
  kill_child
  exit 143
}
trap terminate TERM

# write_outcome passed|failed WHY REVISION KEYS HASH: next to the snapshot. Best effort: the status of this job says the same.
write_outcome() {
  local outcome="$scratch/$name.drill.json"
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
    remote copyto "$outcome" "$REMOTE/$name.drill.json" || log "warning: the outcome could not be written to $REMOTE"
  else
    { cp "$outcome" "$SNAPSHOT_DIRECTORY/.drill-$name.json" && mv "$SNAPSHOT_DIRECTORY/.drill-$name.json" "$SNAPSHOT_DIRECTORY/$name.drill.json"; } ||
      log "warning: the outcome could not be written to $SNAPSHOT_DIRECTORY"
  fi
}

fail() { # fail WHY: once the snapshot is known
  kill_child
  write_outcome failed "$1" 0 0 0
  die "the drill failed: $1"
}

find_snapshot() { # sets $name and $file
  if has_remote; then
    list_remote "$TMP/remote" || die "the drill failed: rclone cannot list $REMOTE"
    name=$(newest_in "$TMP/remote")
  else
    name=$(newest_in "$SNAPSHOT_DIRECTORY")
  fi
  [ -n "$name" ] || die "the drill failed: there is no verified snapshot of this cluster"
  file="$SNAPSHOT_DIRECTORY/$name"
  if has_remote; then
    file="$scratch/$name"
    fetch_from_remote "$name" "$scratch" || fail "rclone cannot fetch $name from $REMOTE"
  fi
}

check_age() {
  local taken age
  taken=$(date -u -d "$(echo "$name" | sed 's/^db-//; s/_/ /; s/\(..\)-\(..\)$/\1:\2/')" +%s) || fail "the name $name has no time"
  age=$((started - taken))
  [ "$age" -ge -300 ] || fail "the newest snapshot, $name, is from the future: a clock is or was wrong"
  [ "$age" -le "$MAXIMUM_AGE_SECONDS" ] || fail "the newest snapshot, $name, is $age s old; at most $MAXIMUM_AGE_SECONDS s are allowed"
}

restore() {
  etcdutl snapshot restore "$file" --data-dir "$scratch/data" --name drill --initial-cluster "drill=$peer_url" \
    --initial-advertise-peer-urls "$peer_url" >"$TMP/said" 2>&1 || fail "etcdutl refuses it: $(why_not)"
  # etcd would also start with an empty folder.
  [ -d "$scratch/data/member" ] || fail "etcdutl restored no data from it"
}

run_etcd() {
  etcd --name drill --data-dir "$scratch/data" --listen-client-urls "$url" --advertise-client-urls "$url" \
    --listen-peer-urls "$peer_url" --initial-advertise-peer-urls "$peer_url" \
    --initial-cluster "drill=$peer_url" --quota-backend-bytes "$QUOTA_BYTES" >"$scratch/log" 2>&1 &
  child=$!
}

start_etcd() {
  local variable
  # Without the environment of the cluster's members: this is another etcd.
  for variable in $(env | sed -n 's/^\(ETCD_[A-Z_]*\)=.*/\1/p'); do unset "$variable"; done
  run_etcd
  until is_healthy "$url"; do
    kill -0 "$child" 2>/dev/null || fail "etcd does not start on the restored data: $(tail -n 1 "$scratch/log")"
    if grep -q 'user name is empty' "$TMP/said"; then # a drill knows no password
      kill_child
      wait "$child" || true
      disable_auth "$scratch/data"
      run_etcd
    fi
    sleep 1
  done
  cat "$TMP/said"
}

hash_of_keys() { # hash_of_keys ENDPOINT: over all keys and values
  local hash
  hash=$(etcdctl --endpoints "$1" --command-timeout=300s endpoint hashkv --write-out=json 2>"$TMP/said" | sed -n 's/.*"hash":\([0-9]*\).*/\1/p') || return 1
  is_number "$hash" || return 1
  echo "$hash"
}

read_back() { # reads all keys; sets $revision, $keys and $hash
  member_status "$url" 60s || fail "the restored etcd does not report its status: $(why_not)"
  revision=$(value Revision)
  keys=$(key_count "$url") || fail "the keys cannot be counted: $(why_not)"
  hash=$(hash_of_keys "$url") || fail "no hash over all keys: $(why_not)"
}

check_contents() { # against the metadata of the snapshot and the settings of the drill
  local expected
  expected=$(fact "$file" revision)
  is_number "$expected" || fail "the metadata of $name has no revision"
  [ "$revision" -ge "$expected" ] || fail "the restored cluster is at revision $revision, but the snapshot at $expected"
  [ "$keys" -ge "$MINIMUM_KEYS" ] || fail "the restored cluster has $keys keys; at least $MINIMUM_KEYS are expected"
}

rm -rf "$scratch"
mkdir -p "$scratch"
announce drill
find_snapshot
log "drill with $name"
problem=$(verify_snapshot "$file") || fail "$problem"
check_age
restore
start_etcd
read_back
kill "$child"
check_contents
write_outcome passed '' "$revision" "$keys" "$hash"
log "drill passed: $name restores to $keys keys at revision $revision, hash $hash, in $(($(date +%s) - started)) s"

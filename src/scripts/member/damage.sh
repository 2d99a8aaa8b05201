#!/bin/sh
# Sourced after data.sh: tells damaged data from other reasons why etcd does not start.

ends_too_soon() { # whether etcd exited three times in a row before it served
  [ "$(cat "$RUN/ends" 2>/dev/null || echo 0)" -ge 3 ]
}

count_end() {
  echo $(($(cat "$RUN/ends" 2>/dev/null || echo 0) + 1)) >"$RUN/ends"
}

forget_ends() {
  rm -f "$RUN/ends"
}

# damage_of FOLDER ETCD-ARGUMENT...: etcd's error when it fails with this data but starts with an empty folder. Nothing when it starts with
# the data, or with neither: then the data is not to blame, and the log has the error.
damage_of() {
  local folder=$1 said otherwise empty="$VOLUME/empty"
  shift
  said=$(last_words "$folder" "$@")
  [ -n "$said" ] || return 0
  rm -rf "$empty"
  otherwise=$(last_words "$empty" "$@")
  rm -rf "$empty"
  if [ -z "$otherwise" ]; then
    echo "$said"
  else
    log "etcd does not start without this data either: $otherwise"
  fi
}

# last_words FOLDER ETCD-ARGUMENT...: runs etcd there for some seconds, unreachable for others; its last error, or nothing when it keeps running
last_words() {
  local pid status=0 tries=40 said="$RUN/tried"
  (
    export ETCD_DATA_DIR="$1" ETCD_INITIAL_CLUSTER_STATE=new ETCD_INITIAL_CLUSTER="$ETCD_NAME=http://127.0.0.1:12380"
    export ETCD_INITIAL_ADVERTISE_PEER_URLS=http://127.0.0.1:12380 ETCD_LISTEN_PEER_URLS=http://127.0.0.1:12380
    export ETCD_LISTEN_CLIENT_URLS=http://127.0.0.1:12379 ETCD_ADVERTISE_CLIENT_URLS=http://127.0.0.1:12379
    export ETCD_LISTEN_METRICS_URLS=http://127.0.0.1:12381
    shift
    exec etcd "$@"
  ) >"$said" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$tries" = 0 ]; then
      kill -KILL "$pid"
      wait "$pid" || true
      return 0
    fi
    tries=$((tries - 1))
    sleep 0.25
  done
  wait "$pid" || status=$?
  if [ "$status" = 137 ]; then return; fi # killed from outside
  { grep -e '"level":"fatal"' -e '"level":"panic"' -e '^panic: ' -e '^fatal error: ' "$said" || cat "$said"; } | tail -n 1 |
    sed 's/.*"msg":"\([^"]*\)".*"error":"\([^"]*\)".*/\1: \2/; s/.*"msg":"\([^"]*\)".*/\1/' | cut -c1-200
}

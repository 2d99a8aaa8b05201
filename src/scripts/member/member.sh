#!/bin/sh
# Runs a member: tells the others about this one, agrees with them, then runs etcd; again, when it changes to other data.
set -eu
here=$(dirname "$0")
. "$here/log.sh"
. "$here/phase.sh"
. "$here/data.sh"

rm -rf "$RUN/leaving" "$RUN/again" "$RUN/restarted" "$RUN/etcd-pid" "$RUN"/left.* "$RUN"/survey.* "$RUN/public"
echo $$ >"$RUN/pid"
mkdir -p "$RUN/public/cgi-bin" "$RUN/addresses"
cp "$here/phase.cgi.sh" "$RUN/public/cgi-bin/hello"
chmod 0755 "$RUN/public/cgi-bin/hello"
export ETCD_INITIAL_CLUSTER_TOKEN="$CLUSTER_SEED"
use_current_data
set_phase starting
httpd -p "$PHASE_PORT" -h "$RUN/public"

keep_running() { # keep_running PROCESS SCRIPT [ARGUMENT]: until the process has ended
  while kill -0 "$1" 2>/dev/null; do
    sh "$here/$2" "$1" || log "error: $2 ended; starting it again"
    sleep 1
  done
}

agree() { # returns when etcd may start
  # As process 1 the shell would ignore the signal to stop: it must listen for it while it waits for the others.
  trap 'log "told to stop before etcd was started"; exit 0' TERM
  sh "$here/agree.sh" &
  wait $!
  # shellcheck source=/dev/null
  . "$RUN/initial"
}

run_etcd() { # run_etcd ARGUMENT...: the shell stays process 1: it buries the orphans that httpd and timeout leave
  status=1
  ETCD_DATA_DIR=$data etcd "$@" &
  etcd=$!
  trap 'kill -TERM "$etcd"' TERM
  echo "$etcd" >"$RUN/etcd-pid"
  if [ -e "$RUN/again" ]; then kill -TERM "$etcd"; fi # asked for too early to see it
  keep_running "$etcd" watch-member.sh &
  while kill -0 "$etcd" 2>/dev/null; do
    status=0
    wait "$etcd" || status=$? # hooks write to this process's standard error: it must stay the pod's log
  done
  case $status in
    0 | 143) ;; # as it was told to
    *) log "etcd ended with status $status" ;;
  esac
  rm "$RUN/etcd-pid"
}

keep_running $$ restore-member.sh &
while :; do
  agree
  rm -f "$RUN/again"
  use_current_data
  # shellcheck disable=SC2154 # comes from $RUN/initial
  [ "$agreed" = "$data_id" ] || continue # changed over in between
  raise_version
  if [ -e "$notes/force-new-cluster" ]; then
    rm "$notes/force-new-cluster"
    log "starting as the only member of the cluster, as asked for by recover-quorum.sh"
    run_etcd "$@" --force-new-cluster
  else
    run_etcd "$@"
  fi
  [ -e "$RUN/again" ] || exit "$status"
done

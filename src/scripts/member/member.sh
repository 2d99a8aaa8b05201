#!/bin/sh
# Process 1 of a member's pod: publishes the member's phase, agrees with the others how it starts (agree.sh), and runs etcd; again when
# it switches to other data. restore-member.sh runs all the time, watch-member.sh while etcd runs.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/messages.sh"
. "$here/phase.sh"
. "$here/versions.sh"
. "$here/identity.sh"
. "$here/transport.sh"
. "$here/certificates.sh"
. "$here/damage.sh"

# --- state of the container; `force-new-cluster`, `ends` and `attempt.*` outlive it, as state of the pod
rm -rf "$RUN/leaving" "$RUN/restart" "$RUN/restarted" "$RUN/served" "$RUN/begin-again" "$RUN/etcd-pid" "$RUN"/left.* "$RUN"/silent.* "$RUN/calls" "$RUN"/heard.* "$RUN"/answers.* "$RUN/public" "$RUN/start"
echo $$ >"$RUN/pid"
serve_program phase.cgi.sh hello
use_current_data
publish protocol "protocol $PROTOCOL"
publish_scheme -
write_cas client
if [ "$AUTH" != off ]; then publish auth "auth new"; fi
note_message_key
set_phase starting
httpd -p "$PHASE_PORT" -h "$RUN/public"

stop_when_told() {
  # Process 1 ignores SIGTERM unless it has a trap.
  trap 'log "stopped before etcd was started"; exit 0' TERM
}

refuse_if_foreign() { # does not return when this pod is not the member that its manifests describe
  local reason
  reason=$(why_foreign)
  [ -n "$reason" ] || return 0
  log "refusing to start: $reason"
  while :; do
    set_phase refusing "$reason"
    sleep 5 &
    wait $!
  done
}

keep_running() { # keep_running PROCESS SCRIPT [ARGUMENT]: until the process has ended
  while kill -0 "$1" 2>/dev/null; do
    sh "$here/$2" "$1" || log "error: $2 exited; restarting it"
    sleep 1
  done
}

agree() { # agree ETCD-ARGUMENT...: returns when etcd may start; how is in $RUN/start
  stop_when_told
  sh "$here/agree.sh" "$@" &
  wait $!
}

etcd_with() { # etcd_with ARGUMENT...: etcd itself, with the variables in $RUN/start
  local name value
  # shellcheck disable=SC2031 # this is a process of its own
  export ETCD_DATA_DIR="$data"
  # Without one of these, etcd would take a default: a new cluster, or one of its own.
  for name in LISTEN_PEER_URLS INITIAL_ADVERTISE_PEER_URLS INITIAL_CLUSTER_STATE INITIAL_CLUSTER INITIAL_CLUSTER_TOKEN; do
    [ -s "$RUN/start/ETCD_$name" ] || die "$RUN/start/ETCD_$name is missing or empty, so etcd must not start"
  done
  for name in "$RUN"/start/ETCD_*; do
    value=$(cat "$name")
    export "$(basename "$name")=$value"
  done
  exec etcd "$@"
}

run_etcd() { # run_etcd ARGUMENT...: sets $status. The shell stays process 1 and reaps the orphans of httpd and timeout
  local etcd
  status=1
  rm -f "$RUN/served" "$RUN"/traffic.*
  etcd_with "$@" &
  etcd=$!
  trap 'kill -TERM "$etcd" 2>/dev/null || true' TERM
  echo "$etcd" >"$RUN/etcd-pid"
  if [ -e "$RUN/restart" ]; then kill -TERM "$etcd"; fi # the request came before etcd started
  keep_running "$etcd" watch-member.sh &
  while kill -0 "$etcd" 2>/dev/null; do
    status=0
    wait "$etcd" || status=$? # hooks write to the standard error of this process: it must stay the pod's log
  done
  rm -f "$RUN/etcd-pid"
}

# ended_too_soon: whether etcd exited by itself with data before it served: the data may be damaged. kubelet deals with other exits, such as 137, which
# is killed.
ended_too_soon() {
  case $status in
    0 | 143) return 1 ;; # stopped by SIGTERM
  esac
  log "etcd exited with status $status"
  [ "$status" != 137 ] && ! [ -e "$RUN/served" ] && [ "$(cat "$RUN/start/ETCD_INITIAL_CLUSTER_STATE")" = existing ] && ! ends_too_soon
}

stop_when_told
refuse_if_foreign
use_version_of_image
if id=$(disk_id); then publish disk "disk $id"; else log "cannot write to the volume, so its disk has no id"; fi
keep_running $$ restore-member.sh &
while :; do
  agree "$@"
  rm -f "$RUN/restart"
  use_current_data
  [ "$(cat "$RUN/start/data-id")" = "$data_id" ] || continue # switched in between
  note_owner
  note_version
  write_cas server peer client
  publish_scheme "$(peer_scheme)"
  if [ -e "$RUN/force-new-cluster" ]; then
    rm "$RUN/force-new-cluster"
    log "starting as the only member of the cluster, because recover-quorum.sh asked for it"
    run_etcd "$@" --force-new-cluster
  else
    run_etcd "$@"
  fi
  publish_scheme -
  if [ -e "$RUN/restart" ]; then continue; fi
  ended_too_soon || {
    explained=yes # by etcd
    exit "$status"
  }
  count_end
  sleep 1
done

#!/bin/sh
# shellcheck disable=SC2154 # $data_id and $notes are set by data.sh
# Sourced: etcd's own member list. A line is "id, status, name, peer URLs, client URLs, is learner"; a member that was
# added and has not started yet has no name, so members are told apart by the host in their peer URL.

members_at() { # members_at ENDPOINT: "id name is-learner ran-or-new" a line; linearizable, so a stale minority can't answer
  etcdctl --endpoints "$1" --dial-timeout=2s --command-timeout=5s member list |
    awk -F', ' '{ host = $4; sub(/^[a-z]+:\/\//, "", host); sub(/[.:].*/, "", host); print $1, host, $6, ($5 == "" ? "new" : "ran") }'
}

id_in() { # id_in LIST MEMBER: its id
  echo "$1" | awk -v name="$2" '$2 == name { print $1 }'
}

# starts_first LIST: another member that has never run and is about to, and has a lower ordinal, or nothing; after survey.
# Two of etcd 3.5 that join at once ask each other for a version, before they answer that, and wait for ever.
starts_first() {
  echo "$1" | sed -n 's/^[^ ]* \([^ ]*\) [^ ]* new$/\1/p' | while read -r name; do
    [ "$(ordinal_of "$name")" -lt "$(ordinal_of "$POD_NAME")" ] || continue
    case $(answer_of "$name" 2>/dev/null) in
      starting* | fresh* | joining*) echo "$name" ;;
    esac
  done | head -n 1
}

# shellcheck disable=SC2034 # the reason is for the caller
join_cluster() { # join_cluster MEMBER: through a ready member; leaves $RUN/initial, or says in $reason why not yet
  via=$(client_url "$1")
  list=$(members_at "$via") || list=
  if [ -z "$list" ]; then
    reason="$1 is ready, but does not tell its member list"
    return 1
  fi
  # An entry without client URLs has never run (etcd tells by the same): it is still this member's to take.
  if echo "$list" | grep -q "^[^ ]* $POD_NAME [^ ]* new\$"; then
    before=$(starts_first "$list")
    if [ -n "$before" ]; then
      reason="$before has never run either, and starts first"
      return 1
    fi
    cluster=$(echo "$list" | while read -r _ name _; do echo "$name=$(peer_url "$name")"; done | paste -sd, -)
    start_with existing "$cluster"
    return
  fi
  for stale in $(id_in "$list" "$POD_NAME"); do
    log "removing the entry $stale of this name: its data are not here any more"
    etcdctl --endpoints "$via" --command-timeout=5s member remove "$stale" >&2 || {
      reason="$1 refuses to remove the entry $stale of this name"
      return 1
    }
  done
  if ! added=$(etcdctl --endpoints "$via" --command-timeout=5s member add "$POD_NAME" --learner --peer-urls="$(peer_url "$POD_NAME")" 2>&1); then
    reason="$1 does not add a learner yet: $(echo "$added" | tail -n 1 | sed 's/.*"error":"\([^"]*\)".*/\1/')"
    return 1
  fi
  rm -f "$notes/bootstrapping"
  cluster=$(echo "$added" | sed -n 's/^ETCD_INITIAL_CLUSTER="\(.*\)"$/\1/p')
  start_with existing "$cluster"
}

start_with() { # start_with STATE INITIAL_CLUSTER: what etcd is started with, on the current data
  printf 'agreed=%s\nexport ETCD_INITIAL_CLUSTER_STATE=%s\nexport ETCD_INITIAL_CLUSTER="%s"\n' "$data_id" "$1" "$2" >"$RUN/initial"
}

initial_cluster() { # initial_cluster COUNT: of a first start
  for ordinal in $(seq 0 $(($1 - 1))); do
    echo "$CLUSTER_NAME-$ordinal=$(peer_url "$CLUSTER_NAME-$ordinal")"
  done | paste -sd, -
}

#!/bin/sh
# shellcheck disable=SC2154,SC2034 # $data_id is set by data.sh; $local_url and $reason are for who sources this
# Sourced: etcd's member list. A line of etcdctl is "id, status, name, peer URLs, client URLs, is learner". A member that was
# added and has not run yet has no name, so members are identified by the host in their peer URL.

local_url="$(client_scheme "$TLS")://127.0.0.1:$CLIENT_PORT"

# members_at ENDPOINT: lines of "ID MEMBER IS-LEARNER ran|new PEER-URL"; linearizable, so that a minority cannot answer. A list with a host of
# another domain is that of another cluster, and counts as no answer.
members_at() {
  etcdctl --endpoints "$1" --dial-timeout=2s --command-timeout=5s member list |
    awk -F', ' -v services=".$MEMBER_DOMAIN" -v pods=".$POD_DOMAIN" -v own="^$CLUSTER_NAME-[0-9]+\$" '
      function is_below(host, domain) { return length(host) > length(domain) && substr(host, length(host) - length(domain) + 1) == domain }
      {
        member = ""; url = $4; sub(/,.*/, "", url); host = url; sub(/^[a-z]+:\/\//, "", host); sub(/:[0-9]+$/, "", host)
        if (is_below(host, pods)) member = substr(host, 1, length(host) - length(pods))
        else if (is_below(host, services)) member = substr(host, 1, length(host) - length(services))
        if (member !~ own) foreign = 1
        lines = lines $1 " " member " " $6 " " ($5 == "" ? "new" : "ran") " " url "\n"
      }
      END { if (foreign || lines == "") exit 1; printf "%s", lines }'
}

refuses_login() { # refuses_login ERROR: etcd with authentication enabled returns no member list without a password
  echo "$1" | grep -q -e 'user name is empty' -e 'permission denied'
}

id_in() { # id_in LIST MEMBER: its id
  echo "$1" | awk -v name="$2" '$2 == name { print $1 }'
}

voters_in() { # voters_in LIST: their names
  echo "$1" | awk '$3 == "false" { print $2 }'
}

is_learner_in() { # is_learner_in LIST ID
  [ "$(echo "$1" | awk -v id="$2" '$1 == id { print $3 }')" = true ]
}

others_in() { # others_in LIST: names of all but this member
  echo "$1" | awk -v me="$POD_NAME" '$2 != me { print $2 }'
}

ask_etcd() { # ask_etcd MEMBER ARGUMENT...: runs etcdctl against that member
  local member=$1
  shift
  etcdctl --endpoints "$(client_url "$member")" --dial-timeout=2s --command-timeout=5s "$@"
}

set_peer_url() { # set_peer_url ENDPOINT LIST SCHEME: of this member, in the member list
  etcdctl --endpoints "$1" --dial-timeout=2s --command-timeout=5s \
    member update "$(id_in "$2" "$POD_NAME")" --peer-urls="$(peer_url "$3" "$POD_NAME")" >&2
}

# move_leadership LIST MEMBER...: to the first of these that etcd accepts, and prints its name; nothing when this member is not the leader
move_leadership() {
  local target list=$1
  shift
  is_leader_here || return 0
  for target in "$@"; do
    if etcdctl --endpoints "$local_url" --command-timeout=5s move-leader "$(id_in "$list" "$target")" >/dev/null 2>&1; then
      echo "$target"
      return
    fi
  done
}

has_active_peer() { # has_active_peer METRICS ID; sed reads everything, and grep -q would break the pipe
  [ -n "$(echo "$1" | sed -n "/^etcd_network_active_peers{.*Remote=\"$2\"} [1-9]\$/p")" ]
}

# connection_to ID MEMBER: writes to $RUN/connection what a member says of its connection to the member with this id: whether it is the
# leader, etcd's gauge, and the bytes that it received
connection_to() {
  fetch_to "$RUN/metrics" "http://$(host_that_answered "$2").:$METRICS_PORT/metrics" &&
    awk -v gauge="Remote=\"$1\"}" -v bytes="etcd_network_peer_received_bytes_total{From=\"$1\"}" '
      BEGIN { active = 0; received = "-" }
      $1 == "etcd_server_is_leader" { leader = $2 }
      index($1, "etcd_network_active_peers{") == 1 && index($1, gauge) { active = $2 }
      $1 == bytes { received = $2 }
      END { if (leader == "") exit 1; print leader, active, received }' "$RUN/metrics" >"$RUN/connection"
}

# is_gone ID MEMBER...: whether no pod runs as the member with this id any longer, according to these ready members; otherwise sets $reason.
# etcd's gauge can stay at 1 when a member is gone, and at 0 while it is connected. What counts is whether bytes arrive. The leader
# receives some in each heartbeat interval, which is at most 10 s; other members may receive none.
is_gone() {
  local id=$1 member leader='' may_run='' leads active received before since
  shift
  reason="no member is ready"
  [ $# -gt 0 ] || return 1
  reason=''
  for member in "$@"; do
    if ! connection_to "$id" "$member" || ! read -r leads active received <"$RUN/connection"; then
      reason="$member does not say whether it is connected to member $id, which has the same name"
      return 1
    fi
    if ! { read -r before since <"$RUN/heard.$member.$id"; } 2>/dev/null; then
      reason="asking $member again whether it is connected to member $id, which has the same name"
    elif [ "$received" != "$before" ]; then
      reason="member $id, which has the same name, is connected to $member: another pod runs as $POD_NAME"
    else
      if [ "$active" != 0 ]; then
        may_run=$member
        [ "$(seconds_since "$since")" -ge 10 ] || reason="$member has received nothing from member $id, which has the same name, for less than 10 s"
      fi
      if [ "$leads" = 1 ]; then leader=$member; fi
      continue
    fi
    if ! echo "$received $(now)" >"$RUN/heard.$member.$id"; then reason="cannot write to $RUN"; fi
  done
  if [ -z "$reason" ] && [ -n "$may_run" ] && [ -z "$leader" ]; then
    reason="$may_run may be connected to member $id, which has the same name, and the leader does not answer"
  fi
  [ -z "$reason" ]
}

# join_cluster MEMBER: joins through a ready member; writes to $RUN/start how etcd starts, or to $reason why it cannot join yet
join_cluster() {
  local list entry cluster
  reason=''
  if ! list=$(members_at "$(client_url "$1")"); then
    reason="$1 is ready but does not return its member list"
    return 1
  fi
  entry=$(echo "$list" | awk -v me="$POD_NAME" '$2 == me')
  # Only a learner's entry can be reused: a voting member without a name may have voted, and lost its disk since.
  case $entry in
    *" true new "*)
      cluster=$(echo "$list" | awk '{ printf "%s%s=%s", separator, $2, $5; separator = "," }')
      ;;
    *)
      if [ -n "$entry" ]; then remove_entry "$1" "$(id_in "$list" "$POD_NAME")" || return 1; fi
      cluster=$(add_learner "$1" "$list") || {
        reason=$cluster
        return 1
      }
      ;;
  esac
  start_with existing "$cluster" ""
}

remove_entry() { # remove_entry MEMBER ID: removes the member of this name, whose data is no longer here
  # shellcheck disable=SC2046,SC2086 # names without spaces
  is_gone "$2" $(ready_of $everyone) || return 1
  log "removing the old entry $2 of $POD_NAME from the member list: its data is gone"
  if ! ask_etcd "$1" member remove "$2" >&2; then
    reason="$1 refuses to remove the old entry $2 of $POD_NAME"
    return 1
  fi
}

add_learner() { # add_learner MEMBER LIST: prints the initial cluster; or fails, and prints why not yet
  local said
  if said=$(ask_etcd "$1" member add "$POD_NAME" --learner --peer-urls="$(peer_url "$(wanted_scheme)" "$POD_NAME")" 2>&1); then
    echo "$said" | sed -n 's/^ETCD_INITIAL_CLUSTER="\(.*\)"$/\1/p'
    return
  fi
  echo "$1 does not add a learner yet: $(echo "$said" | tail -n 1 | sed 's/.*"error":"\([^"]*\)".*/\1/')"
  return 1
}

# --- how etcd starts: a file for each environment variable, read by member.sh
start_with() { # start_with STATE INITIAL-CLUSTER TOKEN: on the current data, with the recorded scheme; or fails, and sets $reason
  local scheme new="$RUN/start.new"
  reason="cannot write to $RUN how etcd starts"
  scheme=$(peer_scheme) || return 1
  rm -rf "$new" && mkdir "$new" &&
    echo "$data_id" >"$new/data-id" &&
    echo "$scheme://0.0.0.0:$PEER_PORT" >"$new/ETCD_LISTEN_PEER_URLS" &&
    peer_url "$scheme" "$POD_NAME" >"$new/ETCD_INITIAL_ADVERTISE_PEER_URLS" &&
    echo "$1" >"$new/ETCD_INITIAL_CLUSTER_STATE" &&
    echo "$2" >"$new/ETCD_INITIAL_CLUSTER" &&
    echo "$CLUSTER_SEED $3" | sed 's/ $//; s/ /-/' >"$new/ETCD_INITIAL_CLUSTER_TOKEN" &&
    rm -rf "$RUN/start" && mv "$new" "$RUN/start" || return 1
  reason=''
}

# Members that start together would each wait 7 s for the others to answer the check, which they do only afterwards.
without_initial_check() {
  if printenv ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK >/dev/null; then
    echo false >"$RUN/start/ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK"
  fi
  if printenv ETCD_FEATURE_GATES >/dev/null; then
    printenv ETCD_FEATURE_GATES | sed 's/InitialCorruptCheck=true/InitialCorruptCheck=false/' >"$RUN/start/ETCD_FEATURE_GATES"
  fi
}

initial_cluster() { # initial_cluster SCHEME COUNT: of a bootstrap
  local ordinal
  for ordinal in $(seq 0 $(($2 - 1))); do
    echo "$CLUSTER_NAME-$ordinal=$(peer_url "$1" "$CLUSTER_NAME-$ordinal")"
  done | paste -sd, -
}

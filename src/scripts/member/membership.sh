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
  [ -n "$(echo "$1" | sed -n "/^etcd_network_active_peers{.*Remote=\"$2\"} 1\$/p")" ]
}

# why_keep ID READY...: why the entry with this id may be that of another pod that runs, according to these members; or nothing. For some
# working connections etcd's gauge stays at 0, so received bytes count too, and that takes a second look.
why_keep() {
  local id=$1 member metrics received before heard
  shift
  for member in "$@"; do
    metrics=$(fetch "http://$(host_that_answered "$member").:$METRICS_PORT/metrics") || {
      echo "$member does not say whether it is connected to the member $id of this name"
      return
    }
    heard="$RUN/heard.$member.$id" before=unknown
    if [ -e "$heard" ]; then before=$(cat "$heard"); fi
    received=$(echo "$metrics" | sed -n "/^etcd_network_peer_received_bytes_total{From=\"$id\"}/p")
    echo "$received" >"$heard"
    if has_active_peer "$metrics" "$id" || { [ "$before" != unknown ] && [ "$before" != "$received" ]; }; then
      echo "member $id of this name is connected to the others: another pod runs as $POD_NAME"
      return
    elif [ "$before" = unknown ]; then
      echo "asking $member again whether it is connected to the member $id of this name"
    fi
  done | sed -n 1p
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
  reason=$(why_keep "$2" $(ready_of $everyone))
  [ -z "$reason" ] || return 1
  log "removing the member $2 of this name from the member list: its data is no longer here"
  if ! ask_etcd "$1" member remove "$2" >&2; then
    reason="$1 refuses to remove the member $2 of this name"
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
start_with() { # start_with STATE INITIAL-CLUSTER TOKEN: on the current data, with the recorded scheme
  local scheme
  scheme=$(peer_scheme)
  rm -rf "$RUN/start.new"
  mkdir "$RUN/start.new"
  echo "$data_id" >"$RUN/start.new/data-id"
  echo "$scheme://0.0.0.0:$PEER_PORT" >"$RUN/start.new/ETCD_LISTEN_PEER_URLS"
  peer_url "$scheme" "$POD_NAME" >"$RUN/start.new/ETCD_INITIAL_ADVERTISE_PEER_URLS"
  echo "$1" >"$RUN/start.new/ETCD_INITIAL_CLUSTER_STATE"
  echo "$2" >"$RUN/start.new/ETCD_INITIAL_CLUSTER"
  echo "$CLUSTER_SEED $3" | sed 's/ $//; s/ /-/' >"$RUN/start.new/ETCD_INITIAL_CLUSTER_TOKEN"
  rm -rf "$RUN/start"
  mv "$RUN/start.new" "$RUN/start"
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

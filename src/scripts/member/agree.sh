#!/bin/sh
# Decides how this member starts, together with the others: it returns when etcd may start. Nothing is guessed: a member
# without data joins a living quorum, or makes a first start when all others are without data too, or waits and says for
# whom.
set -eu
here=$(dirname "$0")
. "$here/log.sh"
. "$here/phase.sh"
. "$here/data.sh"
. "$here/membership.sh"
. "$here/space.sh"
. "$here/defrag-before-start.sh"

wait_with() { # wait_with WORD WHY: in the phase, and in the log when it is news
  set_phase "$1" "$2"
  if [ "$2" != "$told" ]; then log "waiting: $2"; fi
  told=$2
  sleep 0.3
}

# Members that start together would each wait for the others to answer the check, before they answer it themselves: 7 s.
without_initial_check() {
  if printenv ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK >/dev/null; then
    echo "export ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK=false" >>"$RUN/initial"
  fi
  if printenv ETCD_FEATURE_GATES >/dev/null; then
    gates=$(printenv ETCD_FEATURE_GATES | sed 's/InitialCorruptCheck=true/InitialCorruptCheck=false/')
    echo "export ETCD_FEATURE_GATES=$gates" >>"$RUN/initial"
  fi
}

start_on_data() {
  start_with existing "$POD_NAME=$(peer_url "$POD_NAME")"
}

still_listed() { # still_listed LIST: whether these data are of a member in the list
  id=$(cat "$notes/member-id" 2>/dev/null || true)
  if [ -n "$id" ]; then
    echo "$1" | grep -q "^$id "
  else
    [ -n "$(id_in "$1" "$POD_NAME")" ]
  fi
}

check_data() { # with data: they are the best there is, unless a living quorum has removed their member
  refusal=$(refuses_upgrade)
  if [ -n "$refusal" ]; then
    wait_with refusing "$refusal"
    return
  fi
  if [ -e "$notes/bootstrapping" ]; then set_phase bootstrapping; else set_phase member; fi
  others=$(other_members "$(setting replicas)")
  # shellcheck disable=SC2086 # names without spaces
  ready=$(find_ready $others)
  if [ -z "$ready" ]; then
    log "starting on the data of this member; no other member sees a quorum now"
    start_on_data
    without_initial_check
    exit 0
  fi
  list=$(members_at "$(client_url "$ready")") || list=
  if [ -z "$list" ] || still_listed "$list"; then
    defragment # only while others serve: in an outage every second counts
    log "starting on the data of this member"
    start_on_data
    exit 0
  fi
  log "$ready and a quorum have removed the member whose data these are"
  set_aside removed
}

not_fresh() { # not_fresh MEMBER...: those that don't say that they would make the same first start, with what they say
  for member in "$@"; do
    answer=$(answer_of "$member")
    case $answer in
      "fresh $replicas "* | "bootstrapping $replicas "*) [ -z "$(restore_of "$member")" ] || printf '%s (takes up a restore) ' "$member" ;;
      *) printf '%s (%s) ' "$member" "$(echo "$answer" | cut -d' ' -f1,2)" ;;
    esac
  done
}

find_cluster() { # sets $ready to a member to join at: best one with the data that the settings ask for
  # shellcheck disable=SC2046,SC2086
  for id in "$(setting restore-id)" $(for member in $others; do data_id_of "$member"; done) "$(setting restore-id)"; do
    use_data "$id"
    ready=$(first_ready $others)
    [ -z "$ready" ] || return 0
  done
}

begin() { # without data
  if [ -d "$data" ] && [ -n "$(ls -A "$data")" ] && ! has_data "$data_id"; then
    log "$data holds no write-ahead log"
    set_aside unusable
  fi
  replicas=$(setting replicas)
  others=$(other_members "$replicas")
  # shellcheck disable=SC2086
  survey $others
  find_cluster
  if [ "$(ordinal_of "$POD_NAME")" -ge "$replicas" ]; then
    wait_with fresh "the settings have $replicas members, and this is none of them"
  elif [ -n "$ready" ] && has_data "$data_id"; then
    keep_data_id # after all, these are data of a cluster that lives
  elif [ -n "$ready" ] && ! [ -e "$VOLUME/prepared" ]; then
    set_phase joining
    if join_cluster "$ready"; then
      log "joining the cluster of $ready"
      keep_data_id
      exit 0
    fi
    wait_with joining "$reason"
  elif [ -e "$RUN/public/restore" ]; then
    wait_with fresh "restore $(sed 's/^restore //' "$RUN/public/restore")"
  elif [ "$(setting existing)" != false ]; then
    wait_with fresh "existingCluster is set, so nothing starts empty, and no member sees a quorum"
  else
    # shellcheck disable=SC2086
    missing=$(not_fresh $others)
    if [ -n "$missing" ]; then
      wait_with fresh "for $missing"
    elif [ -z "$(setting restore-file)" ]; then
      first_start
    fi
  fi
}

first_start() {
  note bootstrapping "$replicas"
  set_phase bootstrapping
  log "first start: all $replicas members are without data"
  start_with new "$(initial_cluster "$replicas")"
  exit 0
}

told='' rested=''
while :; do
  use_current_data
  if has_data "$data_id"; then
    check_data
  elif [ -z "$rested" ]; then
    set_phase fresh
    log "no data"
    rested=yes
    sleep 1 # pods that start with this one need a moment to be found by name
  else
    begin
  fi
done

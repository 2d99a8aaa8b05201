#!/bin/sh
# Decides with the other members how this one starts, and returns when etcd may start. Nothing is guessed: a member without data
# joins a quorum, bootstraps when all others are without data too, or waits and says for which members.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/messages.sh"
. "$here/phase.sh"
. "$here/versions.sh"
. "$here/membership.sh"
. "$here/transport.sh"
. "$here/space.sh"
. "$here/defrag-before-start.sh"
. "$here/damage.sh"

told='' # the reason to wait that was logged last
started=$(now) # after a minute, it asks less often
reason='' # why join_cluster cannot join yet

wait_with() { # wait_with WORD WHY: published with the phase, and logged when it changes
  set_phase "$1" "$2"
  if [ "$2" != "$told" ]; then log "waiting: $2"; fi
  told=$2
  if [ "$(seconds_since "$started")" -lt 60 ]; then sleep 0.3; else sleep 1; fi
}

# --- with data
still_listed() { # still_listed LIST READY: whether the member of this data is in LIST, the member list of READY
  local id
  id=$(noted member-id)
  if [ -n "$id" ]; then
    echo "$1" | grep -q "^$id "
  else
    ! runs_another_run "$2" && [ -n "$(id_in "$1" "$POD_NAME")" ]
  fi
}

start_on_data() {
  local began
  began=$(noted bootstrapping | cut -d' ' -s -f2)
  record_scheme "$(peer_scheme)"
  start_with existing "$POD_NAME=$(peer_url "$(peer_scheme)" "$POD_NAME")" "$began"
}

is_unexpected() { # is_unexpected MEMBER: whether it has data that recover-quorum.sh did not know of
  case $(word_of "$1") in
    silent | fresh | joining | starting) return 1 ;;
  esac
  ! grep -qx "$1" "$RUN/force-new-cluster"
}

# drop_request READY: forgets that recover-quorum.sh asked for a cluster of one, when there is a quorum or may be one: other members
# that it did not know of have data.
drop_request() {
  local member back=''
  [ -e "$RUN/force-new-cluster" ] || return 0
  for member in $everyone; do
    if [ "$member" = "$1" ] || is_unexpected "$member"; then back="$back $member"; fi
  done
  if [ -n "$back" ]; then
    rm -f "$RUN/force-new-cluster"
    log "not starting as the only member, although recover-quorum.sh asked for it: these members are back with data:$back"
  fi
}

check_data() { # check_data ETCD-ARGUMENT...: starts with the data, unless a quorum has removed its member
  local refusal ready list
  refusal=$(why_not_upgrade)
  if [ -n "$refusal" ]; then
    wait_with refusing "$refusal"
    return
  fi
  if [ -e "$RUN/begin-again" ]; then begin_again; fi
  note_adopted_scheme
  if [ -n "$(noted bootstrapping)" ]; then
    publish first "first $(noted bootstrapping | cut -d' ' -s -f2)"
    publish_scheme "$(peer_scheme)"
    set_phase bootstrapping
  elif [ -z "$refused" ]; then
    set_phase member
  fi
  # shellcheck disable=SC2086 # names without spaces
  survey_until_answered $everyone
  ready=$(first_ready_on "$data_id")
  list=''
  if [ -n "$ready" ]; then list=$(members_at "$(client_url "$ready")") || list=''; fi
  if [ -n "$list" ] && ! still_listed "$list" "$ready"; then
    log "$ready has quorum, but its member list does not contain the member that this data belongs to"
    set_aside removed
    unpublish first
    return
  fi
  drop_request "$ready"
  refusal=$(why_apart)
  if [ -z "$refusal" ] && [ -n "$list" ] && [ -d "$notes" ]; then use_wanted_scheme "$ready" "$list"; fi
  if [ -z "$refusal" ]; then refusal=$(why_not_level); fi
  if [ -n "$refusal" ]; then
    refused=yes
    wait_with refusing "$refusal"
    return
  fi
  if [ -n "$refused" ] && [ -z "$(noted bootstrapping)" ]; then set_phase member; fi
  refused=''
  if ends_too_soon; then
    deal_with_damage "$list" "$@" && return
  fi
  if [ -z "$ready" ]; then
    log "starting with the existing data; no other member has quorum"
    start_on_data
    without_initial_check
  else
    defragment # only while others serve: in an outage, every second counts
    log "starting with the existing data"
    start_on_data
  fi
  exit 0
}

begin_again() { # bootstraps again: the log of the first try is empty (watch-member.sh)
  local began count scheme
  began=$(noted bootstrapping) scheme=$(peer_scheme)
  rm -f "$RUN/begin-again"
  set_aside unusable
  note bootstrapping "$began"
  note scheme "$scheme"
  set_phase bootstrapping
  count=$(echo "$began" | cut -d' ' -f1)
  log "starting the bootstrap of $count members again"
  start_with new "$(initial_cluster "$scheme" "$count")" "$(echo "$began" | cut -d' ' -f2)"
  exit 0
}

# deal_with_damage LIST ETCD-ARGUMENT...: when etcd does not start with the data; fails when the data is not to blame
deal_with_damage() {
  local damage list=$1
  shift
  if is_below_data; then
    wait_with refusing "etcd $MEMBER_VERSION does not start with data of etcd $(noted etcd-version); set that version again, and run etcdctl downgrade enable first"
    sleep 5
    return
  fi
  log "etcd exited three times before it served requests: checking whether the data is damaged"
  damage=$(damage_of "$data" "$@")
  [ -n "$damage" ] || return 1
  if [ -n "$list" ]; then
    log "the data of this member is damaged, and a quorum lists the member: $damage"
    set_aside damaged
    forget_ends
    unpublish first
  else
    wait_with refusing "the data of this member is damaged, and there is no quorum to join: $damage"
    sleep 5
  fi
}

# --- without data
why_not_found() { # what to check when not even this member's own name resolves
  if ! resolves "$(member_host "$POD_NAME")"; then
    echo "; $(member_host "$POD_NAME") does not resolve: check DNS and the clusterDomain prop"
  fi
}

# first_token COUNT: identifies a bootstrap by the disks that take part, so that a bootstrap with a disk that was lost since is another one
first_token() {
  local ordinal own
  own=$(disk_id) || return 1
  for ordinal in $(seq 0 $(($1 - 1))); do
    if [ "$CLUSTER_NAME-$ordinal" = "$POD_NAME" ]; then echo "$own"; else line_of "$CLUSTER_NAME-$ordinal" disk; fi
  done | sha256sum | cut -c1-16
}

# begun_by: a member that has begun a bootstrap that this one can take part in, or nothing
begun_by() {
  local member
  for member in $everyone; do
    if [ "$(word_of "$member")" = bootstrapping ] && speaks_protocol "$member" && [ "$(scheme_of "$member")" != - ] && [ "$(count_of "$member")" -gt "$(ordinal_of "$POD_NAME")" ]; then
      echo "$member"
      return
    fi
  done
}

is_fresh() { # is_fresh MEMBER COUNT: whether it is without data and expects COUNT members; once a bootstrap has begun, its own number counts
  [ "$(word_of "$1")" = fresh ] && { [ -n "$begun" ] || [ "$(count_of "$1")" = "$2" ]; }
}

# differs_in_tls MEMBER SCHEME: whether it would bootstrap with another scheme; once a bootstrap has begun, that one's counts
differs_in_tls() {
  if [ "$(word_of "$1")" = bootstrapping ]; then
    [ "$(scheme_of "$1")" != "$2" ]
  else
    [ -z "$begun" ] && [ "$(client_scheme "$(level_of "$1")")" != "$2" ]
  fi
}

not_fresh() { # not_fresh COUNT TOKEN SCHEME: the members that would not take part in this bootstrap, with their phase
  local member said
  for member in $everyone; do
    said=$(word_of "$member")
    if [ "$said" != silent ]; then said="$said $(count_of "$member")"; fi
    if ! is_below "$1" "$member"; then
      [ "$said" = silent ] || is_fresh "$member" "$1" || printf '%s (%s) ' "$member" "$said"
    elif ! is_fresh "$member" "$1" && [ "$said" != "bootstrapping $1" ]; then
      printf '%s (%s) ' "$member" "$said"
    elif ! speaks_protocol "$member" || [ -z "$(line_of "$member" disk)" ]; then
      printf '%s (older scripts) ' "$member"
    elif [ -n "$(line_of "$member" restore)" ]; then
      printf '%s (restoring) ' "$member"
    elif [ "$said" = "bootstrapping $1" ] && [ "$(line_of "$member" first)" != "$2" ]; then
      printf '%s (bootstrapping with other disks) ' "$member"
    elif differs_in_tls "$member" "$3"; then
      printf '%s (TLS is %s) ' "$member" "$(level_of "$member")"
    fi
  done
}

find_cluster() { # a ready member to join through, preferably with the data that the settings ask for; or nothing
  local member wanted
  wanted=$(asked_data '')
  member=$(first_ready_on "$wanted")
  if [ -n "$member" ]; then
    echo "$member"
    return
  fi
  for member in $everyone; do
    if [ -e "$answers/$member.ready" ]; then
      echo "$member"
      return
    fi
  done
}

begin() {
  local replicas ready
  if [ -d "$data" ] && [ -n "$(ls -A "$data")" ] && ! has_data "$data_id"; then
    log "$data has no write-ahead log"
    set_aside unusable
  fi
  replicas=$(setting replicas)
  # Publish the number before asking for those of others: of two members with different numbers, one sees the other's.
  say_phase "$(if [ -n "$joining" ]; then echo joining; else echo fresh; fi)" "$replicas" "$told"
  # shellcheck disable=SC2086
  survey $everyone
  joining=''
  ready=$(find_cluster)
  if ! is_below "$replicas" "$POD_NAME"; then
    wait_with fresh "ordinal $(ordinal_of "$POD_NAME") is outside replicas=$replicas; not joining"
  elif [ -n "$ready" ] && ! [ -e "$VOLUME/prepared" ]; then
    use_data "$(data_id_of "$ready")"
    if ! has_data "$data_id"; then
      data_run=$(run_of "$ready")
      join "$ready"
    elif [ "$data_run" = "$(run_of "$ready")" ]; then
      keep_data_id # the running cluster uses this data
    else
      log "this data and that of $ready are from different runs of restore $data_id"
      set_aside replaced
    fi
  elif [ -e "$RUN/public/restore" ]; then
    wait_with fresh "restore $(sed 's/^restore //' "$RUN/public/restore")"
  elif [ "$(setting existing)" != false ]; then
    wait_with fresh "existingCluster is set, so no member bootstraps a new cluster, and no member has quorum$(why_not_found)"
  else
    begun=$(begun_by)
    if [ -n "$begun" ]; then bootstrap "$(count_of "$begun")" "$(scheme_of "$begun")"; else bootstrap "$replicas" "$(wanted_scheme)"; fi
  fi
}

join() { # join MEMBER
  local refusal
  joining=yes
  set_phase joining
  refusal=$(why_apart)
  if [ -n "$refusal" ]; then
    wait_with joining "$refusal"
    return
  fi
  record_scheme "$(wanted_scheme)"
  if join_cluster "$1"; then
    log "joining the cluster of $1"
    if [ "$data_run" != - ]; then note run "$data_run"; fi
    keep_data_id
    exit 0
  fi
  wait_with joining "$reason"
}

bootstrap() { # bootstrap COUNT SCHEME
  local token missing file asked
  asked=$(asked_data -) || {
    wait_with fresh "the setting restore-id cannot be read"
    return
  }
  use_data "$asked"
  token=$(first_token "$1") || token=''
  missing=$(not_fresh "$1" "$token" "$2" | sed "s, $,,")
  if [ -n "$missing" ]; then
    wait_with fresh "for $missing$(why_not_found)"
  elif ! file=$(setting restore-file); then
    wait_with fresh "the setting restore-file cannot be read"
  elif [ -n "$file" ]; then
    sleep 0.3 # restore-member.sh logs what happens
  elif [ -z "$token" ] || ! { note bootstrapping "$1 $token" && note scheme "$2" && keep_data_id; }; then
    wait_with fresh "the volume is not writable"
  else
    publish first "first $token"
    publish_scheme "$2"
    set_phase bootstrapping
    log "bootstrapping: all $1 members are without data"
    start_with new "$(initial_cluster "$2" "$1")" "$token"
    exit 0
  fi
}

joining='' rested='' begun='' refused=''
while :; do
  use_current_data
  if has_data "$data_id"; then
    check_data "$@"
  elif [ -z "$rested" ]; then
    set_phase fresh
    log "no data"
    rested=yes
  else
    begin
  fi
done

#!/bin/sh
# Decides how this member starts, together with the others: it returns when etcd may start. Nothing is guessed: a member without data
# joins a quorum, or makes a first start when all others are without data too, or waits and says for whom.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/phase.sh"
. "$here/versions.sh"
. "$here/membership.sh"
. "$here/space.sh"
. "$here/defrag-before-start.sh"
. "$here/damage.sh"

told='' # the last reason to wait that was logged
reason='' # why join_cluster can't yet

wait_with() { # wait_with WORD WHY: in the phase, and in the log when it is news
  set_phase "$1" "$2"
  if [ "$2" != "$told" ]; then log "waiting: $2"; fi
  told=$2
  sleep 0.3
}

# --- with data
still_listed() { # still_listed LIST READY: whether these data are of a member in the list of that member
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
  start_with existing "$POD_NAME=$(peer_url "$POD_NAME")" "$began"
}

# drop_wish READY: recover-quorum.sh asked to make a cluster of one. That is over when there is a quorum, or could be one: others that it
# did not know of have data.
drop_wish() {
  local member back=$1
  [ -e "$RUN/force-new-cluster" ] || return 0
  for member in $(everyone); do
    case $(phase_of "$member") in
      silent | fresh* | joining* | starting*) ;;
      *) grep -qx "$member" "$RUN/force-new-cluster" || back="$back $member" ;;
    esac
  done
  if [ -n "$back" ]; then
    rm -f "$RUN/force-new-cluster"
    log "not starting as the only member, as recover-quorum.sh asked: back with data: $back"
  fi
}

check_data() { # check_data ETCD-ARGUMENT...: they are the best there is, unless a quorum has removed their member
  local refusal ready list
  refusal=$(why_not_upgrade)
  if [ -n "$refusal" ]; then
    wait_with refusing "$refusal"
    return
  fi
  if [ -e "$RUN/begin-again" ]; then begin_again; fi
  if [ -n "$(noted bootstrapping)" ]; then
    publish first "first $(noted bootstrapping | cut -d' ' -s -f2)"
    set_phase bootstrapping
  else
    set_phase member
  fi
  # shellcheck disable=SC2046 # names without spaces
  survey_until_answered $(everyone)
  ready=$(first_ready_on "$data_id")
  list=''
  if [ -n "$ready" ]; then list=$(members_at "$(client_url "$ready")") || list=''; fi
  if [ -n "$list" ] && ! still_listed "$list" "$ready"; then
    log "$ready and a quorum do not have the member whose data these are"
    set_aside removed
    unpublish first
    return
  fi
  drop_wish "$ready"
  if ends_too_soon; then
    deal_with_damage "$list" "$@" && return
  fi
  if [ -z "$ready" ]; then
    log "starting on the data of this member; no other member sees a quorum now"
    start_on_data
    without_initial_check
  else
    defragment # only while others serve: in an outage every second counts
    log "starting on the data of this member"
    start_on_data
  fi
  exit 0
}

begin_again() { # the first start of this disk, whose data hold nothing (watch-member.sh)
  local began count
  began=$(noted bootstrapping)
  rm -f "$RUN/begin-again"
  set_aside unusable
  note bootstrapping "$began"
  set_phase bootstrapping
  count=$(echo "$began" | cut -d' ' -f1)
  log "beginning the first start of $count members again"
  start_with new "$(initial_cluster "$count")" "$(echo "$began" | cut -d' ' -f2)"
  exit 0
}

# deal_with_damage LIST ETCD-ARGUMENT...: etcd did not come up on these data; fails where it may be tried again
deal_with_damage() {
  local damage list=$1
  shift
  log "etcd ended three times before it served: looking whether it is the data"
  damage=$(damage_of "$data" "$@")
  [ -n "$damage" ] || return 1
  if [ -n "$list" ]; then
    log "the data of this member are damaged, and a quorum has it in its list: $damage"
    set_aside damaged
    forget_ends
    unpublish first
  else
    wait_with refusing "the data of this member are damaged, and no quorum is there to join: $damage"
    sleep 5
  fi
}

# --- without data
why_not_found() { # what to look at when not even this pod's own name is known
  if ! resolves "$(member_host "$POD_NAME")"; then
    echo "; $(member_host "$POD_NAME") does not resolve: check DNS, and the prop clusterDomain"
  fi
}

# first_token COUNT: of a first start of the disks that there are now; what came of one that is lost since has nothing to do with it
first_token() {
  local ordinal
  for ordinal in $(seq 0 $(($1 - 1))); do
    if [ "$CLUSTER_NAME-$ordinal" = "$POD_NAME" ]; then disk_id; else line_of "$CLUSTER_NAME-$ordinal" disk; fi
  done | sha256sum | cut -c1-16
}

# begun_by_others: of how many members a first start is that another one has begun, and that this one can be part of; or nothing
begun_by_others() {
  local member
  for member in $(everyone); do
    if [ "$(word_of "$member")" = bootstrapping ] && speaks_protocol "$member" && [ "$(count_of "$member")" -gt "$(ordinal_of "$POD_NAME")" ]; then
      count_of "$member"
      return
    fi
  done
}

is_fresh() { # is_fresh MEMBER COUNT: for this number of members; where another one has begun, its number counts, not those of the settings
  [ "$(word_of "$1")" = fresh ] && { [ -n "$begun" ] || [ "$(count_of "$1")" = "$2" ]; }
}

not_fresh() { # not_fresh COUNT TOKEN: the members that would not make the same first start, with what they say
  local member said
  for member in $(everyone); do
    said=$(phase_of "$member" | cut -d' ' -f1,2)
    if [ "$(ordinal_of "$member")" -ge "$1" ]; then
      [ "$said" = silent ] || is_fresh "$member" "$1" || printf '%s (%s) ' "$member" "$said"
    elif ! is_fresh "$member" "$1" && [ "$said" != "bootstrapping $1" ]; then
      printf '%s (%s) ' "$member" "$said"
    elif ! speaks_protocol "$member" || [ -z "$(line_of "$member" disk)" ]; then
      printf '%s (older scripts) ' "$member"
    elif [ -n "$(line_of "$member" restore)" ]; then
      printf '%s (takes up a restore) ' "$member"
    elif [ "$said" = "bootstrapping $1" ] && [ "$(line_of "$member" first)" != "$2" ]; then
      printf '%s (began a first start with other disks) ' "$member"
    fi
  done
}

find_cluster() { # a member to join at, or nothing: the best one with the data that the settings ask for, then of other data
  local member wanted
  wanted=$(setting restore-id)
  member=$(first_ready_on "$wanted")
  if [ -n "$member" ]; then
    echo "$member"
    return
  fi
  for member in $(everyone); do
    if [ -e "$answers/$member.ready" ]; then
      echo "$member"
      return
    fi
  done
}

begin() {
  local replicas ready
  if [ -d "$data" ] && [ -n "$(ls -A "$data")" ] && ! has_data "$data_id"; then
    log "$data holds no write-ahead log"
    set_aside unusable
  fi
  replicas=$(setting replicas)
  # This number, before it asks for that of others: of two that go by different ones, one hears of it.
  say_phase "$(if [ -n "$joining" ]; then echo joining; else echo fresh; fi)" "$replicas" "$told"
  # shellcheck disable=SC2046
  survey $(everyone)
  joining=''
  ready=$(find_cluster)
  if [ "$(ordinal_of "$POD_NAME")" -ge "$replicas" ]; then
    wait_with fresh "ordinal $(ordinal_of "$POD_NAME") is outside replicas=$replicas; not joining"
  elif [ -n "$ready" ] && ! [ -e "$VOLUME/prepared" ]; then
    use_data "$(data_id_of "$ready")"
    if ! has_data "$data_id"; then
      data_run=$(run_of "$ready")
      join "$ready"
    elif [ "$data_run" = "$(run_of "$ready")" ]; then
      keep_data_id # after all, these are data of a cluster that runs
    else
      log "the data here are of another run of the restore $data_id than those of $ready"
      set_aside replaced
    fi
  elif [ -e "$RUN/public/restore" ]; then
    wait_with fresh "restore $(sed 's/^restore //' "$RUN/public/restore")"
  elif [ "$(setting existing)" != false ]; then
    wait_with fresh "existingCluster is set, so nothing starts empty, and no member sees a quorum$(why_not_found)"
  else
    begun=$(begun_by_others)
    first_start "$(echo "$begun" | grep . || echo "$replicas")"
  fi
}

join() { # join MEMBER
  joining=yes
  set_phase joining
  if join_cluster "$1"; then
    log "joining the cluster of $1"
    if [ "$data_run" != - ]; then note run "$data_run"; fi
    keep_data_id
    exit 0
  fi
  wait_with joining "$reason"
}

first_start() { # first_start COUNT
  local token missing
  use_data "$(setting restore-id)"
  token=$(first_token "$1") || token=''
  missing=$(not_fresh "$1" "$token" | sed "s, $,,")
  if [ -n "$missing" ]; then
    wait_with fresh "for $missing$(why_not_found)"
  elif [ -n "$(setting restore-file)" ]; then
    sleep 0.3 # restore-member.sh says what happens
  elif [ -z "$token" ] || ! { note bootstrapping "$1 $token" && keep_data_id; }; then
    wait_with fresh "the volume cannot be written"
  else
    publish first "first $token"
    set_phase bootstrapping
    log "first start: all $1 members are without data"
    start_with new "$(initial_cluster "$1")" "$token"
    exit 0
  fi
}

joining='' rested='' begun=''
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

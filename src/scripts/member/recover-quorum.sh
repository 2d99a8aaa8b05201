#!/bin/sh
# By hand, when the quorum is lost for good: makes this member's data a cluster of one, which the others rejoin without their data. Writes that
# only lost members had are gone, and so are those that this one had not applied yet. Refuses while there is a quorum, or could be one.
#   kubectl exec etcd-2 -c etcd -- sh /toolbox/scripts/recover-quorum.sh --lost etcd-0,etcd-1
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/data.sh"
. "$here/messages.sh"
. "$here/phase.sh"

usage="name the members whose data is lost for good: recover-quorum.sh --lost $CLUSTER_NAME-0,$CLUSTER_NAME-1"

# members_known: how many members there are, by the settings or, after a scale-down that was cut off, by this member's etcd (since 3.6)
members_known() {
  local known
  known=$(metrics_here | grep -c '^etcd_network_known_peers{.* 1$') || known=0
  printf '%s\n' "$(setting replicas)" "$known" | sort -n | tail -n 1
}

check_names() { # check_names COUNT: of members that there can be, and not of this one
  local member
  for member in $lost; do
    [ "$member" != "$POD_NAME" ] || die "$member is this member, whose data must be kept; $usage"
    members_below "$1" | grep -cx -e "$member" >/dev/null || die "there is no member $member: the cluster has $1 members, $CLUSTER_NAME-0 to $CLUSTER_NAME-$(($1 - 1)); $usage"
  done
}

committed_at() { # committed_at HOST: how far the log there is committed
  fetch "http://$1:$METRICS_PORT/metrics" | metric etcd_server_proposals_committed_total
}

is_learner_at() { # is_learner_at HOST: a learner has no vote
  [ "$(fetch "http://$1:$METRICS_PORT/metrics" | metric etcd_server_is_learner)" = 1 ]
}

check_others() { # leaves in $survivors the others with data, and in $voters how many that vote are left
  local member here there
  here=$(committed_at 127.0.0.1) || here=''
  for member in $everyone; do
    if echo "$lost" | grep -qx -e "$member"; then
      case $(word_of "$member") in
        silent | fresh | joining) ;;
        *) die "$member is not lost: it reports that it has data ($(word_of "$member"))" ;;
      esac
    elif has_other_data "$member" && [ "$(word_of "$member")" != silent ]; then
      there=$(committed_at "$(host_that_answered "$member").") || there=''
      if [ -z "$here" ] || [ -z "$there" ]; then die "$member also has data, and its etcd or this one does not report its committed index: wait until both run"; fi
      awk -v here="$here" -v there="$there" 'BEGIN { exit !(there + 0 <= here + 0) }' || die "$member has more data than this member (committed index $there there, $here here): run recover-quorum.sh there"
      survivors="$survivors $member"
      if ! is_learner_at "$(host_that_answered "$member")."; then voters=$((voters + 1)); fi
    elif is_below "$members" "$member"; then
      die "$member is not named as lost, and is $(word_of "$member"): bring it back, or name it if its data is lost for good"
    fi
  done
}

use_current_data
if [ $# != 2 ] || [ "$1" != --lost ] || [ -z "$2" ]; then die "$usage"; fi
lost=$(echo "$2" | tr ',' '\n')
members=$(members_known)
check_names "$members"
has_data "$data_id" || die "this member has no data: run recover-quorum.sh on a member that has data"
if is_ready_here; then die "this member has quorum: nothing is lost"; fi
# shellcheck disable=SC2086 # names without spaces
survey $everyone
ready=$(first_ready_on "$data_id")
[ -z "$ready" ] || die "$ready has quorum: nothing is lost"
survivors='' voters=1
check_others
[ "$voters" -lt $((members / 2 + 1)) ] || die "this member and$survivors are a quorum of $members: nothing is lost; find out why they do not reach each other"
printf '%s\n' "$survivors" | tr ' ' '\n' >"$RUN/force-new-cluster.new"
mv "$RUN/force-new-cluster.new" "$RUN/force-new-cluster"
log "restarting this member as the only member of its cluster; the others rejoin without their data"
kill -TERM "$(cat "$RUN/pid")"

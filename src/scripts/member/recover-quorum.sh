#!/bin/sh
# By hand, when the quorum is lost for good: makes this member's data a cluster of one, which the others then join anew.
# Writes that only lost members had are gone. Refuses while a quorum lives.
#   kubectl exec etcd-2 -c etcd -- sh /toolbox/scripts/recover-quorum.sh --confirm
set -eu
here=$(dirname "$0")
. "$here/log.sh"
. "$here/phase.sh"
. "$here/data.sh"

use_current_data
[ "$*" = --confirm ] || die "this gives up every write that this member does not have; call it with --confirm"
has_data "$data_id" || die "this member has no data: call it on the member that has"
if is_ready_here; then die "this member sees a quorum: nothing is lost"; fi
others=$(other_members "$(setting replicas)")
# shellcheck disable=SC2086 # names without spaces
ready=$(find_ready $others)
[ -z "$ready" ] || die "$ready sees a quorum: nothing is lost"
for member in $others; do
  case $(answer_of "$member") in
    member* | bootstrapping*) die "$member has data, too: bring it back, that is a quorum or closer to one" ;;
  esac
done
note force-new-cluster yes
log "restarting this member as the only one of its cluster"
kill -TERM "$(cat "$RUN/pid")"

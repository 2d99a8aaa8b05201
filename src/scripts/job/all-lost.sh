#!/bin/sh
# Succeeds when every member says that it has no data: only then may a snapshot take their place.
here=$(dirname "$0")
. "$here/preamble.sh"
POD_NAME=$CLUSTER_NAME-restore
. "$here/phase.sh"

mkdir -p "$RUN/addresses"
members=$(other_members "$(setting replicas)")
# shellcheck disable=SC2086 # names without spaces
survey $members
# shellcheck disable=SC2086
left=$(with_data $members)
if [ -n "$left" ]; then
  log "not all data are lost, as far as can be seen: $(echo "$left" | paste -sd' ' -)"
  exit 1
fi
log "no member has data: bringing the newest proven snapshot of this cluster to them"

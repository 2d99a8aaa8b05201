#!/bin/sh
# Succeeds when every member says that it has no data: only then may a snapshot take their place. A member that says nothing may
# have all of it.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/phase.sh"

expected_members() { # how many there can be: as the settings have it, or as they had it when this job was made
  local wanted began
  wanted=$(setting replicas) || return 1
  is_number "$wanted" || return 1
  began=$(echo "$MEMBER_ENDPOINTS" | wc -w) # at least 1
  if [ "$wanted" -gt "$began" ]; then echo "$wanted"; else echo "$began"; fi
}

mkdir -p "$RUN"
expected=$(expected_members) || die "the setting replicas cannot be read, so nobody knows whether all data are lost; nothing is restored"
members=$(members_below "$expected")
# shellcheck disable=SC2086 # names without spaces
survey $members
without_data=0 others=''
for member in $members; do
  word=$(word_of "$member")
  if [ "$word" = fresh ]; then
    without_data=$((without_data + 1))
  else
    others="$others $member ($word)"
  fi
done
if [ "$without_data" != "$expected" ]; then
  die "not all data are lost, as far as can be seen: $without_data of $expected members say that they have none;$others"
fi
log "no member has data: serving the newest proven snapshot of this cluster to them"

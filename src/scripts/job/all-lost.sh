#!/bin/sh
# Succeeds when every member reports that it has no data: only then may a snapshot replace the data. A member that does not answer may
# have all of it.
here=$(dirname "$0")
. "$here/preamble.sh"
. "$here/messages.sh"
. "$here/phase.sh"

expected_members() { # how many there can be: by the settings now, or when this job was created; the larger number
  local wanted began
  wanted=$(setting replicas) || return 1
  is_number "$wanted" || return 1
  began=$(echo "$MEMBER_ENDPOINTS" | wc -w) # at least 1
  if [ "$wanted" -gt "$began" ]; then echo "$wanted"; else echo "$began"; fi
}

mkdir -p "$RUN"
expected=$(expected_members) || die "the setting replicas cannot be read, so it is not known whether all data is lost; nothing is restored"
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
  die "not restoring: only $without_data of $expected members report that they have no data;$others"
fi
log "no member has data: serving the newest verified snapshot of this cluster"

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
# shellcheck disable=SC2086 # names without spaces
survey $everyone # a member above replicas may have been scaled down, and have the data
without_data=0 others=''
for member in $everyone; do
  if may_have_data "$expected" "$member"; then
    others="$others $member ($(word_of "$member"))"
  elif is_below "$expected" "$member"; then
    without_data=$((without_data + 1))
  fi
done
if [ "$without_data" != "$expected" ] || [ -n "$others" ]; then
  die "not restoring: only $without_data of $expected members report that they have no data;$others"
fi
log "no member has data: serving the newest verified snapshot of this cluster"

#!/bin/sh
# Sourced by jobs during which no member should restart: they announce themselves to the members, which report it to the defragmentation job.

# announce JOB: until this script ends, and once before this function returns. Best effort: one member that answers is
# enough.
announce() {
  call_all "$1"
  while sleep 5 && kill -0 $$ 2>/dev/null; do call_all "$1"; done &
}

call_all() { # call_all JOB: in parallel, so that a member that is down does not delay the others
  local endpoint
  for endpoint in $MEMBER_ENDPOINTS; do
    { call_member "$endpoint" "$1" >/dev/null 2>&1 || true; } &
  done
  wait
}

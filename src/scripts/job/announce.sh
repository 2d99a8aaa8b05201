#!/bin/sh
# Sourced by jobs during which no member should be restarted: they tell so to the members, who tell it to the defragmentation job.

# announce JOB: until this script ends, and at least once before this returns. Best effort: a member that is down cannot be told,
# and one is enough.
announce() {
  call_all "$1"
  while sleep 5 && kill -0 $$ 2>/dev/null; do call_all "$1"; done &
}

call_all() { # call_all JOB: all at once, so that one that is down does not make the others forget
  local endpoint
  for endpoint in $MEMBER_ENDPOINTS; do
    { call_member "$endpoint" "$1" >/dev/null 2>&1 || true; } &
  done
  wait
}

#!/bin/sh
# Sourced by jobs under which no member should be restarted: tells the members that this one is at work, until it ends.

announce() { # announce JOB
  while kill -0 $$ 2>/dev/null; do
    for member in $MEMBER_ENDPOINTS; do
      timeout 5 wget -q -O /dev/null "http://$(host_of "$member"):$PHASE_PORT/cgi-bin/hello?$CLUSTER_NAME-$1" 2>/dev/null || true
    done
    sleep 5
  done
}

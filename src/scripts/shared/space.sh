#!/bin/sh
# Sourced: sizes, and whether defragmenting reclaims enough space.

mebibytes() { # mebibytes BYTES
  echo "$(($1 / 1048576)) MiB"
}

free_bytes() { # free_bytes FOLDER: free space of its volume; fails when df does
  local kibibytes
  kibibytes=$(df -Pk "$1" | awk 'NR == 2 && $4 ~ /^[0-9]+$/ { print $4; known = 1 } END { exit !known }') || return 1
  echo "$((kibibytes * 1024))"
}

# What `etcdctl endpoint health` prints for a member that is unhealthy only because its quota is used up. Each member that was asked
# to write raises an alarm of its own, and every member lists all alarms.
# shellcheck disable=SC2034 # for who sources this
IS_FULL='Active Alarm(s):\( NOSPACE\)\{1,\} *$'

is_worth_while() { # is_worth_while SIZE IN_USE: whether it reclaims as much as the settings ask for
  [ $(($1 - $2)) -ge "$(cat "$SETTINGS/defrag-gain")" ] &&
    [ $((($1 - $2) * 100)) -ge $(($1 * $(cat "$SETTINGS/defrag-gain-percent"))) ]
}

#!/bin/sh
# shellcheck disable=SC2154 # $local_url is set by membership.sh
# Sourced by watch-member.sh: restarts etcd because its peer URL or a CA is to change, one member at a time. A member says that it is about to
# restart before it reads what the others say, so of two at least one sees the other.

write_cas() { # write_cas server|peer|client...: as files in $RUN/ca, for etcd and etcdctl
  local owner
  [ "$TLS" != off ] || return 0
  mkdir -p "$RUN/ca"
  for owner in "$@"; do
    cas_of "$TLS_DIR" "$owner" >"$RUN/ca/$owner.new"
    mv "$RUN/ca/$owner.new" "$RUN/ca/$owner.crt"
  done
}

has_new_ca() { # etcd reads CAs only when it starts, and certificates for each connection
  local owner
  [ "$TLS" != off ] || return 1
  for owner in server peer; do
    if [ "$(cas_of "$TLS_DIR" "$owner")" != "$(cat "$RUN/ca/$owner.crt")" ]; then return 0; fi
  done
  return 1
}

looked_for_restart=0

restart_if_needed() { # looks every 5 s
  [ "$(seconds_since "$looked_for_restart")" -ge 5 ] || return 0
  looked_for_restart=$(date +%s)
  write_cas client
  note_message_key
  if [ "$(peer_scheme)" != "$(wanted_scheme)" ]; then
    restart_in_turn url "its peer URL changes to $(peer_url "$(wanted_scheme)" "$POD_NAME")"
  elif has_new_ca; then
    restart_in_turn ca "a CA has changed"
  else
    unpublish restarting
  fi
}

restart_in_turn() { # restart_in_turn WHAT WHY: or does nothing; the caller tries again
  local list leader
  list=$(members_at "$local_url" 2>/dev/null) || return 0
  publish restarting "restarting $1"
  # shellcheck disable=SC2046 # names without spaces
  is_our_turn "$list" $(others_in "$list") || return 0
  if [ "$1" = url ]; then
    if [ "$(wanted_scheme)" = https ] && ! all_have_certificates; then return 0; fi
    note scheme "$(wanted_scheme)" || return 0
    set_peer_url "$local_url" "$list" "$(wanted_scheme)" || log "etcd refuses the new peer URL for now; the member list is updated later"
  fi
  # shellcheck disable=SC2046 # names without spaces
  leader=$(move_leadership "$list" $(voters_in "$list" | grep -vx "$POD_NAME" || true))
  if [ -n "$leader" ]; then log "transferred leadership to $leader"; fi
  log "restarting etcd: $2"
  restart_etcd
}

# is_our_turn LIST MEMBER...: whether all these are ready, stay, and listen with the scheme in the member list. Of two that are about to
# restart, the one with the lower ordinal gives way.
is_our_turn() {
  local member list=$1
  shift
  survey "$@"
  for member in "$@"; do
    if was_ready "$member" && [ "$(word_of "$member")" = member ] && [ -z "$(line_of "$member" restarting)" ] &&
      [ "$(scheme_of "$member")" = "$(scheme_in "$list" "$member")" ]; then continue; fi
    if [ -z "$(line_of "$member" restarting)" ] || [ "$(ordinal_of "$member")" -gt "$(ordinal_of "$POD_NAME")" ]; then unpublish restarting; fi
    return 1
  done
}

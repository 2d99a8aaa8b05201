#!/bin/sh
# shellcheck disable=SC2154 # $local_url is set by membership.sh; $moved by watch-member.sh
# Sourced by watch-member.sh: restarts etcd because its peer URL or a CA is to change, one member at a time. A member says that it is about to
# restart before it reads what the others say, so of two at least one sees the other.

has_new_ca() { # etcd reads CAs only when it starts, and certificates for each connection
  local owner
  [ "$TLS" != off ] || return 1
  for owner in server peer; do
    if [ "$(cas_of "$TLS_DIR" "$owner")" != "$(cat "$RUN/ca/$owner.crt")" ]; then return 0; fi
  done
  return 1
}

looked_for_restart=0 shut_out_since=''

restart_if_needed() { # looks every 5 s
  [ "$(seconds_since "$looked_for_restart")" -ge 5 ] || return 0
  looked_for_restart=$(now)
  if [ -n "$moved" ] && [ "$(peer_scheme)" != "$(wanted_scheme)" ]; then
    restart_in_turn url "its peer URL changes to $(peer_url "$(wanted_scheme)" "$POD_NAME")"
  elif has_new_ca; then
    restart_in_turn ca "a CA has changed"
  else
    unpublish restarting
  fi
}

restart_in_turn() { # restart_in_turn WHAT WHY: or does nothing; the caller tries again
  local list leader
  if ! list=$(members_at "$local_url" 2>/dev/null); then
    unpublish restarting
    if [ "$1" = ca ] && is_shut_out; then
      log "restarting etcd: a CA has changed, and etcd refuses the certificate of this pod: the CA was replaced without a bundle"
      restart_etcd
      shut_out_since='' # etcd takes a while to stop
    fi
    return 0
  fi
  shut_out_since=''
  publish restarting "restarting $1"
  # shellcheck disable=SC2046 # names without spaces
  is_our_turn "$list" $(others_in "$list") || return 0
  if [ "$1" = url ]; then
    if { [ "$(wanted_scheme)" = https ] && ! all_have_certificates; } || ! note scheme "$(wanted_scheme)"; then
      unpublish restarting
      return 0
    fi
    set_peer_url "$local_url" "$list" "$(wanted_scheme)" || log "etcd refuses the new peer URL for now; the member list is updated later"
  fi
  # shellcheck disable=SC2046 # names without spaces
  leader=$(move_leadership "$list" $(voters_in "$list" | grep -vx "$POD_NAME" || true))
  if [ -n "$leader" ]; then log "transferred leadership to $leader"; fi
  log "restarting etcd: $2"
  restart_etcd
}

# is_shut_out: whether etcd, with the CA of before, has refused the new certificate of this pod for a minute or more. Then no member list can be
# read, and members restart in the order of their ordinals. A certificate of etcd that does not fit the new CA is another refusal. Not each
# refusal can be read.
is_shut_out() {
  case $(refusal_of client "https://$POD_NAME.$ADDRESS_DOMAIN:$CLIENT_PORT") in
    'remote error: '* | 'server preface: '*) [ -n "$shut_out_since" ] || shut_out_since=$(now) ;;
    x509:* | tls:*) shut_out_since='' ;;
  esac
  [ -n "$shut_out_since" ] && [ "$(seconds_since "$shut_out_since")" -ge $((60 + 20 * $(ordinal_of "$POD_NAME"))) ]
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

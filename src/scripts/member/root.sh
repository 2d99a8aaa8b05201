#!/bin/sh
# shellcheck disable=SC2154,SC2034 # $local_url is set by membership.sh; $auth_status is for who sources this
# Sourced by watch-member.sh: this member's login as root. Members apply a new password in root's Secret themselves. Kubernetes updates the
# Secret in each pod at another time, so they wait until all have the new one. Until then, all use the one before.
# State: $RUN/root-password, the password that etcd accepted last. A member publishes
#   auth ready     it can log in; etcd does not check users
#   auth on        it can log in, and etcd checks users
#   auth new       the password of its Secret is not that of etcd

REJECTED='authentication failed'
SECRET_OF_ROOT=/auth/root/password

etcd_here() {
  etcdctl --endpoints "$local_url" --dial-timeout=2s --command-timeout=5s "$@"
}

ask_auth() { # prints whether etcd checks users, true or false; denied to others than root, or rejected; nothing when there is no answer
  local said
  if said=$(etcd_here auth status 2>&1); then
    echo "$said" | sed -n 's/^Authentication Status: //p'
  elif echo "$said" | grep -q 'permission denied'; then
    echo denied
  elif echo "$said" | grep -q -e "$REJECTED" -e 'user name is empty'; then
    echo rejected
  fi
}

try_password() { # try_password USER:PASSWORD: what ask_auth prints with it
  ETCDCTL_USER=$1 ask_auth
}

why_no_password() { # why_no_password PASSWORD: why etcdctl cannot set it, or nothing
  case $1 in
    '') echo "is empty" ;;
    *[[:space:]]*) echo "has spaces or several lines" ;;
    *) [ "$(printf %s "$1" | wc -c)" -le 72 ] || echo "has more than 72 bytes" ;;
  esac
}

remember_password() { # remember_password PASSWORD: as the one that etcd accepts
  (
    umask 077
    printf '%s\n' "$1" >"$RUN/root-password.new"
  )
  mv "$RUN/root-password.new" "$RUN/root-password"
}

asked_root=0 root_told='' auth_status=''

say_of_root() { # say_of_root WHY: once
  if [ -n "$1" ] && [ "$1" != "$root_told" ]; then log "error: $1"; fi
  root_told=$1
}

follow_root() { # every 5 s: publishes whether this member can log in, and applies a new password; sets $auth_status
  local login=on
  [ "$AUTH" != off ] && [ "$(seconds_since "$asked_root")" -ge 5 ] || return 0
  asked_root=$(now)
  case $AUTH in
    password) follow_password ;;
    certificate) auth_status=$(ask_auth) ;;
  esac
  case "$login $auth_status" in
    'on true') publish auth "auth on" ;;
    'on false') publish auth "auth ready" ;;
    'new '* | *' rejected' | *' denied') publish auth "auth new" ;;
  esac
  case "$AUTH $auth_status" in
    'certificate rejected' | 'certificate denied') say_of_root "etcd does not accept the certificate in $TLS_DIR/client as that of root" ;;
  esac
}

follow_password() { # sets $auth_status, and $login to "new" when etcd does not accept the password of the Secret
  local wanted known
  wanted=$(cat "$SECRET_OF_ROOT") known=$(cat "$RUN/root-password" 2>/dev/null || true)
  auth_status=$(try_password "root:$wanted")
  case $auth_status in
    true | false)
      if [ "$wanted" != "$known" ]; then remember_password "$wanted"; fi
      say_of_root ''
      ;;
    rejected)
      login=new
      if [ -n "$known" ]; then auth_status=$(try_password "root:$known"); fi
      change_root "$wanted"
      ;;
  esac
}

set_with_certificate() { # set_with_certificate PASSWORD: where clients log in with certificates, members have that of root
  [ "$TLS" = required ] || return 1
  printf '%s\n' "$1" | ETCDCTL_USER='' etcd_here user passwd root --interactive=false >/dev/null 2>&1 || return 1
  log "changed root's password to that of its Secret, with the certificate of root"
}

change_root() { # change_root WANTED: sets the wanted password, when all members have it
  local why member list
  why=$(why_no_password "$1")
  if [ "$auth_status" != true ] && [ -z "$why" ] && set_with_certificate "$1"; then return; fi
  if [ "$auth_status" != true ]; then
    say_of_root "etcd does not accept the password in root's Secret, and this member knows no other password: see docs/users.md"
    return
  elif [ -n "$why" ]; then
    say_of_root "the password in root's Secret $why; the previous password stays in use"
    return
  fi
  publish auth "auth new"
  list=$(members_at "$local_url" 2>/dev/null) || return 0
  # shellcheck disable=SC2046 # names without spaces
  survey $(others_in "$list")
  for member in $(others_in "$list"); do
    [ "$(word_of "$member")" = silent ] || [ "$(line_of "$member" auth)" = new ] || return 0
  done
  if printf '%s\n' "$1" | etcd_here user passwd root --interactive=false >/dev/null; then
    log "changed root's password to that of its Secret"
    remember_password "$1"
  fi
}

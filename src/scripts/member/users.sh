#!/bin/sh
# shellcheck disable=SC2154 # $auth_status is set by root.sh
# Sourced by watch-member.sh, after report-tls.sh and root.sh: at the leader, applies the users and roles in the settings to etcd:
#   auth     on or off
#   users    a line for each of
#     role NAME
#     permission ROLE read|write|readwrite KEY END     in base64; END is "-" for one key
#     user NAME password|certificate [SECRET-KEY]
#     member USER ROLE
# What this library created is recorded in etcd, so that it is in snapshots too: as permissions of the role $REGISTRY, which no user has, for
# the keys user/NAME/LOGIN and role/NAME. Nothing else is ever removed.
# Kubernetes updates the settings in each pod at another time, and a new leader with older ones would undo what the one before has applied. So
# a leader applies a copy, says which, and changes nothing while a member that answers has others, or no majority has the same.
# Order: roles, users, grants, root, authentication; then what is no longer declared is removed. No client is locked out in between.

REGISTRY=cdk8s-etcd
SECRETS_OF_USERS=/auth/users
DECLARED="$RUN/declared" # the settings that a run applies

users_done='' users_done_at=0 users_told=''
passwords_done='' # users whose passwords etcd has, as they are in $users_done
unpublish users   # of a run that was killed

users_asked() { # users_asked KEYWORD: the rest of the lines with this keyword
  sed -n "s/^$1 //p" "$DECLARED/users"
}

has_line() { # has_line LINES LINE
  [ -n "$(echo "$1" | awk -v line="$2" '$0 == line { print "yes" }')" ]
}

change() { # change ARGUMENT...: one change of users and roles; the log has its words
  ask_here "$@" >/dev/null </dev/null || return 1
  log "users: etcdctl $*"
}

change_password() { # change_password PASSWORD ARGUMENT...: the same, with a password on the standard input
  local password=$1
  shift
  printf '%s\n' "$password" | ask_here "$@" --interactive=false >/dev/null || return 1
  log "users: etcdctl $*"
}

ask_here() { # ask_here ARGUMENT...: what etcd answers; a problem when it refuses, or does not answer
  local said
  if said=$(etcd_here "$@" 2>"$RUN/users-refused"); then
    echo "$said"
    return
  fi
  problem_with "etcd refuses \`etcdctl $(echo "$*" | sed 's/ --interactive=false$//')\`: $(tail -n 1 "$RUN/users-refused" | sed 's/^Error: //')"
  return 1
}

problem_with() { # problem_with WHY
  echo "$1" >>"$RUN/users-problems"
}

# --- permissions
from_base64() {
  echo "$1" | base64 -d
}

with_range() { # with_range KEY END OPERATION ROLE [ACCESS]: a change of a permission for these keys
  local key=$1 end=$2 operation=$3
  shift 3
  case "$key $end" in
    'AA== AA==') change role "$operation" --prefix -- "$@" '' ;;
    *' AA==') change role "$operation" --from-key -- "$@" "$(from_base64 "$key")" ;;
    *' -') change role "$operation" -- "$@" "$(from_base64 "$key")" ;;
    *) change role "$operation" -- "$@" "$(from_base64 "$key")" "$(from_base64 "$end")" ;;
  esac
}

permissions_of() { # permissions_of ROLE: lines of "ACCESS KEY END"
  local answer
  answer=$(ask_here role get "$1" --write-out=json) || return 1
  echo "$answer" | sed -n 's/.*"perm":\[\(.*\)\].*/\1/p' | tr '}' '\n' | awk '
    /"key"/ {
      access = "read"; key = $0; end = "-"
      if (/"permType":1/) access = "write"
      if (/"permType":2/) access = "readwrite"
      sub(/.*"key":"/, "", key); sub(/".*/, "", key)
      if (/"range_end"/) { end = $0; sub(/.*"range_end":"/, "", end); sub(/".*/, "", end) }
      print access, key, end
    }'
}

sync_permissions() { # sync_permissions ROLE: grants before it revokes
  local wanted has access key end
  wanted=$(users_asked "permission $1")
  has=$(permissions_of "$1") || return 0
  echo "$wanted" | while read -r access key end; do
    if [ -n "$key" ] && ! has_line "$has" "$access $key $end"; then with_range "$key" "$end" grant-permission "$1" "$access" || true; fi
  done
  echo "$has" | while read -r access key end; do
    if [ -n "$key" ] && ! has_line "$(echo "$wanted" | cut -d' ' -f2-)" "$key $end"; then with_range "$key" "$end" revoke-permission "$1" || true; fi
  done
}

# --- what this library created
created() { # lines of user/NAME/LOGIN and role/NAME
  local access key end
  has_line "$roles" "$REGISTRY" || return 0
  permissions_of "$REGISTRY" | while read -r access key end; do
    from_base64 "$key"
    echo
  done
}

record() { # record ENTRY: before it is created
  if has_line "$recorded" "$1"; then return 0; fi
  etcd_here role add "$REGISTRY" >/dev/null 2>&1 || true # it exists
  ask_here role grant-permission "$REGISTRY" read "$1" >/dev/null
}

forget() { # forget ENTRY
  ask_here role revoke-permission "$REGISTRY" "$1" >/dev/null
}

# --- roles and users
sync_roles() {
  local role
  for role in $(users_asked role); do
    if has_line "$roles" "$role" || add_role "$role"; then sync_permissions "$role"; fi
  done
}

add_role() {
  record "role/$1" && change role add "$1"
}

sync_users() {
  local name login key wanted
  users_asked user >"$RUN/users-asked"
  while read -r name login key <&8; do
    wanted=$(users_asked "member $name")
    if sync_user "$name" "$login" "$key"; then sync_memberships "$name" "$wanted" || true; fi
  done 8<"$RUN/users-asked"
}

sync_user() { # sync_user NAME LOGIN SECRET-KEY
  local password='' why other
  if [ "$2" = password ]; then
    if ! password=$(cat "$SECRETS_OF_USERS/$3" 2>/dev/null); then
      problem_with "the Secret with passwords has no key $3 for user $1"
      return 1
    fi
    why=$(why_no_password "$password")
    if [ -n "$why" ]; then
      problem_with "the password of user $1 $why"
      return 1
    fi
  fi
  other=$(echo "$recorded" | grep "^user/$1/" | grep -vx "user/$1/$2" || true)
  if [ -n "$other" ] && has_line "$listed" "$1"; then # it logs in otherwise now
    change user delete "$1" || return 1
    forget "$other" || return 1
    listed=$(echo "$listed" | grep -vx "$1" || true)
  fi
  if ! has_line "$listed" "$1"; then
    record "user/$1/$2" && add_user "$1" "$2" "$password" || return 1
  elif [ "$2" = password ] && ! has_password "$1"; then
    set_password "$1" "$password" || return 1
  fi
  has_password "$1" || passwords_done="$passwords_done $1"
}

has_password() { # has_password NAME: that of its Secret, as far as this leader knows
  case " $passwords_done " in
    *" $1 "*) ;;
    *) return 1 ;;
  esac
}

add_user() { # add_user NAME LOGIN PASSWORD
  case $2 in
    password) change_password "$3" user add "$1" ;;
    certificate) change user add "$1" --no-password ;;
  esac
}

set_password() { # set_password NAME PASSWORD: while etcd does not check users, it does not say which one it has
  local login=rejected
  if [ "$auth_status" = true ]; then login=$(login_of "$1" "$2") || return 1; fi
  [ "$login" = rejected ] || return 0
  change_password "$2" user passwd "$1" || return 1
  if [ "$auth_status" = true ]; then login=$(login_of "$1" "$2") || return 1; fi
  if [ "$auth_status $login" = 'true rejected' ]; then # created without a password, it keeps none
    change user delete "$1" && change_password "$2" user add "$1"
  fi
}

login_of() { # login_of NAME PASSWORD: what ask_auth prints with it; no answer is a problem, and not a login
  local login
  login=$(try_password "$1:$2")
  if [ -z "$login" ]; then
    problem_with "etcd does not say whether it accepts the password of user $1"
    return 1
  fi
  echo "$login"
}

roles_of() { # roles_of USER
  ask_here user get "$1" | sed -n 's/^Roles: *//p' | tr ' ' '\n'
}

sync_memberships() { # sync_memberships USER ROLES
  local has role
  has=$(roles_of "$1") || return 1
  for role in $2; do
    has_line "$has" "$role" || change user grant-role "$1" "$role" || true
  done
  for role in $has; do
    has_line "$2" "$role" || change user revoke-role "$1" "$role" || true
  done
}

undeclared() { # what the library created and the settings no longer have; users before roles
  {
    sed 's/^/declared /' "$DECLARED/users"
    echo "$recorded" | sort -r
  } | awk '
    $1 == "declared" { declared[$2 "/" $3] = 1; next }
    { split($0, part, "/"); if ($0 != "" && !((part[1] "/" part[2]) in declared)) print }'
}

remove_undeclared() {
  local entry name gone
  gone=$(undeclared)
  for entry in $gone; do
    name=$(echo "$entry" | cut -d/ -f2)
    case $entry in
      user/*) ! has_line "$listed" "$name" || change user delete "$name" || continue ;;
      role/*) change role delete "$name" || true ;; # it may have been removed by hand
    esac
    forget "$entry" || true
  done
}

say_of_others() { # users that this library does not know
  local name others=''
  for name in $listed; do
    if [ "$name" = root ] || users_asked user | grep "^$name " >/dev/null || echo "$recorded" | grep "^user/$name/" >/dev/null; then continue; fi
    others="$others $name"
  done
  if [ -n "$others" ] && [ "$others" != "$(cat "$RUN/users-others" 2>/dev/null || true)" ]; then
    log "users: not declared, and left alone:$others"
  fi
  echo "$others" >"$RUN/users-others"
}

# --- root, and authentication
sync_root() {
  local has
  if ! has_line "$listed" root; then set_root user add root || return 1; fi
  has=$(roles_of root) || return 1
  has_line "$has" root || change user grant-role root root
}

set_root() { # set_root ARGUMENT...
  local password why
  if [ "$AUTH" = certificate ]; then
    [ "$2" = passwd ] || change "$@" --no-password
    return
  fi
  password=$(cat "$SECRET_OF_ROOT")
  why=$(why_no_password "$password")
  if [ -z "$why" ]; then
    change_password "$password" "$@"
  else
    problem_with "the password in root's Secret $why"
    return 1
  fi
}

is_root() { # is_root FILE: whether the common name in this certificate is root; the subject's is the last one
  decoded "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/.*550403//' | grep -qE '^(0c|13)04726f6f74'
}

why_not_enable() { # or nothing
  local list member
  if [ "$AUTH" = certificate ] && ! is_root "$TLS_DIR/client/tls.crt"; then
    echo "the common name of the certificate in $TLS_DIR/client is not root"
    return
  fi
  list=$(members_at "$local_url") || {
    echo "there is no member list"
    return
  }
  # shellcheck disable=SC2046 # names without spaces
  survey $(others_in "$list")
  for member in $(others_in "$list"); do
    case $(line_of "$member" auth) in
      ready | on) ;;
      *)
        echo "$member cannot log in as root yet"
        return
        ;;
    esac
    if [ -n "$(line_of "$member" busy)" ]; then
      echo "a job is running"
      return
    fi
  done
}

switch_auth() {
  local why
  case "$(cat "$DECLARED/auth") $auth_status" in
    'on false')
      why=$(why_not_enable)
      if [ -n "$why" ]; then
        users_waiting=$why
        return
      fi
      set_root user passwd root || return 0 # the data, or another leader, may have set one that no Secret has
      change auth enable || return 0
      auth_status=true
      publish auth "auth on"
      users_done='' # only now can passwords be checked
      ;;
    'off true')
      change auth disable || return 0
      auth_status=false
      publish auth "auth ready"
      ;;
  esac
}

# --- whether the others have the same settings
copy_settings() { # of one version; the others are told before they are asked
  publish users "users $(checksum_of_users "$SETTINGS")"
  rm -rf "$DECLARED"
  mkdir "$DECLARED"
  cp "$SETTINGS/auth" "$SETTINGS/users" "$DECLARED/" 2>/dev/null && [ "users $(checksum_of_users "$DECLARED")" = "$(cat "$RUN/public/users")" ]
}

why_not_apply() { # or nothing
  local list member own same=1 all=1
  own=$(checksum_of_users "$DECLARED")
  list=$(members_at "$local_url" 2>/dev/null) || {
    echo "there is no member list"
    return
  }
  # shellcheck disable=SC2046 # names without spaces
  survey $(others_in "$list")
  for member in $(others_in "$list"); do
    all=$((all + 1))
    case "$(word_of "$member") $(line_of "$member" users)" in
      'silent '* | ' '*) ;;
      *" $own" | *' ') same=$((same + 1)) ;; # older scripts say nothing of users
      *)
        echo "$member has different user settings"
        return
        ;;
    esac
  done
  [ $((2 * same)) -gt "$all" ] || echo "fewer than a majority of the members report the same user settings"
}

# --- all of it
users_state() { # changes with the settings and the passwords, and when another member has led, which may have set older ones
  {
    setting auth
    setting users
    cat "$SECRETS_OF_USERS"/* 2>/dev/null || true
    if [ "$AUTH" = password ]; then cat "$SECRET_OF_ROOT"; fi
    metrics_here | metric etcd_server_leader_changes_seen_total
  } | sha256sum
}

is_due_for_users() { # sets $state; after a change at once, otherwise every minute; with a problem every 10 s
  local age period=60
  state=$(users_state)
  age=$(seconds_since "$users_done_at")
  if [ -n "$users_told" ]; then period=10; fi
  if [ "$state" != "$users_done" ]; then period=3; fi
  [ "$age" -ge "$period" ]
}

follow_users() { # at the leader; after follow_root
  local users_waiting='' state='' why
  [ "$AUTH" != off ] && [ -e "$SETTINGS/auth" ] && is_due_for_users || return 0
  case $auth_status in
    true | false) ;;
    *) return 0 ;;
  esac
  users_done_at=$(now)
  : >"$RUN/users-problems"
  why="the user settings cannot be read, or are changing"
  if copy_settings; then why=$(why_not_apply); fi
  if [ -z "$why" ]; then apply_users; else problem_with "nothing is changed: $why"; fi
  unpublish users
  say_of_users
}

apply_users() { # what fails is a problem, and is done again
  local recorded listed roles
  if [ "$state" != "$users_done" ]; then passwords_done=''; fi
  users_done=$state
  roles=$(ask_here role list) && recorded=$(created) && listed=$(ask_here user list) || return 0
  sync_roles
  sync_users
  sync_root || return 0
  switch_auth
  remove_undeclared
  say_of_others
}

say_of_users() { # once; etcd counts the failed request, and the alert EtcdUsersNotApplied reads that
  local told
  told=$(paste -sd';' "$RUN/users-problems")
  if [ -n "$told" ]; then etcd_here user get "$REGISTRY" >/dev/null 2>&1 || true; fi
  if [ -z "$told" ] && [ -n "$users_waiting" ]; then told="authentication is not enabled yet: $users_waiting"; fi
  if [ -n "$told" ] && [ "$told" != "$users_told" ]; then log "users: $told"; fi
  if [ -z "$told" ] && [ -n "$users_told" ]; then log "users: all are as declared now"; fi
  users_told=$told
}

#!/toolbox/bin/sh
# Served by httpd as /cgi-bin/hello?NAME&QUESTION[&MAC]: answers with what this pod publishes (phase.sh), and records which job asked.
here=/toolbox/scripts
. "$here/preamble.sh"
. "$here/messages.sh"

asked_by=$(part 1)
self="$POD_NAME.$POD_DOMAIN"

# is_call: whether a job has asked; where TLS is required, one with the key, within the last minute
is_call() {
  local age
  case $asked_by in
    "$CLUSTER_NAME-drill" | "$CLUSTER_NAME-snapshotter") ;;
    *) return 1 ;;
  esac
  [ "$TLS" = required ] || return 0
  age=$(($(date +%s) - $(part 2 | sed 's/-.*//' | grep -x '[0-9]\{10\}' || echo 0)))
  [ "$age" -ge -60 ] && [ "$age" -le 60 ] && printf 'call\nmac %s\n' "$(part 3)" | authentic "$asked_by $self $(part 2)" >/dev/null
}

users() { # the settings that the leader applies just now (users.sh), or those of now
  cat "$RUN/public/users" 2>/dev/null || {
    if [ -e "$SETTINGS/auth" ]; then echo "users $(checksum_of_users "$SETTINGS")"; fi
  }
}

answer() {
  local line job called
  cat "$RUN/public/phase"
  for line in protocol disk first restore from tls auth restarting; do
    cat "$RUN/public/$line" 2>/dev/null || true # it can go at any moment
  done
  users
  for job in drill snapshotter; do # they call every 5 s (announce.sh)
    called=$(cat "$RUN/calls/$CLUSTER_NAME-$job" 2>/dev/null || echo 0)
    if [ $(($(now) - called)) -lt 15 ]; then echo "busy $job"; fi
  done
}

if is_call; then
  mkdir -p "$RUN/calls"
  now >"$RUN/calls/$asked_by.new"
  mv "$RUN/calls/$asked_by.new" "$RUN/calls/$asked_by"
fi
printf 'Content-Type: text/plain\r\n\r\n'
answer | sign "hello $asked_by $self $(part 2)"

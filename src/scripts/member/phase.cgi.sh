#!/toolbox/bin/sh
# Served by httpd as /cgi-bin/hello?NAME&QUESTION[&MAC]: answers with what this pod publishes (phase.sh), and records which job asked.
here=/toolbox/scripts
. "$here/preamble.sh"
. "$here/messages.sh"

read_query
self="$POD_NAME.$POD_DOMAIN"

# is_call: whether a job has asked; where TLS is required, one with the key, within the last minute
is_call() {
  local age
  case $asked_by in
    "$CLUSTER_NAME-drill" | "$CLUSTER_NAME-snapshotter") ;;
    *) return 1 ;;
  esac
  [ "$TLS" = required ] || return 0
  age=$(($(date +%s) - $(echo "$question" | sed 's/-.*//' | grep -x '[0-9]\{10\}' || echo 0)))
  [ "$age" -ge -60 ] && [ "$age" -le 60 ] && authentic "$asked_by $self $question" "$(printf 'call\nmac %s' "$proof")" >/dev/null
}

answer() {
  local file files='' users job called
  for file in protocol disk first restore from tls auth restarting; do
    if [ -e "$RUN/public/$file" ]; then files="$files $RUN/public/$file"; fi
  done
  # shellcheck disable=SC2086 # paths without spaces
  cat "$RUN/public/phase" $files 2>/dev/null || true # one can go at any moment
  users=$(first_line "$RUN/public/users") # the settings that the leader applies just now (users.sh), or those of now
  if [ -z "$users" ] && [ -e "$SETTINGS/auth" ]; then users="users $(checksum_of_users "$SETTINGS")"; fi
  if [ -n "$users" ]; then echo "$users"; fi
  for job in drill snapshotter; do # they call every 5 s (announce.sh)
    called=$(first_line "$RUN/calls/$CLUSTER_NAME-$job" 0)
    if [ $(($(now) - called)) -lt 15 ]; then echo "busy $job"; fi
  done
}

if is_call; then
  mkdir -p "$RUN/calls"
  now >"$RUN/calls/$asked_by.new"
  mv "$RUN/calls/$asked_by.new" "$RUN/calls/$asked_by"
fi
printf 'Content-Type: text/plain\r\n\r\n'
sign "hello $asked_by $self $question" "$(answer)"

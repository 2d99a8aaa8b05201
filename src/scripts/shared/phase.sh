#!/bin/sh
# shellcheck disable=SC2154 # data_id and data_run are set by data.sh
# shellcheck disable=SC2046 # what answers have is split into words
# Sourced after messages.sh: what pods publish for each other. Each member serves its phase on a port of its own (phase.cgi.sh):
#   WORD N HOST ID WHY     the word of its phase; the number of members by its settings; the host name of its pod; the id of
#                          its data (data.sh). Published together with the run of that data.
#   protocol 2             version of this protocol
#   disk UUID              id of its disk
#   first TOKEN            the bootstrap that it began, identified by the disks of all N members
#   run RUN                the run of the restore that its data comes from
#   restore ID STANCE      what it has of a restore that the settings ask for (restore-member.sh)
#   from SHA256            the snapshot that its data comes from
#   tls LEVEL SCHEME       off, optional or required (transport.sh); the scheme of its peer URL, "-" until etcd starts
#   auth STATE             ready, on or new: its login as root (root.sh)
#   users SHA256           the user settings that it has, or is applying as the leader (users.sh)
#   restarting WHAT        is about to restart etcd, and no other member should stop meanwhile (restart.sh)
#   busy JOB               a job that no restart should disturb has called within the last 15 s
# Words:
#   starting        not known yet
#   fresh           no data; ready to bootstrap with N members, or says what it waits for
#   bootstrapping   began to bootstrap with N members, and has not had quorum yet
#   joining         is being added to a running cluster
#   member          has data
#   leaving         is about to stop
#   refusing        must not start, and says why

PROTOCOL=2
MOST_MEMBERS=9

answers="$RUN/answers.$$" # a file for each member that survey asked; several scripts ask at once

setting() { # setting NAME: its current value
  cat "$SETTINGS/$1"
}

asked_data() { # asked_data DEFAULT: the id of the data that the settings ask for; "*" asks for none, and members stay on their data
  local asked
  asked=$(setting restore-id) || return 1
  if [ "$asked" = '*' ]; then echo "$1"; else echo "$asked"; fi
}

serve_program() { # serve_program SCRIPT NAME: httpd runs it for cgi-bin/NAME
  mkdir -p "$RUN/public/cgi-bin"
  cp "$here/$1" "$RUN/public/cgi-bin/$2"
  chmod 0755 "$RUN/public/cgi-bin/$2"
}

publish() { # publish FILE TEXT: atomic
  echo "$2" >"$RUN/$1.$$"
  mv "$RUN/$1.$$" "$RUN/public/$1"
}

unpublish() { # unpublish FILE
  if [ -e "$RUN/public/$1" ]; then rm -f "$RUN/public/$1"; fi
}

set_phase() { # set_phase WORD [WHY]
  local count phase_word
  count=$(setting replicas)
  # The number that the bootstrap began with counts, not that of the settings.
  if [ "$1" = bootstrapping ]; then count=$(noted bootstrapping "$count" | cut -d' ' -f1); fi
  phase_word=$1
  shift
  say_phase "$phase_word" "$count" "$*"
}

say_phase() { # say_phase WORD COUNT WHY
  publish phase "$(printf '%s\n' "$1 $2 $(pod_host "$POD_NAME") $data_id $3" "run $data_run")"
}

# --- names
ordinal_of() {
  local IFS=-
  # shellcheck disable=SC2086 # the parts of the name
  set -- $1
  shift $(($# - 1))
  echo "$1"
}

member_host() { # member_host MEMBER: the name of its Service, whose address never changes
  echo "$1.$MEMBER_DOMAIN"
}

pod_host() { # pod_host MEMBER: the name of its pod, which resolves while the pod exists
  echo "$1.$POD_DOMAIN"
}

peer_url() { # peer_url SCHEME MEMBER
  echo "$1://$2.$ADDRESS_DOMAIN:$PEER_PORT"
}

client_url() { # client_url MEMBER: where scripts reach its etcd; over TLS, by a name that its certificate has
  local scheme
  scheme=$(client_scheme "$(level_of "$1")")
  case $scheme in
    https) echo "https://$1.$ADDRESS_DOMAIN:$CLIENT_PORT" ;;
    http) echo "http://$(host_that_answered "$1"):$CLIENT_PORT" ;;
  esac
}

client_scheme() { # client_scheme LEVEL: that of this member where the level of another one is not known
  local level=$1
  if [ -z "$level" ]; then level=$TLS; fi
  if [ "$level" = required ]; then echo https; else echo http; fi
}

is_below() { # is_below COUNT MEMBER: whether its ordinal is below COUNT
  local IFS=- count=$1
  # shellcheck disable=SC2086 # the parts of the name
  set -- $2
  shift $(($# - 1))
  [ "$1" -lt "$count" ]
}

members_below() { # members_below COUNT: names of the first COUNT members but this one
  local ordinal=0
  while [ "$ordinal" -lt "$1" ]; do
    if [ "$CLUSTER_NAME-$ordinal" != "$POD_NAME" ]; then echo "$CLUSTER_NAME-$ordinal"; fi
    ordinal=$((ordinal + 1))
  done
}

everyone=$(members_below $MOST_MEMBERS) # all other members that there can be: one that the settings no longer have may have the data

# --- asking
fetch_to() { # fetch_to FILE URL: fails after 2 s; never through a proxy, which http_proxy may name for rclone
  timeout 2 wget -Y off -q -T 1 -O "$1" "$2" 2>/dev/null
}

fetch() { # fetch URL: prints the answer
  fetch_to - "$1"
}

# well_formed MEMBER: prints what of an answer follows the protocol; fails unless the answer is that member's.
well_formed() {
  awk -v host="$(pod_host "$1")" '
    NR == 1 {
      if ($1 !~ /^(starting|fresh|bootstrapping|joining|member|leaving|refusing)$/ || $2 !~ /^[0-9]$/ || $3 != host || $4 !~ /^(-|[a-z0-9][-a-z0-9.]*)$/) exit 1
      print
    }
    NR > 1 && /^(protocol [0-9]+|disk [-0-9a-f]+|first [0-9a-f]+|run [-0-9a-z]+|from [-0-9a-f]+|busy [a-z]+|tls [a-z]+ [-a-z]+|auth [a-z]+|users [0-9a-f]+|restarting [a-z]+|restore [-a-z0-9.]+ [ -~]*)$/ { print }
    END { if (NR == 0) exit 1 }'
}

survey() { # survey MEMBER...: asks all at once; the functions below read the answers
  local member question replicas
  rm -rf "$answers"
  mkdir -p "$answers"
  question=$(new_question)
  replicas=$(setting replicas) || replicas=$MOST_MEMBERS # a member is tried at one name, and not at two
  for member in "$@"; do
    ask "$member" "$question" "$replicas" &
  done
  wait
}

# ask MEMBER QUESTION REPLICAS: writes its answer, and the host that answered, to $answers; in a process of its own, which has no other child
ask() {
  local host
  ulimit -f 32 # blocks of 512 bytes: no answer is longer than 16 KiB
  echo silent >"$answers/$1"
  for host in "$1.$MEMBER_DOMAIN" "$1.$POD_DOMAIN"; do
    # The final dot keeps the resolver from trying search domains.
    if fetch_to "$answers/$1.raw" "http://$host.:$PHASE_PORT/cgi-bin/hello?$(query_of "$POD_NAME" "$2")" && take_answer "$1" "$2"; then
      echo "$host" >"$answers/$1.host"
      # /readyz: a voting member with quorum. It can also succeed for a member that joins (watch-member.sh).
      if [ "$(word_of "$1")" != joining ] && fetch_to /dev/null "http://$host.:$METRICS_PORT/readyz"; then : >"$answers/$1.ready"; fi
      return
    fi
    # The Service of a surplus member may be deleted before its pod.
    if is_below "$3" "$1"; then return; fi
  done
}

take_answer() { # take_answer MEMBER QUESTION: fails unless it is that member's
  local text
  text=$(cat "$answers/$1.raw") || return 1
  text=$(authentic "hello $POD_NAME $1.$POD_DOMAIN $2" "$text") || {
    : >"$answers/$1.unsigned"
    say_forged "$1"
    return 1
  }
  text=$(echo "$text" | well_formed "$1") && echo "$text" >"$answers/$1"
}

host_that_answered() {
  first_line "$answers/$1.host" "$(member_host "$1")"
}

phase_of() { # phase_of MEMBER: the first line, or "silent"; nothing when it was not asked
  first_line "$answers/$1"
}

field_of() { # field_of N MEMBER: a word of its phase, or nothing
  local number=$1 line=''
  { read -r line <"$answers/$2"; } 2>/dev/null || true
  set -f # others choose the words
  # shellcheck disable=SC2086
  set -- $line
  set +f
  [ $# -ge "$number" ] || return 0
  shift $((number - 1))
  echo "$1"
}

# may_have_data COUNT MEMBER: by its answer; without one, a member above COUNT is taken for one that never existed
may_have_data() {
  case $(word_of "$2") in
    fresh) return 1 ;;
    silent) is_below "$1" "$2" ;;
  esac
}

nobody_answered() { # nobody_answered MEMBER...
  local member
  for member in "$@"; do
    [ "$(phase_of "$member")" = silent ] || return 1
  done
}

word_of() {
  field_of 1 "$1"
}

count_of() {
  field_of 2 "$1"
}

data_id_of() {
  field_of 4 "$1"
}

line_of() { # line_of MEMBER KEY: the rest of the line that begins with this key, or nothing
  local key rest
  while read -r key rest; do
    if [ "$key" = "$2" ]; then
      echo "$rest"
      return
    fi
  done <"$answers/$1"
}

run_of() { # run_of MEMBER: the run of its data; "-" also in protocol 1
  set -- $(line_of "$1" run) -
  echo "$1"
}

level_of() { # level_of MEMBER: of TLS, or nothing; scripts that know none had no TLS
  case $(word_of "$1") in
    '' | silent) return 0 ;;
  esac
  set -- $(line_of "$1" tls) off
  echo "$1"
}

scheme_of() { # scheme_of MEMBER: of its peer URL; "-" when its etcd does not run
  set -- $(line_of "$1" tls)
  [ $# = 2 ] || set -- off http
  echo "$2"
}

speaks_protocol() { # speaks_protocol MEMBER: this version, or a later one
  set -- $(line_of "$1" protocol) 1
  [ "$1" -ge $PROTOCOL ]
}

has_other_data() { # has_other_data MEMBER: unless it says that it has none
  case $(word_of "$1") in
    fresh | joining) return 1 ;;
  esac
}

was_ready_on() { # was_ready_on MEMBER ID
  [ -e "$answers/$1.ready" ] && [ "$(data_id_of "$1")" = "$2" ]
}

was_ready() { # was_ready MEMBER: on the same data as this member
  was_ready_on "$1" "$data_id" && [ "$(run_of "$1")" = "$data_run" ]
}

first_ready_on() { # first_ready_on ID: a member that was ready on data with this id, from any run; or nothing
  local member
  for member in $everyone; do
    if was_ready_on "$member" "$1"; then
      echo "$member"
      return
    fi
  done
}

runs_another_run() { # runs_another_run MEMBER: whether its data is from another run than the data here; unknown for older scripts
  [ "$(run_of "$1")" != - ] && [ "$data_run" != - ] && [ "$(run_of "$1")" != "$data_run" ]
}

ready_of() { # ready_of MEMBER...: those of them that were ready
  local member
  for member in "$@"; do
    if was_ready "$member"; then echo "$member"; fi
  done
}

resolves() { # resolves HOST
  nslookup "$1." >/dev/null 2>&1
}

has_no_pod() { # has_no_pod MEMBER: whether DNS knows the name of this pod, and says that there is no such other one; no answer says nothing
  local said
  resolves "$(pod_host "$POD_NAME")" || return 1
  said=$(nslookup "$(pod_host "$1")." 2>&1) && return 1
  case $said in
    *NXDOMAIN*) ;;
    *) return 1 ;;
  esac
}

# --- this member's own etcd
is_ready_here() {
  wget -Y off -q -T 5 -O /dev/null "http://127.0.0.1:$METRICS_PORT/readyz" 2>/dev/null
}

metrics_here() {
  wget -Y off -q -T 5 -O - "http://127.0.0.1:$METRICS_PORT/metrics" 2>/dev/null
}

metric() { # metric NAME: its value in the metrics on standard input
  sed -n "s/^$1 //p"
}

is_leader_here() {
  [ "$(metrics_here | metric etcd_server_is_leader)" = 1 ]
}

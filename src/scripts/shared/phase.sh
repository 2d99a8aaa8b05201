#!/bin/sh
# shellcheck disable=SC2154 # data_id and data_run are set by data.sh
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
#   users SHA256           the settings of users that it has, or applies just now as the leader (users.sh)
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
  asked=$(setting restore-id)
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
  case $(echo "$1" | grep . || echo "$TLS") in
    required) echo https ;;
    *) echo http ;;
  esac
}

members_below() { # members_below COUNT: names of the first COUNT members but this one
  seq 0 $(($1 - 1)) | sed "s/^/$CLUSTER_NAME-/" | grep -vx "$POD_NAME" || true
}

everyone() { # all other members that there can be: one that the settings no longer have may have the data
  members_below $MOST_MEMBERS
}

# --- asking
fetch() { # fetch URL: within 2 s, or not at all
  timeout 2 wget -q -T 1 -O - "$1" 2>/dev/null
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

# ask_program HOST PROGRAM NAME QUESTION: what this program of the pod NAME answers at this host; fails with 2 when it is not authentic
ask_program() {
  local text
  text=$(fetch "http://$1.:$PHASE_PORT/cgi-bin/$2?$(query_of "$POD_NAME" "$4")" | limited) || return 1
  authentic "$2 $POD_NAME $3 $4" "$text" || return 2
}

hello() { # hello HOST MEMBER QUESTION
  local status=0
  ask_program "$1" hello "$(pod_host "$2")" "$3" || status=$?
  if [ "$status" = 2 ]; then
    say_forged "$2"
    touch "$answers/$2.unsigned"
  fi
  return "$status"
}

ask() { # ask MEMBER QUESTION REPLICAS: writes its answer, and the host that answered, to $answers
  local host hosts
  hosts=$(member_host "$1")
  # The Service of a surplus member may be deleted before its pod.
  if [ "$(ordinal_of "$1")" -ge "$3" ]; then hosts="$hosts $(pod_host "$1")"; fi
  for host in $hosts; do
    # The final dot keeps the resolver from trying search domains.
    if hello "$host" "$1" "$2" | well_formed "$1" >"$answers/$1"; then
      echo "$host" >"$answers/$1.host"
      return
    fi
  done
  echo silent >"$answers/$1"
  member_host "$1" >"$answers/$1.host"
}

survey() { # survey MEMBER...: asks all at once; the functions below read the answers
  local member question replicas
  rm -rf "$answers"
  mkdir -p "$answers"
  question=$(new_question)
  replicas=$(setting replicas) || replicas=$MOST_MEMBERS # a member is tried at one name, and not at two
  for member in "$@"; do
    {
      ask "$member" "$question" "$replicas"
      # /readyz: a voting member with quorum. It can also succeed for a member that joins (watch-member.sh).
      case $(word_of "$member") in
        joining | silent) ;;
        *) if fetch "http://$(host_that_answered "$member").:$METRICS_PORT/readyz" >/dev/null; then touch "$answers/$member.ready"; fi ;;
      esac
    } &
  done
  wait
}

host_that_answered() {
  first_line "$answers/$1.host" "$(member_host "$1")"
}

phase_of() { # phase_of MEMBER: the first line, or "silent"; nothing when it was not asked
  first_line "$answers/$1"
}

field_of() { # field_of N MEMBER: a word of its phase, or nothing
  local number=$1
  # shellcheck disable=SC2046 # its words
  set -- $(phase_of "$2")
  [ $# -ge "$number" ] || return 0
  shift $((number - 1))
  echo "$1"
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
  sed -n "/^$2 /{s/^$2 //p;q;}" "$answers/$1"
}

run_of() { # run_of MEMBER: the run of its data; "-" also in protocol 1
  line_of "$1" run | grep . || echo -
}

level_of() { # level_of MEMBER: of TLS, or nothing; scripts that know none had no TLS
  case $(word_of "$1") in
    '' | silent) ;;
    *) line_of "$1" tls | grep . | cut -d' ' -f1 || echo off ;;
  esac
}

scheme_of() { # scheme_of MEMBER: of its peer URL; "-" when its etcd does not run
  line_of "$1" tls | grep . | cut -d' ' -f2 || echo http
}

speaks_protocol() { # speaks_protocol MEMBER: this version, or a later one
  [ "$(line_of "$1" protocol | grep . || echo 1)" -ge $PROTOCOL ]
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
  for member in $(everyone); do
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
  wget -q -T 5 -O /dev/null "http://127.0.0.1:$METRICS_PORT/readyz" 2>/dev/null
}

metrics_here() {
  wget -q -T 5 -O - "http://127.0.0.1:$METRICS_PORT/metrics" 2>/dev/null
}

metric() { # metric NAME: its value in the metrics on standard input
  sed -n "s/^$1 //p"
}

is_leader_here() {
  [ "$(metrics_here | metric etcd_server_is_leader)" = 1 ]
}

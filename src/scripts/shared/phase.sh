#!/bin/sh
# shellcheck disable=SC2154 # $data_id is set by data.sh
# shellcheck disable=SC2030,SC2031 # members are asked in subshells, each for itself
# Sourced: what members tell each other. Each pod serves a line about itself, its phase:
#   fresh N HOST ID why     no data; would make a first start of N members, or says what it waits for
#   bootstrapping N HOST ID began the first start of N members, and has not seen a quorum yet
#   joining N HOST ID       being added to a living cluster
#   member N HOST ID        has data
#   leaving N HOST ID       about to stop
#   refusing N HOST ID why  has data that it must not start with
# N is the number of members in the settings as this pod sees them, HOST its own name, ID that of its data (data.sh). A
# second line comes while a restore is being taken up (restore-member.sh).

answers="$RUN/survey.$$" # a folder for each script: several run at once

setting() { # setting NAME: a value of the settings, as they are now
  cat "$SETTINGS/$1"
}

publish() { # publish FILE TEXT: for the others, never half written
  echo "$2" >"$RUN/$1.$$"
  mv "$RUN/$1.$$" "$RUN/public/$1"
}

set_phase() { # set_phase WORD [PROSE]
  phase_word=$1
  shift
  publish phase "$phase_word $(setting replicas) $(member_host "$POD_NAME") $data_id $*"
}

member_host() {
  echo "$1.$POD_DOMAIN"
}

client_url() {
  echo "http://$1.$ADDRESS_DOMAIN:$CLIENT_PORT"
}

peer_url() {
  echo "http://$1.$ADDRESS_DOMAIN:$PEER_PORT"
}

fetch() { # fetch URL: quickly or not at all
  timeout 2 wget -q -T 1 -O - "$1" 2>/dev/null
}

# ask MEMBER: sets $address, $answer to its phase or "silent", and $restore to its second line. An address that is known from a call is tried first, and
# only believed when that member answers there: addresses of pods are used again.
ask() {
  known=$(cat "$RUN/addresses/$1" 2>/dev/null || true)
  # The dot at the end keeps the resolver from trying the name in other domains.
  for address in $known "$(member_host "$1")."; do
    answer=$(fetch "http://$address:$PHASE_PORT/cgi-bin/hello?$POD_NAME") || answer=
    case $answer in
      *" $(member_host "$1") "*)
        note_addresses
        restore=$(echo "$answer" | sed -n 's/^restore //p')
        from=$(echo "$answer" | sed -n 's/^from //p')
        answer=$(echo "$answer" | head -n 1)
        return
        ;;
    esac
  done
  rm -f "$RUN/addresses/$1"
  answer=silent restore='' from=''
}

note_addresses() { # of members that the one asked knows and this one does not
  echo "$answer" | sed -n 's/^at //p' | while read -r member address; do
    if [ "$member" != "$POD_NAME" ] && ! [ -e "$RUN/addresses/$member" ]; then echo "$address" >"$RUN/addresses/$member"; fi
  done
}

is_ready_here() {
  wget -q -T 5 -O /dev/null "http://127.0.0.1:$METRICS_PORT/readyz" 2>/dev/null
}

gauge() { # gauge NAME: whether a metric of this member is 1
  wget -q -T 5 -O - "http://127.0.0.1:$METRICS_PORT/metrics" 2>/dev/null | grep -q "^$1 1\$"
}

ordinal_of() {
  echo "$1" | sed 's/.*-//'
}

other_members() { # other_members COUNT: names of the first COUNT members but this one
  seq 0 $(($1 - 1)) | sed "s/^/$CLUSTER_NAME-/" | grep -vx "$POD_NAME" || true
}

survey() { # survey MEMBER...: asks all at once; then answer_of, restore_of, address_of and was_ready know
  rm -rf "$answers"
  mkdir -p "$answers"
  for member in "$@"; do
    {
      ask "$member"
      echo "$answer" >"$answers/$member.phase"
      echo "$restore" >"$answers/$member.restore"
      echo "$from" >"$answers/$member.from"
      echo "$address" >"$answers/$member.address"
      # A voting member that sees a quorum. One that joins can seem to be one (watch-member.sh); of one that is silent nobody knows on
      # which data, and where a pod is gone a second question costs as long as the first.
      case $answer in
        joining* | silent) ;;
        *) if fetch "http://$address:$METRICS_PORT/readyz" >/dev/null; then touch "$answers/$member.ready"; fi ;;
      esac
    } &
  done
  wait
}

answer_of() {
  cat "$answers/$1.phase"
}

restore_of() {
  cat "$answers/$1.restore"
}

from_of() {
  cat "$answers/$1.from"
}

address_of() {
  cat "$answers/$1.address"
}

with_data() { # with_data MEMBER...: those that don't say that they have none, with what they say
  for member in "$@"; do
    word=$(answer_of "$member" | cut -d' ' -f1)
    [ "$word" = fresh ] || echo "$member ($word)"
  done
}

data_id_of() {
  answer_of "$1" | cut -d' ' -s -f4
}

was_ready() { # was_ready MEMBER: on data with the same id as here
  [ -e "$answers/$1.ready" ] && [ "$(data_id_of "$1")" = "$data_id" ]
}

first_ready() { # first_ready MEMBER...: after survey
  for member in "$@"; do
    if was_ready "$member"; then
      echo "$member"
      return
    fi
  done
}

find_ready() { # find_ready MEMBER...: asks all of them, and names the first that is ready
  survey "$@"
  first_ready "$@"
}

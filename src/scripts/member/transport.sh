#!/bin/sh
# shellcheck disable=SC2154 # $notes is set by data.sh
# Sourced after data.sh, phase.sh, membership.sh and certificates.sh: TLS, which can be enabled on a running cluster. $TLS is the level of the manifests:
#   off        members have no certificates
#   optional   they have, and serve clients over HTTP and HTTPS; among themselves they use HTTP
#   required   clients and members use HTTPS only
# Members one level apart reach each other. Beside its data, a member records the scheme of its peer URL (peer_scheme). It listens with that
# scheme, and changes it together with its URL in the member list, which takes a quorum.

write_cas() { # write_cas server|peer|client...: as files in $RUN/ca, for etcd and etcdctl
  local owner
  [ "$TLS" != off ] || return 0
  mkdir -p "$RUN/ca"
  for owner in "$@"; do
    cas_of "$TLS_DIR" "$owner" >"$RUN/ca/$owner.new"
    mv "$RUN/ca/$owner.new" "$RUN/ca/$owner.crt"
  done
}

wanted_scheme() {
  case $TLS in
    required) echo https ;;
    *) echo http ;;
  esac
}

peer_scheme() { # of this member's URL in the member list; data of the chart and of older scripts has no note
  noted scheme http
}

# note_adopted_scheme: data of the chart has no notes; its members can have had TLS. Of an entry that was changed, older versions can be left.
note_adopted_scheme() {
  if [ -d "$notes" ]; then return 0; fi
  if [ "$(scheme_in_data)" = https ]; then record_scheme https; fi
}

scheme_in_data() { # of this member's URL in the database
  text_in_database | grep -aoE "\"peerURLs\":\[\"https?://[^]]*\],\"name\":\"$POD_NAME\"" | sed 's/^"peerURLs":\["//; s/:.*//' | sort -u
}

publish_scheme() { # publish_scheme SCHEME: that etcd runs with; "-" before that
  publish tls "tls $TLS $1"
}

# is_unsigned MEMBER: whether it answers without the key of the cluster, as members without certificates do. Only a member that has not
# changed its URL yet takes that into account: afterwards, all members have the key.
is_unsigned() {
  [ -e "$answers/$1.unsigned" ] && [ "$TLS $(peer_scheme)" = 'required http' ]
}

all_have_certificates() { # whether no member that answered is without
  local member
  for member in $everyone; do
    if [ "$(level_of "$member")" = off ] || is_unsigned "$member"; then return 1; fi
  done
}

# why_apart: why this member must not start: another one is two levels apart
why_apart() {
  local member
  for member in $everyone; do
    if [ "$AUTH" = off ] && [ "$(line_of "$member" auth)" = on ] && runs_etcd "$member" && ! printenv ETCDCTL_USER >/dev/null; then
      echo "authentication is enabled, and this member cannot log in as root: revert the commit, and set enabled: false in auth first"
      return
    fi
    if is_unsigned "$member" && has_data "$data_id"; then
      echo "$member answers without the key of this cluster, and this member would serve TLS only: revert the commit, and set allowPlainHttp: true in tls first"
      return
    fi
    runs_etcd "$member" || continue
    if [ "$TLS $(level_of "$member")" = 'off required' ]; then
      echo "$member serves TLS only, and this member has no certificates: revert the commit, and set allowPlainHttp: true in tls first"
      return
    fi
  done
}

# why_not_level: why this member cannot start with this level and its data, or nothing
why_not_level() {
  if [ "$TLS" = required ] && ! [ -d "$notes" ]; then # and note_adopted_scheme has not found https
    echo "the data is from a cluster without TLS: set allowPlainHttp: true in tls first, and wait for the rollout"
  fi
  if [ "$TLS $(peer_scheme)" = 'off https' ]; then
    echo "the others reach this member over HTTPS, but it has no certificates, and there is no quorum to change its URL: set tls again"
  fi
}

runs_etcd() { # runs_etcd MEMBER
  case $(word_of "$1") in
    member | bootstrapping | leaving) [ "$(scheme_of "$1")" != - ] ;;
    *) return 1 ;;
  esac
}

scheme_in() { # scheme_in LIST MEMBER: of its peer URL in a member list
  echo "$1" | awk -v member="$2" '$2 == member { sub(/:.*/, "", $5); print $5 }'
}

record_scheme() { # record_scheme SCHEME
  note scheme "$1" || log "cannot record the scheme of the peer URL on the volume; starting anyway"
}

# use_wanted_scheme READY LIST: changes the scheme of this member's URL through a member with quorum, while etcd is stopped
use_wanted_scheme() {
  local wanted
  wanted=$(wanted_scheme)
  if [ "$wanted" = https ] && ! all_have_certificates; then return 0; fi
  if [ "$(scheme_in "$2" "$POD_NAME")" != "$wanted" ]; then
    log "changing the peer URL of this member to $(peer_url "$wanted" "$POD_NAME")"
    if ! set_peer_url "$(client_url "$1")" "$2" "$wanted"; then
      log "$1 refuses: this member keeps its peer URL for now"
      return 0
    fi
  fi
  record_scheme "$wanted"
}

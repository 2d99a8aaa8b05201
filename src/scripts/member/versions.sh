#!/bin/sh
# shellcheck disable=SC2154 # data.sh sets $notes and $data
# Sourced after data.sh: which version of etcd may start with which data. $MEMBER_VERSION is that of the image.

minor_of() {
  echo "$1" | cut -d. -f2
}

patch_of() {
  echo "$1" | cut -d. -f3 | sed 's/[^0-9].*//'
}

version_of_image() {
  etcd --version | sed -n 's/^etcd Version: *//p'
}

is_below_data() { # whether a later minor version has used the data
  [ "$(minor_of "$MEMBER_VERSION")" -lt "$(minor_of "$(noted etcd-version 3.0.0)")" ]
}

note_version() { # before etcd starts, when the version is higher; a lower one is noted when etcd has served
  if ! is_below_data; then
    note etcd-version "$MEMBER_VERSION" || log "cannot record the etcd version on the volume; starting anyway"
  fi
}

# lowest_patch MINOR: the oldest patch release of this minor that can be upgraded to the next minor
# https://github.com/etcd-io/etcd/issues/20793 and https://etcd.io/docs/v3.7/upgrades/upgrade_3_7/
lowest_patch() {
  case $1 in
    5) echo 26 ;;
    6) echo 11 ;;
    *) echo 0 ;;
  esac
}

version_in_data() { # since 3.6 in the database, without the patch; the highest counts, since freed pages may hold older ones
  text_in_database | grep -aoE 'storageVersion3\.[0-9]+\.0' | sed 's/storageVersion//' | sort -t. -k2n | tail -n 1
}

# why_not_upgrade: why this etcd must not start with the data, or nothing. etcd upgrades one minor at a time. etcd decides itself
# about downgrades: possible until all members are upgraded, refused afterwards.
why_not_upgrade() {
  local before from to floor
  to=$(minor_of "$MEMBER_VERSION")
  if [ -e "$notes/etcd-version" ] && [ -z "$(noted etcd-version)" ]; then return; fi # emptied by a power failure: the data is ours
  before=$(noted etcd-version)
  if [ -z "$before" ]; then before=$(version_in_data) || before=''; fi
  if [ -z "$before" ]; then
    case $to in
      5) ;;
      6) echo "cannot tell which etcd version wrote the data; run 3.5.26 or a later 3.5 on it first, then $MEMBER_VERSION" ;;
      *) echo "cannot tell which etcd version wrote the data; run 3.5.26 or a later 3.5 on it first, then each minor version up to $MEMBER_VERSION" ;;
    esac
    return
  fi
  from=$(minor_of "$before") floor=$(lowest_patch "$(minor_of "$before")")
  if [ $((to - from)) -gt 1 ]; then
    echo "the data is from etcd $before, and $MEMBER_VERSION skips a minor version; upgrade one minor version at a time"
  elif [ $((to - from)) -eq 1 ] && [ "$(patch_of "$before")" -lt "$floor" ]; then
    echo "the data is from etcd $before; run 3.$from.$floor or a later 3.$from on it first, then $MEMBER_VERSION"
  fi
}

#!/bin/sh
# shellcheck disable=SC2154 # $wanted and $stances are set by restore-member.sh
# Sourced by restore-member.sh: fetches the snapshot that the restore job offers, and restores it next to the data that the member runs on.
# State: $prepared, a folder with `data`, and a file for each fact: id, run, scheme, count, bump, kind, sha256; $offer, the job's offer, "KEY VALUE" a line.

SPARE_BYTES=67108864
prepared="$VOLUME/prepared"
offer="$RUN/offer"

offered() { # offered KEY
  sed -n "s/^$1 //p" "$offer" | sed -n 1p
}

is_the_asked_file() {
  if [ "$(offered kind)" = total-loss ]; then
    is_total_loss && [ -z "$(others_with_data)" ]
  else
    [ "$(setting restore-file)" = newest ] || [ "$(setting restore-file)" = "$(offered file)" ]
  fi
}

fetch_offer() { # jobs of older scripts serve a file, and no program
  local question text
  if [ "$TLS" = off ]; then
    fetch_to "$offer.new" "http://$RESTORE_HOST.:$PHASE_PORT/offer" || return 1
  else
    question=$(new_question)
    text=$(fetch "http://$RESTORE_HOST.:$PHASE_PORT/cgi-bin/offer?$(query_of "$POD_NAME" "$question")" | limited) || return 1
    authentic "offer $POD_NAME $RESTORE_HOST $question" "$text" >"$offer.new" || {
      say_forged "$RESTORE_HOST"
      return 1
    }
  fi
  mv "$offer.new" "$offer"
}

why_not_take() { # why the offer is not acceptable, or nothing
  local asked
  if [ "$(offered cluster)" != "$POD_DOMAIN" ]; then
    echo "$RESTORE_HOST is a job of another cluster, $(offered cluster)"
  elif [ "$(offered id)" != "$wanted" ] || ! is_the_asked_file; then
    echo "the job serves $(offered file) for restore $(offered id), but the settings ask for $(setting restore-file)"
  elif [ -n "$(offered problem)" ]; then
    offered problem
  elif ! asked=$(setting restore-sha256); then
    echo "the setting restore-sha256 cannot be read"
  elif [ "$(offered kind)" = asked ] && [ -n "$asked" ] && [ "$(offered sha256)" != "$asked" ]; then
    echo "$(offered file) has sha256 $(offered sha256), but the settings ask for $asked"
  elif [ "$(minor_of "$(offered version)")" -gt "$(minor_of "$MEMBER_VERSION")" ]; then
    echo "$(offered file) is from etcd $(offered version), which is newer than $MEMBER_VERSION"
  elif [ -e "$RUN/attempt.restore-$(offered run)" ]; then
    echo "the last attempt in this pod did not finish; it may need more memory"
  fi
}

prepare() { # restores the offered snapshot next to the data
  local reason unseen free needed
  if ! fetch_offer; then
    tell "waiting for the restore job"
    return
  fi
  reason=$(why_not_take)
  # A member that does not answer may already run on data of this restore, which this member must join instead.
  unseen=$(echo "$stances" | sed -n 's/ silent$//p' | paste -sd' ' -)
  needed=$((2 * $(offered size | grep . || echo 0) + SPARE_BYTES))
  if ! free=$(free_bytes "$VOLUME") || ! is_number "$free"; then
    tell "waiting: the free space of the volume cannot be read"
  elif [ -n "$reason" ]; then
    tell "waiting: $reason"
  elif [ -n "$unseen" ]; then
    tell "waiting for an answer from $unseen"
  elif [ "$free" -lt "$needed" ]; then
    tell "waiting: the volume has $(mebibytes "$free") free; the restore needs $(mebibytes "$needed")"
  else
    tell "waiting: fetching and restoring $(offered file)"
    touch "$RUN/attempt.restore-$(offered run)" # when memory runs out, the whole container is killed
    fetch_and_restore "$prepared.half" "$(setting replicas)" "$(setting "$(offered kind)-bump")"
    rm -f "$RUN/attempt.restore-$(offered run)"
  fi
}

run_offered() { # run_offered COUNT BUMP: while the job has a problem, it offers no checksum
  echo "$(offered run)-$1-$2-$({ offered sha256 | grep . || was_prepared sha256; } | cut -c1-12)$(wanted_scheme | sed -n 's/^https/-&/p')$(how_users_are_restored)"
}

how_users_are_restored() { # part of the run, because members whose data differ in it must never meet
  if [ "$AUTH" != off ]; then echo -users; fi
}

fetch_and_restore() { # fetch_and_restore FOLDER COUNT BUMP
  local half=$1 run sha256 scheme
  scheme=$(wanted_scheme)
  run=$(run_offered "$2" "$3")
  drop_prepared
  mkdir "$half"
  if ! wget -Y off -q -T 30 -O "$half/snapshot" "http://$RESTORE_HOST.:$PHASE_PORT/snapshot"; then
    tell "waiting: $(offered file) could not be fetched"
    return
  fi
  sha256=$(sha256sum "$half/snapshot" | cut -d' ' -f1)
  if [ "$sha256" != "$(offered sha256)" ]; then
    tell "waiting: the fetched file has sha256 $sha256, but $(offered sha256) was offered"
    return
  fi
  if ! restore_snapshot "$half" "$2" "$3" "$wanted-$run" "$scheme"; then
    tell "waiting: etcdutl refuses $(offered file): $(tail -n 1 "$half/said")"
    return
  fi
  rm "$half/snapshot" "$half/said"
  write_facts "$half" id "$wanted" run "$run" scheme "$scheme" count "$2" bump "$3" kind "$(offered kind)" sha256 "$sha256"
  sync -f "$half"
  mv "$half" "$prepared"
}

# restore_snapshot FOLDER COUNT BUMP TOKEN SCHEME: with a token of its own, so that no member of the old cluster or of another run can join
restore_snapshot() {
  local half=$1 count=$2 bump=$3 token=$4 scheme=$5
  set -- --name "$POD_NAME" --initial-cluster-token "$CLUSTER_SEED-$token"
  set -- "$@" --initial-cluster "$(initial_cluster "$scheme" "$count")"
  set -- "$@" --initial-advertise-peer-urls "$(peer_url "$scheme" "$POD_NAME")"
  if [ "$bump" != 0 ]; then set -- "$@" --bump-revision "$bump" --mark-compacted; fi
  etcdutl snapshot restore "$half/snapshot" --data-dir "$half/data" "$@" >"$half/said" 2>&1 || return 1
  if [ "$AUTH" != off ]; then disable_auth "$half/data" >>"$half/said" 2>&1 || return 1; fi # members apply the declared users, and enable it again
}

write_facts() { # write_facts FOLDER NAME VALUE...
  local folder=$1
  shift
  while [ $# -gt 0 ]; do
    echo "$2" >"$folder/$1"
    shift 2
  done
}

was_prepared() { # was_prepared FACT
  cat "$prepared/$1" 2>/dev/null || true
}

is_prepared() { # for the wanted data
  [ -e "$prepared/run" ] && [ "$(was_prepared id)" = "$wanted" ]
}

drop_prepared() {
  if [ -e "$prepared" ] || [ -e "$prepared.half" ]; then rm -rf "$prepared" "$prepared.half"; fi
}

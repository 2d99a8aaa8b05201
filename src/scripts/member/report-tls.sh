#!/bin/sh
# shellcheck disable=SC2154 # $started is set by watch-member.sh
# Sourced by watch-member.sh: logs what is wrong with the certificates of this member, and publishes it for Prometheus. The member keeps
# running: a valid certificate in the Secret is used without a restart.

tls_asked=0 tls_told=''

report_tls() { # asks every 30 s, logs what has changed, and publishes metrics
  local problem
  [ "$TLS" != off ] && [ "$(seconds_since "$tls_asked")" -ge 30 ] || return 0
  tls_asked=$(now)
  problem=$(tls_problem)
  if [ -n "$problem" ] && [ "$problem" != "$tls_told" ]; then log "error: $problem"; fi
  if [ -z "$problem" ] && [ -n "$tls_told" ]; then log "the certificates work again"; fi
  tls_told=$problem
  publish metrics.txt "$(tls_metrics "$problem")"
}

tls_metrics() { # tls_metrics PROBLEM
  local owner fails=0
  case $1 in *' cannot connect over TLS: '*) fails=1 ;; esac
  echo "cdk8s_etcd_tls_fails $fails"
  for owner in server peer client; do
    times_in "$TLS_DIR/$owner/tls.crt" | awk -v labels="{certificate=\"$owner\"}" '
      NR == 1 { print "cdk8s_etcd_certificate_not_before_timestamp_seconds" labels, $1 }
      NR == 2 { print "cdk8s_etcd_certificate_not_after_timestamp_seconds" labels, $1 }'
  done | sort # the lines of a metric together
}

tls_problem() { # the first one, or nothing
  local owner said
  said=$(refusal_of client "https://$POD_NAME.$ADDRESS_DOMAIN:$CLIENT_PORT")
  if [ -n "$said" ]; then
    echo "clients cannot connect over TLS: $said; check the certificates in $TLS_DIR/server and $TLS_DIR/client"
    return
  fi
  if [ "$(peer_scheme)" = https ]; then said=$(refusal_of peer "$(peer_url https "$POD_NAME")"); fi
  if [ -n "$said" ]; then
    echo "other members cannot connect over TLS: $said; check the certificate in $TLS_DIR/peer"
    return
  fi
  for owner in server peer client; do
    if is_due "$TLS_DIR/$owner/tls.crt"; then
      echo "the certificate in $TLS_DIR/$owner expires on $(date -u -d "@$(ends_at "$TLS_DIR/$owner/tls.crt")" +%Y-%m-%dT%H:%M:%SZ): renew it"
      return
    fi
  done
}

refusal_of() { # refusal_of client|peer URL: of a TLS handshake with this member's own etcd, or nothing
  local said
  if said=$(ETCDCTL_CERT="$TLS_DIR/$1/tls.crt" ETCDCTL_KEY="$TLS_DIR/$1/tls.key" ETCDCTL_CACERT="$RUN/ca/$1.crt" \
    etcdctl --endpoints "$2" --dial-timeout=2s --command-timeout=3s endpoint status 2>&1); then return; fi
  # With TLS 1.3, a server refuses a certificate after the handshake, and the connection may end before the reason is read.
  echo "$said" | grep -oE '((x509|tls|remote error): |server preface: (EOF|read|write))[^"\\]*' | tail -n 1 || true
}

decoded() { # decoded FILE: its first certificate, without PEM
  sed -n '1,/END CERTIFICATE/{/-----/d;p}' "$1" | base64 -d
}

# --- the two times in a certificate
times_in() { # times_in FILE: seconds since 1970, of its begin and its end
  local time
  decoded "$1" | grep -aoE '([0-9]{2})?[0-9]{12}Z' | sed -n 1,2p | while read -r time; do
    case $time in
      ??????????????Z) date -u -D %Y%m%d%H%M%SZ -d "$time" +%s ;;
      *) date -u -D %Y%m%d%H%M%SZ -d "20$time" +%s ;;
    esac
  done
}

ends_at() { # ends_at FILE
  times_in "$1" | sed -n 2p
}

is_due() { # is_due FILE: whether less than a sixth of its lifetime is left; renewed certificates have more
  times_in "$1" | awk -v now="$(date +%s)" 'NR == 1 { begins = $1 } NR == 2 { ends = $1 } END { exit !(ends > 0 && (ends - now) * 6 < ends - begins) }'
}

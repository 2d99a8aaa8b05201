#!/bin/sh
# Sourced: authenticates what pods tell each other, where they have certificates. Every pod of the cluster has the key of the client
# certificate. A question has a random part. An answer ends with a checksum over the key, who asks whom, the question and the answer. Only
# a pod with the key can make one, and it fits no other question, no other member and no later time.
#   mac CHECKSUM     the last line; two of them for ten minutes after the key was renewed, since pods get it at different times
# State: $RUN/message-key and message-key.old, checksums of the key and of the one before.

new_question() { # of now, and random; nothing without TLS
  [ "$TLS" != off ] || return 0
  echo "$(date +%s)-$(head -c 32 /dev/urandom | sha256sum | cut -c1-32)"
}

query_of() { # query_of WHO QUESTION: of an address
  echo "$1$(echo "$2" | sed -n 's/^./\&&/p')"
}

message_keys() { # one or two lines
  local key
  key=$(sha256sum <"$ETCDCTL_KEY" | cut -c1-64)
  if [ "$(cat "$RUN/message-key" 2>/dev/null || true)" != "$key" ]; then
    if [ -e "$RUN/message-key" ]; then mv "$RUN/message-key" "$RUN/message-key.old"; fi
    echo "$key" >"$RUN/message-key.$$" && mv "$RUN/message-key.$$" "$RUN/message-key"
  fi
  echo "$key"
  find "$RUN" -maxdepth 1 -name message-key.old -mmin -10 -exec cat {} +
}

# checksum KEY CONTEXT: of the standard input. The key comes first and last, so that nothing can be appended.
checksum() {
  local inner
  inner=$({
    echo "$1 $2"
    cat
  } | sha256sum | cut -c1-64)
  echo "$1 $inner" | sha256sum | cut -c1-64
}

sign() { # sign CONTEXT: prints the standard input, with checksums where there is a key
  local text key
  text=$(cat)
  echo "$text"
  [ "$TLS" != off ] || return 0
  for key in $(message_keys); do
    echo "mac $(echo "$text" | checksum "$key" "$1")"
  done
}

# authentic CONTEXT: prints the standard input without its checksums; fails when none is right. Without TLS there are none, and while
# TLS is optional, older pods send none.
authentic() {
  local text key macs
  text=$(head -c 16384)
  if [ "$TLS" = off ]; then
    echo "$text"
    return
  fi
  macs=$(echo "$text" | sed -n 's/^mac //p')
  text=$(echo "$text" | sed '/^mac /d')
  if [ "$TLS" = optional ] && [ -z "$macs" ]; then
    echo "$text"
    return
  fi
  for key in $(message_keys); do
    if echo "$macs" | grep -qx "$(echo "$text" | checksum "$key" "$1")"; then
      echo "$text"
      return
    fi
  done
  return 1
}

say_forged() { # say_forged WHO: once a minute
  local said="$RUN/forged.$1"
  if [ -z "$(find "$said" -mmin -1 2>/dev/null)" ]; then
    touch "$said"
    log "ignoring an answer in the name of $1: it was not made with the key of this cluster"
  fi
}

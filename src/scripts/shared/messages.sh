#!/bin/sh
# Sourced: authenticates what pods tell each other, where they have certificates. Every pod of the cluster has the key of the client
# certificate. A question has a random part. An answer ends with a checksum over the key, who asks whom, the question and the answer. Only
# a pod with the key can make one, and it fits no other question, no other member and no later time.
#   mac CHECKSUM     the last line; two of them for ten minutes after the key was renewed, since pods get it at different times
# State: $RUN/message-key and message-key.old, checksums of the key and of the one before; note_message_key alone writes them.

new_question() { # of now, and random; nothing without TLS
  [ "$TLS" != off ] || return 0
  echo "$(date +%s)-$(head -c 32 /dev/urandom | sha256sum | cut -c1-32)"
}

query_of() { # query_of WHO QUESTION: of an address
  echo "$1$(echo "$2" | sed -n 's/^./\&&/p')"
}

current_key() {
  sha256sum <"$ETCDCTL_KEY" | cut -c1-64
}

note_message_key() { # by one process of a pod, every few seconds
  [ "$TLS" != off ] && [ "$(cat "$RUN/message-key" 2>/dev/null || true)" != "$(current_key)" ] || return 0
  if [ -e "$RUN/message-key" ]; then
    cp "$RUN/message-key" "$RUN/message-key.old" # its age counts from now
  fi
  current_key >"$RUN/message-key.new"
  mv "$RUN/message-key.new" "$RUN/message-key"
}

message_keys() { # the current one first; the one before until ten minutes after it was renewed
  {
    current_key
    cat "$RUN/message-key" 2>/dev/null || true
    find "$RUN" -maxdepth 1 -name message-key.old -mmin -10 -exec cat {} + 2>/dev/null || true
  } | awk '!seen[$0]++'
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

checksum_of_users() { # checksum_of_users FOLDER: of the settings of users there, which members compare
  cat "$1/auth" "$1/users" 2>/dev/null | sha256sum | cut -c1-64
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
  text=$(cat)
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

limited() { # what a pod says, unless it is too long to be true
  head -c 16384
}

part() { # part NUMBER: of $QUERY_STRING, in a program that httpd runs: who asks, the question, a checksum; nothing else gets through
  echo "$QUERY_STRING&" | cut -d'&' -f"$1" | tr -cd 'a-z0-9-'
}

say_forged() { # say_forged WHO: once a minute
  local said="$RUN/forged.$1"
  if [ -z "$(find "$said" -mmin -1 2>/dev/null)" ]; then
    touch "$said"
    log "ignoring an answer in the name of $1: it is not signed with the key of this cluster"
  fi
}

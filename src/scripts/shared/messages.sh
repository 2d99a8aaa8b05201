#!/bin/sh
# Sourced: authenticates what pods tell each other, where they have certificates. Every pod of the cluster has the key of the client
# certificate. A question has a random part. An answer ends with a checksum over the key, who asks whom, the question and the answer. Only
# a pod with the key can make one, and it fits no other question, no other member and no later time.
#   mac CHECKSUM     the last line; two of them for ten minutes after the key was renewed, since pods get it at different times
# State: $RUN/message-key and message-key.old, checksums of the key and of the one before; note_message_key alone writes them.
# Members ask each other up to three times a second: here, too, the shell does what it can without a process.

new_question() { # of now, and random; nothing without TLS
  local random
  [ "$TLS" != off ] || return 0
  read -r random </proc/sys/kernel/random/uuid
  echo "$(date +%s)-$random"
}

query_of() { # query_of WHO QUESTION: of an address
  if [ -n "$2" ]; then echo "$1&$2"; else echo "$1"; fi
}

sha256() { # of the standard input
  # shellcheck disable=SC2046 # the checksum and "-"
  set -- $(sha256sum)
  echo "$1"
}

current_key() {
  sha256 <"$ETCDCTL_KEY"
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
  local current noted
  current=$(current_key) noted=$(first_line "$RUN/message-key")
  echo "$current"
  if [ -n "$noted" ] && [ "$noted" != "$current" ]; then echo "$noted"; fi
  if [ -e "$RUN/message-key.old" ]; then
    find "$RUN" -maxdepth 1 -name message-key.old -mmin -10 -exec cat {} + 2>/dev/null || true
  fi
}

# checksum KEY CONTEXT TEXT: the key comes first and last, so that nothing can be appended.
checksum() {
  # shellcheck disable=SC2046 # the checksum and "-"
  set -- "$1" $(printf '%s\n' "$1 $2" "$3" | sha256sum)
  echo "$1 $2" | sha256
}

checksum_of_users() { # checksum_of_users FOLDER: of the user settings there, which members compare
  cat "$1/auth" "$1/users" 2>/dev/null | sha256
}

sign() { # sign CONTEXT TEXT: prints the text, with checksums where there is a key
  local key
  echo "$2"
  [ "$TLS" != off ] || return 0
  for key in $(message_keys); do
    echo "mac $(checksum "$key" "$1" "$2")"
  done
}

# authentic CONTEXT TEXT: prints the text without its checksums; fails when none is right. Without TLS there are none, and while TLS is
# optional, older pods send none.
authentic() {
  local text key macs expected
  if [ "$TLS" = off ]; then
    echo "$2"
    return
  fi
  macs=$(echo "$2" | sed -n 's/^mac //p' | tr '\n' '|')
  text=$(echo "$2" | sed '/^mac /d')
  if [ "$TLS" = optional ] && [ -z "$macs" ]; then
    echo "$text"
    return
  fi
  for key in $(message_keys); do
    expected=$(checksum "$key" "$1" "$text") || continue
    case "|$macs" in
      *"|$expected|"*)
        echo "$text"
        return
        ;;
    esac
  done
  return 1
}

limited() { # at most 16 KiB of what a pod says
  head -c 16384
}

read_query() { # in a program that httpd runs: sets $asked_by, $question and $proof; nothing else gets through
  local IFS='&'
  # shellcheck disable=SC2046 # its parts
  set -- $(echo "$QUERY_STRING" | tr -cd 'a-z0-9&-') '' '' ''
  # shellcheck disable=SC2034 # for who sources this
  asked_by=$1 question=$2 proof=$3
}

say_forged() { # say_forged WHO: once a minute
  local said="$RUN/forged.$1"
  if [ -z "$(find "$said" -mmin -1 2>/dev/null)" ]; then
    touch "$said"
    log "ignoring an answer in the name of $1: it is not signed with the key of this cluster"
  fi
}

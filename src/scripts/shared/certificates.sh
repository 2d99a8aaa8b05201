#!/bin/sh
# Sourced: the certificates of CAs in the volume of a pod with TLS, and in $RUN/ca for etcd and etcdctl.

cas_of() { # cas_of FOLDER server|peer|client: those that it accepts
  local file
  for file in "$1/$2/ca.crt" "$1"/additional/*.crt; do
    if [ -e "$file" ]; then
      cat "$file"
      echo # a file may end within a line
    fi
  done
}

write_cas() { # write_cas server|peer|client...: as files in $RUN/ca
  local owner
  [ "$TLS" != off ] || return 0
  mkdir -p "$RUN/ca"
  for owner in "$@"; do
    cas_of "$TLS_DIR" "$owner" >"$RUN/ca/$owner.new"
    mv "$RUN/ca/$owner.new" "$RUN/ca/$owner.crt"
  done
}

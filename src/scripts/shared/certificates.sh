#!/bin/sh
# Sourced: the certificates of CAs in the volume of a pod with TLS.

cas_of() { # cas_of FOLDER server|peer|client: those that it accepts
  local file
  for file in "$1/$2/ca.crt" "$1"/additional/*.crt; do
    if [ -e "$file" ]; then
      cat "$file"
      echo # a file may end within a line
    fi
  done
}

#!/bin/sh
# Installs rclone, a static binary, and the CA certificates of its image next to the toolbox. Runs in
# rclone's image, after the toolbox.
. "$(dirname "$0")/preamble.sh"
cp /usr/local/bin/rclone "$TOOLBOX/bin/rclone"
cp /etc/ssl/certs/ca-certificates.crt "$TOOLBOX/ca-certificates.crt"

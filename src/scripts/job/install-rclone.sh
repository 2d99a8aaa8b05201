#!/bin/sh
# Installs rclone, which is one static program, and the authorities that its image trusts beside the toolbox. Runs in
# rclone's image, after the toolbox.
. "$(dirname "$0")/preamble.sh"
cp /usr/local/bin/rclone "$TOOLBOX/bin/rclone"
cp /etc/ssl/certs/ca-certificates.crt "$TOOLBOX/ca-certificates.crt"

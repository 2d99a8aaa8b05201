#!/bin/sh
# Installs kubectl, a static binary, next to the toolbox. Runs in kubectl's image, after the toolbox.
. "$(dirname "$0")/preamble.sh"
cp /bin/kubectl "$TOOLBOX/bin/kubectl"

#!/bin/sh
# Installs kubectl, which is one static program, beside the toolbox. Runs in kubectl's image, after the toolbox.
. "$(dirname "$0")/preamble.sh"
cp /bin/kubectl "$TOOLBOX/bin/kubectl"

#!/bin/sh
# Installs busybox and the scripts into a volume of the pod. Runs in the toolbox image, before everything else.
# Scripts are copied, so that a pod keeps those that it started with.
. "$SCRIPTS/preamble.sh"
/bin/busybox mkdir -p "$TOOLBOX/bin" "$TOOLBOX/scripts"
/bin/busybox cp /bin/busybox "$TOOLBOX/bin/busybox"
"$TOOLBOX/bin/busybox" --install -s "$TOOLBOX/bin"
/bin/busybox cp "$SCRIPTS"/*.sh "$TOOLBOX/scripts/"

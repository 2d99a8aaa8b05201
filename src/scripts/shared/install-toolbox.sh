#!/bin/sh
# install-toolbox.sh [CERTIFICATES]: installs busybox and the scripts into a volume of the pod. Runs in the toolbox image, before everything else.
# Scripts are copied, so that a pod keeps those that it started with.
. "$SCRIPTS/preamble.sh"
. "$SCRIPTS/certificates.sh"
/bin/busybox mkdir -p "$TOOLBOX/bin" "$TOOLBOX/scripts"
/bin/busybox cp /bin/busybox "$TOOLBOX/bin/busybox"
"$TOOLBOX/bin/busybox" --install -s "$TOOLBOX/bin"
export PATH="$TOOLBOX/bin"
/bin/busybox cp "$SCRIPTS"/*.sh "$TOOLBOX/scripts/"
mv "$TOOLBOX/scripts/etcdctl.sh" "$TOOLBOX/bin/etcdctl"
chmod 0755 "$TOOLBOX/bin/etcdctl"
# CAs that etcdctl accepts, in jobs
if [ $# = 1 ]; then cas_of "$1" client >"$TOOLBOX/ca.crt"; fi

#!/toolbox/bin/sh
# Served by httpd: answers with this pod's phase and with the addresses that it knows, and notes where the caller is.
# Pods that start at the same time can't find each other by name yet, and DNS remembers for up to 30 s that a name did
# not exist: one pod that two others can find makes them known to each other.
set -eu
mkdir -p "$RUN/addresses"
case $QUERY_STRING in
  *[!a-z0-9-]*) ;;
  "$CLUSTER_NAME"-*)
    echo "$REMOTE_ADDR" | sed 's/^\[//; s/\]$//; s/^::ffff://; s/.*:.*/[&]/' >"$RUN/addresses/.$QUERY_STRING.$$"
    mv "$RUN/addresses/.$QUERY_STRING.$$" "$RUN/addresses/$QUERY_STRING"
    ;;
esac
printf 'Content-Type: text/plain\r\n\r\n'
cat "$RUN/public/phase"
for more in restore from; do
  if [ -e "$RUN/public/$more" ]; then cat "$RUN/public/$more"; fi
done
cd "$RUN/addresses"
for member in "$CLUSTER_NAME"-*; do
  if [ -e "$member" ]; then echo "at $member $(cat "$member")"; fi
done
for job in drill snapshotter; do # they call every 5 s (announce.sh)
  called=$(stat -c %Y "$CLUSTER_NAME-$job" 2>/dev/null || echo 0)
  if [ $(($(date +%s) - called)) -lt 15 ]; then echo "busy $job"; fi
done

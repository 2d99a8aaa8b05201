#!/toolbox/bin/sh
# Served by httpd as /cgi-bin/hello: answers with what this pod publishes (phase.sh), and records which job asked.
set -eu
case $QUERY_STRING in
  "$CLUSTER_NAME-drill" | "$CLUSTER_NAME-snapshotter")
    mkdir -p "$RUN/calls"
    touch "$RUN/calls/$QUERY_STRING"
    ;;
esac
printf 'Content-Type: text/plain\r\n\r\n'
cat "$RUN/public/phase"
for line in protocol disk first run restore from; do
  if [ -e "$RUN/public/$line" ]; then cat "$RUN/public/$line"; fi
done
for job in drill snapshotter; do # they call every 5 s (announce.sh)
  called=$(stat -c %Y "$RUN/calls/$CLUSTER_NAME-$job" 2>/dev/null || echo 0)
  if [ $(($(date +%s) - called)) -lt 15 ]; then echo "busy $job"; fi
done

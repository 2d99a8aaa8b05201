#!/toolbox/bin/sh
# Served by httpd as /cgi-bin/offer?NAME&QUESTION: the offer of serve-snapshot.sh, for members that have certificates.
here=/toolbox/scripts
. "$here/preamble.sh"
. "$here/messages.sh"
printf 'Content-Type: text/plain\r\n\r\n'
read_query
sign "offer $asked_by $CLUSTER_NAME-restore.$MEMBER_DOMAIN $question" "$(cat "$RUN/public/offer")"

#!/toolbox/bin/sh
# Served by httpd as /cgi-bin/offer?NAME&QUESTION: the offer of serve-snapshot.sh, for members that have certificates.
set -eu
here=/toolbox/scripts
. "$here/messages.sh"
asked_by=$(echo "$QUERY_STRING" | cut -d'&' -f1 | tr -cd 'a-z0-9-')
question=$(echo "$QUERY_STRING" | cut -d'&' -s -f2 | tr -cd 'a-z0-9-')
printf 'Content-Type: text/plain\r\n\r\n'
sign "offer $asked_by $CLUSTER_NAME-restore.$MEMBER_DOMAIN $question" <"$RUN/public/offer"

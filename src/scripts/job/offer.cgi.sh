#!/toolbox/bin/sh
# Served by httpd as /cgi-bin/offer?NAME&QUESTION: the offer of serve-snapshot.sh, for members that have certificates.
set -eu
here=/toolbox/scripts
. "$here/messages.sh"
printf 'Content-Type: text/plain\r\n\r\n'
sign "offer $(part 1) $CLUSTER_NAME-restore.$MEMBER_DOMAIN $(part 2)" <"$RUN/public/offer"

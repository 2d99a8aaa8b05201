#!/toolbox/bin/sh
# Installed as etcdctl, in front of the image's own: logs in as root with the password of its Secret, or with the one before while members
# have not applied it yet (users.sh). No argument and no log has the password.
set -eu
if [ "$AUTH" = password ] && ! printenv ETCDCTL_USER >/dev/null; then
  case " $* " in
    *' --user'* | *' --password'*) ;;
    *)
      ETCDCTL_USER="root:$(cat "$RUN/root-password" 2>/dev/null || cat /auth/root/password)"
      export ETCDCTL_USER
      ;;
  esac
fi
PATH=$(echo "$PATH" | sed 's/^[^:]*://')
exec etcdctl "$@"

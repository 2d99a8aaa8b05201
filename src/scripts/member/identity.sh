#!/bin/sh
# Sourced after data.sh and versions.sh: whether this pod is the member that its manifests describe. A copy of the manifests or of a volume
# has the original's names in it: it would find the original cluster and replace its members.

why_foreign() { # why this pod must not be a member, or nothing
  local version owner
  owner=$(cat "$VOLUME/owner" 2>/dev/null || true)
  version=$(version_of_image) || version=''
  if ! echo "$POD_NAME" | grep -qx "$CLUSTER_NAME-[0-8]"; then
    echo "this pod is $POD_NAME, but its manifests are for the cluster $CLUSTER_NAME: set the name prop, and do not use namePrefix"
  elif [ "$POD_NAMESPACE" != "$NAMESPACE" ]; then
    echo "this pod is in namespace $POD_NAMESPACE, but its manifests are for $NAMESPACE: set the namespace prop"
  elif [ -n "$owner" ] && [ "$owner" != "$(member_host "$POD_NAME")" ]; then
    echo "the volume belongs to $owner, but this pod is $(member_host "$POD_NAME"): restore a snapshot here instead of copying volumes"
  elif [ -z "$version" ]; then
    echo "cannot tell the etcd version of the image: etcd --version fails"
  elif [ "$(minor_of "$version")" != "$(minor_of "$MEMBER_VERSION")" ]; then
    echo "the image contains etcd $version, but its manifests are for $MEMBER_VERSION: set the image prop, and do not override the image in the manifests"
  fi
}

use_version_of_image() { # patch releases may differ
  local version
  version=$(version_of_image)
  if [ "$version" != "$MEMBER_VERSION" ]; then log "the image contains etcd $version, and the manifests say $MEMBER_VERSION: using $version"; fi
  export MEMBER_VERSION="$version"
}

note_owner() { # before etcd starts
  [ -s "$VOLUME/owner" ] || write_durably "$VOLUME/owner" "$(member_host "$POD_NAME")" || log "cannot record the owner on the volume; starting anyway"
}

#!/bin/sh
# Sourced after data.sh and versions.sh: whether this pod is the member that its manifests mean. A copy of manifests or of a volume in
# another place has the names of the original in it, would find that cluster, and take its members' places.

why_foreign() { # why this pod must not be a member, or nothing
  local version owner
  owner=$(cat "$VOLUME/owner" 2>/dev/null || true)
  version=$(version_of_image) || version=''
  if ! echo "$POD_NAME" | grep -qx "$CLUSTER_NAME-[0-8]"; then
    echo "this pod is $POD_NAME, and its manifests are those of $CLUSTER_NAME: set the prop name, not a prefix"
  elif [ "$POD_NAMESPACE" != "$NAMESPACE" ]; then
    echo "this pod is in the namespace $POD_NAMESPACE, and its manifests are for $NAMESPACE: set the prop namespace"
  elif [ -n "$owner" ] && [ "$owner" != "$(member_host "$POD_NAME")" ]; then
    echo "the volume belongs to $owner, and this pod is $(member_host "$POD_NAME"): restore a snapshot here instead of copying volumes"
  elif [ -z "$version" ]; then
    echo "the image does not say which etcd it has: etcd --version fails"
  elif [ "$(minor_of "$version")" != "$(minor_of "$MEMBER_VERSION")" ]; then
    echo "the image has etcd $version, and its manifests are for $MEMBER_VERSION: set the prop image, not a tag"
  fi
}

use_version_of_image() { # patch releases may differ
  local version
  version=$(version_of_image)
  if [ "$version" != "$MEMBER_VERSION" ]; then log "the image has etcd $version, and the manifests say $MEMBER_VERSION; going by the image"; fi
  export MEMBER_VERSION="$version"
}

note_owner() { # before etcd starts
  [ -s "$VOLUME/owner" ] || write_durably "$VOLUME/owner" "$(member_host "$POD_NAME")" || log "cannot note on the volume whose it is; starting all the same"
}

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings the source of lwIP 2.2 to build/_deps/lwip (a link). Called by toolchains/setup.sh. Where from: source.sh;
# LWIP_SOURCE_DIR names the user's own. Debian 12 has 2.1.3.
set -eu
cd "$(dirname "$0")/.."
. toolchains/source.sh

name=lwip
title=lwIP
version=2.2.1
# Of Debian 13's lwip_2.2.1+dfsg1.orig.tar.xz, fetched under the signature of Debian's archive. Debian has packed it anew, without
# generated documentation; so the release archives of upstream, which were not at hand to be compared, are other files, and
# upstream is not asked. Debian's patches are for what is not compiled here (SNMP, the socket layer's limits, documentation).
sha256=83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1
ending=tar.xz
url=
oldest_patch=1
wanted="2.2.$oldest_patch or a later 2.2"
user_variable=LWIP_SOURCE_DIR
user_directory=${LWIP_SOURCE_DIR:-}
package=lwip
advice="Debian's archive could not be reached. Fetch lwIP 2.2.1 from
  https://savannah.nongnu.org/projects/lwip/
check its signature, unpack it, and run this again with LWIP_SOURCE_DIR=its folder (the one that has src in it)."

version_of() {
  sed -n 's/^#define LWIP_VERSION_\(MAJOR\|MINOR\|REVISION\)  *\([0-9]*\).*/\2/p' "$1/src/include/lwip/init.h" 2>/dev/null |
    paste -sd. || true
}

is_supported() {
  case "$1" in
    2.2.*) [ "${1#2.2.}" -ge $oldest_patch ] 2>/dev/null ;;
    *) return 1 ;;
  esac
}

is_complete() {
  [ -f "$1/src/core/tcp.c" ] || {
    echo "src/core"
    return 1
  }
}

bring

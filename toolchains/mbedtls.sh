#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings the source of mbed TLS 3.6 LTS to build/_deps/mbedtls (a link). Called by toolchains/setup.sh. Where from: source.sh;
# MBEDTLS_SOURCE_DIR names the user's own. Debian 12 itself has 2.28, which is out of support.
set -eu
cd "$(dirname "$0")/.."
. toolchains/source.sh

name=mbedtls
title="mbed TLS"
version=3.6.6
# Of the release archive. Debian 13's mbedtls_3.6.6.orig.tar.bz2, fetched under the signature of Debian's archive, is the same file:
# that is where this value was computed.
sha256=8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a
ending=tar.bz2
url=https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-$version/mbedtls-$version.tar.bz2
oldest_patch=4
wanted="3.6.$oldest_patch or a later 3.6"
user_variable=MBEDTLS_SOURCE_DIR
user_directory=${MBEDTLS_SOURCE_DIR:-}
package=mbedtls
advice="neither upstream nor Debian could be reached. Fetch
  $url
(SHA-256 $sha256), unpack it, and run this again with MBEDTLS_SOURCE_DIR=its folder."

version_of() {
  sed -n 's/^#define MBEDTLS_VERSION_STRING  *"\([0-9.]*\)".*/\1/p' "$1/include/mbedtls/build_info.h" 2>/dev/null || true
}

is_supported() {
  case "$1" in
    3.6.*) [ "${1#3.6.}" -ge $oldest_patch ] 2>/dev/null ;;
    *) return 1 ;;
  esac
}

is_complete() {
  [ -f "$1/library/psa_crypto_driver_wrappers.h" ] || {
    echo "its generated sources: take a release archive, or run its own generator"
    return 1
  }
}

bring

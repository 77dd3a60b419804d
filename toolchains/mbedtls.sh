#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings the source of mbed TLS 3.6 LTS to build/_deps/mbedtls (a link). Called by toolchains/setup.sh.
#
# Where from, the first that is to be had:
#   1. MBEDTLS_SOURCE_DIR, the user's own; its version is checked.
#   2. build/_deps, from an earlier run.
#   3. the archive in the cache folder, from an earlier run of any clone; its checksum is checked.
#   4. upstream's release.
#   5. the source package of the next Debian release (Debian 12 itself has 2.28, which is out of support). apt checks the archive's
#      signature; its lists live in a folder of our own, /etc/apt stays as it is.
set -eu
cd "$(dirname "$0")/.."

version=3.6.6
url=https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-$version/mbedtls-$version.tar.bz2
# Of the release archive. Debian 13's mbedtls_3.6.6.orig.tar.bz2, fetched under the signature of Debian's archive, is the same file:
# that is where this value was computed.
sha256=8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a
oldest_patch=4 # 3.6.4
suite=trixie

deps=build/_deps
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/baresspi

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

version_of() {
  sed -n 's/^#define MBEDTLS_VERSION_STRING  *"\([0-9.]*\)".*/\1/p' "$1/include/mbedtls/build_info.h" 2>/dev/null || true
}

is_supported() {
  case "$1" in
    3.6.*) [ "${1#3.6.}" -ge $oldest_patch ] 2>/dev/null ;;
    *) return 1 ;;
  esac
}

digest() { sha256sum "$1" | cut -d' ' -f1; }

# use DIR: the tests find it as build/_deps/mbedtls.
use() {
  mkdir -p $deps
  if [ "$(readlink $deps/mbedtls 2>/dev/null)" != "$1" ]; then
    ln -sfn "$1" $deps/mbedtls
    say "mbed TLS $(version_of "$1") in $1"
  fi
}

unpack() {
  mkdir -p $deps
  room=$(mktemp -d $deps/unpack.XXXXXX)
  tar -xf "$1" -C "$room" --strip-components=1 || die "cannot unpack $1"
  found=$(version_of "$room")
  is_supported "$found" || die "$1 holds mbed TLS ${found:-of no version}, not 3.6.$oldest_patch or a later 3.6"
  rm -rf "$deps/mbedtls-$found"
  mv "$room" "$deps/mbedtls-$found"
  use "$PWD/$deps/mbedtls-$found"
}

from_user() {
  [ -n "${MBEDTLS_SOURCE_DIR:-}" ] || return 1
  found=$(version_of "$MBEDTLS_SOURCE_DIR")
  is_supported "$found" ||
    die "MBEDTLS_SOURCE_DIR=$MBEDTLS_SOURCE_DIR holds ${found:-no} mbed TLS; 3.6.$oldest_patch or a later 3.6 is needed"
  [ -f "$MBEDTLS_SOURCE_DIR/library/psa_crypto_driver_wrappers.h" ] ||
    die "MBEDTLS_SOURCE_DIR=$MBEDTLS_SOURCE_DIR lacks its generated sources: take a release archive, or run its own generator"
  use "$(cd "$MBEDTLS_SOURCE_DIR" && pwd)"
}

from_earlier_run() {
  is_supported "$(version_of $deps/mbedtls)"
}

from_cache() {
  for archive in "$cache"/mbedtls-3.6.*.tar.bz2; do
    [ -f "$archive" ] && [ -f "$archive.sha256" ] || continue
    expected=$(cat "$archive.sha256")
    [ "$archive" != "$cache/mbedtls-$version.tar.bz2" ] || expected=$sha256
    if [ "$(digest "$archive")" = "$expected" ]; then
      unpack "$archive"
      return 0
    fi
    say "$archive is damaged; fetching it again"
    rm -f "$archive" "$archive.sha256"
  done
  return 1
}

# keep FILE VERSION: into the cache, complete or not at all.
keep() {
  mkdir -p "$cache"
  digest "$1" >"$cache/mbedtls-$2.tar.bz2.sha256"
  mv "$1" "$cache/mbedtls-$2.tar.bz2"
  unpack "$cache/mbedtls-$2.tar.bz2"
}

from_upstream() {
  say "fetching mbed TLS $version from upstream"
  curl -fsSL --connect-timeout 10 --max-time 300 -o "$work/release.tar.bz2" "$url" || return 1
  [ "$(digest "$work/release.tar.bz2")" = $sha256 ] || die "$url does not have the SHA-256 $sha256: not used"
  keep "$work/release.tar.bz2" $version
}

# The machine's own list of Debian's archive, for sources and with the suite changed. It is either in stanzas (deb822) or in
# lines; entries for other suites (updates, security) and other archives are left out.
debian_sources() {
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
    awk -v RS= -v FS='\n' -v own="$codename" -v suite="$suite" '
      {
        debian = 0; stanza = "Types: deb-src\nSuites: " suite "\n"
        for (i = 1; i <= NF; i++) {
          if ($i ~ /^Suites:/) { n = split($i, word, /[ \t]+/); for (j = 2; j <= n; j++) if (word[j] == own) debian = 1 }
          else if ($i ~ /^Components:/) stanza = stanza "Components: main\n"
          else if ($i ~ /^(URIs|Signed-By|Trusted):/ || $i ~ /^[ \t]/) stanza = stanza $i "\n"
        }
        if (debian) print stanza
      }' >"$work/parts/debian.sources"
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    awk -v own="$codename" -v suite="$suite" '
      $1 == "deb" {
        at = 2; options = ""
        if ($2 ~ /^\[/) { do { options = options " " $at } while ($(at++) !~ /\]$/ && at <= NF) }
        if ($(at + 1) == own) print "deb-src" options, $at, suite, "main"
      }' >"$work/parts/debian.list"
  [ -s "$work/parts/debian.sources" ] || [ -s "$work/parts/debian.list" ]
}

from_debian() {
  mkdir -p "$work/parts" "$work/lists/partial" "$work/cache/archives/partial" "$work/fetched"
  debian_sources || { say "no entry for Debian's archive in /etc/apt"; return 1; }
  say "fetching mbed TLS from the source packages of Debian $suite"
  options="-q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$work/parts -o Dir::State::Lists=$work/lists
    -o Dir::Cache=$work/cache -o APT::Sandbox::User=root -o APT::Get::List-Cleanup=0"
  # shellcheck disable=SC2086  # a list of options
  apt-get $options update >"$work/log" 2>&1 &&
    (cd "$work/fetched" && apt-get $options source --download-only mbedtls) >>"$work/log" 2>&1 || {
    tail -n 5 "$work/log" >&2
    return 1
  }
  archive=$(echo "$work"/fetched/mbedtls_*.orig.tar.bz2)
  [ -f "$archive" ] || { say "Debian's source package has no .orig.tar.bz2"; return 1; }
  found=${archive##*/mbedtls_}
  found=${found%.orig.tar.bz2}
  is_supported "$found" || { say "Debian $suite has mbed TLS $found, not 3.6.$oldest_patch or a later 3.6"; return 1; }
  if [ "$found" = $version ]; then
    [ "$(digest "$archive")" = $sha256 ] || die "Debian's archive of mbed TLS $found does not have the SHA-256 $sha256: not used"
  else # a later 3.6: no checksum of ours to compare with, but apt has checked that it is what Debian signed
    say "Debian has mbed TLS $found by now (signed; SHA-256 $(digest "$archive"))"
  fi
  keep "$archive" "$found"
}

from_user && exit 0
from_earlier_run && exit 0
from_cache && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
from_upstream && exit 0
from_debian && exit 0
die "cannot bring mbed TLS $version: neither upstream nor Debian could be reached. Fetch
  $url
(SHA-256 $sha256), unpack it, and run this again with MBEDTLS_SOURCE_DIR=its folder."

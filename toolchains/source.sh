#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings the source of a library that we compile ourselves to build/_deps/NAME (a link). For mbedtls.sh and lwip.sh, which set
#
#   name, title       build/_deps/NAME; what people call it
#   version, sha256   what is fetched, and the checksum of its archive
#   ending            the archive's (tar.xz)
#   url               upstream's release; empty: upstream is not asked
#   advice            what to do by hand when nothing can be reached
#   user_variable, user_directory, wanted   the user's own source; which versions it may have, in words
#   package           Debian's source package, in the release `suite`
#
# define version_of DIR (prints it), is_supported VERSION and is_complete DIR (says what is missing), and call `bring`.
#
# Where from, the first that is to be had:
#   1. the user's own; its version is checked.
#   2. build/_deps, from an earlier run.
#   3. the archive in the cache folder, from an earlier run of any clone; its checksum is checked.
#   4. upstream's release.
#   5. the source package of the next Debian release. apt checks the archive's signature; its lists live in a folder of our own,
#      /etc/apt stays as it is.
suite=trixie
deps=build/_deps
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/baresspi

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

digest() { sha256sum "$1" | cut -d' ' -f1; }

# use DIR: the build finds it as build/_deps/NAME.
use() {
  mkdir -p $deps
  if [ "$(readlink "$deps/$name" 2>/dev/null)" != "$1" ]; then
    ln -sfn "$1" "$deps/$name"
    say "$title $(version_of "$1") in $1"
  fi
}

unpack() {
  mkdir -p $deps
  room=$(mktemp -d $deps/unpack.XXXXXX)
  tar -xf "$1" -C "$room" --strip-components=1 || { rm -rf "$room"; die "cannot unpack $1"; }
  found=$(version_of "$room")
  is_supported "$found" || { rm -rf "$room"; die "$1 holds $title ${found:-of no version}, not $wanted"; }
  rm -rf "$deps/$name-$found"
  mv "$room" "$deps/$name-$found"
  use "$(cd "$deps/$name-$found" && pwd -P)"
}

from_user() {
  [ -n "$user_directory" ] || return 1
  found=$(version_of "$user_directory")
  is_supported "$found" || die "$user_variable=$user_directory holds ${found:-no} $title; $wanted is needed"
  missing=$(is_complete "$user_directory") || die "$user_variable=$user_directory lacks $missing"
  use "$(cd "$user_directory" && pwd)"
}

from_earlier_run() {
  is_supported "$(version_of "$deps/$name")"
}

from_cache() {
  for archive in "$cache/$name"-*."$ending"; do
    [ -f "$archive" ] && [ -f "$archive.sha256" ] || continue
    found=${archive#"$cache/$name-"}
    is_supported "${found%."$ending"}" || continue
    expected=$(cat "$archive.sha256")
    [ "$archive" != "$cache/$name-$version.$ending" ] || expected=$sha256
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
  digest "$1" >"$cache/$name-$2.$ending.sha256"
  mv "$1" "$cache/$name-$2.$ending"
  unpack "$cache/$name-$2.$ending"
}

from_upstream() {
  [ -n "$url" ] || return 1
  say "fetching $title $version from upstream"
  curl -fsSL --connect-timeout 10 --max-time 300 -o "$work/release" "$url" || return 1
  [ "$(digest "$work/release")" = "$sha256" ] || die "$url does not have the SHA-256 $sha256: not used"
  keep "$work/release" "$version"
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
  say "fetching $title from the source packages of Debian $suite"
  options="-q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$work/parts -o Dir::State::Lists=$work/lists
    -o Dir::Cache=$work/cache -o APT::Sandbox::User=root -o APT::Get::List-Cleanup=0"
  # shellcheck disable=SC2086  # a list of options
  apt-get $options update >"$work/log" 2>&1 &&
    (cd "$work/fetched" && apt-get $options source --download-only "$package") >>"$work/log" 2>&1 || {
    tail -n 5 "$work/log" >&2
    return 1
  }
  archive=$(echo "$work/fetched/$package"_*.orig."$ending")
  [ -f "$archive" ] || { say "Debian's source package has no .orig.$ending"; return 1; }
  found=${archive##*/"$package"_}
  found=${found%%[+~]*} # +dfsg1: packed anew by Debian
  found=${found%.orig."$ending"}
  is_supported "$found" || { say "Debian $suite has $title $found, not $wanted"; return 1; }
  if [ "$found" = "$version" ]; then
    [ "$(digest "$archive")" = "$sha256" ] || die "Debian's archive of $title $found does not have the SHA-256 $sha256: not used"
  else # a later one: no checksum of ours to compare with, but apt has checked that it is what Debian signed
    say "Debian has $title $found by now (signed; SHA-256 $(digest "$archive"))"
  fi
  keep "$archive" "$found"
}

bring() {
  from_user && return 0
  from_earlier_run && return 0
  from_cache && return 0
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
  from_upstream && return 0
  from_debian && return 0
  die "cannot bring $title $version: $advice"
}

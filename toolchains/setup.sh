#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes a Debian 12 machine ready: installs what is missing of toolchains/packages, and brings the sources of mbed TLS 3.6 LTS and
# (not for the group build) lwIP 2.2.
#
#   sh toolchains/setup.sh [build|boards|peers|tests|browser|all]...      default: all, which is without browser
#
# A second run finds everything there and needs no network. Installs with sudo where it is not root; without sudo it says
# what to install. Starts no service.
#
#   MBEDTLS_SOURCE_DIR=DIR   use this source of mbed TLS 3.6 (3.6.4 or later) instead of bringing one
#   LWIP_SOURCE_DIR=DIR      likewise, of lwIP 2.2 (2.2.1 or later)
#   XDG_CACHE_HOME=DIR       where their archives are kept (baresspi/ in it); default ~/.cache
set -eu
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The packages of a group, one a line; @group is looked up in turn.
packages_of() {
  awk -v group="$1" '
    function visit(name,   i) {
      if (name in seen) return
      seen[name] = 1
      for (i = 1; i <= count[name]; i++) {
        if (item[name, i] ~ /^@/) visit(substr(item[name, i], 2)); else print item[name, i]
      }
    }
    /^#/ || NF == 0 { next }
    { for (i = 2; i <= NF; i++) item[$1, ++count[$1]] = $i }
    END { if (!(group in count)) exit 1; visit(group) }' toolchains/packages
}

missing_packages() {
  for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
    [ "$status" = installed ] || printf '%s ' "$package"
  done
}

# Packages of daemons start them when they are installed, unless a policy says no. One that is there is left as it is; ours goes
# when the installation is over.
policy=/usr/sbin/policy-rc.d
forbid_services() {
  [ ! -e "$policy" ] || return 0
  printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
  trap '$as_root rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  $as_root chmod 755 "$policy"
}

allow_services() {
  trap - EXIT INT TERM
  [ -z "${1:-}" ] || $as_root rm -f "$policy"
}

install_packages() {
  command -v dpkg-query >/dev/null || die "this is not Debian; install what toolchains/packages lists, by your own system's names"
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null; then
    as_root=sudo
  else
    die "not root, and there is no sudo. Install these, then run this again:
  apt-get install --no-install-recommends $missing"
  fi
  say "installing $missing"
  ours=
  [ -e "$policy" ] || ours=yes
  forbid_services
  apt_options="-q -o DPkg::Lock::Timeout=300"
  $as_root apt-get $apt_options update >&2 || say "apt-get update failed; trying with the lists that are here"
  # shellcheck disable=SC2086  # a list of names
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get $apt_options install -y --no-install-recommends $missing >&2 ||
    die "apt-get could not install $missing"
  allow_services $ours
}

[ $# -gt 0 ] || set -- all
wanted=
for group in "$@"; do
  [ "$group" != all ] || group=tests
  list=$(packages_of "$group") || die "no such group: $group (see toolchains/packages)"
  wanted="$wanted $list"
done
# shellcheck disable=SC2086  # a list of names
install_packages $wanted

# Schannel is linked with it, so whoever builds needs it.
case " $* " in
  *" build "* | *" boards "* | *" tests "* | *" all "*) sh toolchains/mbedtls.sh ;;
esac
# The boards' network.
case " $* " in
  *" boards "* | *" tests "* | *" all "*) sh toolchains/lwip.sh ;;
esac

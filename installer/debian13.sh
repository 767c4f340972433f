#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Proves that Lathe builds and passes its tests on Debian 13: makes a Debian 13 system in build/debian13 (debootstrap), copies
# the committed tree into it and runs installer/test.sh there. Needs root.
#   installer/debian13.sh [CTEST ARGUMENTS ...]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=installer/common.sh
. installer/common.sh

[ "$(id -u)" -eq 0 ] || stop "debootstrap and chroot need root. Run this as root."
install_missing debootstrap git
root=${LATHE_DEBIAN13_ROOT:-$PWD/build/debian13}
mirror=$(sed -nE 's/^deb (\[[^]]*\] )?([a-z]+:[^ ]+) .*/\2/p; s/^URIs: *([^ ]+).*/\1/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
  grep -v security | head -n 1 || true) # either place may be missing
script=/usr/share/debootstrap/scripts/trixie
[ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
if [ ! -e "$root/etc/debian_version" ]; then
  say "Making a Debian 13 system in $root"
  mkdir -p "$root"
  debootstrap --variant=minbase --no-check-gpg trixie "$root" ${mirror:+"$mirror"} "$script" >build/debootstrap.log 2>&1 ||
    { tail -n 10 build/debootstrap.log >&2; stop "debootstrap failed (whole output: build/debootstrap.log)."; }
fi
# The chroot reaches the network the way this machine does.
for file in /etc/resolv.conf /etc/hosts; do cp -L "$file" "$root$file"; done
# Settings of apt that no package brought: proxies and the like.
for file in /etc/apt/apt.conf.d/*; do
  dpkg -S "$file" >/dev/null 2>&1 || cp -L "$file" "$root$file"
done
rm -rf "$root/lathe"
git clone -q . "$root/lathe"
mounted=()
cleanup() { for place in "${mounted[@]}"; do umount -l "$place" || true; done; }
trap cleanup EXIT
for place in proc sys dev; do
  mountpoint -q "$root/$place" && continue
  mount --rbind "/$place" "$root/$place"
  mount --make-rslave "$root/$place"
  mounted+=("$root/$place")
done
env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE chroot "$root" /usr/bin/env CI="${CI:-}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
  bash -c 'cd /lathe && installer/test.sh "$@"' bash "$@"

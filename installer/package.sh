#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the release preset and makes build/package/lathe_VERSION_ARCH.deb; checks what is inside.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=installer/packages.sh
. installer/packages.sh
# shellcheck source=installer/common.sh
. installer/common.sh

install_missing "${headless_packages[@]}" "${window_packages[@]}" dpkg-dev desktop-file-utils appstream
build release lathe lathe-cli
log=build/package.log
cpack -G DEB --config build/release/CPackConfig.cmake -B build/package >"$log" 2>&1 ||
  { tail -n 15 "$log" >&2; stop "cpack could not make the package (whole output: $log)."; }
package=$(ls -t build/package/lathe_*.deb | head -n 1)
contents=$(dpkg-deb --contents "$package")
for file in usr/bin/lathe usr/bin/lathe-cli usr/share/applications/org.lathe_workbench.Lathe.desktop \
  usr/share/metainfo/org.lathe_workbench.Lathe.metainfo.xml usr/share/icons/hicolor/scalable/apps/org.lathe_workbench.Lathe.svg; do
  grep -q " \./$file\$" <<<"$contents" || stop "the package lacks /$file."
done
desktop-file-validate installer/linux/*.desktop
appstreamcli validate --no-net --pedantic installer/linux/*.metainfo.xml >"$log" 2>&1 || { cat "$log" >&2; stop "the AppStream data are not valid."; }
say "The package is $PWD/$package"

#!/bin/sh
# need.sh PACKAGE...: installs the Debian packages that are missing, or names the command that does.
set -eu
if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian: please see yourself to what Debian calls $*" >&2
    exit 0
fi
missing=
for package; do
    state=$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) || state=
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as=
elif sudo -n true 2>/dev/null; then
    as="sudo -n"
else
    echo "Missing here:$missing" >&2
    echo "Install with: sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing:$missing"
$as apt-get update -qq
$as env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends $missing >/dev/null

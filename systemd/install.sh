#!/bin/sh
# install.sh install | uninstall: makes a stock Raspberry Pi OS or Debian a lane, and takes that away again.
#
#   /opt/kiosk/TIME/            a Python environment with the kiosk in it; /opt/kiosk/current points to the newest,
#                               the one before is kept for a program that still runs
#   /usr/local/bin/             kiosk, store
#   /etc/systemd/system/        kiosk.service and its companions, store.service; each says in its first lines what it is for
#   /etc/systemd/system/kiosk.service.d/terminal.conf.example
#   /etc/sysusers.d, /etc/tmpfiles.d, /etc/udev/rules.d
#   /etc/kiosk/kiosk.toml, /etc/udev/rules.d/71-kiosk-names.rules       only if there are none
#
# DESTDIR=/tree lays the files into a tree (of an image, of a test) and touches nothing of this machine.
# CONFIG=file is laid as kiosk.toml. VENV=skip leaves the Python environment out. PYTHON=python3.13 chooses one.
# APPLIANCE=1, with DESTDIR only: the tree becomes a device that is nothing but a lane. Whatever lies in appliance/ is
# laid where it lies there: firewall, SSH for technicians, watchdog, no console, no keyboard, no USB storage.
# PURGE=1 lets uninstall take data, configuration and users too.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}
opt=$root/opt/kiosk
names=/etc/udev/rules.d/71-kiosk-names.rules
units=$(cd "$here" && echo *.service *.timer)

lay() { install -D -m 644 "$here/$1" "$root$2"; }
running() { [ -z "$root" ] && [ -d /run/systemd/system ]; }

environment() {
    python=${PYTHON:-/usr/bin/python3}
    release=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y%m%dT%H%M%S)
    pip="$opt/$release/bin/python -m pip --disable-pip-version-check --quiet"
    source=$(mktemp -d)
    trap 'rm -rf "$source"' EXIT
    cd "$here/.."
    cp -r pyproject.toml LICENSE README.md kiosk drivers screens store "$source"

    "$python" -m venv --clear "$opt/$release"
    $pip install --require-hashes --only-binary :all: --no-compile -r requirements.lock
    $pip install --no-deps --no-index --no-build-isolation --no-compile "$source"
    [ -z "$root" ] || grep -rlIF "$opt" "$opt/$release/bin" "$opt/$release/pyvenv.cfg" | xargs sed -i "s|$root/opt/|/opt/|g"
    "$opt/$release/bin/python" -m compileall -q -f -s "$root" "$opt/$release/lib" || true
    ln -sfn "$release" "$opt/current.new"
    mv -T "$opt/current.new" "$opt/current"
    ls -d "$opt"/2* | head -n -2 | xargs -r rm -rf
}

files() {
    for unit in $units; do lay "$unit" "/etc/systemd/system/$unit"; done
    lay kiosk-terminal.conf /etc/systemd/system/kiosk.service.d/terminal.conf.example
    lay kiosk.sysusers /etc/sysusers.d/kiosk.conf
    lay kiosk.tmpfiles /etc/tmpfiles.d/kiosk.conf
    lay 70-kiosk.rules /etc/udev/rules.d/70-kiosk.rules
    [ -e "$root$names" ] || lay 71-kiosk-names.rules "$names"
    lay 72-kiosk-usb.rules /etc/udev/rules.d/72-kiosk-usb.rules.example
    lay 73-kiosk-usb-drivers.rules /etc/udev/rules.d/73-kiosk-usb-drivers.rules
    config=$root/etc/kiosk/kiosk.toml
    [ -e "$config" ] || install -D -m 644 "${CONFIG:-$here/kiosk.toml}" "$config"
    mkdir -p "$root/usr/local/bin"
    for command in kiosk store; do ln -sfn "/opt/kiosk/current/bin/$command" "$root/usr/local/bin/$command"; done
}

appliance() {
    (cd "$here/appliance" && find . -type f -o -type l) | while read -r file; do
        mkdir -p "$root/${file%/*}"
        cp -P --preserve=mode --remove-destination "$here/appliance/$file" "$root/$file"
    done
    chmod 440 "$root/etc/sudoers.d/kiosk"
    lay kiosk.toml /usr/share/kiosk/kiosk.toml # what `kiosk enrol` begins with
    rm "$root$names" "$root/etc/udev/rules.d/72-kiosk-usb.rules.example" # a lane's own ones are in its data
}

case "${1:-}" in install | uninstall) ;; *) sed -n '2,17s/^# \{0,1\}//p' "$0" && exit 2 ;; esac
if [ -z "$root" ] && [ "${APPLIANCE:-}" = 1 ]; then
    echo "APPLIANCE=1 shuts whoever works here out of this machine: it is for images, with DESTDIR" >&2
    exit 1
fi
if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then
    echo "This changes the machine. Run: sudo make $1" >&2
    exit 1
fi

if [ "$1" = install ]; then
    [ -n "$root" ] || "$here/need.sh" python3-venv udev libzbar0 libgbm1 libegl1 libgles2 libgl1-mesa-dri
    [ "${VENV:-}" = skip ] || environment
    files
    [ "${APPLIANCE:-}" != 1 ] || appliance
    if running; then
        systemd-sysusers kiosk.conf
        systemd-tmpfiles --create kiosk.conf
        udevadm control --reload && udevadm trigger
        systemctl daemon-reload
    fi
    echo "Installed; nothing is started. Edit /etc/kiosk/kiosk.toml, then"
    echo "  on a lane (takes the screen):  sudo systemctl enable --now kiosk.service kiosk-link.service"
    echo "  on the shop's server:          sudo systemctl enable --now store.service"
else
    if running; then systemctl disable --now --quiet $units 2>/dev/null || true; fi
    for unit in $units; do rm -f "$root/etc/systemd/system/$unit"; done
    rm -f "$root/etc/systemd/system/kiosk.service.d/terminal.conf.example" "$root/etc/sysusers.d/kiosk.conf" \
        "$root/etc/tmpfiles.d/kiosk.conf" "$root/etc/udev/rules.d/70-kiosk.rules" \
        "$root"/etc/udev/rules.d/72-kiosk-usb.rules* "$root/etc/udev/rules.d/73-kiosk-usb-drivers.rules" \
        "$root/usr/local/bin/kiosk" "$root/usr/local/bin/store"
    rm -rf "$opt" "$root/var/cache/kiosk"
    if [ "${PURGE:-}" = 1 ]; then
        rm -rf "$root/etc/kiosk" "$root$names" "$root/var/lib/kiosk" "$root/var/lib/kiosk-store"
        for unit in $units; do rm -rf "$root/etc/systemd/system/$unit.d"; done
        if [ -z "$root" ]; then
            for user in kiosk-link kiosk-terminal kiosk-camera kiosk-health kiosk-update kiosk-store kiosk; do
                userdel "$user" 2>/dev/null || true
            done
            groupdel technician 2>/dev/null || true
        fi
        echo "Uninstalled, with data, configuration and users. Secrets in /etc/credstore are yours to remove."
    else
        rmdir "$root/etc/systemd/system/kiosk.service.d" 2>/dev/null || true
        echo "Uninstalled. Kept: /etc/kiosk, $names, /var/lib/kiosk, /var/lib/kiosk-store and their users (PURGE=1 takes them)."
    fi
    if running; then systemctl daemon-reload && udevadm control --reload; fi
fi

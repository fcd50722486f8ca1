#!/bin/sh
# The first process of the small guest: checks and mounts the data partition as the kernel's command line says, and runs
# the lane.
export PATH=/usr/sbin:/usr/bin PYTHONPATH=/opt/kiosk/site:/opt/kiosk/current PYTHONDONTWRITEBYTECODE=1
export SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy PYGAME_HIDE_SUPPORT_PROMPT=1 HOME=/run
b=/usr/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
$b mount -t tmpfs run /run
$b mount -t tmpfs tmp /tmp
$b ip link set lo up
$b ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
for word in $($b cat /proc/cmdline); do
    case $word in
        data=*) data=${word#data=} ;;
        fsck.repair=yes) mend=-y ;;
        lane.*) export "LANE_${word#lane.}" ;;
    esac
done
exec </dev/ttyS1 >/dev/ttyS1
$b stty raw -echo
e2fsck ${mend:--p} /dev/vdb1 >/dev/console 2>&1
if ! $b mount -t ext4 -o "$data" /dev/vdb1 /data 2>/run/why; then
    printf '{"broken": "%s"}\n' "$($b tr -d '"\n' </run/why)"
elif cd /data && ! python3 -m tests.vm.seller 2>/dev/console; then
    echo '{"broken": "the lane ended"}'
fi
$b umount /data
$b sleep 1
$b poweroff -f

"""A lane and the shop around it, each a network of its own on one cable: what the firewall lets through, and what not.

Run as `unshare --map-root-user --net python -m tests.systemd.shopnet RULES…`. It loads the rules and plays the packets
of the standard input, a JSON list a line: out or in, tcp or udp, address, port. For each it prints whether the firewall
let it through. Nothing leaves the two networks.
"""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable

LANE, SHOP = "192.168.10.4", "192.168.10.10"


def sh(command: str) -> str:
    return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout


def cable() -> int:
    """Both ends up, each knows where the other is; gives the process that is the shop's network."""
    shop = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert shop.stdin and shop.stdout
    shop.stdin.write(b"there\n")
    shop.stdin.flush()
    shop.stdout.readline()
    there = f"nsenter --net=/proc/{shop.pid}/ns/net"
    sh(f"ip link add lane type veth peer name shop netns {shop.pid}")
    for end, own, other, into in (("lane", LANE, SHOP, ""), ("shop", SHOP, LANE, there)):
        sh(f"{into} ip address add {own}/24 dev {end} && {into} ip link set {end} up")
        sh(f"{into} ip route add default via {other}")
    for end, other, into, far in (("lane", SHOP, "", there), ("shop", LANE, there, "")):
        (mac,) = re.findall(
            r"link/ether (\S+)", sh(f"{far} ip link show {'shop' if end == 'lane' else 'lane'}")
        )
        sh(f"{into} ip neigh replace {other} lladdr {mac} dev {end} nud permanent")
    return shop.pid


def send(kind: str, where: str, port: int) -> None:
    """One packet, and no wait for what comes of it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        try:
            line.connect((where, port))
            line.send(b"x")
        except OSError:
            return


def dropped(chain: str) -> int:
    rules = sh(f"nft list chain inet kiosk {chain}")
    return int(re.findall(r"^\s*counter packets (\d+)", rules, re.M)[-1])


def inside(shop: int) -> Callable[[list[str]], None]:
    """From the shop: the same, by another process that has entered its network."""

    def play(packet: list[str]) -> None:
        here = [sys.executable, "-m", "tests.systemd.shopnet", "send", *packet]
        subprocess.run(["nsenter", f"--net=/proc/{shop}/ns/net", *here], check=True)

    return play


def main(rules: list[str]) -> None:
    shop = cable()
    for path in rules:
        sh(f"nft -f {path}")
    to_lane = inside(shop)
    for line in sys.stdin:
        way, *packet = json.loads(line)
        before = dropped(way)
        if way == "out":
            send(packet[0], packet[1], int(packet[2]))
        else:
            to_lane([str(word) for word in packet])
        print(json.dumps(dropped(way) == before), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "send":
        send(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        os.environ["PATH"] += ":/usr/sbin:/sbin"
        main(sys.argv[1:])

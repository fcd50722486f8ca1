"""One connection of a guest to a port of the loopback: QEMU starts this for each, and talks to its standard input.

    python pipe.py PORT

Ends when either side does.
"""

import os
import selectors
import socket
import sys


def main(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 5.0) as outside:
        outside.settimeout(None)
        selector = selectors.DefaultSelector()
        selector.register(0, selectors.EVENT_READ)
        selector.register(outside, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                data = os.read(key.fd, 65536)
                if not data:
                    return
                if key.fd == 0:
                    outside.sendall(data)
                    continue
                while data:
                    data = data[os.write(1, data) :]


if __name__ == "__main__":
    main(int(sys.argv[1]))

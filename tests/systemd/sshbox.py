"""The device's SSH server with its real users, in mounts and a network of their own that are gone afterwards.

Run by root as `unshare --mount --net python -m tests.systemd.sshbox TREE`: each line of the standard input is a JSON
list of key file, user and what is said; exit code and answer come back, a JSON list a line.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path("/mnt")  # sshd wants folders that only root may write to, up to /
PORT = "2222"
MAIN = """Include {here}/etc/ssh/sshd_config.d/*.conf
UsePAM yes
X11Forwarding yes
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
"""
"""What Debian's own sshd_config says, and ours has to stand before."""


def sh(*command: str | Path) -> None:
    subprocess.run(command, check=True)


def moved(path: Path) -> None:
    text = path.read_text()
    for folder in ("/usr/lib/kiosk", "/var/lib/kiosk"):
        text = text.replace(f" {folder}/", f" {HERE}{folder}/").replace(f"-{folder}", f"-{HERE}{folder}")
    path.write_text(text)


def served(tree: Path) -> "subprocess.Popen[str]":
    """sshd, listening; the users are those that sysusers made in the tree, beside the machine's own."""
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "none", HERE)
    for folder in ("etc/ssh", "usr/lib/kiosk", "var/lib/kiosk"):
        (HERE / folder).parent.mkdir(parents=True, exist_ok=True)
        sh("cp", "-a", tree / folder, HERE / folder)
    for name in ("passwd", "group", "shadow"):
        both = HERE / f"etc/{name}"
        ours = [line for line in (tree / "etc" / name).read_text().splitlines() if line[0] in "kst"]
        both.write_text(Path("/etc", name).read_text() + "\n".join(ours) + "\n")
        sh("mount", "--bind", both, f"/etc/{name}")
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "none", "/run")
    for folder in ("/run/sshd", "/run/empty"):
        Path(folder).mkdir(mode=0o755)
    sh("ip", "link", "set", "lo", "up")
    for path in (HERE / "etc/ssh/sshd_config.d/kiosk.conf", *(HERE / "usr/lib/kiosk").iterdir()):
        moved(path)
    sh(HERE / "usr/lib/kiosk/host-key", HERE / "var/lib/kiosk/ssh/ssh_host_ed25519_key")
    main = HERE / "etc/ssh/sshd_config"
    main.write_text(MAIN.format(here=HERE))
    command = ["/usr/sbin/sshd", "-D", "-e", "-f", str(main), "-p", PORT, "-o", "ListenAddress=127.0.0.1"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr
    while "listening" not in (said := server.stderr.readline()):
        assert said, "sshd did not start"
    return server


def asked(key: str, user: str, *said: str) -> tuple[int, str]:
    options = [
        "BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null",
        "LogLevel=ERROR", "ExitOnForwardFailure=yes", "ConnectTimeout=20",
    ]  # fmt: skip
    flags = [word for option in options for word in ("-o", option)]
    command = ["ssh", "-n", "-F", "none", *flags, "-p", PORT, "-i", key, f"{user}@127.0.0.1", *said]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return run.returncode, run.stdout + run.stderr


def main() -> None:
    server = served(Path(sys.argv[1]))
    try:
        for line in sys.stdin:
            print(json.dumps(asked(*json.loads(line))), flush=True)
    finally:
        server.terminate()
        server.communicate()


if __name__ == "__main__":
    main()

"""Keys of people who may come for a few hours: lines for sshd, which itself knows when they end. Pure."""

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime, timedelta

from msgspec import Struct

KINDS = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
MOST_HOURS = 12
UNTIL = "%Y%m%d%H%M%SZ"
LINE = re.compile(r'expiry-time="(\d{14}Z)" (\S+) (\S+)(?: (.*))?')
OTHER = re.compile(r"[^\w@.+-]+")


class KeyRefusedError(ValueError):
    """This is no public key that may come in; says why."""


class Guest(Struct, frozen=True):
    """A key, whose it says it is, and until when it opens."""

    kind: str
    key: str
    name: str
    until: datetime

    @property
    def line(self) -> str:
        """As it stands in sshd's file of authorized keys."""
        return (
            f'expiry-time="{self.until.astimezone(UTC):{UNTIL}}" {self.kind} {self.key} {self.name}'.rstrip()
        )

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        digest = hashlib.sha256(base64.b64decode(self.key)).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def guest(text: str, hours: float, now: datetime) -> Guest:
    """Somebody's .pub file. Raises KeyRefusedError."""
    if "PRIVATE KEY" in text:
        raise KeyRefusedError(
            "this is a private key: nobody but its owner may have it; the file *.pub is wanted"
        )
    lines = [line for line in text.splitlines() if line.strip()]
    words = lines[0].split(maxsplit=2) if len(lines) == 1 else []
    if len(words) < 2 or words[0] not in KINDS:
        raise KeyRefusedError(f"one line is expected, with a key of one of these kinds: {', '.join(KINDS)}")
    if not 0 < hours <= MOST_HOURS:
        raise KeyRefusedError(f"a key opens for {MOST_HOURS} hours at most")
    try:
        raw = base64.b64decode(words[1], validate=True)
    except binascii.Error as wrong:
        raise KeyRefusedError("the key is damaged") from wrong
    if raw[:4] != len(words[0]).to_bytes(4, "big") or raw[4 : 4 + len(words[0])] != words[0].encode():
        raise KeyRefusedError("the key is damaged, or of another kind than it says")
    name = OTHER.sub("-", words[2].strip())[:60] if len(words) > 2 else ""
    return Guest(words[0], words[1], name, now + timedelta(hours=hours))


def guests(file: str, now: datetime) -> list[Guest]:
    """Who may still come, by the lines of sshd's file; lines that are not ours are left out."""
    found = []
    for line in file.splitlines():
        if (parts := LINE.fullmatch(line)) is not None:
            until = datetime.strptime(parts[1], UNTIL).replace(tzinfo=UTC)
            found.append(Guest(parts[2], parts[3], parts[4] or "", until))
    return [each for each in found if each.until > now]


def with_guest(file: str, new: Guest, now: datetime) -> str:
    """The file with this key, and the others that still open."""
    others = [each for each in guests(file, now) if each.key != new.key]
    return "".join(f"{each.line}\n" for each in (*others, new))

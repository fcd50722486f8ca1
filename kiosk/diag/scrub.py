"""Secrets and people are taken out of whatever leaves the shop. Pure.

Three nets, each for what slips through the others: keys of the configuration whose names say secret, the very contents
of the secret files of this machine wherever they turn up, and shapes that only secrets and people have.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

GONE = "(removed)"
LEAST = 4
"""Characters of a secret that is looked for literally; fewer would be found in any text."""
NAMES = re.compile(
    r"token|secret|pass(word|phrase|wd|code)?\b|pass(word|phrase)|pepper|psk|api_?key|(^|_)key(_id)?$|pin$|otp|cred",
    re.I,
)
PUBLIC = re.compile(r"sha256/[A-Za-z0-9+/]{43}=")
"""The hash of a public key, which `store serve` prints for everybody."""
SHAPES = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S),
    re.compile(r"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"),
    re.compile(r"\$argon2[a-z]*\$\S+"),
    re.compile(r"\botpauth://\S+"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
    re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    re.compile(r"(?<![\w.+])\+\d{1,3}(?:[ -]?\d){8,12}(?![\w.])"),
    re.compile(r"\b(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[A-Za-z0-9_-]{32,}\b"),
)
"""Private keys, tokens of HTTP, hashed PINs, one-time codes, JWTs, logins in addresses, mail addresses, phone numbers,
and long strings of random letters and digits (a hash in hex is none)."""
CALLED = re.compile(
    r"(?i)(?<![a-z])((?:\w*(?:password|passphrase|passwd|secret|pepper|psk|token|api[_-]?key)|\w*_pin|pin)[\"']?\s*[=:]\s*)"
    r"(?:\"(?![/\0])[^\"\n]*\"|'(?![/\0])[^'\n]*'|(?![/\0\"'])[^\s,;&\"']+)"
)
"""A word for a secret with what follows: but for the path of a file, which is none."""
NUMBER = re.compile(r"(?<![\d.])(?:\d[ -]?){12,18}\d(?![\d.])")


class Scrubber:
    """Texts in, texts without secrets out. `known` are the secrets of this machine, whole."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        found = {form for secret in known for form in forms(secret)}
        longest = sorted(found, key=lambda each: (-len(each), each))
        self._known = re.compile("|".join(map(re.escape, longest))) if longest else None

    def text(self, text: str) -> str:
        if self._known:
            text = self._known.sub(GONE, text)
        kept: list[str] = []

        def keep(found: re.Match[str]) -> str:
            kept.append(found[0])
            return f"\0{len(kept) - 1}\0"

        text = PUBLIC.sub(keep, text.replace("\0", ""))
        for shape in SHAPES:
            text = shape.sub(GONE, text)
        text = CALLED.sub(rf"\1{GONE}", text)
        text = NUMBER.sub(lambda found: GONE if is_card(found[0]) else found[0], text)
        return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], text)


def forms(secret: str) -> Iterator[str]:
    """A secret as it may be written: itself, each of its lines, base64, hex, in an address."""
    secret = secret.strip()
    for one in {secret, *(line.strip() for line in secret.splitlines())}:
        if len(one) >= LEAST:
            raw = one.encode()
            yield from (one, raw.hex(), base64.b64encode(raw).decode().rstrip("="), quote(one, safe=""))
            yield from (base64.urlsafe_b64encode(raw).decode().rstrip("="), one.replace('"', '\\"'))


def is_card(text: str) -> bool:
    """Whether digits may be a card's number: 13 to 19 of them with Luhn's check digit."""
    digits = [int(sign) for sign in reversed(text) if sign.isdigit()]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + doubled) % 10 == 0


def config_lines(tables: dict[str, Any], path: str = "") -> Iterator[str]:
    """A configuration as `table.key = value`, without comments; what a secret's name stands before is taken out,
    unless it is the path of a file or a public key's hash."""
    for key, value in sorted(tables.items()):
        name = f"{path}.{key}" if path else key
        match value:
            case dict():
                yield from config_lines(value, name)
            case list() if any(isinstance(each, dict) for each in value):
                for number, each in enumerate(value):
                    yield from config_lines({f"{key}[{number}]": each}, path)
            case _:
                yield f"{name} = {GONE if is_secret(key, value) else value!r}"


def is_secret(key: str, value: object) -> bool:
    if not NAMES.search(key) or isinstance(value, bool):
        return False
    return not (isinstance(value, str) and (value == "" or value.startswith("/") or PUBLIC.fullmatch(value)))

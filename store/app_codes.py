"""The code that a shop's app shows: a member's token, signed, good for a minute or so, and once if it says so.

`MB1.token.until.nonce.signature`, `until` in seconds since 1970 in base 36. The app's own service makes them with the
same secret; nothing of a member but her token is in one.
"""

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, delete

from store.intake import inserted
from store.tables import member_codes

BEGINS = "MB1."
LASTS = 90  # seconds
LONGEST = 600  # seconds that any code may last
SIGNED = 32  # hex digits of the signature
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def made(salt: bytes, token: str, now: int, lasts: int = LASTS, once: bool = False) -> str:
    """A code for that member from now (milliseconds) on."""
    body = f"{BEGINS}{token}.{_base36(now // 1000 + lasts)}.{secrets.token_hex(8) if once else ''}"
    return f"{body}.{_signature(salt, body)}"


def opened(db: Connection, salt: bytes, code: str, now: int) -> str:
    """Whose code that is; empty: nobody's, too old, dated too far ahead, or used already."""
    body, _, signature = code.rpartition(".")
    if not hmac.compare_digest(_signature(salt, body).encode(), signature.encode()):
        return ""
    _, token, until, nonce = body.split(".")
    left = int(until, 36) - now // 1000
    if not 0 < left <= LONGEST:
        return ""
    db.execute(delete(member_codes).where(member_codes.c.until < now))
    row = {"nonce": nonce, "until": now + LONGEST * 1000}
    return token if not nonce or inserted(db, member_codes, row) else ""


def _signature(salt: bytes, body: str) -> str:
    key = hmac.digest(salt, b"app codes", hashlib.sha256)
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()[:SIGNED]


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"

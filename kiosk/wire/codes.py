"""A colleague's rotating code (TOTP, RFC 6238: HMAC-SHA-1, steps of 30 seconds, six digits), beside her PIN.

Nothing secret is stored or sent for it: shop and lane both have the pepper, and make the same key of it and of the
hash of her PIN. So a new PIN is a new key, too. Whoever has the pepper can make codes, as she could try out PINs.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

STEP = 30  # seconds
DIGITS = 6


def key_of(pepper: bytes, person: str, pin_hash: str) -> bytes:
    """The 20 bytes that her authenticator and every lane share."""
    text = b"\0".join((b"code", person.encode(), pin_hash.encode()))
    return hmac.digest(pepper, text, hashlib.sha256)[:20]


def code(key: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of that step (RFC 4226): the bits that the last nibble points at, as decimal digits."""
    digest = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}}"


def step_of(key: bytes, typed: str, seconds: int) -> int | None:
    """The step whose code was typed: the one of now, or its neighbours, for clocks are never quite right.

    All three are compared, each in constant time. None: it is no code of hers.
    """
    now, found = seconds // STEP, None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(code(key, step), typed):
            found = step
    return found


def address(key: bytes, person: str, shop: str) -> str:
    """What an authenticator reads, as a link or a QR code."""
    secret = base64.b32encode(key).decode()
    query = urlencode({"secret": secret, "issuer": shop, "digits": DIGITS, "period": STEP}, quote_via=quote)
    return f"otpauth://totp/{quote(shop)}:{quote(person)}?{query}"

"""GS1 Digital Links: elements in the path and query of a web address, which is read and never opened."""

import re
from itertools import combinations

from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.barcode.gs1.elements import LONGEST, Element, element
from kiosk.barcode.gs1.lookup import BY_CODE

SCHEMES = ("https://", "HTTPS://", "http://", "HTTP://")
URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
NO_DOMAIN = set("_~?#@!$&'()*+,;=%")
SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
ESCAPED = re.compile("%([0-9A-Fa-f]{2})")
GTIN = "01"
SHORT_GTINS = (8, 12, 13)
NAMES = {
    "cpid": "8010", "cpsn": "8011", "cpv": "22", "gcn": "255", "gdti": "253", "giai": "8004", "ginc": "401",
    "gln": "414", "glnx": "254", "gmn": "8013", "grai": "8003", "gsin": "402", "gsrn": "8018", "gsrnp": "8017",
    "gtin": "01", "itip": "8006", "lot": "10", "party": "417", "refno": "8020", "ser": "21", "srin": "8019",
    "sscc": "00",
}  # fmt: skip
"""What the first edition of the standard let stand for a number in the path."""


def is_link(text: str) -> bool:
    """Whether it should be read as one."""
    return text.startswith(SCHEMES)


def parse(uri: str, short_gtins: bool = False, names: bool = False) -> tuple[Element, ...]:
    """The elements of a Digital Link: those of its path, from the right-most primary key on, then its query's.

    `short_gtins`: a GTIN may have lost its leading zeros. `names`: "gtin" may stand for 01. Raises BarcodeError.
    """
    path, query = _parts(uri)
    found = [_element(ai, _plain(value), short_gtins) for ai, value in _pairs(path, names)]
    way = tuple(each.ai for each in found)
    if way[1:] not in _ways(way[0]):
        raise BarcodeError(Reason.LINK_PATH)
    for word in query.split("&"):
        key, equals, value = word.partition("=")
        if not (equals and key.isdigit()):
            continue
        each = _element(key, _plain(value.replace("+", " ")), short_gtins)
        if any(each.ai == other.ai for other in found):
            raise BarcodeError(Reason.REPEATED)
        if not BY_CODE[key].attribute or _belongs(key, way):
            raise BarcodeError(Reason.LINK_PATH)
        found.append(each)
    return tuple(found)


def _parts(uri: str) -> tuple[str, str]:
    """Path and query."""
    if len(uri) > LONGEST or not is_link(uri) or not URI.fullmatch(uri):
        raise BarcodeError(Reason.NOT_A_LINK)
    domain, slash, rest = uri.partition("//")[2].partition("/")
    if not domain or not slash or NO_DOMAIN & set(domain):
        raise BarcodeError(Reason.NOT_A_LINK)
    path, _, query = rest.partition("#")[0].partition("?")
    return path, query


def _pairs(path: str, names: bool) -> list[tuple[str, str]]:
    """Identifiers and values, from the right-most primary key on."""
    words = path.split("/")
    found: list[tuple[str, str]] = []
    for place in range(len(words) - 2, -1, -2):
        ai = NAMES.get(words[place], words[place]) if names else words[place]
        if ai not in BY_CODE:
            break
        found.insert(0, (ai, words[place + 1]))
        if BY_CODE[ai].paths:
            return found
    raise BarcodeError(Reason.LINK_PATH)


def _element(ai: str, value: str, short_gtins: bool) -> Element:
    if ai == GTIN and short_gtins and len(value) in SHORT_GTINS:
        value = value.zfill(14)
    return element(ai, value)


def _plain(value: str) -> str:
    """Without percent escapes. What they may not stand for is no character of any value."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


def _ways(key: str) -> set[tuple[str, ...]]:
    """Every row of qualifiers that may follow the primary key."""
    return {
        way
        for path in BY_CODE[key].paths
        for size in range(len(path) + 1)
        for way in combinations(path, size)
    }


def _belongs(ai: str, way: tuple[str, ...]) -> bool:
    """Whether `ai` of the query should stand in the path, as one more qualifier of it."""
    return any((*way[1:place], ai, *way[place:]) in _ways(way[0]) for place in range(1, len(way) + 1))


def write(elements: tuple[Element, ...], domain: str = "id.gs1.org", prefix: str = "") -> str:
    """The canonical Digital Link of the elements, or one of another domain and path. LINK_PATH without a key."""
    values = dict(elements)
    key = next((each.ai for each in elements if BY_CODE[each.ai].paths), None)
    if key is None:
        raise BarcodeError(Reason.LINK_PATH)
    way = max(_ways(key), key=lambda way: (len(way) if set(way) <= values.keys() else -1, way))
    path = "".join(f"/{ai}/{_escaped(values[ai])}" for ai in (key, *way))
    rest = sorted(values.keys() - {key, *way})
    query = "&".join(f"{ai}={_escaped(values[ai])}" for ai in rest)
    return f"https://{domain}{'/' if prefix else ''}{prefix}{path}{'?' if query else ''}{query}"


def _escaped(value: str) -> str:
    return "".join(sign if sign in SAFE else f"%{ord(sign):02X}" for sign in value)

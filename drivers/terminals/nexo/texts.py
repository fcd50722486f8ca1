"""What may be kept of the texts that a terminal sends: of a card its last four digits, of an explanation the reason."""

import re
from urllib.parse import parse_qsl, unquote_plus

from drivers.terminals.cards import masked

STARRED = re.compile(r"[0-9*xX•·.#-](?:[ ]?[0-9*xX•·.#-]){7,}")
STARS = re.compile(r"[*xX•·#]")
TOLD = ("message", "refusalReason")
SECRET = re.compile(r"expir|seq|track|cvc|bin$", re.IGNORECASE)


class Last4(str):
    """A masked card number, of which the last four digits are kept."""


class Text(str):
    """Words, with what may be a card number masked."""


class ReceiptLine(str):
    """A line of a receipt, decoded: its name and its value, with nothing of a card but the last four digits."""


class Additional(str):
    """AdditionalResponse: of its name=value pairs only the two that explain a refusal are kept, one to a line."""


def kept(kind: type, value: object) -> object:
    """A text as it may leave the codec; the hook of the decoder."""
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    if kind is Last4:
        return Last4("".join(char for char in value if char.isascii() and char.isdigit())[-4:])
    if kind is ReceiptLine:
        return ReceiptLine(_line(value))
    if kind is Additional:
        return Additional(
            "\n".join(f"{name}={safe(told)}" for name, told in parse_qsl(value) if name in TOLD)
        )
    return Text(safe(value))


def safe(text: str) -> str:
    """The text with card numbers masked, also those that are masked already but for more than the last four."""
    return masked(STARRED.sub(_starred, text))


def refusal(additional: Additional | None) -> str:
    """The reason that the terminal gives for a refusal, in its own words; empty where it gives none."""
    pairs = dict(line.partition("=")[::2] for line in (additional or "").split("\n"))
    return pairs.get("refusalReason") or pairs.get("message") or ""


def _starred(found: re.Match[str]) -> str:
    run = found[0]
    if not STARS.search(run):
        return run
    digits = [at for at, char in enumerate(run) if char.isdigit()]
    hidden = set(digits[:-4]) | {at for at in digits if STARS.search(run[at:])}
    return "".join("*" if at in hidden else char for at, char in enumerate(run))


def _line(text: str) -> str:
    pairs = dict(parse_qsl(text, keep_blank_values=True))
    if "name" not in pairs and "value" not in pairs:
        return safe(unquote_plus(text))
    if SECRET.search(pairs.get("key", "")):
        return ""
    return safe(" ".join(filter(None, (pairs.get("name"), pairs.get("value")))))

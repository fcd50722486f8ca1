"""What audio mode says of a page: every text on it, then the keys; derived from the widgets alone."""

from collections.abc import Iterator

from msgspec import Struct

from kiosk.text.bidi import bare
from screens.widgets import Key

SILENT = {
    "id", "icon", "kind", "size", "tone", "name", "symbol", "department", "right_icon", "state_icon", "field",
    "digit", "sends", "touch", "rows", "match", "was",
}  # fmt: skip


def spoken(*widgets: Struct | None) -> tuple[str, ...]:
    """One utterance for each widget that says something; a key says its name, its note, and why it waits."""
    said = (sentence(widget) for widget in widgets if widget is not None)
    return tuple(each for each in said if each)


def spelled(letters: tuple[tuple[Key, ...], ...]) -> tuple[str, ...]:
    """A keyboard as one utterance: only the keys that lead somewhere."""
    said = ", ".join(key.text for row in letters for key in row if key.text and not key.off)
    return (said,) if said else ()


def sentence(widget: Struct) -> str:
    if isinstance(widget, Key) and not widget.text:
        return ""
    silent = SILENT - {"rows"} if type(widget).__name__ == "Table" else SILENT
    return bare(" ".join(whole(part.lstrip("!")) for part in _texts(widget, silent)))


def whole(text: str) -> str:
    """The text as a sentence, so that a voice pauses after it."""
    return text if text[-1:] in ".?!:" else f"{text}."


def _texts(value: object, silent: set[str]) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each, silent)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in silent:
                yield from _texts(getattr(value, name), silent)

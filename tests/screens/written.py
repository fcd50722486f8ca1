"""A page as indented text, for goldens: every word on it, and what every key sends."""

from collections.abc import Iterator

from msgspec import Struct

from kiosk.checkout.model import Item
from screens.widgets import Key, Page


def written(page: Page) -> str:
    """The page with its words; speech is left out, it says the same."""
    looks = [page.theme, *(name for name in ("large", "low_reach", "rtl") if getattr(page, name))]
    lines = [f"{page.name} ({page.language}, {', '.join(looks)})", *_struct("head", page.head)]
    for block in page.blocks:
        lines += _struct(type(block).__name__.lower(), block)
    for key in page.tools:
        lines.append("tool " + _key(key))
    for row in page.letters:
        lines.append("letters " + " | ".join(_key(key) for key in row))
    for name in ("total", "progress"):
        if part := getattr(page, name):
            lines += _struct(name, part)
    if page.go:
        lines.append("go " + _key(page.go))
    lines += ["foot " + _key(key) for key in page.foot]
    return "\n".join(lines) + "\n"


def _struct(name: str, value: Struct, depth: int = 0) -> Iterator[str]:
    if isinstance(value, Key):
        yield "  " * depth + f"{name} {_key(value)}"
        return
    flat = []
    below: list[str] = []
    for field, default in zip(value.__struct_fields__, _defaults(value), strict=True):
        each = getattr(value, field)
        if each == default or each in ("", ()):
            continue
        if field in {"touch", "sends"}:
            flat.append(f"-> {_event(each)}")
        elif isinstance(each, Struct):
            below += _struct(field, each, depth + 1)
        elif field == "rows" and isinstance(each[0], str):
            flat.append(f"{len(each)} rows of modules")
        elif isinstance(each, tuple) and each and isinstance(each[0], Struct):
            for one in each:
                below += _struct(field, one, depth + 1)
        elif isinstance(each, tuple) and each and isinstance(each[0], tuple):
            below += ["  " * (depth + 1) + " | ".join(row) for row in each]
        else:
            text = " / ".join(str(part) for part in each) if isinstance(each, tuple) else str(each)
            flat.append(f"{field}: {text}".replace("\n", " // "))
    yield "  " * depth + f"{name} " + "; ".join(flat)
    yield from below


def _defaults(value: Struct) -> tuple[object, ...]:
    given = value.__struct_defaults__
    return (object(),) * (len(value.__struct_fields__) - len(given)) + tuple(given)


def _key(key: Key) -> str:
    marks = [key.kind] if key.kind != "sill" else []
    marks += [key.icon] if key.icon else []
    marks += ["chosen"] if key.chosen else []
    text = f"{key.id} “{key.text}”" + (f" “{key.note}”" if key.note else "")
    text += f" ({', '.join(marks)})" if marks else ""
    if key.off:
        return f"{text} off: {key.why}"
    return text + (f" -> {_event(key.sends)}" if key.sends else f" types {key.digit!r}" if key.digit else "")


def _event(event: object) -> str:
    if isinstance(event, Item):
        return event.name
    if not isinstance(event, Struct):
        return str(event)
    given = zip(event.__struct_fields__, _defaults(event), strict=True)
    said = [_event(getattr(event, name)) for name, default in given if getattr(event, name) != default]
    return f"{type(event).__name__}({', '.join(said)})"

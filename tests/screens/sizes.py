"""The text golden of the sizes: what a state says on each panel and in each look, where that is not the same on all.

One file for each state, one section for each language, one line for each text: `Find a / product | normal pls, low l`
breaks there on the portrait, landscape and square panel, and in low reach in landscape; what is in brackets is on the
other panels only.
"""

from collections import defaultdict
from collections.abc import Mapping

from screens.marks import Frame, Glyphs
from tests.conftest import ROOT
from tests.screens.matrix import BUILD, PANELS

GOLDEN = ROOT / "tests" / "golden" / "sizes"
Places = tuple[tuple[str, str], ...]
"""Where: look and panel."""


def said(frame: Frame) -> list[str]:
    """Every text with its line breaks."""
    found: list[str] = []
    for part in frame.parts:
        for mark in part.marks:
            if isinstance(mark, Glyphs) and mark.joins is not None and found:
                found[-1] += (" / " if mark.joins else "") + mark.text
            elif isinstance(mark, Glyphs):
                found.append(mark.text)
    return found


def section(frames: Mapping[tuple[str, str], Frame]) -> str:
    """What differs between the panels of each look, and how lines break."""
    texts = {place: said(frame) for place, frame in frames.items()}
    lines: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for look in dict.fromkeys(look for look, _ in texts):
        all_of_them = {whole(text) for place, each in texts.items() if place[0] == look for text in each}
        for place, each in texts.items():
            if place[0] != look:
                continue
            for text in dict.fromkeys(each):
                if " / " in text:
                    lines[text].append(place)
            for text in sorted(all_of_them - {whole(text) for text in each}):
                lines[f"({text})"].append(place)
    return "".join(f"{text} | {where(places)}\n" for text, places in sorted(lines.items()))


def whole(text: str) -> str:
    """The text without its breaks; a word that was parted is one again."""
    return text.replace("- / ", "-").replace(" / ", " ")


def where(places: list[tuple[str, str]]) -> str:
    """`normal pl, large p`."""
    looks: dict[str, str] = {}
    for look, panel in places:
        looks[look] = looks.get(look, "") + panel[0]
    return ", ".join(f"{look} {panels}" for look, panels in looks.items())


def kept(state: str) -> dict[str, str]:
    """The sections of a state's golden, by language."""
    path = GOLDEN / f"{state}.txt"
    if not path.exists():
        return {}
    parts = path.read_text(encoding="utf-8").split("## ")[1:]
    return {language: text for language, _, text in (part.partition("\n") for part in parts)}


def keep(state: str, language: str, text: str) -> None:
    """Write a section anew."""
    sections = kept(state) | {language: text}
    GOLDEN.mkdir(parents=True, exist_ok=True)
    whole_file = "".join(f"## {code}\n{each}" for code, each in sorted(sections.items()))
    (GOLDEN / f"{state}.txt").write_text(whole_file, encoding="utf-8")


def unused() -> set[str]:
    """Goldens of states that are no more."""
    return {path.stem for path in GOLDEN.iterdir()} - set(BUILD)


assert len({name[0] for name in PANELS}) == len(PANELS), "a panel is named by its first letter"

"""A language that nobody speaks: English with accents, in brackets, and at least 40 % longer.

What it shows cut off, crowded or still in plain English would be so in a language that comes later. It has no
.po file, so no shop can offer it; tests and the demo can choose it by its code.
"""

import re
from collections.abc import Iterator, Mapping

PSEUDO = "qps"
ACCENTS = str.maketrans("AEIOUYaeiouycnsdz", "ÅÉÎÖÛÝåéîöûýçñšðž")
STAYS = re.compile(r"(\{[^}]*\}|\n)")
SHORTEST = 4
"""Short words grow by more, as they do in real languages."""
FILLING = "one two three four five six seven eight nine ten".split()


class Stretched(Mapping[str, tuple[str, ...]]):
    """The forms of every sentence that anybody could ask for."""

    def __getitem__(self, english: str) -> tuple[str, ...]:
        return (stretched(english),) * 2

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def stretched(english: str) -> str:
    """The sentence in the pseudo-language; placeholders and breaks of lines stay."""
    lines = []
    for line in english.split("\n"):
        letters = len(STAYS.sub("", line))
        more = max(SHORTEST, letters * 2 // 5) - 2
        parts = [part if STAYS.fullmatch(part) else part.translate(ACCENTS) for part in STAYS.split(line)]
        lines.append(f"[{''.join(parts)} {filling(more).translate(ACCENTS)}]" if letters else line)
    return "\n".join(lines)


def filling(letters: int) -> str:
    """Words of at least so many letters."""
    words: list[str] = []
    while len(" ".join(words)) < letters:
        words.append(FILLING[len(words) % len(FILLING)])
    return " ".join(words)

"""Rules as udev reads them (man 7 udev): what they would do to a device that is only written down here."""

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

WORD = re.compile(r'([A-Z]+)(?:\{([\w.]+)\})?(==|!=|\+=|=)"([^"]*)"(?:, |$)')
MATCHES = {
    "ACTION",
    "SUBSYSTEM",
    "KERNEL",
    "DRIVER",
    "ATTR",
    "ENV",
    "KERNELS",
    "SUBSYSTEMS",
    "DRIVERS",
    "ATTRS",
}
SETS = {"RUN", "ATTR", "ENV", "SYMLINK", "TAG", "GROUP", "MODE", "GOTO", "LABEL", "IMPORT"}


class Word(NamedTuple):
    key: str
    name: str
    op: str
    value: str

    @property
    def asks(self) -> bool:
        return self.op in ("==", "!=")


class Device(NamedTuple):
    """`parents` from the nearest on; `env` is what other rules have found out."""

    kernel: str
    subsystem: str
    attrs: dict[str, str] = {}
    env: dict[str, str] = {}
    driver: str = ""
    parents: tuple["Device", ...] = ()
    action: str = "add"


class Done(NamedTuple):
    """What became of a device: names, attributes that were written, properties, owner."""

    links: list[str]
    attrs: dict[str, str]
    env: dict[str, str]
    tags: list[str]
    group: str


def rules(path: Path, uncommented: bool = False) -> list[list[Word]]:
    """Every rule of a file; with `uncommented` also those that wait behind a #. AssertionError where one is none."""
    found = []
    for line in path.read_text().splitlines():
        if uncommented and re.match(r"#[A-Z]+(\{|=|!)", line):
            line = line[1:]
        if not line or line.startswith("#"):
            continue
        words = [Word(*match) for match in WORD.findall(line)]
        assert "".join(match.group() for match in WORD.finditer(line)) == line, f"no rule: {line}"
        assert all(word.key in (MATCHES if word.asks else SETS) for word in words), f"a key in vain: {line}"
        found.append(words)
    labels = {word.value for rule in found for word in rule if word.key == "LABEL"}
    goals = {word.value for rule in found for word in rule if word.key == "GOTO"}
    assert goals == labels, f"{path.name}: {goals ^ labels} lead nowhere"
    return found


def play(found: list[list[Word]], device: Device, cmdline: dict[str, str] | None = None) -> Done:
    """The rules on one device, in their order."""
    done = Done([], {}, dict(device.env), [], "")
    goal = ""
    for rule in found:
        if goal:
            if not any(word.key == "LABEL" and word.value == goal for word in rule):
                continue
            goal = ""
        if not fits(rule, device, done):
            continue
        for word in rule:
            match word:
                case Word("GOTO"):
                    goal = word.value
                case Word("SYMLINK", _, "+="):
                    done.links.append(word.value)
                case Word("TAG", _, "+="):
                    done.tags.append(word.value)
                case Word("ATTR", name, "="):
                    done.attrs[name] = word.value
                case Word("ENV", name, "=" | "+="):
                    done.env[name] = word.value
                case Word("GROUP", _, "="):
                    done = done._replace(group=word.value)
                case Word("IMPORT", "cmdline", "="):
                    done.env.update({k: v for k, v in (cmdline or {}).items() if k == word.value})
    return done


def fits(rule: list[Word], device: Device, done: Done) -> bool:
    """Whether all that a rule asks is so; what it asks of parents must be so of one and the same."""
    own = {
        "ACTION": device.action, "SUBSYSTEM": device.subsystem, "KERNEL": device.kernel, "DRIVER": device.driver,
    }  # fmt: skip
    for word in rule:
        if word.asks and word.key in own and not is_so(word, own[word.key]):
            return False
        if word.asks and word.key == "ENV" and not is_so(word, done.env.get(word.name, "")):
            return False
        if word.asks and word.key == "ATTR" and not is_so(word, device.attrs.get(word.name)):
            return False
    above = [word for word in rule if word.asks and word.key.endswith("S")]
    return not above or any(all(of_one(word, each) for word in above) for each in (device, *device.parents))


def of_one(word: Word, device: Device) -> bool:
    own = {"KERNELS": device.kernel, "SUBSYSTEMS": device.subsystem, "DRIVERS": device.driver}
    return is_so(word, own[word.key] if word.key in own else device.attrs.get(word.name))


def is_so(word: Word, value: str | None) -> bool:
    if value is None:
        return False
    found = any(fnmatchcase(value, pattern) for pattern in word.value.split("|"))
    return found is (word.op == "==")

"""The declarative list image.toml as one frozen value; a key that nobody knows is an error with its path."""

import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ARCHITECTURES = ("amd64", "arm64")


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Units(Strict, frozen=True, kw_only=True):
    enabled: tuple[str, ...]
    masked: tuple[str, ...]


class Part(Strict, frozen=True, kw_only=True):
    """A partition; `size` in MiB."""

    label: str
    size: int


class Data(Strict, frozen=True, kw_only=True):
    """The data partition: `folders` of it and where they are bound."""

    label: str
    folders: dict[str, str]


class Machine(Strict, frozen=True, kw_only=True):
    """What differs between processors: Debian's packages, wheels' platforms, EFI's suffix and type of a root."""

    packages: tuple[str, ...]
    wheels: tuple[str, ...]
    efi: str
    root: str
    console: str


class Recipe(Strict, frozen=True, kw_only=True):
    """The whole list; see image.toml for what each key is for."""

    name: str
    suite: str
    python: str
    packages: tuple[str, ...]
    without: tuple[str, ...]
    within: tuple[str, ...]
    removed: tuple[str, ...]
    server: tuple[str, ...]
    units: Units
    disk: tuple[Part, ...]
    data: Data
    modules: tuple[str, ...]
    amd64: Machine
    arm64: Machine

    def machine(self, arch: str) -> Machine:
        return self.amd64 if arch == "amd64" else self.arm64

    def everything(self, arch: str) -> list[str]:
        """All packages that are asked for by name."""
        return sorted({*self.packages, *self.machine(arch).packages})


def read(path: Path = HERE / "image.toml") -> Recipe:
    """Raises msgspec.ValidationError with the path of a key that is wrong."""
    return msgspec.convert(tomllib.loads(path.read_text()), Recipe)

"""Fonts of a collection, of which pygame opens the first only: the file is read as if another one came first."""

import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pygame

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

from kiosk.text.cmap import face_at
from kiosk.text.fonts import Face

FIRST = 12
"""Where a collection says where its first face begins (OpenType, TTC header)."""


def opened(face: Face | None, px: int) -> pygame.font.Font:
    """A face at a size; pygame's own font without one."""
    if face is None:
        return pygame.font.Font(None, px)
    file = io.BufferedReader(Reordered(face.path, face.number)) if face.number else face.path
    font = pygame.font.Font(file, px)
    font.set_bold(face.thin)
    return font


class Reordered(io.RawIOBase):
    """A collection's file, unchanged but for the one number that says where its first face begins."""

    def __init__(self, path: Path, index: int) -> None:
        self._file = path.open("rb")
        self._start = struct.pack(">I", face_at(self._file, index))
        self._file.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: "Buffer") -> int:
        at, view = self._file.tell(), memoryview(buffer).cast("B")
        size = self._file.readinto(view)
        for place, byte in enumerate(self._start, FIRST - at):
            if 0 <= place < size:
                view[place] = byte
        return size

    def close(self) -> None:
        self._file.close()
        super().close()

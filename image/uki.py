"""One EFI program of kernel, first file system and command line: systemd's stub with sections added.

What systemd's ukify does, in the few steps that are needed here, without a tool of another processor.
"""

import struct
from dataclasses import dataclass

from image.host import BuildError

HEADER = 40  # bytes of a section header
DATA = 0x40000040  # initialised, readable (PE/COFF specification, section flags)


@dataclass(frozen=True)
class Pe:
    """Where the parts of a PE file's head are, and how it aligns."""

    count_at: int
    sections_at: int
    size_of_image_at: int
    section_alignment: int
    file_alignment: int
    size_of_headers: int
    sections: tuple[tuple[str, int, int], ...]
    """name, address, size in memory"""


def parse(data: bytes) -> Pe:
    """Raises BuildError for what is no PE file."""
    if data[:2] != b"MZ":
        raise BuildError("the stub is no EFI program")
    at = struct.unpack_from("<I", data, 0x3C)[0]
    if data[at : at + 4] != b"PE\0\0":
        raise BuildError("the stub is no EFI program")
    count, optional = struct.unpack_from("<H", data, at + 6)[0], at + 24
    sections_at = optional + struct.unpack_from("<H", data, at + 20)[0]
    sections = []
    for number in range(count):
        name, size, address = struct.unpack_from("<8sII", data, sections_at + number * HEADER)
        sections.append((name.rstrip(b"\0").decode(), address, size))
    section_alignment, file_alignment = struct.unpack_from("<II", data, optional + 32)
    headers = struct.unpack_from("<I", data, optional + 60)[0]
    return Pe(at + 6, sections_at, optional + 56, section_alignment, file_alignment, headers, tuple(sections))


def up(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment


def uki(stub: bytes, parts: dict[str, bytes]) -> bytes:
    """The stub with each part as a section of that name. Raises BuildError where its head has no room for them."""
    pe = parse(stub)
    if pe.sections_at + (len(pe.sections) + len(parts)) * HEADER > pe.size_of_headers:
        raise BuildError("the stub's head has no room for more sections")
    out = bytearray(stub) + bytes(-len(stub) % pe.file_alignment)
    address = max(start + size for _, start, size in pe.sections)
    for number, (name, body) in enumerate(parts.items(), len(pe.sections)):
        address = up(address, pe.section_alignment)
        raw = up(len(body), pe.file_alignment)
        head = struct.pack("<8sIIIIIIHHI", name.encode(), len(body), address, raw, len(out), 0, 0, 0, 0, DATA)
        out[pe.sections_at + number * HEADER : pe.sections_at + (number + 1) * HEADER] = head
        out += body + bytes(raw - len(body))
        address += len(body)
    struct.pack_into("<H", out, pe.count_at, len(pe.sections) + len(parts))
    struct.pack_into("<I", out, pe.size_of_image_at, up(address, pe.section_alignment))
    return bytes(out)

"""Makes the typefaces that documents are printed with from the console's build dependency (Noto Sans SC, OFL-1.1).

A WOFF file is an OpenType file whose tables are compressed one by one with zlib (W3C WOFF 1.0): unpacking it takes
nothing beyond the standard library. Typst reads OpenType only.

    python tools/typefaces.py
"""

import shutil
import struct
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "console/node_modules/@fontsource/noto-sans-sc"
TARGET = ROOT / "src/mingjing/paper/typefaces"
WEIGHTS = {400: "Regular", 700: "Bold"}


def unpacked(woff: bytes) -> bytes:
    """The OpenType file in a WOFF file. Raises ValueError where it is none."""
    signature, flavour, _, count, _, _ = struct.unpack_from(">4s4sIHHI", woff)
    if signature != b"wOFF":
        raise ValueError("not a WOFF file")
    power = count.bit_length() - 1
    head = flavour + struct.pack(">HHHH", count, 16 << power, power, 16 * count - (16 << power))
    tables = b""
    for number in range(count):
        tag, at, packed, length, checksum = struct.unpack_from(">4sIIII", woff, 44 + 20 * number)
        table = woff[at : at + packed]
        if packed < length:
            table = zlib.decompress(table)
        if len(table) != length:
            raise ValueError(f"the table {tag!r} has not its length")
        head += struct.pack(">4sIII", tag, checksum, 12 + 16 * count + len(tables), length)
        tables += table + bytes(-length % 4)
    return head + tables


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SOURCE / "LICENSE", TARGET / "OFL.txt")
    for weight, name in WEIGHTS.items():
        woff = (SOURCE / f"files/noto-sans-sc-chinese-simplified-{weight}-normal.woff").read_bytes()
        (TARGET / f"NotoSansSC-{name}.ttf").write_bytes(unpacked(woff))


if __name__ == "__main__":
    main()

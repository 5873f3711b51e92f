"""The text of a PDF as typst writes it: glyphs read back through each font's ToUnicode map (ISO 32000-1, 9.10.3).

Enough of the format for our own documents, and an independent judge of them: it knows nothing of templates.
"""

import re
import zlib
from typing import Any

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_TOKEN = re.compile(
    rb"/(?P<font>[^\s/\[\]<>()]+)\s+[\d.+-]+\s+Tf|<(?P<hex>[0-9A-Fa-f\s]*)>|(?P<literal>\()"
    rb"|(?P<line>\bT[dDm*]\b|\bET\b)|/(?P<form>[^\s/\[\]<>()]+)\s+Do",
    re.DOTALL,
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Every character that the pages show, in the order in which they are drawn; white space is dropped, since layout
    puts it where it likes."""
    objects = _objects(pdf)
    pages = [head for head, _ in objects.values() if re.search(rb"/Type\s*/Page\b", head)]
    return "".join("".join(_shown(objects, page).split()) for page in pages)


def links_of(pdf: bytes) -> list[str]:
    """Addresses that the document leads to."""
    return [
        found.decode()
        for head, _ in _objects(pdf).values()
        for found in re.findall(rb"/URI\s*\(((?:\\.|[^\\)])*)\)", head)
    ]


def _objects(pdf: bytes) -> dict[int, tuple[bytes, bytes]]:
    """By number: what an object says, and its unpacked stream."""
    found: dict[int, tuple[bytes, bytes]] = {}
    for match in _OBJECT.finditer(pdf):
        number, body = int(match[1]), match[2]
        stream = _STREAM.fullmatch(body.strip())
        if stream is None:
            found[number] = (body, b"")
            continue
        head, content = stream[1], stream[2]
        if b"/FlateDecode" in head:
            content = zlib.decompressobj().decompress(content)
        found[number] = (head, content)
    for head, content in list(found.values()):
        if re.search(rb"/Type\s*/ObjStm", head):
            first = int(re.search(rb"/First\s+(\d+)", head)[1])  # type: ignore[index]
            numbers = [int(one) for one in content[:first].split()]
            starts = [*numbers[1::2], len(content) - first]
            for number, start, end in zip(numbers[::2], starts, starts[1:], strict=False):
                found[number] = (content[first + start : first + end], b"")
    return found


def _shown(objects: dict[int, tuple[bytes, bytes]], page: bytes) -> str:
    contents = [int(one) for one in re.findall(rb"(\d+) 0 R", _member(objects, page, b"Contents", raw=True))]
    content = b"\n".join(objects[one][1] for one in contents)
    return _read(objects, content, _member(objects, page, b"Resources"))


def _read(objects: dict[int, tuple[bytes, bytes]], content: bytes, resources: bytes) -> str:
    fonts = {
        name: _unicode(objects, int(number))
        for name, number in re.findall(rb"/([^\s/<>]+)\s+(\d+) 0 R", _member(objects, resources, b"Font"))
    }
    forms = dict(re.findall(rb"/([^\s/<>]+)\s+(\d+) 0 R", _member(objects, resources, b"XObject")))
    shown: list[str] = []
    font: dict[bytes, str] = {}
    at = 0
    while (token := _TOKEN.search(content, at)) is not None:
        at = token.end()
        if token["font"] is not None:
            font = fonts.get(token["font"], {})
        elif token["hex"] is not None:
            shown.append(_spelled(bytes.fromhex(token["hex"].decode()), font))
        elif token["literal"] is not None:
            literal, at = _literal(content, at)
            shown.append(_spelled(literal, font))
        elif token["form"] is not None and token["form"] in forms:
            head, inner = objects[int(forms[token["form"]])]
            shown.append(_read(objects, inner, _member(objects, head, b"Resources")))
        elif token["line"] is not None:
            shown.append(" ")
    return "".join(shown)


def _spelled(code: bytes, font: dict[bytes, str]) -> str:
    return "".join(font.get(code[at : at + 2], "") for at in range(0, len(code), 2))


def _literal(content: bytes, at: int) -> tuple[bytes, int]:
    """The string that begins after the parenthesis before `at`, and where it ends. Parentheses that balance need no
    escape (7.3.4.2)."""
    found, depth = bytearray(), 1
    while True:
        one = content[at : at + 1]
        at += 1
        if one == b"\\":
            octal = re.compile(rb"[0-7]{1,3}").match(content, at)
            escaped = octal[0] if octal else content[at : at + 1]
            at += len(escaped)
            found += bytes([int(escaped, 8)]) if octal else _ESCAPES.get(escaped, escaped)
            continue
        depth += {b"(": 1, b")": -1}.get(one, 0)
        if depth == 0 or not one:
            return bytes(found), at
        found += one


def _unicode(objects: dict[int, tuple[bytes, bytes]], number: int) -> dict[bytes, str]:
    reference = re.search(rb"/ToUnicode\s+(\d+) 0 R", objects[number][0])
    if reference is None:
        return {}
    table = objects[int(reference[1])][1]
    found: dict[bytes, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            found[bytes.fromhex(code.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for low, high, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            for step in range(int(high, 16) - int(low, 16) + 1):
                code = (int(low, 16) + step).to_bytes(2, "big")
                found[code] = chr(int(text, 16) + step)
    return found


def _member(objects: dict[int, tuple[bytes, bytes]], head: bytes, name: bytes, *, raw: bool = False) -> bytes:
    """The value of a member of a dictionary, followed where it is a reference; a `raw` one as it stands."""
    match: Any = re.search(rb"/" + name + rb"\s*(\[[^\]]*\]|<<.*|\d+ 0 R)", head, re.DOTALL)
    if match is None:
        return b""
    value: bytes = match[1]
    if raw:
        return value
    reference = re.fullmatch(rb"(\d+) 0 R", value)
    if reference:
        return objects[int(reference[1])][0]
    if not value.startswith(b"<<"):
        return value
    depth = 0
    for found in re.finditer(rb"<<|>>", value):
        depth += 1 if found[0] == b"<<" else -1
        if depth == 0:
            return value[: found.end()]
    return value

"""A disk in memory that tells what was synced from what was only written, and forgets the latter when its power is cut.

Content becomes durable by a sync of the file; names (create, rename, link, unlink, and those of directories) by a sync
of the directory that holds them, and not before: so POSIX, which promises no more. A cut leaves of the rest a legal
subset, chosen by a seed:

- of a page of 4 KiB any earlier state since the last sync, torn at 512 bytes;
- of a length any that there was since; what is within it and reached no page reads as zeros;
- of the changes of names either a prefix, as a journal leaves, or any that keep the order of changes of one name. A
  rename is done or not.

Modes and times are durable at once. The face that mounts it is `lossy.py`.
"""

import stat
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

PAGE, SECTOR = 4096, 512
_SHARES = (0.0, 0.0, 0.3, 0.6, 0.9)
"""How much of what was not synced reached the disk by itself."""


@dataclass(eq=False)
class Node:
    """What a name may stand for."""

    number: int
    mode: int
    links: int = 0
    changed_ns: int = field(default_factory=time.time_ns)


@dataclass(frozen=True)
class Write:
    """Bytes that were written."""

    at: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """A file made shorter, or longer by zeros."""

    length: int


@dataclass(eq=False)
class File(Node):
    """`data` is what is read, `since` what was done to it since its sync, `kept` what it was then; empty where nothing
    was done."""

    data: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    since: list[Write | Cut] = field(default_factory=list)

    def write(self, at: int, data: bytes) -> None:
        self._do(Write(at, data))
        _put(self.data, at, data)
        self.changed_ns = time.time_ns()

    def cut(self, length: int) -> None:
        if length == len(self.data):
            return
        self._do(Cut(length))
        _resize(self.data, length)
        self.changed_ns = time.time_ns()

    def _do(self, one: Write | Cut) -> None:
        if not self.since:
            self.kept = bytearray(self.data)
        self.since.append(one)

    def sync(self) -> None:
        self.since.clear()
        self.kept = bytearray()


@dataclass(eq=False)
class Folder(Node):
    """`entries` is what is seen, `kept` what was synced."""

    entries: dict[str, Node] = field(default_factory=dict)
    kept: dict[str, Node] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """A name in a folder stands for `node` from now on, for nothing where that is None."""

    folder: Folder
    name: str
    node: Node | None

    @property
    def place(self) -> tuple[int, str]:
        return self.folder.number, self.name


Change = tuple[Named, ...]
"""Names that change together or not at all."""


@dataclass
class Forgotten:
    """What a cut took: bytes of files (whole sectors), of those the ones that read as zeros, and changes of names."""

    bytes: int = 0
    zeroed: int = 0
    names: int = 0

    def add(self, other: "Forgotten") -> None:
        self.bytes += other.bytes
        self.zeroed += other.zeroed
        self.names += other.names


class Disk:
    """The whole, as it is seen."""

    def __init__(self) -> None:
        self._made = 0
        self._changes: list[Change] = []
        self.root = self.folder(0o755)

    def folder(self, mode: int) -> Folder:
        self._made += 1
        return Folder(self._made, stat.S_IFDIR | mode)

    def file(self, mode: int) -> File:
        self._made += 1
        return File(self._made, stat.S_IFREG | mode)

    def name(self, *change: Named) -> None:
        """Change names, together."""
        for one in change:
            before = one.folder.entries.pop(one.name, None)
            if before is not None:
                before.links -= 1
            if one.node is not None:
                one.folder.entries[one.name] = one.node
                one.node.links += 1
            one.folder.changed_ns = time.time_ns()
        self._changes.append(change)

    def sync(self, folder: Folder) -> None:
        """Make the names in `folder` durable, and what they cannot be without."""
        wanted: set[tuple[int, str]] = set()
        durable: list[Change] = []
        left: list[Change] = []
        for change in reversed(self._changes):
            places = {one.place for one in change}
            if places & wanted or any(one.folder is folder for one in change):
                wanted |= places
                durable.append(change)
            else:
                left.append(change)
        self._changes = left[::-1]
        for change in reversed(durable):
            for one in change:
                _apply(one, one.folder.kept)

    def cut(self, seed: int | None) -> Forgotten:
        """The power goes: from now on the disk is what it kept, and that is durable. None: what was synced alone."""
        chance = None if seed is None else Random(seed)  # noqa: S311 - what is lost, no secret
        found = Forgotten()
        names = self._surviving_names(chance, found)
        self._changes = []
        self.root = self._rebuilt(self.root, names, {}, chance, found)
        return found

    def _surviving_names(self, chance: Random | None, found: Forgotten) -> dict[Folder, dict[str, Node]]:
        names: dict[Folder, dict[str, Node]] = {}
        if chance is None:
            found.names += len(self._changes)
            return names
        journal = chance.random() < 0.5
        reached = chance.choice(_SHARES)
        lost: set[tuple[int, str]] = set()
        for change in self._changes:
            places = {one.place for one in change}
            if (journal and lost) or places & lost or chance.random() >= reached:
                lost |= places
                found.names += 1
                continue
            for one in change:
                _apply(one, names.setdefault(one.folder, dict(one.folder.kept)))
        return names

    def _rebuilt(
        self, folder: Folder, names: dict[Folder, dict[str, Node]], made: dict[int, Node],
        chance: Random | None,        found: Forgotten,
    ) -> Folder:  # fmt: skip
        """`folder` with what survived in it; a node that has two names stays one."""
        again = Folder(folder.number, folder.mode, folder.links, folder.changed_ns)
        for name, node in names.get(folder, folder.kept).items():
            if node.number not in made:
                made[node.number] = (
                    self._rebuilt(node, names, made, chance, found)
                    if isinstance(node, Folder)
                    else _survivor(node, chance, found)
                )
                made[node.number].links = 0
            made[node.number].links += 1
            again.entries[name] = made[node.number]
        again.kept = dict(again.entries)
        return again


def _apply(one: Named, entries: dict[str, Node]) -> None:
    if one.node is None:
        entries.pop(one.name, None)
    else:
        entries[one.name] = one.node


def _put(data: bytearray, at: int, new: bytes) -> None:
    if at > len(data):
        _resize(data, at)
    data[at : at + len(new)] = new


def _resize(data: bytearray, length: int) -> None:
    if length < len(data):
        del data[length:]
    else:
        data.extend(bytes(length - len(data)))


def _survivor(node: Node, chance: Random | None, found: Forgotten) -> File:
    """The file with what reached the disk by itself of what was done to it since its sync."""
    assert isinstance(node, File)
    if node.since:
        kept = bytearray(node.kept) if chance is None else _left(node, chance)
        _count(node.data, kept, found)
    else:
        kept = node.data
    return File(node.number, node.mode, node.links, node.changed_ns, kept)


def _left(file: File, chance: Random) -> bytearray:
    reached = chance.choice(_SHARES)
    cuts = [number for number, one in enumerate(file.since) if isinstance(one, Cut)]
    ends = [*cuts, len(file.since)]
    since = file.since[: ends[-1] if chance.random() < reached else chance.choice(ends)]
    written = Counter(
        at // PAGE for one in since if isinstance(one, Write) for at, _ in _parts(one.at, one.data, PAGE)
    )
    reaching = {page: _reaching(count, reached, chance) for page, count in sorted(written.items())}
    kept = bytearray(file.kept)
    done: Counter[int] = Counter()
    length = len(kept)
    lengths = [length]
    for one in since:
        if isinstance(one, Cut):
            _resize(kept, one.length)
            length = one.length
            lengths = [length]
            continue
        length = max(length, one.at + len(one.data))
        lengths.append(length)
        for at, data in _parts(one.at, one.data, PAGE):
            page = at // PAGE
            for place, part in _parts(at, data, SECTOR):
                if done[page] < reaching[page][place % PAGE // SECTOR]:
                    _put(kept, place, part)
            done[page] += 1
    _resize(kept, lengths[-1] if chance.random() < max(reached, 0.3) else chance.choice(lengths))
    return kept


def _parts(at: int, data: bytes, unit: int) -> Iterator[tuple[int, bytes]]:
    """A write in parts of which none crosses a multiple of `unit`."""
    start = at
    while start < at + len(data):
        end = min((start // unit + 1) * unit, at + len(data))
        yield start, data[start - at : end - at]
        start = end


def _reaching(count: int, reached: float, chance: Random) -> tuple[int, ...]:
    """For each sector of a page that was written `count` times, how many times reached it; torn, the last have fewer."""
    whole = count if chance.random() < reached else chance.randrange(count + 1) if reached else 0
    torn = chance.randrange(PAGE // SECTOR) if chance.random() < 0.25 else PAGE // SECTOR
    less = chance.randrange(whole + 1)
    return (whole,) * torn + (less,) * (PAGE // SECTOR - torn)


def _count(seen: bytearray, kept: bytearray, found: Forgotten) -> None:
    for at in range(0, len(seen), SECTOR):
        before, after = seen[at : at + SECTOR], kept[at : at + SECTOR]
        if before != after:
            found.bytes += len(before)
            if after and not any(after):
                found.zeroed += len(after)

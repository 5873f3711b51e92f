"""What the control plane reads from outside, over seeds and their neighbours: answered or refused in its own words,
never a failure of ours.

Each target takes any bytes and raises nothing but an error that its caller is told to expect; `fuzz.py` runs them for
so many seconds, `test_hostile.py` over some hundred neighbours in every test run. Mutations follow `media/tests/fuzz.rs`.
"""

import io
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

import typer
from openpyxl import Workbook
from pydantic import ValidationError

from mingjing.audit.chain import GENESIS, HASHED, Checkpoint, CheckpointKey, canonical, check, entry_hash
from mingjing.audit.service import CheckpointFile
from mingjing.cli.moments import moment_us
from mingjing.configuration import read as read_settings
from mingjing.devices.rtsp.address import AddressRefusedError, check_host, networks, take_apart
from mingjing.identity.roles import ROLES
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.media import tickets
from mingjing.registry.columns import COLUMNS
from mingjing.registry.table import ROWS_MOST, read_rows
from tests.program import program

Target = Callable[[bytes], None]

CAMERAS = networks(["10.0.0.0/8"])
HEADINGS = ",".join(column.zh for column in COLUMNS)
ROW = "实验小学,420115,or_policepolice,东门,rtsp://10.0.0.9/a,,admin,'=1+1,tcp,是,是,"
TABLES = (
    f"{HEADINGS}\n{ROW}\n".encode(),
    f"\ufeff{HEADINGS}\r\n\"a\nb\",,,,\r\n".encode(),
    f"{HEADINGS}\n{ROW}\n".encode("gb18030"),
    f"{HEADINGS}\n\"{'x' * 200_000}\n".encode(),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"PK\x05\x06" + bytes(18),
)  # fmt: skip
ADDRESSES = (
    b"rtsp://admin:p@ss@10.0.0.9:554/Streaming/Channels/101?x=1",
    b"rtsp://[fd00::9]/a", b"rtsp://2130706433/", b"rtsp://0x7f.1/", b"rtsp://[::ffff:127.0.0.1]:99999/",
    b"RTSP://u:%00@h", "rtsp://摄像机.cn/一".encode(), b"rtsp://[v1.x]/", b"http://10.0.0.1/",
    b"rtsp://[::f%0\xff.0.1]:9",
)  # fmt: skip
MOMENTS = (
    b"2026-11-23T08:00:00", b"2026-11-23T00:00:00Z", b"1763856000000000", b"0001-01-01T00:00:00+23:59",
    b"9999-12-31T23:59:59-23:59", "１２３４５６７８９０１２".encode(),
)  # fmt: skip
SETTINGS = (
    b'[server]\nport = 8360\nhost = "0.0.0.0"\n[media]\ncamera_networks = ["10.0.0.0/8"]\n',
    b"server = 1\n", b"[server.port]\na = 1\n", b'[storage]\nroots = ["a", 1]\n', b"[data]\ndirectory = '\\u0000'\n",
    b"a = " + b"[" * 500, b"[log]\nlevel = 1979-05-27T07:32:00Z\n",
)  # fmt: skip
QUERIES = (
    "cameras?q=大门&limit=50&after=x", "cameras?under=420115&organisation=or_policepolice&state=lost",
    "recordings/timeline?channels=ch_aaaaaaaaaaaa&from_us=0&until_us=4102444800000000&step_us=1",
    "recordings/segments?channel=ch_aaaaaaaaaaaa&stream=main&from_us=5&until_us=4",
    "recordings/gaps?from_us=0&until_us=1&channels=a,b&reason=x", "recordings/completeness?day=2026-02-30",
    "recordings/days?day=0000-00-00&count=90", "journal?who=a&what=b&object=c&from_us=-1&until_us=x&after=1",
    "journal/99999999999999999999", "users?q=%00&limit=0", "tree?under=%27%22&q=%25_", "tree?under=27522",
    "divisions?under=42%00",
    "system/series?metric=x&from_us=9&until_us=1", "alarms?after=%F0%9F&limit=200", "cameras/ch_%2e%2e/changes",
    "cameras/ch_aaaaaaaaaaaa/snapshot?at_us=9223372036854775808&stream=main&width=16",
)  # fmt: skip
KEY = b"k" * 32


def table(content: bytes) -> None:
    """Tables of cameras as text: bounded rows by known columns."""
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        return spreadsheet(content)
    with suppress(MingjingError):
        rows = list(read_rows(content))
        assert len(rows) <= ROWS_MOST
        assert all(cells.keys() <= {column.field for column in COLUMNS} for _, cells in rows)
    return None


def spreadsheet(content: bytes) -> None:
    """Tables of cameras as a spreadsheet program keeps them; read in a child under limits."""
    with suppress(MingjingError):
        assert len(list(read_rows(content))) <= ROWS_MOST


def address(content: bytes) -> None:
    """Camera addresses: what is taken apart has a host, no credentials left in it, and reads the same again."""
    with suppress(AddressRefusedError):
        found = take_apart(content.decode("utf-8", "replace"))
        assert found.host
        assert 0 < found.port <= 65_535
        assert "@" not in found.url.removeprefix("rtsp://").split("/")[0]
        again = take_apart(found.url)
        assert (again.url, again.host, again.port, again.user) == (found.url, found.host, found.port, None)
        check_host(found.host, CAMERAS)


def moment(content: bytes) -> None:
    """Moments at a shell."""
    with suppress(typer.BadParameter):
        assert isinstance(moment_us(content.decode("utf-8", "replace")), int)


def ticket(content: bytes) -> None:
    """Tickets that nobody sealed: never opened."""
    with suppress(ValueError, ValidationError):
        tickets.read(KEY, content.decode("utf-8", "replace"))
        raise AssertionError("a forged ticket was believed")


class Folder:
    """Targets that read a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "file"
        self._key = CheckpointKey(bytes(32))

    def settings(self, content: bytes) -> None:
        """The settings file: refused with the file's name or the setting's."""
        self._file.write_bytes(content)
        with suppress(MingjingError):
            read_settings(self._file, {}, {})

    def checkpoints(self, content: bytes) -> None:
        """The journal's checkpoints beside the database, and the check against them: a verdict, whatever they say."""
        self._file.write_bytes(content)
        found = CheckpointFile(self._file).read()
        verdict = check(_journal(), found, self._key.public)
        assert verdict.ok == (verdict.reason is None)
        assert verdict.ok or verdict.broken_seq is not None

    def seeds(self) -> tuple[bytes, ...]:
        signed = self._key.sign(2, str(_journal()[-1]["hash"]), 5)
        text = canonical(asdict(signed))
        odd = asdict(Checkpoint("2", "", 0, "", "é"))  # type: ignore[arg-type]
        return (
            f"{text}\n".encode(),
            f"{text}\n{canonical(odd)}\n[]\n{{".encode(),
            b"[" * 5000,
            b"\xff\xfe\n",
        )


def _journal() -> list[Mapping[str, object]]:
    entries: list[Mapping[str, object]] = []
    previous = GENESIS
    for seq in (1, 2):
        entry: dict[str, object] = dict.fromkeys(HASHED, "x") | {"seq": seq, "facts": {}}
        entry |= {"previous": previous, "hash": entry_hash(entry, previous)}
        previous = str(entry["hash"])
        entries.append(entry)
    return entries


class Surface:
    """What a signed-in person of any role may ask of the whole program: an answer or a refusal, never a failure."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(f"sqlite:///{folder / 'mingjing.sqlite3'}", SetClock())
        whole = program(self._database, folder)
        self._client = whole.client()
        self._callers = [whole.signed_in(whole.person(role, role)[0]) for role in ROLES]

    def query(self, content: bytes) -> None:
        """Times, ranges, filters, pages, identifiers."""
        text = content.decode("utf-8", "replace")
        caller = self._callers[len(content) % len(self._callers)]
        answer = self._client.get("/api/v1/" + quote(text, safe="/?&=,%.:"), headers=caller)
        assert answer.status_code < 500, (text, answer.text)

    def close(self) -> None:
        self._database.close()


def book() -> bytes:
    """A spreadsheet with one camera."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(HEADINGS.split(","))
    sheet.append(ROW.split(","))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def opened(stack: ExitStack) -> dict[str, tuple[Target, tuple[bytes, ...]]]:
    """Every target with its seeds; what they need is closed with the stack."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    files, surface = Folder(folder), Surface(folder)
    stack.callback(surface.close)
    return {
        "python_address": (address, ADDRESSES),
        "python_checkpoints": (files.checkpoints, files.seeds()),
        "python_moment": (moment, MOMENTS),
        "python_query": (surface.query, tuple(one.encode() for one in QUERIES)),
        "python_settings": (files.settings, SETTINGS),
        "python_spreadsheet": (spreadsheet, (book(),)),
        "python_table": (table, TABLES),
        "python_ticket": (ticket, (b"e30.AAAA", b"..", "é.é".encode(), b"=.")),
    }


def chances(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - inputs, not secrets


def neighbours(seeds: tuple[bytes, ...], chance: random.Random) -> Iterator[bytes]:
    """The seeds, then neighbours of them without end, some more and some less like them."""
    yield from seeds
    while True:
        content = bytearray(chance.choice(seeds))
        for _ in range(8):
            _mutate(content, chance)
            yield bytes(content)


def _mutate(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(content))
        match chance.randrange(6):
            case 0 if place < len(content):
                content[place] ^= 1 << chance.randrange(8)
            case 1 if place < len(content):
                content[place] = chance.randrange(256)
            case 2:
                del content[place:]
            case 3:
                del content[place : place + 1]
            case 4:
                content[place:place] = chance.choice(
                    [b"\0", b"\xff", b"'", b"%00", b"-1", b"9" * 30, "\u200b".encode()]
                )
            case _:
                content[place:place] = content[chance.randint(0, len(content)) :][:64]


def run(target: Target, seeds: tuple[bytes, ...], *, seconds: float, most: int, seed: int = 1) -> int:
    """How many inputs the target stood. Raises AssertionError with the input that it did not."""
    until = time.monotonic() + seconds
    for count, content in enumerate(neighbours(seeds, chances(seed)), start=1):
        try:
            target(content)
        except Exception as fault:  # whatever it is, the input belongs to the report
            raise AssertionError(f"{fault!r} for {content[:400]!r}") from fault
        if count >= most or (count > len(seeds) and time.monotonic() > until):
            return count
    raise AssertionError("neighbours never end")

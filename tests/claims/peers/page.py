"""The part of `docs/reliability.md` that sets others beside us: four tables of what `docs/measured/peers` holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.claims.peers import results
from tests.claims.peers.recorders import RECORDERS

Found = Mapping[str, Any]

HEAD = """
## Beside its peers

Four of these promises, tried on other recorders, too: same cameras (ten pictures and one key frame a second, each \
picture with its number in it), same fault, same count. What comes back is read by FFmpeg, after each recorder's own \
recovery: our next start, Moonfire's `check` and start; the others have none. FFmpeg is a process a camera that \
nobody starts anew. Settings are the safest that each one's documentation names, files are of 10 s, and a second row \
shows another setting where that matters. Ours is measured in the same way and the same hour, so its figures may \
differ from those above. Peers are built outside this repository and are not part of `make test`; `python -m \
tests.claims.peers kill|full|slow|slowviewer` with their programs in `MINGJING_BENCH_PEERS` measures again. `–`: it \
has no such thing, or was not tried.

A kill spares what the system has in its memory: that only ours and Moonfire sync what they write would show at a power \
cut (R3), which is not tried here.
"""


@dataclass(frozen=True)
class Table:
    """One claim: what its rows show, and what has to be said before."""

    claim: str
    title: str
    columns: Mapping[str, Callable[[Found], str]]
    less_is_better: tuple[str, ...]
    """Figures by which a peer may be ahead of us, named by their columns in `NAMES`."""


def section() -> str:
    """The whole section; empty where nothing was measured."""
    tables = [text for table in TABLES if (text := shown(table))]
    return HEAD + "".join(tables) if tables else ""


def shown(table: Table) -> str:
    """The table, ours first; empty where nothing was measured."""
    rows = [(kind, found) for kind in RECORDERS if (found := results.read(table.claim, kind))]
    if not rows:
        return ""
    heads = ["Recorder", "Version", "Settings", *table.columns, "Date"]
    lines = [heads, ["---"] * len(heads)]
    for kind, found in rows:
        name = f"**{found['name']}**" if kind == "ours" else found["name"]
        lines.append(
            [
                name,
                found["version"],
                found["settings"],
                *(cell(found) for cell in table.columns.values()),
                found["date"],
            ]
        )
    drawn = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"\n{table.title}\n\n{drawn}{ahead(table, dict(rows))}"


def ahead(table: Table, found: Mapping[str, Found]) -> str:
    """Which peers have a smaller figure than ours, in words; empty where none has."""
    ours = found.get("ours")
    if ours is None:
        return ""
    told = []
    for kind, other in found.items():
        less = [name for name in table.less_is_better if _less(other.get(name), ours.get(name))]
        if kind != "ours" and less:
            figures = ", ".join(f"{NAMES[name]} {other[name]} against {ours[name]}" for name in less)
            told.append(f"{other['name']} ({other['settings']}): {figures}")
    return f"\nAhead of ours: {'; '.join(told)}.\n" if told else ""


def _less(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one < other


def _figure(name: str, unit: str = "") -> Callable[[Found], str]:
    def cell(found: Found) -> str:
        value = found.get(name)
        return "–" if value is None else f"{value}{unit}"

    return cell


def _of(part: str, whole: str) -> Callable[[Found], str]:
    return lambda found: f"{found[part]} of {found[whole]}"


def _told(found: Found) -> str:
    if not found["said"]:
        return "nothing"
    return "alarm" if found["said"].startswith("alarm") else "a line in its log"


def _live(found: Found) -> str:
    silence = found["live_silence_s_max"]
    return "–" if silence is None else f"{silence} s"


def _again(found: Found) -> str:
    latest = f", ≤ {found['resumed_s_max']} s" if found["resumed"] else ""
    return f"{found['resumed']} of {found['cameras']}{latest}"


NAMES = {
    "lost_s_median": "lost at the median",
    "lost_s_max": "lost at worst",
    "missing": "missing",
    "unplayable": "files that do not play",
    "resumed_s_max": "seconds until all record again",
    "live_silence_s_max": "seconds of silence",
    "doubled": "doubled",
    "memory_mib_max": "MiB",
    "ended_after_s_max": "seconds until it is ended",
}

TABLES = (
    Table(
        "R1",
        "**R1, SIGKILL at a random moment.** Lost is the time before it of which no picture comes back.",
        {
            "Kills": _figure("n"),
            "Samples": _figure("samples"),
            "Lost, median": _figure("lost_s_median", " s"),
            "Lost, worst": _figure("lost_s_max", " s"),
            "Pictures missing before": _figure("missing"),
            "Files that do not play": _of("unplayable", "files"),
        },
        ("lost_s_median", "lost_s_max", "missing", "unplayable"),
    ),
    Table(
        "R5",
        "**R5, disk full** for 12 s, then room again; nobody touches the recorder. Lost is the longest stretch "
        "without a picture that comes back, the full time in it; silence is a live viewer's.",
        {
            "Runs": _figure("n"),
            "Record again": _again,
            "Lost, worst": _figure("lost_s_max", " s"),
            "Files that do not play": _of("unplayable", "files"),
            "Live, longest silence": _live,
            "Says": _told,
        },
        ("lost_s_max", "resumed_s_max", "unplayable", "live_silence_s_max"),
    ),
    Table(
        "R7",
        "**R7, slow disk**: each write and each sync of a recording takes 0.2 to 0.8 s longer for 20 s (most of them "
        "sync nothing, so that writes had to be slow). The ratio is of the 99th percentiles of the time between two "
        "pictures of live viewers, slow over calm; what is below 1 is the machine's noise.",
        {
            "Runs": _figure("n"),
            "Operations delayed": _figure("delayed"),
            "Live": _figure("ratio", " ×"),
            "Pictures missing": _of("missing", "due"),
            "Doubled": _figure("doubled"),
            "Files that do not play": _of("unplayable", "files"),
        },
        ("missing", "doubled", "unplayable"),
    ),
    Table(
        "R11",
        "**R11, a viewer that stops reading**, one of 50 of a 1080p stream over RTSP and TCP. The ratio is of the "
        "99th percentiles of the others' time between two pictures.",
        {
            "Runs": _figure("n"),
            "p99, calm": _figure("p99_calm_ms", " ms"),
            "Others, median": _figure("ratio", " ×"),
            "Others, worst": _figure("ratio_max", " ×"),
            "Memory, worst": _figure("memory_mib_max", " MiB"),
            "Stopped one ended": lambda found: (
                f"{found['ended']} of {found['n']}, ≤ {found['ended_after_s_max']} s"
                if found["ended"]
                else "never"
            ),
        },
        ("memory_mib_max", "ended_after_s_max"),
    ),
)

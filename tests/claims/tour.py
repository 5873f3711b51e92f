"""Once through everything that the program does with helpers or writes out: pictures, diagnosis, tables, exports.

`noshell` looks at what was started meanwhile, `secrets` at what came out. The program must have recorded a segment.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.claims.premises import Browser, Premises
from tests.claims.rig import until

DONE_S = 60.0
STEPS = (
    "snapshot",
    "diagnosis",
    "probe",
    "table out",
    "table in",
    "export",
    "export file",
    "live",
    "feed of figures",
)
Take = Callable[[str, httpx.Response], None]


@dataclass
class Tour:
    """What was asked, and everything that came back."""

    took: list[str] = field(default_factory=list)
    answers: list[tuple[str, bytes]] = field(default_factory=list)

    def take(self, name: str, answer: httpx.Response) -> httpx.Response:
        """Keep an answer, head and body."""
        head = "\n".join(f"{key}: {value}" for key, value in answer.headers.items())
        self.answers.append((name, head.encode() + b"\n\n" + answer.content))
        if answer.status_code < 300 and name not in self.took:
            self.took.append(name)
        return answer


def go(at: Premises) -> Tour:
    """The whole way. Raises AssertionError where a step does not come to its end."""
    tour = Tour()
    operator = at.entered("operator_admin", proved=True)
    channel, _, leg = at.streams[0].partition(".")
    row = until(
        "a stored segment",
        DONE_S,
        lambda: next(
            (one for one in at.rig.rows() if (one.stream, one.state) == (at.streams[0], "stored")), None
        ),
    )
    tour.take("snapshot", operator.ask("GET", f"/cameras/{channel}/snapshot"))
    tour.take(
        "snapshot", operator.ask("GET", f"/cameras/{channel}/snapshot?at_us={row.start_us + 1_000_000}")
    )
    tour.take("diagnosis", operator.ask("POST", f"/cameras/{channel}/diagnosis"))
    wish = {"url": at.cameras.urls[0], "user": "nobody", "password": "wrong-one", "transport": "tcp"}
    tour.take("probe", operator.ask("POST", "/cameras/probe", json=wish, timeout=60))
    for form in ("csv", "xlsx"):
        table = tour.take("table out", operator.ask("GET", f"/cameras/export?form={form}"))
        headers = {"Content-Type": "application/octet-stream"}
        back = operator.ask(
            "POST", "/cameras/import?dry_run=true&mode=good", content=table.content, headers=headers
        )
        tour.take("table in", back)
    _export(tour, operator, channel, row.start_us, row.end_us)
    ticket = operator.ticket("live", f"{channel}.{leg}")["ticket"]
    with httpx.stream(
        "GET",
        f"{at.media}/live/{channel}.{leg}.mp4",
        headers={"Authorization": f"Ticket {ticket}"},
        timeout=20,
    ) as live:
        assert next(live.iter_raw())
        tour.took.append("live")
    tour.take("feed of figures", operator.http.get("/metrics"))
    missing = set(STEPS) - set(tour.took)
    assert not missing, (missing, [text[-500:] for name, text in tour.answers if name in missing])
    return tour


def _export(tour: Tour, who: Browser, channel: str, from_us: int, until_us: int) -> None:
    wish = {"channels": [channel], "from_us": from_us, "until_us": until_us, "audio": True, "reason": "演练"}
    made = who.ask("POST", "/exports", json=wish)
    assert made.status_code < 300, made.text

    def done() -> Any:
        found = who.ask("GET", f"/exports/{made.json()['id']}")
        return found if found.json()["state"] in {"done", "failed"} else None

    found = until("an export", DONE_S, done)
    assert found.json()["state"] == "done", found.text
    tour.take("export", found)
    tour.take("export file", who.ask("GET", f"/exports/{made.json()['id']}/file", timeout=60))

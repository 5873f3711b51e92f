"""Tickets, the event pump and the reading of events."""

import base64
import fcntl
import json
import os
import resource
import time

import pytest

from mingjing.media.memory import MemoryNode
from mingjing.media.model import Event, RtspSource, SegmentStored, StreamSpec, ViewerStarted
from mingjing.media.node import parse_events
from mingjing.media.pump import EventPump
from mingjing.media.tickets import Claims, mint, new_ticket_id, read

KEY = bytes(range(32))


def segment(number: int) -> SegmentStored:
    return SegmentStored(
        id=f"ch_a.main/{number}-{number}", stream="ch_a.main", path=f"{number}.mp4", start_us=number,
        end_us=number + 1, bytes=1, digest="00", fragments=1, video_frames=1, key_frames=1, codecs="avc1",
        width=1, height=1, origin="recorded",
    )  # fmt: skip


def viewer() -> ViewerStarted:
    return ViewerStarted(viewer="v", ticket="t", stream="ch_a.main", kind="live", at_us=1, peer="p")


def test_a_ticket_says_what_it_allows_and_a_changed_one_is_none() -> None:
    claims = Claims(id=new_ticket_id(), stream="ch_a.main", kind="live", holder="s1", start_by_us=60_000_000)
    ticket = mint(KEY, claims, now_us=0)
    assert read(KEY, ticket) == claims
    body, _, seal = ticket.partition(".")
    raw = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert "end_by_us" not in raw
    assert raw["holder"] == "s1"
    for wrong in (f"{body}x.{seal}", f"{body}.{seal[:-2]}", "", "."):
        with pytest.raises(ValueError, match="not a ticket"):
            read(KEY, wrong)


def test_a_ticket_of_more_than_a_minute_is_not_minted() -> None:
    claims = Claims(id="x", stream="s", kind="live", holder="h", start_by_us=60_000_001)
    with pytest.raises(ValueError, match="60 s"):
        mint(KEY, claims, now_us=0)


def test_passwords_do_not_print_but_reach_the_plane() -> None:
    spec = StreamSpec.model_validate(
        {"stream": "a.main", "source": {"kind": "rtsp", "url": "rtsp://h/", "user": "u", "password": "hush"}}
    )
    assert isinstance(spec.source, RtspSource)
    assert "hush" not in repr(spec)
    assert json.loads(spec.model_dump_json())["source"]["password"] == "hush"


def test_an_event_that_nobody_knows_costs_only_itself() -> None:
    batch = json.dumps([{"type": "from_the_future"}, 5, viewer().model_dump()])
    assert parse_events(batch) == [viewer()]


def test_segments_are_acknowledged_only_after_the_handler_has_committed() -> None:
    node = MemoryNode()
    seen: list[Event] = []

    def handle(batch: object) -> list[str]:
        assert node.acknowledged == []
        assert isinstance(batch, list)
        seen.extend(batch)
        return [event.id for event in batch if isinstance(event, SegmentStored)]

    node.tell(segment(1), viewer(), segment(2))
    assert EventPump(node, handle).drain() == 3
    assert node.acknowledged == [segment(1).id, segment(2).id]
    assert len(seen) == 3


def test_one_event_that_cannot_be_handled_does_not_take_its_batch_with_it() -> None:
    node = MemoryNode()

    def handle(batch: object) -> list[str]:
        assert isinstance(batch, list)
        if any(isinstance(event, ViewerStarted) for event in batch):
            raise RuntimeError("no")
        return [event.id for event in batch]

    node.tell(segment(1), viewer(), segment(2))
    pump = EventPump(node, handle)
    pump._stop.set()  # no waiting between attempts
    pump.drain()
    assert node.acknowledged == [segment(1).id, segment(2).id]


def test_the_pump_wakes_when_events_come_and_drains_before_it_ends() -> None:
    node = MemoryNode()
    pump = EventPump(node, lambda batch: [event.id for event in batch if isinstance(event, SegmentStored)])
    pump.start()
    node.tell(segment(1))
    node.tell(segment(2))
    pump.stop()
    assert node.acknowledged == [segment(1).id, segment(2).id]


def test_the_pump_reads_a_queue_whose_descriptor_is_beyond_a_thousand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    node = MemoryNode()
    high = fcntl.fcntl(node.event_fd(), fcntl.F_DUPFD, 1500)
    monkeypatch.setattr(node, "event_fd", lambda: high)
    pump = EventPump(node, lambda batch: [event.id for event in batch if isinstance(event, SegmentStored)])
    try:
        pump.start()
        node.tell(segment(1))
        end = time.monotonic() + 20
        while not node.acknowledged and time.monotonic() < end:
            time.sleep(0.01)
        assert pump.runs()
        assert node.acknowledged == [segment(1).id]
    finally:
        pump.stop()
        os.close(high)

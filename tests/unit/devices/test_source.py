"""A device family gives sources; what a source does reaches the media node and nothing else."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from mingjing.devices.families import FAMILIES, RTSP, source
from mingjing.devices.source import Entry
from mingjing.media.causes import Leg, LegState
from mingjing.media.memory import MemoryNode
from mingjing.media.model import LegReport, Probe, RtspSource

ENTRY = Entry(
    stream="ch_aaaaaaaaaaaa.main",
    url="rtsp://10.3.7.21:554/1",
    user="admin",
    password=SecretStr("hush"),
    transport="tcp",
    audio=False,
)


def test_an_rtsp_source_is_opened_for_recording_or_for_viewers_and_closed() -> None:
    node, found = MemoryNode(), source(RTSP, ENTRY)
    found.open(node, record=True)
    spec = node.specs[ENTRY.stream]
    assert (spec.record, spec.always_on, spec.audio) == (True, True, False)
    assert isinstance(spec.source, RtspSource)
    assert (spec.source.url, spec.source.user, spec.source.transport) == (ENTRY.url, "admin", "tcp")
    assert spec.source.password == SecretStr("hush")
    found.open(node, record=False)
    assert (node.specs[ENTRY.stream].record, node.specs[ENTRY.stream].always_on) == (False, False)
    found.close(node)
    assert node.specs == {}


def test_a_source_is_described_by_trying_it() -> None:
    node = MemoryNode()
    node.next_probe = Probe(legs=[LegReport(leg=Leg.CONNECTED, state=LegState.OK)])
    assert source(RTSP, ENTRY).describe(node, 1000) == node.next_probe
    assert node.specs == {}


def test_sources_are_equal_where_nothing_would_be_done_differently_and_print_no_password() -> None:
    assert source(RTSP, ENTRY) == source(RTSP, replace(ENTRY))
    assert source(RTSP, ENTRY) != source(RTSP, replace(ENTRY, password=SecretStr("other")))
    assert "hush" not in repr(source(RTSP, ENTRY))


def test_a_family_that_is_not_there_is_an_error_and_not_another_one() -> None:
    assert set(FAMILIES) == {"rtsp"}
    with pytest.raises(KeyError):
        source("smoke-signals", ENTRY)

"""The bounds of the media plane: an operator sets them, the page lists them, the plane takes and keeps them."""

import re
import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from mingjing.app import Program
from mingjing.configuration import LimitsSettings, MediaSettings, read
from mingjing.media.model import PlaneConfig
from mingjing.media.node import LocalNode
from tests.integration.test_program import settings_in

PAGE = Path(__file__).parents[2] / "docs/ref/media-limits.md"


def _bound(name: str, side: str) -> int:
    metadata = LimitsSettings.model_fields[name].metadata
    return next(int(getattr(one, side)) for one in metadata if hasattr(one, side))


def test_the_settings_have_every_limit_of_the_plane_with_its_default() -> None:
    listed = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    # That the page is the plane's own is tested beside the plane (media/tests/docs.rs).
    assert {name: int(value) for name, value in listed} == LimitsSettings().model_dump()


def test_lengths_of_recording_are_the_same_where_a_person_sets_them_and_on_the_door() -> None:
    names = ("segment_seconds", "fragment_ms", "sync_ms")
    door = {name: PlaneConfig.model_fields[name].default for name in names}
    assert door == {name: getattr(MediaSettings(), name) for name in names}


@pytest.mark.parametrize("side", ["ge", "le"])
def test_the_plane_takes_what_the_settings_allow_at_most_and_at_least(side: str) -> None:
    limits = {name: _bound(name, side) for name in LimitsSettings.model_fields}
    LocalNode(
        PlaneConfig(storage=[], http_listen="127.0.0.1:0", ticket_key=SecretStr("00" * 32), limits=limits)
    )


def test_a_limit_that_is_set_is_the_one_that_the_plane_keeps(tmp_path: Path) -> None:
    given = {"MINGJING_LIMITS_CONNECTIONS_PER_SOURCE": "4"}
    limits = read(None, {}, given)[0].limits
    with Program(settings_in(tmp_path).model_copy(update={"limits": limits})) as program:
        host, _, port = program.start().http.rpartition(":")
        places = [socket.create_connection((host, int(port)), timeout=20) for _ in range(5)]
        try:
            assert b" 429 " in places[4].recv(100)
        finally:
            for one in places:
                one.close()

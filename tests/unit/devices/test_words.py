"""Every leg and cause of the media plane has words in both languages, and addresses are judged as written."""

import re
from pathlib import Path

import pytest

from mingjing.devices.rtsp.address import AddressFault, AddressRefusedError, check_host, networks, take_apart
from mingjing.devices.rtsp.words import CAUSES, LEGS, headline, words_for
from mingjing.media.causes import Cause, Leg, LegState, StreamState

EVENT_RS = Path(__file__).parents[3] / "media" / "src" / "event.rs"


def rust_enum(name: str) -> set[str]:
    body = re.search(rf"pub enum {name} \{{(.*?)\n\}}", EVENT_RS.read_text(encoding="utf-8"), re.DOTALL)
    assert body is not None
    variants = re.findall(r"^    ([A-Z]\w+),", body.group(1), re.MULTILINE)
    return {re.sub(r"(?<!^)([A-Z])", r"_\1", variant).lower() for variant in variants}


@pytest.mark.parametrize("mirror", [Cause, Leg, LegState, StreamState])
def test_names_are_those_of_the_media_plane(mirror: type[Cause]) -> None:
    assert {member.value for member in mirror} == rust_enum(mirror.__name__)


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_a_title_a_sentence_and_one_to_three_remedies_in_both_languages(cause: Cause) -> None:
    for leg in Leg:
        words = words_for(leg, cause)
        texts = [words.title, words.sentence, *(remedy.text for remedy in words.remedies)]
        assert all(text.zh.strip() and text.en.strip() for text in texts)
        assert 1 <= len(words.remedies) <= 3
    assert cause in CAUSES


def test_every_leg_has_a_name() -> None:
    assert set(LEGS) == set(Leg)


def test_the_headline_names_number_leg_and_cause() -> None:
    assert headline(Leg.FIRST_PACKET, Cause.NO_PACKETS).zh == "6/9 首包：播放后无数据"


def test_pasted_credentials_are_taken_out_of_the_address() -> None:
    found = take_apart("rtsp://admin:p%40ss@10.1.2.3:8554/Streaming/Channels/101?x=1")
    assert found.url == "rtsp://10.1.2.3:8554/Streaming/Channels/101?x=1"
    assert (found.user, found.password, found.host, found.port) == ("admin", "p@ss", "10.1.2.3", 8554)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("http://10.1.2.3/", AddressFault.NOT_RTSP),
        ("rtsp:///stream", AddressFault.NO_HOST),
        ("rtsp://10.1.2.3:99999/", AddressFault.BAD_PORT),
        ("rtsp://10.1.2.3/\r\nX: y", AddressFault.BAD_CHARACTER),
        ("rtsp://10.1.2.3/" + "a" * 2000, AddressFault.TOO_LONG),
    ],
)
def test_an_address_that_is_none_is_refused_with_its_fault(text: str, fault: AddressFault) -> None:
    with pytest.raises(AddressRefusedError) as refused:
        take_apart(text)
    assert refused.value.fault is fault


LOOPBACKS = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "::1", "::ffff:127.0.0.1", "localhost",
    "169.254.169.254", "fe80::1", "0", "::", "224.0.0.1", "ff02::1", "255.255.255.255",
]  # fmt: skip


@pytest.mark.parametrize("host", LOOPBACKS)
def test_addresses_that_are_never_contacted_are_refused_however_they_are_written(host: str) -> None:
    for allowed in (networks([]), networks(["10.0.0.0/8"])):
        with pytest.raises(AddressRefusedError) as refused:
            check_host(host, allowed)
        assert refused.value.fault is AddressFault.NEVER_CONTACTED or allowed


def test_a_listed_network_opens_loopback_but_never_multicast() -> None:
    check_host("127.0.0.1", networks(["127.0.0.0/8"]))
    with pytest.raises(AddressRefusedError):
        check_host("224.0.0.1", networks(["0.0.0.0/0"]))


def test_an_address_of_this_machine_is_no_camera_unless_it_is_listed_by_itself() -> None:
    def ours(address: object) -> bool:
        return str(address) in {"10.0.0.5", "fd00::5"}

    wide = networks(["10.0.0.0/8", "fd00::/8"])
    for host in ("10.0.0.5", "167772165", "::ffff:10.0.0.5", "fd00::5"):
        with pytest.raises(AddressRefusedError) as refused:
            check_host(host, wide, ours)
        assert refused.value.fault is AddressFault.OURSELVES
    check_host("10.0.0.6", wide, ours)
    check_host("10.0.0.5", networks(["10.0.0.0/8", "10.0.0.5/32"]), ours)


def test_an_address_outside_the_camera_networks_is_refused() -> None:
    check_host("10.9.9.9", networks(["10.0.0.0/8"]))
    with pytest.raises(AddressRefusedError) as refused:
        check_host("192.168.1.1", networks(["10.0.0.0/8"]))
    assert refused.value.fault is AddressFault.OUTSIDE_NETWORKS

"""An earlier minute found on the timeline, scrubbed, played, cut out as a clip; and a journal that says who did it."""

import json
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.clips import FRAMES_PER_SECOND, GOP_SECONDS, ffmpeg
from tests.e2e.conftest import AUDITOR, OPERATOR, REVIEWER, Door
from tests.e2e.house import House, items, until

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

SECOND_US = 1_000_000
CLIP_S = 20
H265 = "中心路口"
H264 = ("东门岗亭", "市民广场", "滨江步道", "实验小学大门", "货运码头", "北山高点")
REASON = "案件 2026-114 调阅"


def camera(house: House, name: str) -> str:
    with house.api(REVIEWER) as client:
        return next(str(one["id"]) for one in items(client, "cameras") if one["name"] == name)


def imported(house: House, channel: str) -> tuple[int, int]:
    """The recorded past of a virtual camera: where it begins and ends, once it is all there."""

    def asked() -> tuple[int, int] | None:
        now = time.time_ns() // 1000
        found = items(
            client, "recordings/segments", channel=channel, stream="main",
            from_us=now - 7200 * SECOND_US, until_us=now, limit=200,
        )  # fmt: skip
        past = [one for one in found if one["origin"] != "live"]
        whole = sum(one["end_us"] - one["start_us"] for one in past) > 3_000 * SECOND_US
        return (min(one["start_us"] for one in past), max(one["end_us"] for one in past)) if whole else None

    with house.api(REVIEWER) as client:
        return until("the past hour is brought in", asked, 60)


def moment(at_us: int) -> str:
    """Beijing time as the address has it."""
    stamp = time.gmtime(at_us // SECOND_US + 8 * 3600)
    return time.strftime("%Y-%m-%dT%H:%M:%S", stamp)


def shown(page: Page, channel: str) -> dict[str, str]:
    found = page.get_by_test_id(f"playback-cell-{channel}").evaluate("cell => ({...cell.dataset})")
    assert isinstance(found, dict)
    return found


def at(page: Page, channel: str, wanted_us: int, slack_us: int) -> bool:
    found = shown(page, channel)
    return "wallUs" in found and abs(int(found["wallUs"]) - wanted_us) <= slack_us


def probe(path: Path) -> Any:
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, timeout=30).stdout)


def test_an_earlier_minute_is_found_scrubbed_and_played(house: House, enter: Door) -> None:
    channel = camera(house, "东门岗亭")
    start_us, _ = imported(house, channel)
    wanted_us = start_us + 600 * SECOND_US
    page = enter(REVIEWER)
    page.goto(f"/playback?c={channel}&t={moment(wanted_us)}&z=10m")
    gop_us = GOP_SECONDS * SECOND_US
    until("the picture asked for", lambda: at(page, channel, wanted_us, gop_us), 30)

    canvas = page.get_by_test_id("timeline-canvas")
    box = canvas.bounding_box()
    assert box is not None
    from_us = float(canvas.get_attribute("data-from-us") or 0)
    per_px = float(canvas.get_attribute("data-us-per-px") or 0)
    x = box["width"] * 0.25
    target_us = int(from_us + x * per_px)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 12)
    page.mouse.down()
    page.mouse.move(box["x"] + x, box["y"] + box["height"] - 12, steps=6)
    until("a key frame while the hand is down", lambda: shown(page, channel).get("layer") == "still", 20)
    until("the key frame is near", lambda: at(page, channel, target_us, gop_us + int(per_px) * 2), 20)
    page.mouse.up()
    until("the seek lands within one GOP", lambda: at(page, channel, target_us, gop_us + int(per_px) * 2), 20)

    before = shown(page, channel)
    pressed_at = time.monotonic()

    def plays_on() -> bool:
        # A release plays by itself in its own time: pressing at that very moment would pause it again.
        nonlocal pressed_at
        paused = page.get_by_test_id("playback-page").get_attribute("data-mode") != "playing"
        if paused and time.monotonic() - pressed_at > 4:
            page.get_by_test_id("playback-toggle").click()
            pressed_at = time.monotonic()
        return int(shown(page, channel)["wallUs"]) > int(before["wallUs"]) + 2 * SECOND_US

    until("it plays on from there", plays_on, 40)


def drag(page: Page, start: float, end: float, steps: int = 12) -> Iterator[float]:
    """Move the hand over the timeline between two parts of its width; yields the wall time under it, the hand still down."""
    canvas = page.get_by_test_id("timeline-canvas")
    box = canvas.bounding_box()
    assert box is not None
    from_us = float(canvas.get_attribute("data-from-us") or 0)
    per_px = float(canvas.get_attribute("data-us-per-px") or 0)
    y = box["y"] + box["height"] - 12
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    for step in range(1, steps + 1):
        x = box["width"] * (start + (end - start) * step / steps)
        page.mouse.move(box["x"] + x, y)
        yield from_us + x * per_px


def test_recorded_h265_is_shown_alone_and_explained_among_others(house: House, enter: Door) -> None:
    channel, other = camera(house, H265), camera(house, "东门岗亭")
    start_us = max(imported(house, one)[0] for one in (channel, other))
    wanted_us = start_us + 700 * SECOND_US
    page = enter(REVIEWER)
    page.goto(f"/playback?c={channel},{other}&t={moment(wanted_us)}&z=10m")

    def decided() -> bool:
        found = shown(page, channel)
        return found.get("state") == "unsupported" or "wallUs" in found

    until("the H.265 camera among others is decided", decided, 40)
    if shown(page, channel)["state"] != "unsupported":
        pytest.skip("this browser decodes H.265 by itself")
    expect(page.get_by_test_id("codec-card")).to_contain_text("H.265")
    page.get_by_test_id("play-alone").click()
    frame_us = SECOND_US // FRAMES_PER_SECOND
    until("the picture asked for", lambda: at(page, channel, wanted_us, frame_us), 40)
    assert shown(page, channel)["decoder"] == "software"

    exact_us = int(shown(page, channel)["wallUs"])
    page.keyboard.press(".")
    until("the next picture", lambda: 0 < int(shown(page, channel)["wallUs"]) - exact_us <= 2 * frame_us, 20)
    page.keyboard.press(",")
    until("the picture before", lambda: int(shown(page, channel)["wallUs"]) == exact_us, 20)

    seen: list[str] = []
    for under_us in drag(page, 0.5, 0.25, steps=6):
        gop_us = GOP_SECONDS * SECOND_US
        until("a key frame under the hand", lambda: at(page, channel, int(under_us), gop_us + SECOND_US), 20)  # noqa: B023
        seen.append(shown(page, channel)["wallUs"])
    assert len(set(seen)) == 6, seen
    assert shown(page, channel)["approx"] == "true"
    page.mouse.up()
    released_us = int(seen[-1])
    until(
        "it plays on by itself", lambda: int(shown(page, channel)["wallUs"]) > released_us + 4 * SECOND_US, 60
    )
    assert shown(page, channel)["approx"] == "false"


_BRIGHTEST = """canvas => Math.max(
  ...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((_, at) => at % 4 === 0))"""

_MOMENTS = """() => [...document.querySelectorAll('[data-testid^="playback-cell-"]')].map((cell) => ({
  state: cell.dataset.state,
  // Wall time by the media's own clock: all read within one turn of the page.
  atUs: Number(cell.dataset.originUs) + cell.querySelector('video').currentTime * 1e6,
}))"""


def apart_while_playing(page: Page, channels: list[str], at_us: int) -> list[float]:
    """How far apart the pictures are, in ms, by sixty looks while all play; sorted."""
    page.goto(f"/playback?c={','.join(channels)}&t={moment(at_us)}&z=10m")
    until("all have a picture", lambda: all("wallUs" in shown(page, one) for one in channels), 60)
    page.get_by_test_id("playback-toggle").click()
    apart: list[float] = []

    def measured() -> bool:
        found = page.evaluate(_MOMENTS)
        assert len(found) == len(channels)
        if all(one["state"] == "playing" for one in found):
            moments = [one["atUs"] for one in found]
            apart.append(float(max(moments) - min(moments)) / 1000)
        return len(apart) >= 60

    until("sixty measurements while all play", measured, 90)
    return sorted(apart)


def test_four_cameras_play_in_step(house: House, enter: Door) -> None:
    channels = [camera(house, name) for name in ("东门岗亭", "市民广场", "滨江步道", "实验小学大门")]
    start_us = max(imported(house, channel)[0] for channel in channels)
    page = enter(REVIEWER)
    apart = apart_while_playing(page, channels, start_us + 900 * SECOND_US)
    assert apart[len(apart) // 2] <= 100, apart
    begun_us = int(shown(page, channels[0])["wallUs"])
    until("it goes on", lambda: int(shown(page, channels[0])["wallUs"]) > begun_us + SECOND_US, 30)


@pytest.fixture
def three_more(house: House, tmp_path: Path) -> Iterator[tuple[list[str], int]]:
    """Three cameras out of service with two minutes of the past, and where those begin: for walls that need nine."""
    known = [camera(house, name) for name in H264]
    from_us = max(imported(house, channel)[0] for channel in known) + 1500 * SECOND_US
    inbox = house.data / "inbox"
    inbox.mkdir(exist_ok=True)
    picture = f"testsrc2=size=480x270:rate={FRAMES_PER_SECOND}:duration=120"
    gop = str(GOP_SECONDS * FRAMES_PER_SECOND)
    ffmpeg("-f", "lavfi", "-i", picture, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0",
            "-g", gop, "-sc_threshold", "0", inbox / "past.mp4")  # fmt: skip
    with house.api(OPERATOR) as client:
        model = client.get(f"cameras/{known[0]}").raise_for_status().json()
        made: list[str] = []
        for name in ("旧仓库东", "旧仓库西", "旧仓库南"):
            wish = {
                "name": name, "division": model["division"], "organisation": model["organisation"], "enabled": False,
                "streams": [{"kind": "main", "url": f"rtsp://127.0.0.1:9/{len(made)}"}],
            }  # fmt: skip
            one = str(client.post("cameras", json=wish).raise_for_status().json()["id"])
            past = {"path": "past.mp4", "channel": one, "start_us": from_us}
            client.post("recordings/import", json=past, timeout=60).raise_for_status()
            made.append(one)
        yield made, from_us
        for one in made:
            gone = {"recordings": "expire", "reason": "试毕"}
            client.request("DELETE", f"cameras/{one}", params=gone).raise_for_status()


def test_nine_cameras_play_in_step(house: House, enter: Door, three_more: tuple[list[str], int]) -> None:
    more, from_us = three_more
    channels = [camera(house, name) for name in H264] + more
    assert len(channels) == 9
    apart = apart_while_playing(enter(REVIEWER), channels, from_us + 10 * SECOND_US)
    assert apart[len(apart) // 2] <= 100, apart


def test_playback_opens_with_the_camera_looked_at_last_where_it_was_recorded_last(
    house: House, enter: Door
) -> None:
    second = camera(house, "市民广场")
    imported(house, second)
    page = enter(REVIEWER)
    page.goto("/playback")
    page.wait_for_url("**/playback?c=ch_*")
    first = page.locator('[data-testid^="playback-cell-"]')
    expect(first).to_have_count(1)
    until("a picture without a click", lambda: "wallUs" in first.evaluate("cell => ({...cell.dataset})"), 40)
    with house.api(REVIEWER) as client:
        now_us = time.time_ns() // 1000
        shown_us = int(first.get_attribute("data-wall-us") or 0)
        window = {"from_us": shown_us, "until_us": now_us, "step_us": 0}
        assert now_us - shown_us < 300 * SECOND_US, "the demo is being recorded now"
        channel = (first.get_attribute("data-testid") or "").removeprefix("playback-cell-")
        (lane,) = client.get("recordings/timeline", params={"channels": channel, **window}).json()["lanes"]
        assert lane["spans"][0]["kind"] in {"recorded", "imported"}
    # Of a demo that has just begun, all begins with the same second, and not at the same moment of it.
    page.goto(f"/playback?c={second}&t={moment(shown_us + 2 * SECOND_US)}")
    until("another camera", lambda: "wallUs" in shown(page, second), 40)
    page.goto("/playback")
    page.wait_for_url(f"**/playback?c={second}*")
    until("the camera looked at last", lambda: "wallUs" in shown(page, second), 40)


def test_the_finest_zoom_shows_nine_key_frames_around_the_moment_and_goes_where_one_is_pressed(
    house: House, enter: Door
) -> None:
    channel = camera(house, "东门岗亭")
    start_us, _ = imported(house, channel)
    at_us = start_us + 600 * SECOND_US
    page = enter(REVIEWER)
    page.goto(f"/playback?c={channel}&t={moment(at_us)}&z=frame")
    frames = page.get_by_test_id("contact-strip").locator("button[data-shown=true]")
    expect(frames).to_have_count(9)
    times = [int(one.get_attribute("data-wall-us") or 0) for one in frames.all()]
    assert {b - a for a, b in pairwise(times)} == {GOP_SECONDS * SECOND_US}
    assert times[4] <= at_us < times[5], "the frame that shows the moment is in the middle"
    bright = frames.nth(7).locator("canvas").nth(1).evaluate(_BRIGHTEST)
    assert bright > 100, "a picture, not a black place"
    frames.nth(7).click()
    until("the pressed frame", lambda: at(page, channel, times[7], SECOND_US // FRAMES_PER_SECOND), 20)
    expect(frames.nth(4)).to_have_attribute("data-wall-us", str(times[7]))
    page.get_by_test_id("zoom-10m").click()
    expect(page.get_by_test_id("contact-strip")).to_have_count(0)


def interrupted(house: House, channel: str) -> int:
    """Switch a camera off for some seconds; where its recording broke off, once it has gone on."""

    def live() -> list[dict[str, Any]]:
        now = time.time_ns() // 1000
        wish = {"stream": "main", "from_us": now - 900 * SECOND_US, "until_us": now, "limit": 200}
        return [
            one
            for one in items(client, "recordings/segments", channel=channel, **wish)
            if one["origin"] != "imported"
        ]

    def went_on() -> int | None:
        breaks = [a["end_us"] for a, b in pairwise(live()) if b["start_us"] - a["end_us"] > 4 * SECOND_US]
        return int(breaks[-1]) if breaks else None

    with house.api(OPERATOR) as client:
        until("it records", live, 60)
        client.patch(f"cameras/{channel}", json={"enabled": False}).raise_for_status()
        time.sleep(8)  # the length of the gap itself, and what switching off and on takes
        client.patch(f"cameras/{channel}", json={"enabled": True}).raise_for_status()
        return until("it records again", went_on, 90)


def test_a_camera_in_a_gap_waits_and_the_others_go_on(house: House, enter: Door) -> None:
    broken, steady = camera(house, "货运码头"), camera(house, "市民广场")
    end_us = interrupted(house, broken)
    page = enter(REVIEWER)
    page.goto(f"/playback?c={broken},{steady}&t={moment(end_us + 2 * SECOND_US)}&z=2m")
    until("the gap says so", lambda: shown(page, broken).get("state") == "gap", 40)
    expect(page.get_by_test_id("gap-card")).to_be_visible()
    until("the other has a picture", lambda: "wallUs" in shown(page, steady), 40)
    before_us = int(shown(page, steady)["wallUs"])
    page.get_by_test_id("playback-toggle").click()
    until("the other goes on", lambda: int(shown(page, steady)["wallUs"]) > before_us + SECOND_US // 2, 30)
    until("the one that waited joins again", lambda: "wallUs" in shown(page, broken), 60)


def test_the_pointer_shows_the_key_frame_under_it_and_marks_can_be_typed(house: House, enter: Door) -> None:
    channel = camera(house, "东门岗亭")
    start_us, _ = imported(house, channel)
    at_us = start_us + 600 * SECOND_US
    page = enter(REVIEWER)
    page.goto(f"/playback?c={channel}&t={moment(at_us)}&z=10m")
    until("the picture asked for", lambda: at(page, channel, at_us, GOP_SECONDS * SECOND_US), 40)
    canvas = page.get_by_test_id("timeline-canvas")
    box = canvas.bounding_box()
    assert box is not None
    under_us = float(canvas.get_attribute("data-from-us") or 0) + 300 * float(
        canvas.get_attribute("data-us-per-px") or 0
    )
    page.mouse.move(box["x"] + 300, box["y"] + box["height"] - 8)

    def hovered() -> bool:
        found = page.get_by_test_id("hover-picture").get_attribute("data-wall-us")
        return found is not None and -SECOND_US <= under_us - int(found) <= (GOP_SECONDS + 1) * SECOND_US

    until("the key frame at or before the pointer", hovered, 20)
    assert at(page, channel, at_us, GOP_SECONDS * SECOND_US), "the picture itself stays where it is"

    page.get_by_test_id("mark-in").fill(moment(at_us).replace("T", " "))
    page.get_by_test_id("mark-in").press("Enter")
    page.get_by_test_id("mark-out").fill("soon")
    page.get_by_test_id("mark-out").press("Enter")
    expect(page.get_by_test_id("mark-out")).to_have_attribute("aria-invalid", "true")
    page.get_by_test_id("mark-out").fill(moment(at_us + 90 * SECOND_US)[-8:])
    page.get_by_test_id("mark-out").press("Enter")
    expect(page.get_by_test_id("marks-length")).to_contain_text("1 分")
    for mark in (f"in={moment(at_us)}", f"out={moment(at_us + 90 * SECOND_US)}"):
        assert mark in page.url.replace("%3A", ":"), page.url
    page.get_by_test_id("playback-jump").fill("-2h")
    page.get_by_test_id("playback-jump").press("Enter")
    clock = page.get_by_test_id("playback-page")
    ago_us = time.time_ns() // 1000 - 7200 * SECOND_US
    until(
        "two hours ago",
        lambda: abs(int(clock.get_attribute("data-position-us") or 0) - ago_us) < 9 * SECOND_US,
        10,
    )


def test_leaving_the_page_ends_the_viewing_in_the_journal(house: House, enter: Door) -> None:
    channel = camera(house, "滨江步道")
    start_us, _ = imported(house, channel)
    page = enter(REVIEWER)

    def ended() -> int:
        with house.api(AUDITOR) as auditor:
            entries = items(auditor, "journal", limit=200, action="playback.end")
            return sum(channel in json.dumps(one["object"]) for one in entries)

    before = ended()
    page.goto(f"/playback?c={channel}&t={moment(start_us + 300 * SECOND_US)}")
    until("a picture", lambda: "wallUs" in shown(page, channel), 40)
    page.close(run_before_unload=True)
    until("the viewing is over", lambda: ended() > before, 20)


def test_a_clip_is_ordered_on_the_page_and_any_player_plays_it(
    house: House, enter: Door, tmp_path: Path
) -> None:
    channel = camera(house, "货运码头")
    start_us, _ = imported(house, channel)
    in_us = start_us + 1205 * SECOND_US
    page = enter(REVIEWER)
    marks = f"in={moment(in_us)}&out={moment(in_us + CLIP_S * SECOND_US)}"
    page.goto(f"/playback?c={channel}&t={moment(in_us)}&{marks}&z=2m")
    page.get_by_test_id("playback-export").click()
    expect(page.get_by_test_id("export-gaps")).to_contain_text("货运码头")
    page.get_by_test_id("export-reason").fill(REASON)
    page.get_by_test_id("export-submit").click()
    page.get_by_test_id("step-up-password").fill(house.passwords[REVIEWER])
    page.get_by_test_id("step-up-go").click()
    expect(page.get_by_test_id("export-ordered")).to_be_visible()
    page.goto("/jobs")
    link = page.locator('[data-testid^="job-"][data-state="done"] a[download]').first
    link.wait_for(timeout=60_000)
    expect(link).to_have_text("货运码头")
    with page.expect_download() as waiting:
        link.click()
    clip = tmp_path / "clip.mp4"
    waiting.value.save_as(clip)
    found = probe(clip)
    kinds = {stream["codec_type"]: stream for stream in found["streams"]}
    assert kinds["video"]["codec_name"] == "h264"
    assert kinds["audio"]["codec_name"] == "aac", "G.711 becomes a sound that common players play"
    assert abs(float(kinds["video"]["duration"]) - CLIP_S) < 0.25
    subprocess.run(
        ["ffmpeg", "-v", "error", "-xerror", "-i", str(clip), "-f", "null", "-"], check=True, timeout=60
    )
    told_by_the_journal(house, channel)


def told_by_the_journal(house: House, channel: str) -> None:
    """Who watched and who took a clip away, as the auditor reads it."""
    with house.api(AUDITOR) as auditor:
        entries = items(auditor, "journal", limit=200)
        mine = [one for one in entries if one["actor_name"] == REVIEWER or "调阅员" in one["actor_name"]]
        said = {one["action"] for one in mine}
        assert any("export" in action for action in said), said
        assert any("playback" in action for action in said), said
        assert any(channel in json.dumps(one) for one in mine if "export" in one["action"])
        verdict = auditor.post("journal/verify").raise_for_status().json()
        assert verdict["ok"] is True
        assert verdict["entries"] >= len(entries)

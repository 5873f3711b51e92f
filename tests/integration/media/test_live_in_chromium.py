"""Live delivery judged by players that are not ours: Chromium by WebSocket and MSE, ffprobe by HTTP and RTSP."""

import functools
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Page, sync_playwright

from mingjing.media.tickets import Claims, DeliveryKind, mint

media = pytest.importorskip("mingjing._media", reason="the media plane is not built: make build")

KEY = bytes(range(32))
STREAM = "ch_test.main"

# The least player there can be: what it hears is appended, in order.
PAGE = """<!doctype html><video id="video" muted autoplay></video><script>
const heard = [];
function play(url, hello) {
  const socket = new WebSocket(url, "mingjing.live.1");
  socket.binaryType = "arraybuffer";
  const waiting = [];
  let buffer = null;
  const append = () => {
    if (buffer && !buffer.updating && waiting.length) buffer.appendBuffer(waiting.shift());
  };
  socket.onopen = () => socket.send(JSON.stringify(hello));
  socket.onclose = (event) => heard.push({ type: "close", code: event.code });
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") { waiting.push(data); append(); return; }
    const message = JSON.parse(data);
    heard.push(message);
    if (message.type !== "init" || buffer) return;
    const source = new MediaSource();
    video.src = URL.createObjectURL(source);
    source.onsourceopen = () => {
      buffer = source.addSourceBuffer(message.mime);
      buffer.onupdateend = append;
      append();
    };
  };
}
function state() {
  const ranges = [...Array(video.buffered.length).keys()].map((n) => [video.buffered.start(n), video.buffered.end(n)]);
  const frames = video.getVideoPlaybackQuality().totalVideoFrames;
  return { time: video.currentTime, frames, ranges, heard, error: video.error && video.error.message };
}
</script>"""

CLIPS = {
    "h264-aac": (["-bf", "0", "-c:a", "aac"], "clip.mp4", "avc1.64001e,mp4a.40.2"),
    "h264-b-frames-g711": (["-bf", "2", "-ar", "8000", "-c:a", "pcm_alaw"], "clip.mov", "avc1.64001e,flac"),
}


class Plane:
    """A plane that plays one file, and the page of an origin that it allows."""

    def __init__(self, folder: Path, clip: Path) -> None:
        (folder / "page.html").write_text(PAGE, encoding="utf-8")
        handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
        self.pages = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.pages.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.pages.server_port}"
        config = {
            "http_listen": "127.0.0.1:0",
            "rtsp_listen": "127.0.0.1:0",
            "ticket_key": KEY.hex(),
            "allowed_origins": [self.origin],
        }
        self.plane = media.MediaPlane(json.dumps(config))
        self.listening = json.loads(self.plane.start())
        source = {"kind": "file", "path": str(clip), "loop": True}
        self.plane.put_stream(json.dumps({"stream": STREAM, "source": source, "always_on": True}))
        self.tickets = 0

    def ticket(self, kind: DeliveryKind) -> str:
        self.tickets += 1
        now_us = time.time_ns() // 1000
        claims = Claims(
            id=f"tk-{self.tickets}", stream=STREAM, kind=kind, holder="test", start_by_us=now_us + 30_000_000
        )
        return mint(KEY, claims, now_us)

    def stop(self) -> None:
        self.plane.stop(3000)
        self.pages.shutdown()


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as players:
        browser = players.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser.new_page()
        browser.close()


@pytest.fixture(params=CLIPS)
def playing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Plane, str]]:
    options, name, codecs = CLIPS[request.param]
    make = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"]
    make += ["-f", "lavfi", "-i", "sine=frequency=440", "-t", "8", "-c:v", "libx264", "-preset", "veryfast"]
    make += ["-profile:v", "high", "-g", "50", "-pix_fmt", "yuv420p", "-ac", "1", *options]
    make += [str(tmp_path / name)]
    subprocess.run(make, check=True, timeout=60)
    plane = Plane(tmp_path, tmp_path / name)
    yield plane, codecs
    plane.stop()


def state(page: Page) -> dict[str, Any]:
    return cast(dict[str, Any], page.evaluate("state()"))


@pytest.mark.parametrize("pace", ["economy", "frame"])
def test_chromium_plays_on_and_is_told_when_its_right_ends(
    browser_page: Page, playing: tuple[Plane, str], pace: str
) -> None:
    plane, codecs = playing
    browser_page.goto(f"{plane.origin}/page.html")
    hello = {"ticket": plane.ticket("live"), "pace": pace, "audio": True}
    browser_page.evaluate(
        "([url, hello]) => play(url, hello)", [f"ws://{plane.listening['http']}/live/ws", hello]
    )
    browser_page.wait_for_function("state().frames > 60 && video.currentTime > 2.4", timeout=30_000)
    seen = state(browser_page)
    assert seen["error"] is None
    assert len(seen["ranges"]) == 1, "the time line has a hole"
    assert [(one["type"], one["codecs"]) for one in seen["heard"]] == [("init", codecs)]
    assert plane.plane.revoke_holder("test") == 1
    browser_page.wait_for_function("heard.some((one) => one.type === 'close')", timeout=10_000)
    farewell = state(browser_page)["heard"][1:]
    assert farewell == [{"type": "end", "reason": "revoked"}, {"type": "close", "code": 1000}]


def test_ffprobe_decodes_what_http_and_rtsp_deliver(playing: tuple[Plane, str]) -> None:
    plane, _ = playing
    addresses: dict[DeliveryKind, str] = {
        "live": f"http://{plane.listening['http']}/live/{STREAM}.mp4?ticket=",
        "rtsp": f"rtsp://{plane.listening['rtsp']}/{STREAM}?ticket=",
    }
    for kind, address in addresses.items():
        probe = ["ffprobe", "-v", "error", "-count_frames", "-read_intervals", "%+2", "-of", "json"]
        if kind == "rtsp":
            probe += ["-rtsp_transport", "tcp"]
        probe += ["-show_entries", "stream=codec_type,width,nb_read_frames", address + plane.ticket(kind)]
        run = subprocess.run(probe, check=True, capture_output=True, text=True, timeout=60)
        streams = {one["codec_type"]: one for one in json.loads(run.stdout)["streams"]}
        assert streams["video"]["width"] == 640
        assert int(streams["video"]["nb_read_frames"]) >= 45, kind
        assert int(streams["audio"]["nb_read_frames"]) >= 20, kind

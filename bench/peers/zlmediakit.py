"""ZLMediaKit: records MP4 in files of 10 s; serves RTSP over TCP and fragmented MP4 over HTTP. Told by its HTTP
interface what to pull; every other form of output is off.
"""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from bench.peers import KEPT, Camera, Recorder, Republisher, Served, free_port

PROGRAM = "MediaServer"
SECRET = "bench-" * 6  # of a server that lives for a minute, on loopback
_OUTPUTS = ("hls", "hls_fmp4", "mp4", "rtsp", "rtmp", "ts", "fmp4")
_READY_WITHIN_S = 20.0


def _command(binary: str, folder: Path, rtsp_port: int = 0, **record: int) -> list[str]:
    """`record`: what its section of that name says, beside its defaults."""
    port = free_port()
    (folder / "port").write_text(str(port), encoding="utf-8")
    sections: dict[str, Mapping[str, object]] = {
        "api": {"apiDebug": 0, "secret": SECRET},
        "general": {"listen_ip": "127.0.0.1", "mergeWriteMS": 0},
        "hook": {"enable": 0},
        "http": {"port": port, "sslport": 0, "rootPath": folder / "www"},
        "record": record,
        "rtsp": {"port": rtsp_port, "sslport": 0},
        "rtmp": {"port": 0, "sslport": 0},
        "rtp_proxy": {"port": 0},
        "shell": {"port": 0},
    }
    lines = [
        line
        for name, values in sections.items()
        for line in (f"[{name}]", *(f"{key}={value}" for key, value in values.items()))
    ]
    settings = folder / "zlmediakit.ini"
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [binary, "-c", str(settings), "-l", "4", "--log-dir", str(folder / "log")]


def _ask(folder: Path, action: str, values: dict[str, str]) -> None:
    """Repeated until the server listens. Raises RuntimeError with what it answers to a bad wish."""
    port = (folder / "port").read_text(encoding="utf-8")
    query = urllib.parse.urlencode({"secret": SECRET, **values})
    until = time.monotonic() + _READY_WITHIN_S
    while True:
        try:
            url = f"http://127.0.0.1:{port}/index/api/{action}?{query}"
            with urllib.request.urlopen(url, timeout=_READY_WITHIN_S) as answer:
                said = json.load(answer)
            break
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
    if said.get("code") != 0:
        raise RuntimeError(f"ZLMediaKit: {said}")


def _pull(folder: Path, camera: Camera, stream: str, *outputs: str, **values: str) -> None:
    enabled = {f"enable_{name}": str(int(name in outputs)) for name in _OUTPUTS}
    target = {"vhost": "__defaultVhost__", "app": "live", "stream": stream, "url": camera.url}
    _ask(
        folder,
        "addStreamProxy",
        {**target, "rtp_type": "0", "enable_audio": "1", "add_mute_audio": "0", **enabled, **values},
    )


def recorder(rtsp_port: int = 0, **settings: int) -> Recorder:
    """Files of 10 s, and what else its section `record` says; RTSP at a port as `/live/camera0`, … where one is given."""

    def record(binary: str, cameras: list[Camera], folder: Path) -> list[str]:
        del cameras  # told after the start
        return _command(binary, folder, rtsp_port, **settings)

    def begin(cameras: list[Camera], folder: Path) -> None:
        outputs = ("mp4", "rtsp") if rtsp_port else ("mp4",)
        saved = {"mp4_max_second": "10", "mp4_save_path": str(folder / KEPT), "force": "1"}
        for number, camera in enumerate(cameras):
            _pull(folder, camera, f"camera{number}", *outputs, **saved)

    return Recorder("ZLMediaKit", PROGRAM, record, begin)


RECORDER = recorder()


def _serve_rtsp(binary: str, camera: Camera, folder: Path) -> Served:
    del camera  # told after the start
    port = free_port()
    return Served(_command(binary, folder, port), f"127.0.0.1:{port}")


def _serve_http(binary: str, camera: Camera, folder: Path) -> Served:
    del camera  # told after the start
    command = _command(binary, folder)
    return Served(command, f"127.0.0.1:{(folder / 'port').read_text(encoding='utf-8')}")


RTSP = Republisher(
    "ZLMediaKit RTSP", PROGRAM, "rtsp", "/live/cam", _serve_rtsp,
    lambda camera, folder: _pull(folder, camera, "cam", "rtsp"),
)  # fmt: skip
REPUBLISHERS = [
    Republisher(
        "ZLMediaKit HTTP-fMP4", PROGRAM, "http", "/live/cam.live.mp4", _serve_http,
        lambda camera, folder: _pull(folder, camera, "cam", "fmp4"),
    ),
    RTSP,
]  # fmt: skip

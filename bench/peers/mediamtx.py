"""MediaMTX (bluenviron/mediamtx): records fragmented MP4; serves RTSP over TCP."""

from pathlib import Path

from bench.peers import Camera, Recorder, Republisher, Served, free_port

PROGRAM = "mediamtx"
_HEAD = [
    "logLevel: error",
    "writeQueueSize: 2048",
    *(f"{server}: no" for server in ("api", "metrics", "pprof", "rtmp", "hls", "webrtc", "srt", "moq")),
    "rtspTransports: [tcp]",
]


def _settings(lines: list[str], folder: Path) -> list[str]:
    settings = folder / "mediamtx.yml"
    settings.write_text("\n".join(_HEAD + lines) + "\n", encoding="utf-8")
    return [str(settings)]


def _record(binary: str, cameras: list[Camera], folder: Path) -> list[str]:
    """Parts of 2 s, files of 10 s, nothing else open."""
    lines = [
        "rtspAddress: 127.0.0.1:0",
        "pathDefaults:",
        "  record: yes",
        f"  recordPath: {folder}/%path/%Y-%m-%d_%H-%M-%S-%f",
        "  recordFormat: fmp4",
        "  recordPartDuration: 2s",
        "  recordSegmentDuration: 10s",
        "  rtspTransport: tcp",
        "paths:",
    ]
    for number, camera in enumerate(cameras):
        lines += [f"  camera{number}:", f"    source: {camera.url}"]
    return [binary, *_settings(lines, folder)]


RECORDER = Recorder("MediaMTX", PROGRAM, _record)


def _serve(binary: str, camera: Camera, folder: Path) -> Served:
    address = f"127.0.0.1:{free_port()}"
    lines = [
        f"rtspAddress: {address}",
        "paths:",
        "  cam:",
        f"    source: {camera.url}",
        "    rtspTransport: tcp",
    ]
    return Served([binary, *_settings(lines, folder)], address)


REPUBLISHER = Republisher("MediaMTX RTSP", PROGRAM, "rtsp", "/cam", _serve)

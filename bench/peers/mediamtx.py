"""MediaMTX (bluenviron/mediamtx): records fragmented MP4; serves RTSP over TCP."""

from pathlib import Path

from bench.peers import KEPT, Camera, Recorder, Republisher, Served, free_port

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


def recorder(part: str, rtsp_port: int = 0) -> Recorder:
    """Parts of so long, files of 10 s; RTSP at a port as `/camera0`, …, nothing else open."""

    def record(binary: str, cameras: list[Camera], folder: Path) -> list[str]:
        lines = [
            f"rtspAddress: 127.0.0.1:{rtsp_port}",
            "pathDefaults:",
            "  record: yes",
            f"  recordPath: {folder}/{KEPT}/%path/%Y-%m-%d_%H-%M-%S-%f",
            "  recordFormat: fmp4",
            f"  recordPartDuration: {part}",
            "  recordSegmentDuration: 10s",
            "  rtspTransport: tcp",
            "paths:",
        ]
        for number, camera in enumerate(cameras):
            lines += [f"  camera{number}:", f"    source: {camera.url}"]
        return [binary, *_settings(lines, folder)]

    return Recorder("MediaMTX", PROGRAM, record)


RECORDER = recorder("2s")


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

"""Other recorders as this bench drives them. They are built elsewhere and found on the PATH or in MINGJING_BENCH_PEERS.

What is not found, or has no driver here, is named as missing: ZLMediaKit and Moonfire NVR have none yet.
"""

import os
import shutil
from pathlib import Path

WITHOUT_DRIVER = {"ZLMediaKit": "MediaServer", "Moonfire NVR": "moonfire-nvr"}


def find(program: str) -> str | None:
    """A peer's program."""
    extra = os.environ.get("MINGJING_BENCH_PEERS", "")
    return shutil.which(program, path=os.pathsep.join([extra, os.environ.get("PATH", "")]))


def missing() -> list[str]:
    """Peers that are not measured, and why."""
    names = [
        f"{name} ({'no driver' if find(program) else 'not found'})"
        for name, program in WITHOUT_DRIVER.items()
    ]
    return names if find("mediamtx") else ["MediaMTX (not found)", *names]


def mediamtx(binary: str, urls: list[str], folder: Path) -> list[str]:
    """A recorder of these cameras: fragmented MP4, parts of 2 s, files of 10 s, nothing else open."""
    lines = [
        "logLevel: error",
        "writeQueueSize: 2048",
        *(f"{server}: no" for server in ("api", "metrics", "pprof", "rtmp", "hls", "webrtc", "srt", "moq")),
        "rtspAddress: 127.0.0.1:0",
        "rtspTransports: [tcp]",
        "pathDefaults:",
        "  record: yes",
        f"  recordPath: {folder}/%path/%Y-%m-%d_%H-%M-%S-%f",
        "  recordFormat: fmp4",
        "  recordPartDuration: 2s",
        "  recordSegmentDuration: 10s",
        "  rtspTransport: tcp",
        "paths:",
    ]
    for number, url in enumerate(urls):
        lines += [f"  camera{number}:", f"    source: {url}"]
    settings = folder / "mediamtx.yml"
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [binary, str(settings)]


def ffmpeg(url: str, target: Path) -> list[str]:
    """One camera recorded by FFmpeg: fragmented MP4, a fragment a key frame."""
    return [
        *("ffmpeg", "-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-c", "copy"),
        *("-movflags", "frag_keyframe+empty_moov+default_base_moof", "-y", str(target)),
    ]

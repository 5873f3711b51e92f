"""FFmpeg as a recorder: a process a camera, so it stands beside the others in small numbers only."""

from pathlib import Path

from bench.peers import Camera


def record(camera: Camera, target: Path, *more: str) -> list[str]:
    """Fragmented MP4, a fragment a key frame; `more` goes before the target."""
    return [
        *("ffmpeg", "-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i", camera.url, "-c", "copy"),
        *("-movflags", "frag_keyframe+empty_moov+default_base_moof", *more, "-y", str(target)),
    ]

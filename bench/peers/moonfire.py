"""Moonfire NVR (scottlamb/moonfire-nvr): records the pictures alone, with a BLAKE3 digest of every file and an
index in SQLite. Its cameras are rows of that index, written here between `init` and `run`.
"""

import json
import sqlite3
import subprocess
import uuid
from contextlib import closing
from pathlib import Path

from bench.peers import KEPT, Camera, Recorder, free_port

PROGRAM = "moonfire-nvr"
_RETAIN_BYTES = 1 << 30
_FLUSH_IF_S = 60
"""As its documentation recommends; 0 commits once a recording."""


def recorder(flush_if_s: int, http_port: int = 0) -> Recorder:
    """One that commits what has ended that long after it began; its pages are at a port of loopback."""

    def record(binary: str, cameras: list[Camera], folder: Path) -> list[str]:
        index, samples = folder / "db", folder / KEPT
        index.mkdir()
        samples.mkdir(exist_ok=True)
        subprocess.run([binary, "init", "--db-dir", str(index)], check=True, capture_output=True)
        _register(index / "db", cameras, samples, flush_if_s)
        settings = folder / "moonfire.toml"
        settings.write_text(
            f'dbDir = "{index}"\n[[binds]]\nipv4 = "127.0.0.1:{http_port or free_port()}"\n'
            "allowUnauthenticatedPermissions = { viewVideo = true }\n",
            encoding="utf-8",
        )
        return [binary, "run", "--config", str(settings)]

    return Recorder("Moonfire NVR", PROGRAM, record)


RECORDER = recorder(_FLUSH_IF_S)


def _register(index: Path, cameras: list[Camera], samples: Path, flush_if_s: int) -> None:
    with closing(sqlite3.connect(index)) as rows, rows:
        rows.execute(
            "INSERT INTO sample_file_dir (id, uuid, config) VALUES (1, ?, ?)",
            (uuid.uuid4().bytes, json.dumps({"path": str(samples)})),
        )
        for number, camera in enumerate(cameras, 1):
            account = {"username": camera.user, "password": camera.password}
            rows.execute(
                "INSERT INTO camera (id, uuid, short_name, config) VALUES (?, ?, ?, ?)",
                (number, uuid.uuid4().bytes, f"camera{number}", json.dumps(account)),
            )
            stream = {
                "mode": "record",
                "url": camera.bare,
                "rtspTransport": "tcp",
                "retainBytes": _RETAIN_BYTES,
                "flushIfSec": flush_if_s,
            }
            rows.execute(
                "INSERT INTO stream (camera_id, sample_file_dir_id, type, config, cum_recordings,"
                " cum_media_duration_90k, cum_runs) VALUES (?, 1, 'main', ?, 0, 0, 0)",
                (number, json.dumps(stream)),
            )

"""How long until a viewer sees something, and how late is what it sees?

`python -m bench delay [--rounds R] [--seconds S]`. A camera in a process of its own is pulled over RTSP by our media
plane, which serves one viewer at a time over the WebSocket. *First picture*: from the viewer's connecting until
the first fragment is whole with it, of a stream that runs; a decoder must find a picture in it. *Cold open*, for
information: the same, of a stream that its first viewer opens, with the camera's next key frame in it. *Added delay*:
from the time at which a picture is due at the camera, which stands in the picture, until the viewer has it. 95th
percentiles stand beside the goal.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench import plane, source
from bench.answer import Answer, hand_in
from bench.process import load

GOAL_MS = 200.0
PACES = ["frame", "economy"]
COLD = 10
SETTLE_S = 3.0
# media/src/ingest/file/numbering.rs: UUID, 8 bytes number, 8 bytes wall clock.
_UUID = b"mingjing-frame-1"
_STAMP_BYTES = 16


def view(served: plane.Served, stream: str, pace: str) -> ClientConnection:
    socket = connect(
        f"ws://{served.http}/live/ws",
        subprotocols=[Subprotocol("mingjing.live.1")],
        compression=None,
        max_size=None,
    )
    socket.send(json.dumps({"ticket": plane.ticket(stream, "live"), "pace": pace, "audio": False}))
    return socket


def first_picture(served: plane.Served, stream: str, pace: str) -> tuple[float, bytes]:
    """Milliseconds, and what had come by then: init segment and first fragment. Raises RuntimeError when refused."""
    begun, came = time.perf_counter(), b""
    with view(served, stream, pace) as socket:
        for message in socket:
            if isinstance(message, str):
                if json.loads(message)["type"] in ("refused", "end"):
                    raise RuntimeError(message)
                continue
            came += message
            if message[4:8] == b"moof":
                return (time.perf_counter() - begun) * 1000, came
    raise RuntimeError("the stream ended before a picture")


def judge(came: bytes) -> None:
    """FFmpeg decodes a picture of it. Raises RuntimeError."""
    command = "ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 -i pipe:0"
    found = subprocess.run(command.split(), input=came, capture_output=True, check=True)
    if int(found.stdout.split(b",")[0] or 0) < 1:
        raise RuntimeError("the first fragment holds no picture that FFmpeg decodes")


def due_times(fragment: bytes) -> Iterator[int]:
    """Microseconds since the epoch of each picture in it."""
    for after in fragment.split(_UUID)[1:]:
        # Emulation prevention (H.264 §7.4.1) has put a 3 behind two zeros.
        yield int.from_bytes(after.replace(b"\0\0\3", b"\0\0")[8:_STAMP_BYTES], "big")


def added_delays(served: plane.Served, pace: str, seconds: float) -> list[float]:
    """Milliseconds of each picture; what was cached when the viewer came is left out."""
    found, begun = [], time.monotonic()
    with view(served, plane.WARM, pace) as socket:
        for message in socket:
            now_us, since = time.time_ns() // 1000, time.monotonic() - begun
            if since > SETTLE_S + seconds:
                break
            if since > SETTLE_S and isinstance(message, bytes):
                found += [(now_us - due_us) / 1000 for due_us in due_times(message)]
    if len(found) < 0.9 * 25 * seconds:
        raise RuntimeError(f"{len(found)} pictures in {seconds:.0f} s")
    return found


def p95(values: list[float]) -> float:
    return sorted(values)[len(values) * 95 // 100]


def p50(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench delay")
    parser.add_argument("--rounds", type=int, default=100, help="first pictures a pace")
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="of pictures whose delay is taken, a pace"
    )
    chosen = parser.parse_args(arguments)
    found: dict[str, list[float]] = {}
    with source.camera() as camera, plane.serving(camera, COLD) as served:
        time.sleep(SETTLE_S)
        for pace in PACES:
            rounds = [first_picture(served, plane.WARM, pace) for _ in range(chosen.rounds)]
            judge(rounds[0][1])
            found[f"first_picture_{pace}"] = [took for took, _ in rounds]
            found[f"added_delay_{pace}"] = added_delays(served, pace, chosen.seconds)
        cold = [first_picture(served, plane.cold(number), "frame") for number in range(COLD)]
        found["cold_open"] = [took for took, _ in cold]
    for name, values in found.items():
        print(f"  {name:<24} p50 {p50(values):8.1f}  p95 {p95(values):8.1f} ms   load {load():.1f}")
    hand_in(
        [
            Answer(name, "ms (p95)", round(p95(values), 2), {} if name == "cold_open" else {"goal": GOAL_MS})
            for name, values in found.items()
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1:])

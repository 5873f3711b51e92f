"""A range of segments as one ordinary MP4: pictures untouched, G.711 turned to AAC. Runs in the child only.

The file is fast-start. It begins with the key frame at or before the range; an edit list lets players begin at the
range itself. Where segments do not follow each other the time line keeps the gap.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.audio.resampler import AudioResampler

TIME_BASE = Fraction(1, 1_000_000)
COPIED_AUDIO = {"aac"}
LEAST_STEP_US = 200
"""More than one tick of any track's own clock, so that rescaling cannot make two times equal."""


class _Output:
    """The file that is written, with its tracks made when the first segment shows what they are."""

    def __init__(self, path: str, audio: bool) -> None:
        options = {"movflags": "+faststart", "use_editlist": "1"}
        self.container = av.open(
            path, "w", format="mp4", options=options, container_options={"avoid_negative_ts": "disabled"}
        )
        self.video: Any = None
        self.sound: Any = None
        self.resampler: AudioResampler | None = None
        self._audio = audio
        self._last: dict[int, int] = {}

    def tracks(self, source: Any) -> None:
        """Make the tracks after the first segment's."""
        if self.video is not None:
            return
        self.video = self.container.add_stream_from_template(source.streams.video[0])
        self.video.time_base = TIME_BASE
        if not self._audio or not source.streams.audio:
            return
        first = source.streams.audio[0]
        if first.codec_context.name in COPIED_AUDIO:
            self.sound = self.container.add_stream_from_template(first)
            return
        rate = first.codec_context.sample_rate or 8000
        self.sound = self.container.add_stream("aac", rate=rate)
        self.sound.layout = "mono"
        self.resampler = AudioResampler(format="fltp", layout="mono", rate=rate)

    def put(self, packet: Any, stream: Any, shift_us: int) -> None:
        """Write a packet `shift_us` later on the time line of the clip; time never runs backwards in a track."""
        if packet.dts is None or packet.pts is None:
            return
        base = packet.time_base
        packet.pts = int(packet.pts * base / TIME_BASE) + shift_us
        packet.dts = int(packet.dts * base / TIME_BASE) + shift_us
        packet.time_base = TIME_BASE
        last = self._last.get(stream.index)
        if last is not None and packet.dts < last + LEAST_STEP_US:
            if stream is not self.video:
                # The priming frame of the next segment repeats what the one before it ended with.
                return
            packet.dts = last + LEAST_STEP_US
            packet.pts = max(packet.pts, packet.dts)
        self._last[stream.index] = packet.dts
        packet.stream = stream
        self.container.mux(packet)


def cut(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Write `task["output"]` from `task["segments"]` (path, start_us, in order); yields progress a segment."""
    out = _Output(task["output"], task["audio"])
    from_us, until_us = task["from_us"], task["until_us"]
    begun = False
    for number, segment in enumerate(task["segments"], start=1):
        with av.open(segment["path"]) as source:
            out.tracks(source)
            begun = _copy(source, segment["start_us"], out, from_us, until_us, begun) or begun
        yield {"done": number, "total": len(task["segments"])}
    if out.sound is not None and out.resampler is not None:
        for packet in out.sound.encode(None):
            out.container.mux(packet)
    out.container.close()
    yield {"finished": begun}


def _copy(source: Any, start_us: int, out: _Output, from_us: int, until_us: int, begun: bool) -> bool:
    """Copy what of one segment lies in the range; before the range only the last key frame's group is taken."""
    video = source.streams.video[0]
    wanted = [video, *source.streams.audio[:1]] if out.sound is not None else [video]
    group: list[Any] = []
    shift_us = start_us - from_us
    origin = _origin(source)
    written = False
    for packet in source.demux(wanted):
        if packet.pts is None:
            continue
        at_us = start_us + int(packet.pts * packet.time_base * 1_000_000) - origin
        if at_us >= until_us:
            continue
        if packet.stream is not video:
            if at_us >= from_us:
                _sound(packet, out, shift_us - origin)
            continue
        if at_us < from_us and not begun and not written:
            group = [packet] if packet.is_keyframe else [*group, packet]
            continue
        for held in group:
            out.put(held, out.video, shift_us - origin)
        group = []
        out.put(packet, out.video, shift_us - origin)
        written = True
    return written


def _origin(source: Any) -> int:
    """Where the segment's own time line begins, microseconds."""
    return int(source.start_time or 0)


def _sound(packet: Any, out: _Output, shift_us: int) -> None:
    if out.resampler is None:
        out.put(packet, out.sound, shift_us)
        return
    for frame in packet.decode():
        frame.pts = int((frame.pts or 0) * frame.time_base / TIME_BASE) + shift_us
        frame.time_base = TIME_BASE
        for part in out.resampler.resample(frame):
            for encoded in out.sound.encode(part):
                out.container.mux(encoded)

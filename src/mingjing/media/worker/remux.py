"""A file of another recorder or a body-worn camera as one plain MOV: nothing is encoded anew. Runs in the child only.

What the media plane's own reader takes is left as it is. Sound that the plane does not carry is left out, and said.
Where the times of a file jump (a disc that was spliced, a clock that was set), its pictures follow each other.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

PICTURES = {"h264", "hevc"}
SOUNDS = {"aac", "pcm_alaw", "pcm_mulaw"}
FORMATS = "mov,mp4,matroska,webm,mpegts,mpeg,avi,flv"
"""Containers, and no play-list: nothing in a file makes us open another."""
CLOCKS_OF_THEIR_OWN = {"mpeg", "mpegts"}
"""Here a jump forward is a splice; elsewhere it is time in which nothing was recorded."""
TICKS = Fraction(1, 90_000)
JUMP = 10 * 90_000
STEP = 90_000 // 25
TOLD_EVERY_BYTES = 64 << 20
DAMAGES_MOST = 1_000
BOXES_MOST = 10_000


class _RefusedError(Exception):
    """`why` is one of the words that the parent knows; `what` completes its sentence."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.what = what


def bring(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Write `task["output"]` from `task["source"]`; yields progress, and last `finished` or `refused`."""
    try:
        with _opened(task["source"]) as source:
            picture, sound, dropped = _tracks(source)
            told = {"sound": sound.codec_context.name if sound else None, "dropped": dropped}
            if _plain(Path(task["source"]), source.format.name):
                _require_clear(next(iter(source.demux(picture)), None))
                length_us = int((picture.duration or 0) * picture.time_base * 1_000_000)
                yield {"finished": told | {"as_it_is": True, "length_us": length_us}}
                return
            copy = _Copy(source, picture, sound, task["output"])
            yield from copy.run()
            yield {"finished": told | {"as_it_is": False, "length_us": copy.length_us}}
    except _RefusedError as refused:
        yield {"refused": refused.why, "what": refused.what}


def _opened(path: str) -> Any:
    options = {"protocol_whitelist": "file", "format_whitelist": FORMATS, "fflags": "+genpts+discardcorrupt"}
    try:
        return av.open(f"file:{path}", "r", options=options)
    except FFmpegError as problem:
        raise _RefusedError("unreadable") from problem


def _tracks(source: Any) -> tuple[Any, Any, str | None]:
    """The first picture and the first sound that we carry, and the codec of a sound that we do not."""
    if not source.streams.video:
        raise _RefusedError("no_picture")
    picture = next((one for one in source.streams.video if _codec(one) in PICTURES), None)
    if picture is None:
        raise _RefusedError("codec", _codec(source.streams.video[0]) or "unknown")
    if not picture.codec_context.width:
        raise _RefusedError("unreadable")
    sounds = source.streams.audio
    sound = next((one for one in sounds if _codec(one) in SOUNDS), None)
    return picture, sound, None if sound or not sounds else _codec(sounds[0]) or "unknown"


def _codec(stream: Any) -> str:
    # A codec that this build does not know has no context at all.
    return str(getattr(stream.codec_context, "name", "") or "")


def _plain(path: Path, form: str) -> bool:
    """Whether this is an MP4 or MOV with one table of all its samples, which the plane reads itself."""
    if not form.startswith("mov"):
        return False
    with path.open("rb") as file:
        length, at = path.stat().st_size, 0
        for _ in range(BOXES_MOST):
            file.seek(at)
            head = file.read(16)
            size, kind = int.from_bytes(head[:4]), head[4:8]
            if size == 1:
                size = int.from_bytes(head[8:16])
            if kind in {b"moof", b"sidx"} or size < 8:
                return False
            if kind == b"moov":
                return b"mvex" not in file.read(min(size, 1 << 20))
            at += size
            if at >= length:
                return False
    return False


def _require_clear(packet: Any) -> None:
    if packet is not None and packet.has_sidedata("encryption_info"):
        raise _RefusedError("encrypted")


class _Copy:
    """One pass over the packets, into the new file as they come."""

    def __init__(self, source: Any, picture: Any, sound: Any, output: str) -> None:
        self._source = source
        self._picture = picture
        self._sound = sound
        self._out = av.open(output, "w", format="mov")
        self._to: dict[int, Any] = {}
        for stream in (one for one in (picture, sound) if one is not None):
            made: Any = self._out.add_stream_from_template(stream)
            made.time_base = TICKS
            self._to[stream.index] = made
        self._spliced = source.format.name in CLOCKS_OF_THEIR_OWN
        self._shift = 0
        self._last: dict[int, int] = {}
        self._begun = False

    @property
    def length_us(self) -> int:
        """From the first picture to the end of the last."""
        return (self._last.get(self._picture.index, -STEP) + STEP) * 100 // 9

    def run(self) -> Iterator[dict[str, Any]]:
        copied = told = 0
        try:
            for packet in self._packets():
                copied += packet.size
                self._put(packet)
                if copied - told >= TOLD_EVERY_BYTES:
                    told = copied
                    yield {"done": copied}
            if not self._begun:
                raise _RefusedError("no_picture")
            self._out.close()
        except FFmpegError as problem:
            raise _RefusedError("unreadable", str(problem)) from problem

    def _packets(self) -> Iterator[Any]:
        """Packets of both tracks; what is damaged is passed over, as far as the demuxer finds its way again."""
        wanted = [one for one in (self._picture, self._sound) if one is not None]
        packets = self._source.demux(wanted)
        for _ in range(DAMAGES_MOST):
            try:
                for packet in packets:
                    _require_clear(packet)
                    if packet.size:
                        yield packet
            except FFmpegError:
                packets = self._source.demux(wanted)
                continue
            return

    def _put(self, packet: Any) -> None:
        index = packet.stream.index
        of_picture = packet.stream is self._picture
        if not self._begun and not (of_picture and packet.is_keyframe):
            return
        dts, pts = self._times(packet, of_picture)
        if not self._begun:
            # The time line begins with the first picture; sound before it has nothing to go with.
            self._begun, self._shift, dts, pts = True, self._shift - pts, dts - pts, 0
        if pts < 0 and not of_picture:
            return
        last = self._last.get(index)
        if last is not None and dts <= last:
            if not of_picture:
                return
            dts = last + 1
        self._last[index] = dts
        packet.time_base = TICKS
        packet.dts, packet.pts = dts, max(pts, dts)
        packet.stream = self._to[index]
        self._out.mux(packet)

    def _times(self, packet: Any, of_picture: bool) -> tuple[int, int]:
        """Decoding and presentation time in ticks of the new file."""
        last = self._last.get(packet.stream.index)
        given = packet.dts if packet.dts is not None else packet.pts
        if given is None:
            after = last + STEP if last is not None else 0
            return after, after
        dts = round(given * packet.time_base / TICKS)
        pts = dts if packet.pts is None else round(packet.pts * packet.time_base / TICKS)
        if of_picture and last is not None:
            ahead = dts + self._shift - last
            if ahead < -JUMP or (self._spliced and ahead > JUMP):
                self._shift = last + STEP - dts
        return dts + self._shift, pts + self._shift

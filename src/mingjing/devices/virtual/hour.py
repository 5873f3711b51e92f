"""A clip repeated without re-encoding: the recorded past of a virtual camera."""

from fractions import Fraction
from pathlib import Path

import av

from mingjing.devices.virtual.scenes import LOOP_SECONDS


def repeated(clip: Path, target: Path, *, times: int) -> None:
    """Write `clip`, one minute long, `times` times in a row into `target` (MOV); packets are copied."""
    with av.open(str(target), "w", format="mov") as out:
        with av.open(str(clip)) as first:
            streams = {stream.index: out.add_stream_from_template(stream) for stream in first.streams}
        written: dict[int, int] = {}
        for turn in range(times):
            with av.open(str(clip)) as source:
                for packet in source.demux():
                    if packet.dts is None or packet.pts is None:
                        continue
                    base = packet.time_base or Fraction(1, 90_000)
                    shift = int(turn * LOOP_SECONDS / base)
                    packet.pts += shift
                    packet.dts += shift
                    stream = packet.stream_index
                    # Coded sound may begin before its minute and run past it: what overlaps is left out.
                    if packet.dts <= written.get(stream, packet.dts - 1):
                        continue
                    written[stream] = packet.dts
                    packet.stream = streams[stream]
                    out.mux(packet)

"""How a scene becomes a clip: each frame painted, scaled for the sub-stream, and encoded with PyAV."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, cast

import av
import av.audio
import av.container
import av.video
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mingjing.devices.virtual.clips import AudioCodec, Clip, VideoCodec
from mingjing.devices.virtual.painting import (
    HEIGHT,
    WIDTH,
    Planes,
    Sprite,
    font,
    lay,
    to_planes,
    to_sprite,
)
from mingjing.devices.virtual.scenes import LOOP_SECONDS, Scene

SUB_WIDTH, SUB_HEIGHT = 640, 360


def render(clip: Clip) -> None:
    """Draws and encodes both streams of one scene."""
    unfinished = [path.with_suffix(".part") for path in (clip.main, clip.sub)]
    with (
        av.open(str(unfinished[0]), "w", format="mov") as main,
        av.open(str(unfinished[1]), "w", format="mov") as sub,
    ):
        _encode(clip, main, sub)
    for part, path in zip(unfinished, (clip.main, clip.sub), strict=True):
        part.replace(path)


def _encode(clip: Clip, main: av.container.OutputContainer, sub: av.container.OutputContainer) -> None:
    rate = clip.plan.frames_per_second
    main_video = _video(main, clip.plan.video, WIDTH, HEIGHT, rate)
    sub_video = _video(sub, "h264", SUB_WIDTH, SUB_HEIGHT, rate)
    if clip.plan.audio:
        for container in (main, sub):
            _sound(container, clip.plan.audio)
    shrink = av.video.reformatter.VideoReformatter()
    for index, planes in enumerate(_FrameIterator(clip.scene, rate)):
        frame = _video_frame(planes)
        frame.pts, frame.time_base = index, Fraction(1, rate)
        main.mux(main_video.encode(frame))
        small = shrink.reformat(frame, SUB_WIDTH, SUB_HEIGHT, interpolation="AREA")
        small.pts, small.time_base = index, Fraction(1, rate)
        sub.mux(sub_video.encode(small))
    main.mux(main_video.encode(None))
    sub.mux(sub_video.encode(None))


class _FrameIterator:
    """Yields the planes of each frame of the minute."""

    def __init__(self, scene: Scene, rate: int) -> None:
        self._rate = rate
        background = scene.background()
        _caption(background, scene.name)
        self._still = to_planes(background)
        self._actors = [
            (actor, [to_sprite(picture) for picture in actor.pictures]) for actor in scene.actors()
        ]
        self._glyphs = _clock_glyphs()
        self._index = 0

    def __iter__(self) -> _FrameIterator:
        return self

    def __next__(self) -> Planes:
        if self._index >= LOOP_SECONDS * self._rate:
            raise StopIteration
        t = self._index / self._rate
        self._index += 1
        frame = self._still.copy()
        for actor, sprites in self._actors:
            where = actor.path(t)
            if where is not None:
                lay(frame, sprites[int(t * actor.per_second) % len(sprites)], *where)
        x = float(WIDTH - 60 - 5 * 36)
        for glyph in f"秒{t:04.1f}":
            lay(frame, self._glyphs[glyph], x, 34)
            x += 60 if glyph == "秒" else 36 if glyph != "." else 20
        return frame


def _outlined(draw: ImageDraw.ImageDraw, where: tuple[int, int], text: str, size: int) -> None:
    draw.text(where, text, font=font(size), fill=(255, 255, 255), stroke_width=3, stroke_fill=(0, 0, 0))


def _caption(image: Image.Image, name: str) -> None:
    draw = ImageDraw.Draw(image)
    _outlined(draw, (40, HEIGHT - 96), name, 52)
    _outlined(draw, (40, 34), "虚拟摄像机", 40)


def _clock_glyphs() -> dict[str, Sprite]:
    glyphs = {}
    for glyph in "秒0123456789.":
        picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
        _outlined(ImageDraw.Draw(picture), (4, 2), glyph, 46)
        glyphs[glyph] = to_sprite(picture)
    return glyphs


def _video_frame(planes: Planes) -> av.VideoFrame:
    stacked = np.concatenate([planes.y.reshape(-1), planes.u.reshape(-1), planes.v.reshape(-1)])
    return av.VideoFrame.from_ndarray(stacked.reshape(HEIGHT * 3 // 2, WIDTH), format="yuv420p")


def _video(
    container: av.container.OutputContainer, codec: VideoCodec, width: int, height: int, rate: int
) -> av.video.VideoStream:
    name: Literal["libx264", "libx265"] = "libx264" if codec == "h264" else "libx265"
    stream = container.add_stream(name, rate=rate)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.codec_context.time_base = Fraction(1, rate)
    gop = str(2 * rate)
    if codec == "h264":
        stream.options = {
            "preset": "superfast",
            "crf": "28",
            "x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0",
            "profile": "high",
        }
    else:
        stream.options = {
            "preset": "ultrafast",
            "crf": "30",
            "x265-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:log-level=error",
        }
        stream.codec_context.codec_tag = "hvc1"
    return stream


def _sound(container: av.container.OutputContainer, codec: AudioCodec) -> None:
    rate = 16_000 if codec == "aac" else 8_000
    name = {"aac": "aac", "pcma": "pcm_alaw", "pcmu": "pcm_mulaw"}[codec]
    stream = cast(av.audio.AudioStream, container.add_stream(name, rate=rate))
    stream.layout = "mono"
    if codec == "aac":
        stream.bit_rate = 32_000
    samples = _ambience(rate)
    size = 1024 if codec == "aac" else 320
    sample_format = "fltp" if codec == "aac" else "s16"
    for begin in range(0, len(samples) - size + 1, size):
        piece = samples[begin : begin + size]
        data = piece if sample_format == "fltp" else (piece * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(data.reshape(1, -1), format=sample_format, layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, begin, Fraction(1, rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _ambience(rate: int) -> NDArray[np.float32]:
    """Soft wind and a bell each ten seconds: enough to hear that sound is alive and in step."""
    count = rate * LOOP_SECONDS
    t = np.arange(count) / rate
    rng = np.random.default_rng(7)
    noise = np.convolve(rng.normal(0, 1, count), np.ones(24) / 24, mode="same")
    wind = 0.05 * noise * (1 + 0.5 * np.sin(2 * np.pi * t / 12))
    since = t % 10
    bell = 0.22 * np.exp(-2.2 * since) * (np.sin(2 * np.pi * 660 * t) + 0.5 * np.sin(2 * np.pi * 1320 * t))
    return np.clip(wind + bell, -1, 1).astype(np.float32)

"""The virtual cameras' one-minute clips: which there are, and where they are cached once they are encoded.

What a clip is: 60 s that loop without a seam; its burned-in seconds are right when it is played in phase
with the wall clock (position in clip = wall time modulo 60 s), which is what the publisher does.
Encoding (`encoding.py`) runs in child processes, one scene each, and reports progress through a callback.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mingjing.devices.virtual.scenes import SCENES, Scene

CLIPS_VERSION = "1"
VideoCodec = Literal["h264", "h265"]
AudioCodec = Literal["aac", "pcma", "pcmu"]


@dataclass(frozen=True)
class ClipPlan:
    """How one scene is encoded. The sub-stream is always H.264, so that every browser has one it can play."""

    scene: str
    video: VideoCodec
    audio: AudioCodec | None
    frames_per_second: int


PLANS: tuple[ClipPlan, ...] = (
    ClipPlan("gate", "h264", "aac", 12),
    ClipPlan("crossroad", "h265", "pcma", 10),
    ClipPlan("square", "h264", None, 12),
    ClipPlan("riverside", "h264", "pcmu", 12),
    ClipPlan("garage", "h265", None, 10),
    ClipPlan("school", "h264", "aac", 12),
    ClipPlan("port", "h264", "pcma", 12),
    ClipPlan("hill", "h264", None, 10),
)


@dataclass(frozen=True)
class Clip:
    """The cached files of one scene."""

    scene: Scene
    plan: ClipPlan
    main: Path
    sub: Path


def clips(cache: Path, progress: Callable[[int, int, str], None]) -> list[Clip]:
    """All clips, encoding those that the cache lacks.

    `progress(done, total, name)` is called as each scene finishes. Raises OSError when the cache cannot
    be written. A clip that was cut off while being written is never taken for a whole one: it gets its
    name when complete.
    """
    folder = cache / f"clips-{CLIPS_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    scenes = {scene.key: scene for scene in SCENES}
    result = [
        Clip(
            scenes[plan.scene],
            plan,
            folder / f"{plan.scene}-main.mov",
            folder / f"{plan.scene}-sub.mov",
        )
        for plan in PLANS
    ]
    missing = [clip for clip in result if not (clip.main.is_file() and clip.sub.is_file())]
    done = len(result) - len(missing)
    if not missing:
        return result
    # FFmpeg's libraries, which a start that finds its clips does without.
    from mingjing.devices.virtual.encoding import render  # noqa: PLC0415

    # The slow codec first, so that the last worker does not finish alone.
    missing.sort(key=lambda clip: clip.plan.video != "h265")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1), mp_context=context) as pool:
        futures = {pool.submit(render, clip): clip for clip in missing}
        for future in as_completed(futures):
            future.result()
            done += 1
            progress(done, len(result), futures[future].scene.name)
    return result

"""Drawing for the virtual cameras' scenes: still pictures with Pillow, moving sprites in YUV planes.

Knows shapes and planes; knows no scene, no codec, no camera. A picture is drawn once in RGB and turned
into planes; a frame is a copy of those planes with sprites laid over it, which costs about a
millisecond at 1920×1080 and lets a minute of video be drawn in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1920, 1080

Colour = tuple[int, int, int]
Plane = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Planes:
    """A picture as YUV 4:2:0, BT.709 limited range. `y` is (height, width), `u` and `v` are halved."""

    y: Plane
    u: Plane
    v: Plane

    def copy(self) -> Planes:
        return Planes(self.y.copy(), self.u.copy(), self.v.copy())


@dataclass(frozen=True)
class Sprite:
    """A picture with transparency, as planes with premultiplied alpha. Sides are even."""

    y: NDArray[np.uint16]
    u: NDArray[np.uint16]
    v: NDArray[np.uint16]
    keep: NDArray[np.uint16]
    keep_half: NDArray[np.uint16]


def font(size: int) -> ImageFont.FreeTypeFont:
    """The shipped subset of Noto Sans SC (OFL 1.1) at `size` pixels."""
    asset = resources.files("mingjing.devices.virtual") / "assets" / "scene-font.otf"
    with resources.as_file(asset) as path:
        return ImageFont.truetype(str(path), size)


def canvas(top: Colour, bottom: Colour) -> Image.Image:
    """A vertical gradient over the whole picture."""
    ramp = np.linspace(0, 1, HEIGHT)[:, None, None]
    rows = np.array(top)[None, None, :] * (1 - ramp) + np.array(bottom)[None, None, :] * ramp
    return Image.fromarray(np.broadcast_to(rows, (HEIGHT, WIDTH, 3)).astype(np.uint8).copy(), "RGB")


def texture(image: Image.Image, box: tuple[int, int, int, int], strength: int, seed: int) -> None:
    """Fine grain over a box, so that asphalt and walls do not look like paper."""
    x0, y0, x1, y1 = box
    rng = np.random.default_rng(seed)
    area = np.asarray(image.crop(box)).astype(np.int16)
    grain = rng.normal(0, strength, (y1 - y0, x1 - x0, 1))
    image.paste(Image.fromarray(np.clip(area + grain, 0, 255).astype(np.uint8), "RGB"), (x0, y0))


def windows(
    draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], columns: int, rows: int, lit: Colour, seed: int
) -> None:
    """A façade's grid of windows; about a third of them lit."""
    x0, y0, x1, y1 = box
    rng = np.random.default_rng(seed)
    cell_w, cell_h = (x1 - x0) / columns, (y1 - y0) / rows
    for row in range(rows):
        for column in range(columns):
            left, top = x0 + column * cell_w, y0 + row * cell_h
            dark = tuple(int(part * 0.35) for part in lit)
            fill = lit if rng.random() < 0.35 else dark
            draw.rectangle(
                (left + cell_w * 0.22, top + cell_h * 0.2, left + cell_w * 0.78, top + cell_h * 0.75),
                fill=fill,
            )


def tree(draw: ImageDraw.ImageDraw, x: int, ground: int, size: int, leaf: Colour, seed: int) -> None:
    """A round-headed street tree standing on `ground`."""
    rng = np.random.default_rng(seed)
    trunk = max(4, size // 12)
    draw.rectangle((x - trunk, ground - size, x + trunk, ground), fill=(74, 58, 44))
    for _ in range(26):
        dx, dy = rng.normal(0, size * 0.24), rng.normal(0, size * 0.18)
        radius = size * rng.uniform(0.14, 0.26)
        shade = rng.uniform(0.75, 1.15)
        fill = tuple(int(min(255, part * shade)) for part in leaf)
        cx, cy = x + dx, ground - size * 1.1 + dy
        draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=fill)


def _layer(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    layer = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    return layer, ImageDraw.Draw(layer)


def car(length: int, body: Colour, *, facing: int) -> Image.Image:
    """A car from the side, `length` pixels long; `facing` is 1 to the right, −1 to the left."""
    scale = 3
    width, height = length * scale, int(length * 0.42) * scale
    layer, draw = _layer(width, height)
    ground = height - 4 * scale
    draw.ellipse((width * 0.03, ground - height * 0.1, width * 0.97, ground + 3 * scale), fill=(0, 0, 0, 90))
    dark = tuple(int(part * 0.7) for part in body)
    draw.rounded_rectangle(
        (width * 0.02, height * 0.42, width * 0.98, height * 0.82), radius=height * 0.14, fill=(*body, 255)
    )
    draw.polygon(
        [
            (width * 0.2, height * 0.46),
            (width * 0.33, height * 0.14),
            (width * 0.68, height * 0.14),
            (width * 0.84, height * 0.46),
        ],
        fill=(*dark, 255),
    )
    glass = (150, 186, 208, 255)
    draw.polygon(
        [
            (width * 0.26, height * 0.43),
            (width * 0.36, height * 0.2),
            (width * 0.5, height * 0.2),
            (width * 0.5, height * 0.43),
        ],
        fill=glass,
    )
    draw.polygon(
        [
            (width * 0.53, height * 0.43),
            (width * 0.53, height * 0.2),
            (width * 0.66, height * 0.2),
            (width * 0.77, height * 0.43),
        ],
        fill=glass,
    )
    for centre in (0.22, 0.78):
        radius = height * 0.17
        cx, cy = width * centre, height * 0.8
        draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=(22, 24, 28, 255))
        inner = radius * 0.5
        draw.ellipse((cx - inner, cy - inner, cx + inner, cy + inner), fill=(150, 154, 160, 255))
    draw.ellipse((width * 0.93, height * 0.5, width * 0.985, height * 0.62), fill=(255, 246, 200, 255))
    draw.rectangle((width * 0.018, height * 0.5, width * 0.045, height * 0.62), fill=(220, 40, 36, 255))
    if facing < 0:
        layer = layer.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return layer.resize((width // scale, height // scale), Image.Resampling.LANCZOS)


def bus(length: int, body: Colour, *, facing: int) -> Image.Image:
    """A city bus from the side."""
    scale = 3
    width, height = length * scale, int(length * 0.34) * scale
    layer, draw = _layer(width, height)
    draw.ellipse((width * 0.02, height * 0.84, width * 0.98, height * 0.99), fill=(0, 0, 0, 90))
    draw.rounded_rectangle(
        (width * 0.01, height * 0.06, width * 0.99, height * 0.86), radius=height * 0.08, fill=(*body, 255)
    )
    draw.rectangle((width * 0.01, height * 0.62, width * 0.99, height * 0.7), fill=(245, 245, 240, 255))
    for index in range(8):
        left = width * (0.05 + index * 0.115)
        draw.rounded_rectangle(
            (left, height * 0.17, left + width * 0.098, height * 0.5),
            radius=height * 0.03,
            fill=(138, 172, 194, 255),
        )
    for centre in (0.18, 0.8):
        radius, cx, cy = height * 0.13, width * centre, height * 0.86
        draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=(22, 24, 28, 255))
    if facing < 0:
        layer = layer.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return layer.resize((width // scale, height // scale), Image.Resampling.LANCZOS)


def walker(height: int, coat: Colour, *, step: float) -> Image.Image:
    """A faceless figure walking; `step` in [−1, 1] is where the legs are."""
    scale = 3
    tall, wide = height * scale, int(height * 0.5) * scale
    layer, draw = _layer(wide, tall)
    mid = wide / 2
    draw.ellipse((mid - wide * 0.4, tall * 0.95, mid + wide * 0.4, tall), fill=(0, 0, 0, 80))
    stride = wide * 0.26 * step
    leg = max(3, int(tall * 0.055))
    for side in (1, -1):
        draw.line((mid, tall * 0.55, mid + side * stride, tall * 0.96), fill=(38, 42, 52, 255), width=leg * 2)
    draw.rounded_rectangle(
        (mid - wide * 0.2, tall * 0.2, mid + wide * 0.2, tall * 0.6), radius=wide * 0.12, fill=(*coat, 255)
    )
    for side in (1, -1):
        draw.line(
            (mid, tall * 0.26, mid - side * stride * 0.8, tall * 0.52),
            fill=(*tuple(int(part * 0.8) for part in coat), 255),
            width=int(leg * 1.3),
        )
    head = tall * 0.075
    draw.ellipse((mid - head, tall * 0.04, mid + head, tall * 0.19), fill=(58, 50, 46, 255))
    return layer.resize((wide // scale, tall // scale), Image.Resampling.LANCZOS)


def cloud(width: int, seed: int, colour: Colour) -> Image.Image:
    """A soft cloud."""
    rng = np.random.default_rng(seed)
    height = width // 3
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    for _ in range(18):
        cx, cy = rng.uniform(0.25, 0.75) * width, rng.uniform(0.45, 0.6) * height
        radius = rng.uniform(0.1, 0.22) * height
        draw.ellipse((cx - radius * 1.8, cy - radius, cx + radius * 1.8, cy + radius), fill=150)
    layer = Image.new("RGBA", (width, height), (*colour, 0))
    layer.putalpha(mask.filter(ImageFilter.GaussianBlur(width / 50)))
    return layer


def to_planes(image: Image.Image) -> Planes:
    """RGB to BT.709 limited-range YUV 4:2:0. Sides must be even."""
    y, u, v = _yuv(np.asarray(image.convert("RGB"), dtype=np.float32))
    return Planes(
        np.clip(np.rint(y), 16, 235).astype(np.uint8),
        np.clip(np.rint(_halved(u)), 16, 240).astype(np.uint8),
        np.clip(np.rint(_halved(v)), 16, 240).astype(np.uint8),
    )


def to_sprite(image: Image.Image) -> Sprite:
    """RGBA to a sprite; padded to even sides."""
    width, height = image.width + image.width % 2, image.height + image.height % 2
    padded = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    padded.paste(image.convert("RGBA"), (0, 0))
    pixels = np.asarray(padded, dtype=np.float32)
    alpha = pixels[..., 3] / 255
    y, u, v = _yuv(pixels[..., :3])
    alpha_half = _halved(alpha)
    return Sprite(
        (y * alpha * 256).astype(np.uint16),
        (_halved(u * alpha) * 256).astype(np.uint16),
        (_halved(v * alpha) * 256).astype(np.uint16),
        ((1 - alpha) * 256).astype(np.uint16),
        ((1 - alpha_half) * 256).astype(np.uint16),
    )


def lay(frame: Planes, sprite: Sprite, x: float, y: float) -> None:
    """Lays a sprite over a frame in place, its top left corner at (x, y), cut at the frame's edges."""
    left, top = int(x) & ~1, int(y) & ~1
    height, width = sprite.keep.shape
    x0, y0 = max(left, 0), max(top, 0)
    x1 = min(left + width, frame.y.shape[1])
    y1 = min(top + height, frame.y.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    _blend(frame.y, sprite.y, sprite.keep, (x0, y0, x1, y1), (left, top))
    half = (x0 // 2, y0 // 2, x1 // 2, y1 // 2)
    corner = (left // 2, top // 2)
    _blend(frame.u, sprite.u, sprite.keep_half, half, corner)
    _blend(frame.v, sprite.v, sprite.keep_half, half, corner)


def _blend(
    plane: Plane,
    over: NDArray[np.uint16],
    keep: NDArray[np.uint16],
    box: tuple[int, int, int, int],
    corner: tuple[int, int],
) -> None:
    x0, y0, x1, y1 = box
    left, top = corner
    source = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    target = plane[y0:y1, x0:x1]
    mixed = (target.astype(np.uint32) * keep[source] + over[source]) >> 8
    np.copyto(target, mixed.astype(np.uint8))


def _yuv(rgb: Floats) -> tuple[Floats, Floats, Floats]:
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (
        16 + luma * (219 / 255),
        128 + (blue - luma) * (224 / 255 / 1.8556),
        128 + (red - luma) * (224 / 255 / 1.5748),
    )


def _halved(plane: Floats) -> Floats:
    halved: Floats = (plane[0::2, 0::2] + plane[1::2, 0::2] + plane[0::2, 1::2] + plane[1::2, 1::2]) / 4
    return halved

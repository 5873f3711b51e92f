"""The eight places that the virtual cameras watch: what stands there and what moves.

A scene is a still background and a list of actors whose position is a function of the second within the
minute, so that a clip of one minute loops without a seam. Nothing here knows codecs or cameras.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from mingjing.devices.virtual.painting import (
    HEIGHT,
    WIDTH,
    bus,
    canvas,
    car,
    cloud,
    texture,
    tree,
    walker,
    windows,
)

LOOP_SECONDS = 60

Position = tuple[float, float] | None
Path = Callable[[float], Position]


@dataclass(frozen=True)
class Actor:
    """Pictures shown in turn (`per_second` of them) along a path; the path gives None while out of sight."""

    pictures: Sequence[Image.Image]
    path: Path
    per_second: float = 0.0


@dataclass(frozen=True)
class Scene:
    """One place. `name` is burned into the picture; `key` names its files."""

    key: str
    name: str
    name_en: str
    background: Callable[[], Image.Image]
    actors: Callable[[], list[Actor]]


def crossing(start: float, seconds: float, x0: float, x1: float, y: float, y1: float | None = None) -> Path:
    """From (x0, y) to (x1, y1) beginning at second `start` of the minute, lasting `seconds`."""
    end_y = y if y1 is None else y1

    def at(t: float) -> Position:
        part = ((t - start) % LOOP_SECONDS) / seconds
        if part >= 1:
            return None
        return x0 + (x1 - x0) * part, y + (end_y - y) * part

    return at


def circling(cx: float, cy: float, rx: float, ry: float, period: float, phase: float = 0.0) -> Path:
    """Round and round an ellipse; `period` divides the minute."""

    def at(t: float) -> Position:
        angle = 2 * math.pi * (t / period + phase)
        return cx + rx * math.cos(angle), cy + ry * math.sin(angle)

    return at


def resting(x: float, y: float, begin: float = 0, end: float = LOOP_SECONDS) -> Path:
    """Stands still from second `begin` to `end` of the minute."""
    return lambda t: (x, y) if begin <= t < end else None


def stops(
    start: float, arrive: float, leave: float, end: float, x0: float, x1: float, x2: float, y: float
) -> Path:
    """Drives in, waits between `arrive` and `leave`, drives on."""

    def at(t: float) -> Position:
        if not start <= t < end:
            return None
        if t < arrive:
            part = (t - start) / (arrive - start)
            return x0 + (x1 - x0) * (1 - (1 - part) ** 2), y
        if t < leave:
            return x1, y
        part = (t - leave) / (end - leave)
        return x1 + (x2 - x1) * part**2, y

    return at


def people(lanes: Sequence[tuple[float, float, float, float, float]], height: int, seed: int) -> list[Actor]:
    """Walkers; a lane is (start second, seconds, x0, x1, y)."""
    coats = [(172, 58, 54), (56, 98, 148), (92, 120, 78), (196, 160, 84), (96, 84, 130), (70, 74, 82)]
    steps = [math.sin(2 * math.pi * index / 8) for index in range(8)]
    actors = []
    for index, (start, seconds, x0, x1, y) in enumerate(lanes):
        coat = coats[(index + seed) % len(coats)]
        pictures = [walker(height, coat, step=step) for step in steps]
        actors.append(Actor(pictures, crossing(start, seconds, x0, x1, y), per_second=8))
    return actors


def _clouds(count: int, top: int, seed: int, colour: tuple[int, int, int]) -> list[Actor]:
    actors = []
    for index in range(count):
        picture = cloud(260 + 60 * index, seed + index, colour)
        width = picture.width
        actors.append(
            Actor(
                [picture],
                crossing(index * LOOP_SECONDS / count, LOOP_SECONDS, -width, WIDTH, top + 12 * index),
            )
        )
    return actors


def _road(draw: ImageDraw.ImageDraw, top: int, bottom: int, lanes: int) -> None:
    draw.rectangle((0, top, WIDTH, bottom), fill=(66, 69, 74))
    draw.rectangle((0, top, WIDTH, top + 6), fill=(176, 176, 170))
    draw.rectangle((0, bottom - 6, WIDTH, bottom), fill=(176, 176, 170))
    for lane in range(1, lanes):
        y = top + (bottom - top) * lane // lanes
        for x in range(0, WIDTH, 120):
            draw.rectangle((x, y - 3, x + 64, y + 3), fill=(222, 222, 214))


def _gate() -> Image.Image:
    image = canvas((150, 186, 214), (226, 232, 230))
    draw = ImageDraw.Draw(image)
    for index, (x, top) in enumerate([(40, 250), (330, 180), (700, 290), (1120, 200), (1500, 260)]):
        wall = [(188, 170, 150), (170, 178, 184), (200, 188, 168), (156, 166, 176), (190, 176, 160)][index]
        draw.rectangle((x, top, x + 300, 640), fill=wall)
        windows(draw, (x + 16, top + 20, x + 284, 600), 6, 7, (250, 232, 180), index)
    draw.rectangle((0, 600, WIDTH, HEIGHT), fill=(118, 120, 118))
    draw.rectangle((0, 640, WIDTH, 1010), fill=(84, 87, 92))
    texture(image, (0, 640, WIDTH, 1010), 4, 1)
    for x in range(60, WIDTH, 190):
        draw.polygon([(x, 1010), (x + 70, 1010), (x + 130, 930), (x + 76, 930)], fill=(228, 200, 74))
    draw.rectangle((1180, 380, 1450, 690), fill=(226, 226, 220))
    draw.rectangle((1200, 430, 1430, 570), fill=(120, 156, 176))
    draw.rectangle((1160, 360, 1470, 392), fill=(150, 52, 46))
    draw.rectangle((1120, 560, 1160, 720), fill=(214, 150, 40))
    for x in (60, 250, 1600, 1800):
        tree(draw, x, 650, 170, (84, 128, 70), x)
    return image


def _barrier(length: int, angle: float) -> Image.Image:
    arm = Image.new("RGBA", (length * 2, length * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(arm)
    for index in range(10):
        fill = (210, 44, 40, 255) if index % 2 else (244, 244, 240, 255)
        draw.rectangle(
            (length - (index + 1) * length / 10, length - 9, length - index * length / 10, length + 9),
            fill=fill,
        )
    return arm.rotate(-angle, resample=Image.Resampling.BICUBIC)


def _gate_actors() -> list[Actor]:
    arm_frames = [_barrier(620, angle) for angle in range(0, 82, 8)]
    raised = len(arm_frames) - 1

    def arm(index: int) -> Path:
        def at(t: float) -> Position:
            phase = t % 20
            if phase < 6:
                lift = 0.0
            elif phase < 7.5:
                lift = (phase - 6) / 1.5
            elif phase < 12:
                lift = 1.0
            elif phase < 13.5:
                lift = 1 - (phase - 12) / 1.5
            else:
                lift = 0.0
            return (1140 - 620, 590 - 620) if round(lift * raised) == index else None

        return at

    actors = _clouds(3, 0, 5, (250, 250, 250))
    for offset, colour in ((0, (176, 40, 44)), (20, (232, 232, 228)), (40, (40, 82, 140))):
        actors.append(
            Actor(
                [car(430, colour, facing=1)],
                stops(offset, offset + 6, offset + 8, offset + 13, -440, 420, WIDTH + 20, 760),
            )
        )
    actors += [Actor([picture], arm(index)) for index, picture in enumerate(arm_frames)]
    actors += people([(3, 34, WIDTH, -120, 690), (22, 36, -120, WIDTH, 830)], 210, 0)
    return actors


def _crossroad() -> Image.Image:
    image = canvas((40, 52, 84), (206, 140, 110))
    draw = ImageDraw.Draw(image)
    for index in range(9):
        x = index * 220 - 30
        top = 150 + (index * 97) % 210
        shade = 44 + (index * 13) % 30
        draw.rectangle((x, top, x + 200, 560), fill=(shade, shade + 6, shade + 18))
        windows(draw, (x + 12, top + 18, x + 188, 540), 7, 10, (255, 214, 130), index + 20)
    draw.rectangle((0, 548, WIDTH, 600), fill=(96, 98, 102))
    _road(draw, 600, 1000, 4)
    draw.rectangle((0, 1000, WIDTH, HEIGHT), fill=(104, 106, 108))
    for x in range(860, 1060, 50):
        draw.rectangle((x, 612, x + 26, 990), fill=(224, 224, 218))
    for x in (300, 1500):
        draw.rectangle((x, 250, x + 14, 610), fill=(52, 54, 58))
        draw.rectangle((x - 20, 250, x + 34, 360), fill=(28, 30, 32))
    texture(image, (0, 600, WIDTH, 1000), 5, 2)
    return image


def _lamp(colour: tuple[int, int, int]) -> Image.Image:
    lamp = Image.new("RGBA", (44, 44), (0, 0, 0, 0))
    ImageDraw.Draw(lamp).ellipse((6, 6, 38, 38), fill=(*colour, 255))
    return lamp


def _crossroad_actors() -> list[Actor]:
    actors: list[Actor] = []
    colours = [(200, 204, 208), (150, 30, 34), (28, 60, 110), (236, 236, 230), (60, 64, 66), (206, 150, 40)]
    for index in range(12):
        facing = 1 if index % 2 else -1
        lane = 618 + 92 * (index % 4)
        length = 300 + 20 * (index % 4)
        x0, x1 = (-length, WIDTH) if facing > 0 else (WIDTH, -length)
        actors.append(
            Actor(
                [car(length, colours[index % len(colours)], facing=facing)],
                crossing(index * 5, 8 + index % 3, x0, x1, lane - 40),
            )
        )
    actors.append(Actor([bus(620, (36, 122, 96), facing=1)], crossing(14, 11, -640, WIDTH, 770)))
    actors.append(Actor([bus(600, (176, 70, 40), facing=-1)], crossing(44, 11, WIDTH, -620, 580)))
    for x in (285, 1485):
        actors.append(Actor([_lamp((226, 40, 36))], resting(x, 258, 0, 30)))
        actors.append(Actor([_lamp((60, 210, 110))], resting(x, 312, 30, 60)))
    actors += people([(0, 40, -80, WIDTH, 880), (30, 40, WIDTH, -80, 900)], 180, 2)
    return actors


def _square() -> Image.Image:
    image = canvas((118, 170, 216), (224, 236, 240))
    draw = ImageDraw.Draw(image)
    draw.rectangle((420, 210, 1500, 520), fill=(206, 192, 166))
    draw.polygon([(380, 220), (960, 90), (1540, 220)], fill=(140, 60, 50))
    for x in range(470, 1480, 124):
        draw.rectangle((x, 260, x + 40, 520), fill=(232, 222, 204))
    draw.rectangle((0, 500, WIDTH, HEIGHT), fill=(196, 188, 176))
    for row in range(14):
        y = 520 + row * row * 2.9
        draw.line((0, y, WIDTH, y), fill=(178, 170, 158), width=2)
    for column in range(-12, 13):
        draw.line((960 + column * 60, 510, 960 + column * 300, HEIGHT), fill=(178, 170, 158), width=2)
    draw.ellipse((690, 640, 1230, 810), fill=(160, 154, 146))
    draw.ellipse((720, 655, 1200, 790), fill=(92, 150, 182))
    for x in (90, 240, 1680, 1830):
        tree(draw, x, 560, 230, (70, 132, 66), x)
    return image


def _jet(height: int, phase: int) -> Image.Image:
    jet = Image.new("RGBA", (220, 260), (0, 0, 0, 0))
    draw = ImageDraw.Draw(jet)
    for index in range(60):
        angle = index * 0.61 + phase
        spread = (index % 12) * 8 * math.cos(angle)
        rise = height * (1 - (index % 12) / 12) + 8 * math.sin(angle * 3)
        draw.ellipse((110 + spread, 250 - rise, 116 + spread, 258 - rise), fill=(240, 248, 252, 190))
    return jet


def _square_actors() -> list[Actor]:
    actors = _clouds(2, -30, 40, (255, 255, 255))
    actors.append(Actor([_jet(200 + 30 * (index % 4), index) for index in range(12)], resting(850, 470), 6))
    actors += people(
        [
            (0, 30, -100, WIDTH, 560),
            (8, 36, WIDTH, -100, 600),
            (17, 30, -100, WIDTH, 820),
            (26, 34, WIDTH, -100, 790),
            (38, 32, -100, WIDTH, 640),
            (47, 38, WIDTH, -100, 860),
        ],
        190,
        3,
    )
    bird = Image.new("RGBA", (36, 24), (0, 0, 0, 0))
    ImageDraw.Draw(bird).line((0, 4, 18, 18, 36, 4), fill=(50, 54, 60, 255), width=5)
    folded = Image.new("RGBA", (36, 24), (0, 0, 0, 0))
    ImageDraw.Draw(folded).line((2, 18, 18, 8, 34, 18), fill=(50, 54, 60, 255), width=5)
    for index in range(6):
        actors.append(
            Actor([bird, folded], circling(960, 260, 420 + 60 * index, 90 + 12 * index, 20, index / 6), 4)
        )
    return actors


def _riverside() -> Image.Image:
    image = canvas((232, 168, 122), (250, 222, 186))
    draw = ImageDraw.Draw(image)
    draw.ellipse((1340, 210, 1500, 370), fill=(255, 244, 214))
    for index in range(16):
        x = index * 130
        top = 330 + int(70 * math.sin(index * 1.7))
        draw.rectangle((x, top, x + 96, 470), fill=(120, 104, 116))
    draw.rectangle((0, 470, WIDTH, 860), fill=(110, 128, 144))
    for row in range(60):
        y = 474 + row * 6.4
        shift = (row * 71) % 150
        for x in range(-shift, WIDTH, 150):
            draw.line((x, y, x + 60, y), fill=(150, 152, 154) if row % 3 else (214, 184, 158), width=2)
    draw.rectangle((0, 860, WIDTH, HEIGHT), fill=(150, 140, 130))
    for x in range(0, WIDTH, 70):
        draw.rectangle((x, 800, x + 10, 880), fill=(226, 224, 218))
    draw.rectangle((0, 800, WIDTH, 812), fill=(236, 234, 228))
    for x in (160, 1000, 1760):
        tree(draw, x, 990, 300, (76, 108, 70), x + 7)
    return image


def _boat(length: int, facing: int) -> Image.Image:
    layer = Image.new("RGBA", (length, length // 3), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    height = layer.height
    draw.polygon(
        [
            (0, height * 0.6),
            (length, height * 0.6),
            (length * 0.92, height * 0.95),
            (length * 0.08, height * 0.95),
        ],
        fill=(60, 66, 78, 255),
    )
    draw.rectangle((length * 0.2, height * 0.3, length * 0.7, height * 0.6), fill=(236, 232, 224, 255))
    for index in range(5):
        left = length * (0.24 + index * 0.09)
        draw.rectangle((left, height * 0.36, left + length * 0.05, height * 0.5), fill=(90, 120, 140, 255))
    draw.rectangle((length * 0.55, 0, length * 0.6, height * 0.3), fill=(170, 60, 50, 255))
    return layer if facing > 0 else layer.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def _riverside_actors() -> list[Actor]:
    glint = Image.new("RGBA", (90, 8), (0, 0, 0, 0))
    ImageDraw.Draw(glint).ellipse((0, 0, 90, 8), fill=(255, 232, 200, 150))
    actors = _clouds(3, 40, 60, (255, 236, 216))
    for index in range(14):
        actors.append(
            Actor(
                [glint],
                circling(120 + index * 130, 520 + (index * 53) % 260, 40, 6, 6 + index % 2 * 4, index / 7),
            )
        )
    actors.append(Actor([_boat(520, 1)], crossing(0, 44, -540, WIDTH, 540)))
    actors.append(Actor([_boat(380, -1)], crossing(24, 40, WIDTH, -400, 480)))
    actors += people([(5, 46, -100, WIDTH, 810), (33, 50, WIDTH, -100, 830)], 220, 1)
    return actors


def _garage() -> Image.Image:
    image = canvas((34, 36, 40), (52, 54, 58))
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, HEIGHT), (560, 420), (1360, 420), (WIDTH, HEIGHT)], fill=(74, 76, 78))
    draw.polygon([(0, 0), (560, 300), (1360, 300), (WIDTH, 0)], fill=(44, 46, 50))
    for index in range(7):
        depth = 1 - index / 9
        y = 300 - 290 * depth
        draw.rectangle((960 - 300 * depth, y, 960 + 300 * depth, y + 10 * depth + 3), fill=(232, 240, 244))
    for side in (-1, 1):
        for index in range(5):
            depth = 1 - index / 6
            x = 960 + side * (380 + 560 * depth)
            draw.rectangle(
                (x - 34 * depth, 330 - 330 * depth, x + 34 * depth, 430 + 600 * depth), fill=(112, 114, 116)
            )
            draw.rectangle(
                (x - 34 * depth, 360 + 300 * depth, x + 34 * depth, 372 + 360 * depth), fill=(214, 176, 40)
            )
    for index in range(6):
        y = 470 + index * index * 18
        draw.line((960, y, 960, y + 20 + index * 14), fill=(216, 208, 150), width=4 + index * 2)
    texture(image, (0, 420, WIDTH, HEIGHT), 6, 5)
    return image


def _beam() -> Image.Image:
    beam = Image.new("RGBA", (640, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(beam)
    for step in range(40):
        spread = 20 + step * 2
        draw.rectangle(
            (step * 16, 100 - spread, step * 16 + 16, 100 + spread),
            fill=(255, 244, 200, max(0, 90 - step * 2)),
        )
    return beam


def _garage_actors() -> list[Actor]:
    actors = []
    for start, colour in ((2, (120, 124, 130)), (22, (40, 46, 60)), (43, (150, 140, 120))):
        actors.append(Actor([_beam()], crossing(start, 12, -10, WIDTH + 440, 740)))
        actors.append(Actor([car(460, colour, facing=1)], crossing(start, 12, -460, WIDTH, 720)))
    actors += people([(10, 40, WIDTH, -100, 640)], 200, 5)
    tube = Image.new("RGBA", (240, 12), (255, 255, 255, 200))
    dark = Image.new("RGBA", (240, 12), (30, 32, 36, 200))
    actors.append(Actor([tube, tube, tube, dark, tube, dark, tube, tube], resting(840, 128), 5))
    return actors


def _school() -> Image.Image:
    image = canvas((140, 196, 232), (236, 242, 236))
    draw = ImageDraw.Draw(image)
    draw.rectangle((180, 210, 1740, 600), fill=(232, 206, 178))
    windows(draw, (220, 240, 1700, 560), 18, 4, (170, 204, 222), 9)
    draw.rectangle((180, 190, 1740, 222), fill=(170, 64, 56))
    draw.rectangle((0, 590, WIDTH, HEIGHT), fill=(168, 164, 156))
    _road(draw, 830, 1060, 2)
    for x in (620, 1270):
        draw.rectangle((x, 380, x + 60, 830), fill=(196, 172, 150))
    draw.rectangle((600, 350, 1350, 420), fill=(150, 48, 44))
    for x in range(0, 600, 36):
        draw.rectangle((x, 620, x + 8, 830), fill=(90, 100, 110))
    for x in range(1340, WIDTH, 36):
        draw.rectangle((x, 620, x + 8, 830), fill=(90, 100, 110))
    for x in (80, 460, 1480, 1820):
        tree(draw, x, 640, 200, (88, 144, 72), x + 3)
    return image


def _school_actors() -> list[Actor]:
    actors = _clouds(3, 0, 80, (255, 255, 255))
    flag = [Image.new("RGBA", (120, 80), (0, 0, 0, 0)) for _ in range(6)]
    for index, picture in enumerate(flag):
        draw = ImageDraw.Draw(picture)
        points = [(x, 10 + 6 * math.sin(x / 16 + index)) for x in range(0, 120, 6)]
        low = [(x, y + 56) for x, y in reversed(points)]
        draw.polygon(points + low, fill=(206, 36, 36, 255))
    actors.append(Actor(flag, resting(966, 120), 6))
    lanes = [
        (index * 6.5, 22 + index % 3 * 4, 700 + index * 60, (index % 2) * 1800 - 100, 640 + index * 16)
        for index in range(8)
    ]
    actors += people([(start, seconds, x0, x1, y) for start, seconds, x0, x1, y in lanes], 180, 4)
    actors.append(Actor([bus(640, (224, 172, 40), facing=-1)], stops(10, 16, 34, 42, WIDTH, 700, -660, 770)))
    actors.append(Actor([car(360, (220, 222, 226), facing=1)], crossing(46, 8, -380, WIDTH, 880)))
    return actors


def _port() -> Image.Image:
    image = canvas((168, 190, 204), (214, 222, 222))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 520, WIDTH, 640), fill=(96, 122, 138))
    draw.rectangle((0, 640, WIDTH, HEIGHT), fill=(132, 132, 128))
    colours = [(170, 58, 50), (44, 92, 136), (196, 150, 56), (74, 118, 84), (128, 128, 132)]
    for row in range(3):
        for column in range(9):
            x, y = 60 + column * 200, 800 - row * 92
            if (row + column * 7) % 5 == 4 and row == 2:
                continue
            fill = colours[(row * 3 + column) % 5]
            draw.rectangle((x, y, x + 190, y + 86), fill=fill)
            for rib in range(x + 10, x + 186, 16):
                draw.line((rib, y + 6, rib, y + 80), fill=tuple(int(part * 0.8) for part in fill), width=3)
    for x in (320, 1380):
        draw.rectangle((x, 120, x + 26, 640), fill=(206, 120, 40))
        draw.rectangle((x + 220, 120, x + 246, 640), fill=(206, 120, 40))
    draw.rectangle((60, 120, WIDTH - 60, 156), fill=(206, 120, 40))
    texture(image, (0, 890, WIDTH, HEIGHT), 5, 8)
    return image


def _port_actors() -> list[Actor]:
    hook = Image.new("RGBA", (200, 330), (0, 0, 0, 0))
    draw = ImageDraw.Draw(hook)
    draw.rectangle((40, 0, 160, 34), fill=(60, 62, 66, 255))
    for x in (56, 144):
        draw.line((x, 34, x, 230), fill=(40, 42, 46, 255), width=4)
    draw.rectangle((6, 230, 194, 318), fill=(44, 120, 150, 255))
    actors = _clouds(2, -40, 90, (240, 244, 246))
    actors.append(Actor([hook], circling(860, 150, 620, 2, 30)))
    actors.append(Actor([bus(520, (190, 120, 40), facing=1)], crossing(5, 20, -540, WIDTH, 890)))
    actors.append(Actor([bus(520, (70, 90, 120), facing=-1)], crossing(34, 22, WIDTH, -540, 900)))
    actors += people([(12, 44, -80, WIDTH, 880)], 170, 3)
    return actors


def _hill() -> Image.Image:
    image = canvas((96, 142, 190), (226, 232, 226))
    draw = ImageDraw.Draw(image)
    for layer in range(4):
        base = 430 + layer * 120
        shade = 150 - layer * 26
        points = [
            (x, base + 60 * math.sin(x / (170 - layer * 20) + layer * 2)) for x in range(0, WIDTH + 20, 20)
        ]
        draw.polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], fill=(shade - 46, shade, shade - 40))
    for x in (430, 960, 1480):
        draw.polygon([(x - 8, 760), (x + 8, 760), (x + 4, 330), (x - 4, 330)], fill=(236, 238, 238))
    for index in range(12):
        tree(draw, 40 + index * 170, 1060, 130 + (index * 37) % 60, (58, 96, 58), index)
    return image


def _rotor(angle: float) -> Image.Image:
    rotor = Image.new("RGBA", (360, 360), (0, 0, 0, 0))
    draw = ImageDraw.Draw(rotor)
    for blade in range(3):
        turn = math.radians(angle + blade * 120)
        tip = (180 + 170 * math.cos(turn), 180 + 170 * math.sin(turn))
        draw.line((180, 180, *tip), fill=(244, 246, 246, 255), width=9)
    draw.ellipse((168, 168, 192, 192), fill=(210, 214, 216, 255))
    return rotor


def _hill_actors() -> list[Actor]:
    frames = [_rotor(angle) for angle in range(0, 120, 6)]
    actors = _clouds(5, 10, 120, (255, 255, 255))
    for index, x in enumerate((430, 960, 1480)):
        actors.append(Actor(frames, resting(x - 180, 330 - 180), 8 + index * 2))
    return actors


SCENES: tuple[Scene, ...] = (
    Scene("gate", "东门岗亭", "East Gate Post", _gate, _gate_actors),
    Scene("crossroad", "中心路口", "Central Crossroads", _crossroad, _crossroad_actors),
    Scene("square", "市民广场", "Citizens' Square", _square, _square_actors),
    Scene("riverside", "滨江步道", "Riverside Walk", _riverside, _riverside_actors),
    Scene("garage", "地下车库", "Underground Garage", _garage, _garage_actors),
    Scene("school", "实验小学大门", "Primary School Gate", _school, _school_actors),
    Scene("port", "货运码头", "Cargo Quay", _port, _port_actors),
    Scene("hill", "北山高点", "North Hill Lookout", _hill, _hill_actors),
)

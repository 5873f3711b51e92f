"""Saved walls and tours as they go over the wire. Every member is bounded, and so is the whole."""

from typing import Annotated

from pydantic import Field, StringConstraints

from mingjing.kernel.text import Name
from mingjing.kernel.wire import EXAMPLE_US, Told, Wanted, example

CELLS_MOST = 64
TOUR_CHANNELS_MOST = 500
ALARM_CELLS_MOST = 4

Channel = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Cell = Annotated[str, StringConstraints(pattern=r"^([1-9]|[1-5][0-9]|6[0-4])$")]
AlarmCell = Annotated[int, Field(ge=1, le=CELLS_MOST)]
Grid = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,8}$")]


class WallContent(Wanted):
    """A grid by the console's name for it, the channel in each cell, counted from 1, and which cells take alarms."""

    model_config = example(grid="4", cells={"1": "ch_k2x9p4q7m1aa"})

    grid: Grid
    cells: Annotated[dict[Cell, Channel], Field(max_length=CELLS_MOST)]
    alarm_cells: Annotated[list[AlarmCell], Field(default_factory=list, max_length=ALARM_CELLS_MOST)]


class TourContent(Wanted):
    """Channels in the order of the round, on which grid, and how long each page stands."""

    grid: Grid = "4"
    channels: Annotated[list[Channel], Field(min_length=1, max_length=TOUR_CHANNELS_MOST)]
    dwell_s: Annotated[int, Field(ge=5, le=3600)] = 15


class LayoutWish(Wanted):
    """A wall to keep."""

    model_config = Wanted.model_config | example(
        name="早高峰", shared=False, content={"grid": "4", "cells": {"1": "ch_k2x9p4q7m1aa"}}
    )

    name: Name
    shared: bool = False
    content: WallContent


class TourWish(Wanted):
    """A round to keep."""

    model_config = Wanted.model_config | example(
        name="夜间巡查", shared=True, content={"grid": "4", "channels": ["ch_k2x9p4q7m1aa"], "dwell_s": 15}
    )

    name: Name
    shared: bool = False
    content: TourContent


class _Saved(Told):
    model_config = example(
        id="ly_k3v7q2m5x4ab", name="早高峰", shared=False, mine=True, owner_name="王敏", changed_us=EXAMPLE_US
    )

    id: str
    name: str
    shared: bool
    mine: bool
    owner_name: str
    changed_us: int


class Layout(_Saved):
    """A saved wall: one's own, or one shared with one's unit. Cells that one may not see are left out."""

    content: WallContent


class Tour(_Saved):
    """A saved round: one's own, or one shared with one's unit. Channels that one may not see are left out."""

    content: "TourShown"


class TourShown(Told):
    """What of a round one may see; possibly nothing."""

    model_config = example(grid="4", channels=["ch_k2x9p4q7m1aa"], dwell_s=15)

    grid: str
    channels: list[str]
    dwell_s: int


class Layouts(Told):
    """By name."""

    items: list[Layout]


class Tours(Told):
    """By name."""

    items: list[Tour]

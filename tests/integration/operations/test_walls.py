"""Saved walls and tours: mine, my unit's, nobody else's; nothing in them that their reader may not see."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from mingjing.audit.model import JournalRow
from mingjing.kernel.db import Database
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG
from tests.program import Program, program


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def as_one(
    at: Program, account: str, role: str, unit: str = POLICE, division: str | None = None
) -> TestClient:
    """A client that is signed in as somebody of a unit, with a role somewhere."""
    user, _ = at.person(account, role, unit=unit, division=division)
    client = at.client()
    client.headers.update(at.signed_in(user))
    return client


def wall(channel: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "早高峰",
        "shared": False,
        "content": {"grid": "4", "cells": {"2": channel}, "alarm_cells": [4]},
    } | changes


def test_a_wall_is_kept_changed_and_removed_by_its_owner_and_journalled(whole: Program) -> None:
    channel = whole.recorder.town.add().row.id
    me = as_one(whole, "wang", "duty_officer")
    made = me.post("/api/v1/layouts", json=wall(channel))
    assert made.status_code == 201, made.text
    at = f"/api/v1/layouts/{made.json()['id']}"
    assert made.json()["content"] == {"grid": "4", "cells": {"2": channel}, "alarm_cells": [4]}
    assert made.json()["mine"] is True
    changed = me.put(at, json=wall(channel, name="晚高峰")).json()
    assert changed["name"] == "晚高峰"
    assert [one["name"] for one in me.get("/api/v1/layouts").json()["items"]] == ["晚高峰"]
    assert me.get("/api/v1/tours").json()["items"] == []
    assert me.delete(at).status_code == 204
    assert me.delete(at).status_code == 404
    with whole.database.reading() as session:
        told = session.scalars(select(JournalRow.action).where(JournalRow.object_kind == "layout")).all()
    assert sorted(told) == ["layout.change", "layout.remove", "layout.save"]


def test_only_the_unit_sees_what_is_shared_and_only_its_owner_changes_it(whole: Program) -> None:
    channel = whole.recorder.town.add().row.id
    owner = as_one(whole, "owner", "duty_officer")
    colleague = as_one(whole, "colleague", "reviewer")
    tidy = as_one(whole, "tidy", "operator_admin")
    stranger = as_one(whole, "stranger", "duty_officer", unit=SCHOOL)
    shared = owner.post("/api/v1/layouts", json=wall(channel, shared=True)).json()
    owner.post("/api/v1/layouts", json=wall(channel, name="私"))
    at = f"/api/v1/layouts/{shared['id']}"
    seen = colleague.get("/api/v1/layouts").json()["items"]
    assert [(one["id"], one["mine"], one["owner_name"]) for one in seen] == [(shared["id"], False, "owner")]
    assert stranger.get("/api/v1/layouts").json()["items"] == []
    for other in (colleague, stranger, tidy):
        assert other.put(at, json=wall(channel)).status_code == 404
    assert colleague.delete(at).status_code == 404
    assert stranger.delete(at).status_code == 404
    refused = colleague.post("/api/v1/layouts", json=wall(channel, shared=True))
    assert (refused.status_code, refused.json()["code"]) == (403, "AUTH-003")
    assert tidy.delete(at).status_code == 204


def test_a_shared_wall_or_tour_does_not_tell_of_cameras_outside_its_readers_scope(whole: Program) -> None:
    here = whole.recorder.town.add("江夏一").row.id
    there = whole.recorder.town.add("武昌一", division=WUCHANG).row.id
    owner = as_one(whole, "owner", "duty_officer")
    reader = as_one(whole, "reader", "duty_officer", division=JIANGXIA)
    both = {"grid": "4", "cells": {"1": here, "2": there, "3": "ch_nothinghere"}}
    owner.post("/api/v1/layouts", json=wall(here, shared=True, content=both))
    tour = {"name": "巡", "shared": True, "content": {"channels": [there, here], "dwell_s": 20}}
    assert owner.post("/api/v1/tours", json=tour).status_code == 201
    assert owner.get("/api/v1/layouts").json()["items"][0]["content"]["cells"] == {"1": here, "2": there}
    assert reader.get("/api/v1/layouts").json()["items"][0]["content"]["cells"] == {"1": here}
    shown = reader.get("/api/v1/tours").json()["items"][0]
    assert shown["content"] == {"grid": "4", "channels": [here], "dwell_s": 20}
    assert there not in reader.get("/api/v1/tours").text


def test_content_is_bounded_and_so_is_the_number_of_walls(whole: Program) -> None:
    me = as_one(whole, "wang", "duty_officer")
    bad: list[dict[str, Any]] = [
        {"grid": "4", "cells": {"65": "ch_a"}},
        {"grid": "4", "cells": {"0": "ch_a"}},
        {"grid": "4", "cells": {"1": "x" * 33}},
        {"grid": "4", "cells": {}, "more": 1},
        {"grid": "<4>", "cells": {}},
    ]
    for content in bad:
        assert me.post("/api/v1/layouts", json=wall("ch_a", content=content)).status_code == 422, content
    long = {"name": "长", "content": {"channels": ["ch_a"] * 501}}
    assert me.post("/api/v1/tours", json=long).status_code == 422
    for _ in range(100):
        assert me.post("/api/v1/layouts", json=wall("ch_a")).status_code == 201
    full = me.post("/api/v1/layouts", json=wall("ch_a"))
    assert (full.status_code, full.json()["code"]) == (409, "OPS-020")

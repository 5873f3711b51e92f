"""The map: what it counts is what stands in the register, inside one's scope, and no square hides a fault."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from mingjing.audit.model import JournalRow
from mingjing.kernel.db import Database
from mingjing.media.causes import StreamState
from mingjing.media.model import StreamStats
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.map.cells import cell
from mingjing.registry.map.model import MapPointRow
from mingjing.registry.model import CameraRow
from mingjing.registry.places.model import KeyPositionRow, PlaceRow
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG

HERE = "114.30,30.30,114.36,30.36"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def _camera(at: Office, name: str, longitude: float, latitude: float, **members: Any) -> str:
    division = members.pop("division", JIANGXIA)
    number = abs(hash(name)) % 60_000
    streams = [{"kind": "main", "url": f"rtsp://10.9.{number // 250}.{number % 250}/main"}]
    channel = at.whole.recorder.town.add(name, division=division, streams=streams).row.id
    where = {"longitude": longitude, "latitude": latitude}
    done(at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json=where | members))
    return channel


def _place(at: Office, name: str, longitude: float, latitude: float, *positions: str) -> dict[str, Any]:
    body = {
        "name": name, "division": JIANGXIA, "organisation": SCHOOL, "category": "residential",
        "longitude": longitude, "latitude": latitude,
        "positions": [{"kind": "entrance", "name": one} for one in positions],
    }  # fmt: skip
    return done(at.clerk.post("/api/v1/places", json=body))


def _map(client: TestClient, kind: str = "cameras", **query: Any) -> dict[str, Any]:
    return done(client.get(f"/api/v1/map/{kind}", params={"box": HERE, "zoom": 14} | query))


def _heard(at: Office, channel: str, state: StreamState) -> None:
    stream = f"{channel}.main"
    at.whole.recorder.node.stats[stream] = StreamStats(stream=stream, state=state)
    # The plane is asked once a moment.
    at.clock.advance(5_000_000)


def test_a_camera_is_shown_as_it_looks_and_does(at: Office) -> None:
    view = {"azimuth": 135.0, "view_angle": 90.0, "view_m": 60.0, "height_m": 4.5}
    gate = _camera(at, "大门东", 114.322, 30.349, **view)
    _heard(at, gate, StreamState.RETRYING)
    _camera(at, "界外", 114.5, 30.349)
    found = _map(at.clerk)
    (shown,) = found["cameras"]
    assert (found["total"], found["clusters"]) == (1, [])
    assert shown | view == shown and shown["id"] == gate
    assert (shown["longitude"], shown["latitude"], shown["status"]) == (114.322, 30.349, "failed")
    listed = done(at.clerk.get("/api/v1/findings", params={"subject": gate}))["total"]
    assert shown["findings"] == listed > 0


def test_many_are_squares_and_the_worst_of_them_is_said(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mingjing.governance.map.queries.FEW", 3)
    east = [_camera(at, f"东{n}", 114.351, 30.351 + n / 10_000) for n in range(3)]
    west = [_camera(at, f"西{n}", 114.302, 30.302) for n in range(2)]
    for channel in (*east, *west):
        _heard(at, channel, StreamState.PLAYING)
    _heard(at, east[1], StreamState.RETRYING)

    def squares() -> list[tuple[int, str]]:
        found = _map(at.clerk, zoom=11)
        assert found["cameras"] == [] and found["total"] == 5
        return [
            (one["count"], one["status"]) for one in sorted(found["clusters"], key=lambda c: c["longitude"])
        ]

    assert squares() == [(2, "ok"), (3, "failed")]
    # Nobody has heard of one that is in operation: that is not good.
    del at.whole.recorder.node.stats[f"{west[0]}.main"]
    at.clock.advance(5_000_000)
    assert squares() == [(2, "unknown"), (3, "failed")]
    keeper = at.whole.client_of(_administrator(at))
    for channel in east:
        done(keeper.patch(f"/api/v1/cameras/{channel}", json={"enabled": False}))
    assert squares() == [(2, "unknown"), (3, "off")]
    assert len(_map(at.clerk, zoom=15)["cameras"]) == 5


def _administrator(at: Office) -> str:
    return at.whole.person("zhang", "operator_admin")[0]


def test_a_place_says_which_of_its_positions_nobody_covers(at: Office) -> None:
    school = _place(at, "实验小学", 114.32, 30.34, "大门", "后勤门")
    _place(at, "未登记部位", 114.321, 30.341)

    def shown() -> dict[str, tuple[str, int, int]]:
        found = _map(at.clerk, "places")
        assert found["uncovered"] == sum(one["uncovered"] > 0 for one in found["places"])
        return {one["name"]: (one["status"], one["required"], one["uncovered"]) for one in found["places"]}

    assert shown() == {"实验小学": ("failed", 2, 2), "未登记部位": ("unknown", 0, 0)}
    for number, position in enumerate(school["positions"]):
        covering = {"position": position["id"], "in_use": "2026-10-01"}
        _camera(at, f"门{number}", 114.32, 30.34, **covering)
    assert shown()["实验小学"] == ("ok", 2, 0)
    (point,) = _points(at, school["id"])
    assert point.marked == 0


def _points(at: Office, record: str) -> list[MapPointRow]:
    with at.whole.database.reading() as session:
        return list(session.scalars(select(MapPointRow).where(MapPointRow.record == record)))


def test_only_what_lies_in_ones_scope_is_counted(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    own = _camera(at, "区内", 114.31, 30.31)
    _camera(at, "区外", 114.31, 30.31, division=WUCHANG)
    officer = at.whole.client_of(at.whole.person("chen", "duty_officer", division=JIANGXIA)[0])
    (shown,) = _map(officer)["cameras"]
    assert (shown["id"], shown["findings"]) == (own, None), "findings are not for duty officers"
    monkeypatch.setattr("mingjing.governance.map.queries.FEW", 0)
    assert [one["count"] for one in _map(officer)["clusters"]] == [1]
    assert _map(at.clerk)["total"] == 2
    _camera(at, "界外", 116.0, 31.0, division=WUCHANG)
    assert _ground(officer)["extent"] == [114.31, 30.31, 114.31, 30.31]
    assert _ground(at.clerk)["extent"] == [114.31, 30.31, 116.0, 31.0]
    nobody = at.whole.client_of(at.whole.person("wu", "security_admin")[0])
    assert _ground(nobody)["extent"] is None


def _ground(client: TestClient) -> dict[str, Any]:
    return done(client.get("/api/v1/map/ground"))


def test_the_map_is_narrowed_to_a_division_a_unit_and_a_finding(at: Office) -> None:
    turning = _camera(at, "球机", 114.31, 30.31, in_use="2025-01-01", camera_type="1")
    fixed = _camera(at, "枪机", 114.31, 30.31, in_use="2025-01-01", camera_type="3")
    there = _camera(at, "武昌", 114.31, 30.31, division=WUCHANG, in_use="2025-01-01", camera_type="3")

    def shown(**query: Any) -> set[str]:
        return {one["id"] for one in _map(at.clerk, **query)["cameras"]}

    assert shown() == {turning, fixed, there}
    assert shown(under=WUCHANG) == {there}
    assert shown(organisation=SCHOOL) == {turning, fixed, there}
    assert shown(organisation=POLICE) == set()
    held = done(at.clerk.get("/api/v1/findings", params={"rule": "FIX-02"}))["items"]
    assert shown(finding="FIX-02") == {one["subject"] for one in held} == {turning}
    assert turning in shown(finding="any")


AREA = "114.30,30.30;114.34,30.30;114.34,30.34;114.32,30.32;114.30,30.34"
"""A square with a notch cut out of its northern side."""


def test_cameras_of_a_drawn_area_are_listed_and_exported_inside_ones_scope(at: Office) -> None:
    for name, longitude, latitude in (
        ("西角", 114.302, 30.335), ("东角", 114.338, 30.335), ("缺口", 114.32, 30.33), ("北外", 114.32, 30.35),
    ):  # fmt: skip
        _camera(at, name, longitude, latitude)
    _camera(at, "他区", 114.302, 30.335, division=WUCHANG)
    at.whole.recorder.town.add("无位置", division=JIANGXIA)

    def names(client: TestClient, **query: Any) -> list[str]:
        found = done(client.get("/api/v1/cameras", params={"area": AREA} | query))
        assert found["total"] == len(found["items"])
        return sorted(one["name"] for one in found["items"])

    officer = at.whole.client_of(at.whole.person("chen", "duty_officer", division=JIANGXIA)[0])
    assert names(officer) == ["东角", "西角"]
    assert names(at.clerk) == ["东角", "他区", "西角"]
    assert names(at.clerk, under=WUCHANG) == ["他区"]
    assert names(at.clerk, area="114.30,30.34;114.32,30.32;114.34,30.34") == ["缺口"]
    # Corners on one line hold nothing; the most corners that there may be are few for a database.
    assert names(at.clerk, area="114.30,30.335;114.31,30.335;114.34,30.335") == []
    many = [f"114.3{n:03},30.3" for n in range(100)] + [f"114.3{n:03},30.34" for n in range(99, -1, -1)]
    assert names(at.clerk, area=";".join(many)) == ["他区", "西角"]
    table = officer.get("/api/v1/cameras/export", params={"area": AREA, "form": "csv"}).text
    assert "西角" in table and "东角" in table
    assert not any(name in table for name in ("缺口", "北外", "他区", "无位置"))
    with at.whole.database.reading() as session:
        entry = select(JournalRow.facts).where(JournalRow.action == "camera.export_table")
        told = json.loads(session.scalars(entry).one())
    assert (told["area"], told["rows"], "lacking" in told) == (AREA, 2, False)


def test_an_area_that_is_none_is_refused_with_what_to_do(at: Office) -> None:
    corner = "114.3,30.3"
    for area in (
        corner,
        f"{corner};{corner}",
        "a,b;c,d;e,f",
        f"{corner};{corner};200,30",
        f"{corner};nan,30;1,1",
    ):
        for path in ("cameras", "cameras/export"):
            answer = at.clerk.get(f"/api/v1/{path}", params={"area": area})
            assert (answer.status_code, answer.json()["code"]) == (422, "CAM-013"), area
    many = ";".join([corner] * 201)
    assert at.clerk.get("/api/v1/cameras", params={"area": many}).json()["code"] == "CAM-013"


def test_a_system_stands_where_its_place_is_or_amid_its_cameras(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = _place(at, "实验小学", 114.32, 30.34, "大门")
    placed = at.system(name="有场所", place=school["id"], in_use="2026-10-01")["id"]
    loose = at.system(name="无场所", in_use=None)["id"]
    at.system(name="无位置")
    at.system(name="他区", division=WUCHANG, place=school["id"])
    for number, longitude in enumerate((114.31, 114.33)):
        _camera(at, f"路{number}", longitude, 30.35, system=loose)
    found = _map(at.clerk, "systems")
    shown = {one["name"]: one for one in found["systems"]}
    assert set(shown) == {"有场所", "无场所", "他区"} and found["total"] == 3
    assert [shown["有场所"][name] for name in ("longitude", "latitude", "by", "status")] == [
        114.32, 30.34, "place", "ok",
    ]  # fmt: skip
    assert (round(shown["无场所"]["longitude"], 6), shown["无场所"]["by"]) == (114.32, "cameras")
    assert shown["无场所"]["status"] == "running"
    held = done(at.clerk.get("/api/v1/findings", params={"subject": placed}))["total"]
    assert shown["有场所"]["findings"] == held > 0
    inside = at.whole.client_of(at.whole.person("wang", "filing_clerk", division=JIANGXIA)[0])
    assert {one["name"] for one in _map(inside, "systems")["systems"]} == {"有场所", "无场所"}
    assert _map(at.clerk, "systems", box="114.0,30.0,114.1,30.1")["total"] == 0
    monkeypatch.setattr("mingjing.governance.map.queries.FEW", 1)
    squares = _map(at.clerk, "systems", zoom=5)["clusters"]
    assert sum(one["count"] for one in squares) == 3 and squares[0]["status"] == "running"


def test_an_item_of_a_plan_says_whether_it_would_be_built_twice(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = {"azimuth": 90.0, "view_angle": 90.0, "view_m": 50.0}
    _camera(at, "路口枪机", 114.32, 30.34, **view)
    planner = at.whole.client_of(at.whole.person("planner", "planner")[0])
    terms = {"organisation": SCHOOL, "since": "2026-01-01", "until": "2026-12-31"}
    plan = done(
        planner.post("/api/v1/construction-plans", json={"name": "规划", "division": JIANGXIA} | terms)
    )["id"]

    def item(name: str, longitude: float, **members: Any) -> None:
        body = {"name": name, "longitude": longitude, "latitude": 30.34, "cameras": 1} | view | members
        done(planner.post(f"/api/v1/construction-plans/{plan}/items", json=body))

    item("同处", 114.32)
    item("利旧", 114.32, reuse="reuse", reuse_reason="已有枪机可用")
    item("远处", 114.33)
    found = _map(planner, "plan-items")
    assert {one["name"]: one["standing"] for one in found["items"]} == {
        "同处": "duplicate", "利旧": "reuse", "远处": "clear",
    }  # fmt: skip
    assert (found["total"], found["undecided"], found["items"][0]["plan_name"]) == (3, 1, "规划")
    elsewhere = at.whole.client_of(at.whole.person("planner-there", "planner", division=WUCHANG)[0])
    assert _map(elsewhere, "plan-items")["total"] == 0
    monkeypatch.setattr("mingjing.governance.map.queries.FEW", 2)
    (square, *_) = sorted(_map(planner, "plan-items", zoom=5)["clusters"], key=lambda one: -one["count"])
    assert (square["count"], square["status"]) == (3, "failed")


def test_a_box_that_is_none_is_refused_with_what_to_do(at: Office) -> None:
    for box in ("", "1,2,3", "a,b,c,d", "115,30,114,31", "nan,30,114,31", "-181,0,0,0", "0,0,0,inf"):
        answer = at.clerk.get("/api/v1/map/cameras", params={"box": box})
        assert (answer.status_code, answer.json()["code"]) == (422, "MAP-001"), box


def test_the_points_follow_their_records_whatever_happens(at: Office) -> None:
    dice = random.Random(7)  # noqa: S311 - a seed is a history
    places = [_place(at, f"场所{n}", 114.31, 30.31, "大门") for n in range(3)]
    cameras = [_camera(at, f"摄像机{n}", 114.31, 30.31) for n in range(5)]
    keeper = at.whole.client_of(_administrator(at))
    for _ in range(40):
        camera, place = dice.choice(cameras), dice.choice(places)
        turn = dice.randrange(5)
        if turn == 0:
            point = {"longitude": 114 + dice.random(), "latitude": 30.0} if dice.random() < 0.7 else _NOWHERE
            at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json=point)
        elif turn == 1:
            covering = {"position": place["positions"][0]["id"], "in_use": dice.choice([None, "2026-01-01"])}
            at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json=covering)
        elif turn == 2:
            keeper.patch(f"/api/v1/cameras/{camera}", json={"enabled": dice.random() < 0.5})
        elif turn == 3:
            where = {
                "division": dice.choice([JIANGXIA, WUCHANG]),
                "organisation": dice.choice([SCHOOL, POLICE]),
            }
            keeper.patch(f"/api/v1/cameras/{camera}", json=where)
        else:
            at.clerk.patch(
                f"/api/v1/places/{place['id']}", json={"longitude": 114 + dice.random(), "latitude": 30.5}
            )
        assert _kept(at) == _from_scratch(at)
    keeper.delete(f"/api/v1/cameras/{cameras[0]}", params={"recordings": "keep", "reason": "拆除"})
    assert _kept(at) == _from_scratch(at)
    assert cameras[0] not in _kept(at)


_NOWHERE = {"longitude": None, "latitude": None}


def _kept(at: Office) -> dict[str, tuple[Any, ...]]:
    with at.whole.database.reading() as session:
        return {
            row.record: (row.kind, row.cell, row.division_path, row.organisation_path, row.marked)
            for row in session.scalars(select(MapPointRow))
        }


def _from_scratch(at: Office) -> dict[str, tuple[Any, ...]]:
    """What the points should be, read from the records alone."""
    found: dict[str, tuple[Any, ...]] = {}
    with at.whole.database.reading() as session:
        dossiers = {row.camera: row for row in session.scalars(select(DossierRow))}
        cameras = [row for row in session.scalars(select(CameraRow)) if row.removed_us is None]
        standing = {row.id for row in cameras}
        covered = {
            row.position for row in dossiers.values() if row.camera in standing and row.in_use is not None
        }
        for row in cameras:
            dossier = dossiers.get(row.id)
            if dossier is not None and dossier.longitude is not None and dossier.latitude is not None:
                at_cell = cell(dossier.longitude, dossier.latitude)
                found[row.id] = (
                    "camera",
                    at_cell,
                    row.division_path,
                    row.organisation_path,
                    int(row.enabled),
                )
        for place in session.scalars(select(PlaceRow)):
            wanted = session.scalars(select(KeyPositionRow.id).where(KeyPositionRow.place == place.id))
            marked = int(any(one not in covered for one in wanted))
            assert place.longitude is not None and place.latitude is not None
            at_cell = cell(place.longitude, place.latitude)
            found[place.id] = ("place", at_cell, place.division_path, place.organisation_path, marked)
    return found

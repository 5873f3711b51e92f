"""Hubei Order 361, Article 8, and State Council Order 799, Article 8: where no camera may be. Inside it is refused, what is
only suspected goes to a person, and the unit that answers for such a place checks it and reports what it finds."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mingjing.kernel.clock import MINUTE_US
from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL
from tests.recorder import PICTURE

TODAY = date(2026, 10, 18)
LONGITUDE, LATITUDE = 114.32, 30.35
NORTH, SOUTH = 0.0, 180.0
HUBEI, NATIONAL = "湖北令361 第八条", "国令799 第八条第一款"
LOOK = "国令799 第八条第一款、第十三条"
TEN_METRES = 0.00009
"""To the north, in degrees of latitude."""


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def zone(at: Office, kind: str, **members: Any) -> dict[str, Any]:
    """A forbidden place: a circle of five metres."""
    body = {
        "name": "登记的场所", "kind": kind, "division": JIANGXIA, "organisation": SCHOOL, "longitude": LONGITUDE,
        "latitude": LATITUDE, "radius_m": 5,
    }  # fmt: skip
    return done(at.clerk.post("/api/v1/forbidden-places", json=body | members))


def camera(at: Office, name: str = "实验小学走廊", **dossier: Any) -> str:
    """A camera of the school whose dossier says where it stands and looks."""
    channel = at.whole.recorder.town.add(name).row.id
    done(place(at, channel, **dossier))
    return channel


def place(at: Office, channel: str, **dossier: Any) -> Any:
    return at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json=dossier)


def decision(at: Office, channel: str) -> dict[str, Any]:
    (found,) = done(at.clerk.get(f"/api/v1/decisions?subject={channel}"))["items"]
    told: dict[str, Any] = found
    return told


def answer(at: Office, channel: str, state: str) -> dict[str, Any]:
    path = f"/api/v1/decisions/{decision(at, channel)['id']}/answer"
    return done(at.clerk.post(path, json={"state": state, "reason": "到现场看过"}))


def said(at: Office, channel: str, rule: str = "FORB-02") -> list[tuple[str, str]]:
    return [(one["verdict"], one["severity"]) for one in at.findings(channel, rule)]


@pytest.mark.parametrize(
    ("kind", "basis"),
    [
        ("hotel_guest_room", [HUBEI, NATIONAL]), ("dormitory_room", [HUBEI, NATIONAL]),
        ("intimate_facility", [HUBEI, NATIONAL]), ("client_data_area", [HUBEI]), ("ballot_report_box", [HUBEI]),
        ("other_privacy", [HUBEI, NATIONAL]), ("private_dining_room", [NATIONAL]), ("staff_rest_room", [NATIONAL]),
        ("fitting_room", [NATIONAL]), ("covert_or_audio", [NATIONAL]),
    ],
)  # fmt: skip
def test_a_camera_inside_a_forbidden_place_is_refused_with_the_article(
    at: Office, kind: str, basis: list[str]
) -> None:
    zone(at, kind)
    channel = camera(at)
    refused = place(at, channel, longitude=LONGITUDE, latitude=LATITUDE)
    assert (refused.status_code, refused.json()["code"]) == (409, "FRB-001")
    assert f"（{'、'.join(basis)}）" in refused.json()["detail"]
    assert done(at.clerk.get(f"/api/v1/cameras/{channel}/dossier"))["longitude"] is None
    done(place(at, channel, longitude=LONGITUDE, latitude=LATITUDE + 2 * TEN_METRES))


def test_a_place_entered_over_a_camera_that_stands_there_is_held_against_it_until_the_place_ends(
    at: Office,
) -> None:
    channel = camera(at, longitude=LONGITUDE, latitude=LATITUDE, in_use="2026-01-05")
    assert at.findings(channel, "FORB-01") == []
    toilet = zone(at, "intimate_facility")
    (finding,) = at.findings(channel, "FORB-01")
    assert (finding["verdict"], finding["severity"], finding["basis"]) == (
        "broken",
        "blocks",
        [HUBEI, NATIONAL],
    )
    assert "登记的场所" not in finding["message"]  # who sees the camera may not see the place
    path = f"/api/v1/forbidden-places/{toilet['id']}"
    assert done(at.clerk.post(f"{path}/ending", json={"reason": "已改作库房"}))["ended_us"] is not None
    assert at.findings(channel, "FORB-01") == []
    assert at.clerk.patch(path, json={"note": "x"}).json()["code"] == "FRB-005"
    assert [one["what"] for one in at.clerk.get(f"{path}/changes").json()] == ["end", "enter"]


def test_a_polling_point_forbids_on_its_days_and_not_after(at: Office) -> None:
    channel = camera(at, longitude=LONGITUDE, latitude=LATITUDE, in_use="2026-01-05")
    zone(at, "ballot_report_box", since="2026-10-20", until="2026-10-21")
    assert at.findings(channel, "FORB-01") == []
    for day, count in ((20, 1), (21, 1), (22, 0)):
        at.on(date(2026, 10, day))
        assert len(at.findings(channel, "FORB-01")) == count, day


@pytest.mark.parametrize(
    ("name", "room", "kind"),
    [
        ("宾馆三楼客房", None, "hotel_guest_room"), ("酒楼包间走廊", "2", "private_dining_room"),
        ("学生宿舍二楼", None, "dormitory_room"), ("女更衣室门口", "2", "intimate_facility"),
        ("商场试衣间旁", None, "fitting_room"), ("母婴室外", None, "intimate_facility"),
    ],
)  # fmt: skip
def test_a_name_that_sounds_of_one_asks_a_person(at: Office, name: str, room: str | None, kind: str) -> None:
    channel = camera(at, name, room=room)
    asked = decision(at, channel)
    assert [(one["ground"], one["kind"]) for one in asked["grounds"]] == [("name", kind)]
    assert (asked["state"], said(at, channel)) == ("waiting", [("unknown", "warning")])
    done(place(at, channel, room="1"))
    assert (decision(at, channel)["state"], said(at, channel)) == ("lapsed", [])


def test_a_room_of_a_restaurant_asks_a_person_and_its_street_door_does_not(at: Office) -> None:
    made = done(
        at.clerk.post(
            "/api/v1/places",
            json={
                "name": "纸坊酒楼", "division": JIANGXIA, "organisation": SCHOOL, "category": "commerce_leisure",
                "subcategory": "catering", "positions": [{"kind": "entrance", "name": "大门"}],
            },
        )
    )  # fmt: skip
    at_door = {"position": made["positions"][0]["id"]}
    inside = camera(at, "酒楼二楼东", room="2", **at_door)
    camera(at, "酒楼大门", room="1", **at_door)
    (asked,) = done(at.clerk.get("/api/v1/decisions"))["items"]
    assert (asked["subject"], asked["grounds"][0]["ground"]) == (inside, "place")


def test_a_counter_in_sight_asks_a_person_and_a_view_turned_away_does_not(at: Office) -> None:
    counter = zone(at, "client_data_area", radius_m=2)
    seen = {"longitude": LONGITUDE, "latitude": LATITUDE - TEN_METRES, "view_angle": 60, "view_m": 30}
    channel = camera(at, "营业厅东", azimuth=NORTH, **seen)
    asked = decision(at, channel)
    (ground,) = asked["grounds"]
    assert (ground["ground"], ground["what"], ground["name"]) == ("view", counter["id"], "登记的场所")
    assert asked["basis"] == [HUBEI]
    assert len(asked["field"]) > 3
    done(place(at, channel, azimuth=SOUTH))
    assert said(at, channel) == []


def test_a_camera_beside_a_place_whose_direction_nobody_knows_asks_a_person(at: Office) -> None:
    zone(at, "client_data_area", radius_m=2)
    near = camera(at, "营业厅东", longitude=LONGITUDE, latitude=LATITUDE - TEN_METRES)
    camera(at, "营业厅西", longitude=LONGITUDE, latitude=LATITUDE - 3 * TEN_METRES)
    (asked,) = done(at.clerk.get("/api/v1/decisions"))["items"]
    assert (asked["subject"], asked["grounds"][0]["ground"]) == (near, "near")


def test_dwellings_in_sight_are_reviewed_and_do_not_forbid(at: Office) -> None:
    zone(at, "dwelling_facing")
    channel = camera(at, "小区中心路", longitude=LONGITUDE, latitude=LATITUDE)
    assert (decision(at, channel)["state"], at.findings(channel, "FORB-01")) == ("waiting", [])
    assert decision(at, channel)["basis"] == [HUBEI, LOOK]


def test_what_a_person_decides_is_kept_with_its_reason_and_judged_by(at: Office) -> None:
    channel = camera(at, "客房走廊", in_use="2026-01-05")
    assert said(at, channel) == [("unknown", "warning")]
    told = answer(at, channel, "prohibited")
    assert (told["decided_name"], told["reason"]) == ("wangmin", "到现场看过")
    assert said(at, channel) == [("broken", "violation")]
    done(place(at, channel, in_use=None))
    assert said(at, channel) == []
    done(place(at, channel, in_use="2026-01-05"))
    answer(at, channel, "masked")
    assert said(at, channel) == [("broken", "violation")]
    mask = f"/api/v1/decisions/{told['id']}/mask"
    late = at.clerk.post(mask, json={"day": str(TODAY + timedelta(days=1))})
    assert late.json()["code"] == "DEC-003"
    done(at.clerk.post(mask, json={"day": str(TODAY)}))
    assert said(at, channel) == []
    answer(at, channel, "allowed")
    assert said(at, channel) == []
    assert at.clerk.post(mask, json={"day": str(TODAY)}).json()["code"] == "DEC-002"
    history = at.clerk.get(f"/api/v1/decisions/{told['id']}/changes").json()
    assert [one["what"] for one in history] == ["decide", "confirm_mask", "decide", "decide", "ask"]


def test_another_view_asks_again_and_the_answer_before_stays_in_the_history(at: Office) -> None:
    zone(at, "client_data_area", radius_m=2)
    seen = {"longitude": LONGITUDE, "latitude": LATITUDE - TEN_METRES, "view_angle": 60, "view_m": 30}
    channel = camera(at, "营业厅东", azimuth=NORTH, **seen)
    answer(at, channel, "allowed")
    done(place(at, channel, height_m=3))
    assert decision(at, channel)["state"] == "allowed"
    done(place(at, channel, azimuth=10))
    asked = decision(at, channel)
    assert (asked["state"], asked["reason"], said(at, channel)) == ("waiting", "", [("unknown", "warning")])
    history = at.clerk.get(f"/api/v1/decisions/{asked['id']}/changes").json()
    assert history[0]["before"]["reason"] == "到现场看过"
    done(place(at, channel, azimuth=SOUTH))
    refused = at.clerk.post(
        f"/api/v1/decisions/{asked['id']}/answer", json={"state": "allowed", "reason": "x"}
    )
    assert refused.json()["code"] == "DEC-001"


def test_a_project_that_sounds_of_one_asks_a_person_and_is_not_built_where_it_was_prohibited(
    at: Office,
) -> None:
    builder = at.whole.client_of(at.whole.person("builder", "builder", division=JIANGXIA)[0])
    body = {"name": "学生宿舍视频工程", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL}
    made = done(builder.post("/api/v1/projects", json=body))
    asked = decision(at, made["id"])
    assert (asked["subject_kind"], asked["state"]) == ("project", "waiting")
    answer(at, made["id"], "prohibited")
    path = f"/api/v1/projects/{made['id']}"
    refused = builder.patch(path, json={"video_construction": "2026-10-01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "PRJ-008")
    assert "到现场看过" in refused.json()["detail"]
    done(builder.patch(path, json={"video_design": "2026-09-01"}))
    answer(at, made["id"], "masked")
    told = done(builder.patch(path, json={"video_construction": "2026-10-01"}))
    assert (told["suspicion"], told["decision"]) == ("masked", asked["id"])
    done(builder.patch(path, json={"name": "校门视频工程"}))
    assert decision(at, made["id"])["state"] == "lapsed"


def test_sound_wants_a_basis(at: Office) -> None:
    channel = camera(at, pickup=True)
    (finding,) = at.findings(channel, "FORB-03")
    assert (finding["severity"], finding["basis"]) == ("warning", ["国令799 第八条第一款第四项"])
    done(place(at, channel, pickup_basis="银行业务双录，监管要求"))
    assert at.findings(channel, "FORB-03") == []
    done(place(at, channel, pickup=False, pickup_basis=None))
    assert at.findings(channel, "FORB-03") == []


def test_sound_in_the_recordings_wants_a_basis_whatever_the_dossier_says(at: Office) -> None:
    channel = camera(at, pickup=False)
    assert at.findings(channel, "FORB-03") == []
    now_us = at.clock.now_us()
    at.whole.recorder.store(f"{channel}.main", now_us - MINUTE_US, now_us, codecs=f"{PICTURE},mp4a.40.2")
    at.on(at.today + timedelta(1))
    (finding,) = at.findings(channel, "FORB-03")
    assert "录像中有声音" in finding["message"]
    now_us = at.clock.now_us()
    at.whole.recorder.store(f"{channel}.main", now_us - MINUTE_US, now_us)
    at.on(at.today + timedelta(1))
    assert at.findings(channel, "FORB-03") == []


def test_the_unit_checks_a_forbidden_place_each_day_and_reports_what_it_finds(at: Office) -> None:
    room = zone(at, "hotel_guest_room")
    (owed,) = done(at.clerk.get(f"/api/v1/rounds?subject={room['id']}"))["items"]
    assert (owed["kind"], owed["organisation"], owed["cycle_days"]) == ("forbidden_check", SCHOOL, 1)
    assert owed["next_due"] == str(TODAY + timedelta(days=1))
    path = f"/api/v1/rounds/{owed['id']}"
    assert at.findings(owed["id"], "FORB-04") == []
    at.on(TODAY + timedelta(days=1))
    assert said(at, owed["id"], "FORB-04") == [("pending", "violation")]
    at.on(TODAY + timedelta(days=2))
    (finding,) = at.findings(owed["id"], "FORB-04")
    assert (finding["verdict"], finding["basis"]) == ("broken", ["国令799 第八条第二款"])
    bare = at.clerk.post(f"{path}/results", json={"outcome": "found"})
    assert bare.json()["code"] == "RND-003"
    made = done(at.clerk.post(f"{path}/results", json={"outcome": "found", "note": "烟感旁有针孔摄像头"}))
    (unreported,) = at.findings(owed["id"], "FORB-04")
    assert "未向公安机关报告" in unreported["message"]
    report = {"reported": str(TODAY + timedelta(days=2)), "reported_to": "纸坊派出所"}
    done(at.clerk.post(f"{path}/results/{made['results'][0]['id']}/report", json=report))
    assert at.findings(owed["id"], "FORB-04") == []
    done(at.clerk.post(f"/api/v1/forbidden-places/{room['id']}/ending", json={"reason": "停业"}))
    at.on(TODAY + timedelta(days=30))
    assert at.findings(owed["id"], "FORB-04") == []
    assert at.clerk.post(f"{path}/results", json={"outcome": "nothing"}).json()["code"] == "RND-002"


def test_a_round_is_owed_no_longer_than_its_place_is_forbidden(at: Office) -> None:
    polling = zone(at, "ballot_report_box", since=str(TODAY), until=str(TODAY + timedelta(days=1)))
    (owed,) = done(at.clerk.get(f"/api/v1/rounds?subject={polling['id']}"))["items"]
    at.on(TODAY + timedelta(days=1))
    done(at.clerk.post(f"/api/v1/rounds/{owed['id']}/results", json={"outcome": "nothing"}))
    at.on(TODAY + timedelta(days=5))
    assert at.findings(owed["id"], "FORB-04") == []
    assert done(at.clerk.get(f"/api/v1/rounds?subject={polling['id']}"))["items"] == []


def test_the_map_asks_for_what_touches_its_box(at: Office) -> None:
    here = zone(at, "hotel_guest_room", name="近处")
    ring = [[114.5, 30.5], [114.501, 30.5], [114.501, 30.501]]
    zone(at, "other_privacy", name="远处", outline=ring, longitude=None, latitude=None, radius_m=None)
    box = "west=114.31&south=30.34&east=114.33&north=30.36"
    assert [one["id"] for one in done(at.clerk.get(f"/api/v1/forbidden-places?{box}"))["items"]] == [
        here["id"]
    ]
    assert done(at.clerk.get("/api/v1/forbidden-places"))["total"] == 2


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"radius_m": None}, "FRB-003"), ({"longitude": None}, "PLC-003"),
        ({"since": "2026-10-20", "until": "2026-10-19"}, "FRB-004"),
        ({"outline": [[114.0, 30.0], [115.0, 30.0], [115.0, 31.0]]}, "FRB-007"), ({"division": "429999"}, "DIV-004"),
    ],
)  # fmt: skip
def test_what_is_not_a_place_is_refused(at: Office, members: dict[str, Any], code: str) -> None:
    body = {
        "name": "场所", "kind": "other_privacy", "division": JIANGXIA, "organisation": SCHOOL, "longitude": LONGITUDE,
        "latitude": LATITUDE, "radius_m": 5,
    }  # fmt: skip
    answer_ = at.clerk.post("/api/v1/forbidden-places", json=body | members)
    assert answer_.json()["code"] == code

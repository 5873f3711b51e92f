"""Hubei Order 361, Article 7: in ten kinds of place the important entrances, main passages and vital parts are covered by
video. Which cameras cover them follows from dossiers; whatever is not covered is told, and nothing unknown counts as good.

The text joins the three kinds of position by "or"; to ask for each that a place has is our stricter reading, and shown as such.
"""

from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from mingjing.kernel.db import Database
from mingjing.law.words import CATEGORIES, SUBCATEGORIES
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL

TODAY = date(2026, 10, 18)
HUBEI = "湖北令361 第七条"
GATE = {"kind": "entrance", "name": "大门"}
PASSAGE = {"kind": "main_passage", "name": "食堂主通道"}
VITAL = {"kind": "vital_part", "name": "药库"}
_HOSTS = count()


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def place(at: Office, *positions: dict[str, str], **members: Any) -> dict[str, Any]:
    """A place of the school's with these key positions."""
    body = {
        "name": "江夏区实验小学", "division": JIANGXIA, "organisation": SCHOOL, "category": "education_health_heritage",
        "positions": list(positions),
    }  # fmt: skip
    return done(at.clerk.post("/api/v1/places", json=body | members))


def cover(at: Office, position: str, in_use: str | None = "2026-01-05") -> str:
    """A camera whose dossier says that it covers a key position, and since when it is in use."""
    streams = [{"kind": "main", "url": f"rtsp://10.4.0.{next(_HOSTS) % 250 + 1}/main"}]
    channel: str = at.whole.recorder.town.add(f"覆盖 {position[-6:]}", streams=streams).row.id
    done(at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json={"position": position, "in_use": in_use}))
    return channel


def uncovered(at: Office, subject: str) -> list[str]:
    """The key positions of a place that are held against it."""
    return sorted(one["message"].split("“")[1].split("”")[0] for one in at.findings(subject, "COV-01"))


def test_the_article_names_ten_kinds_of_place(at: Office) -> None:
    assert len(CATEGORIES) == 10
    assert SUBCATEGORIES.keys() <= CATEGORIES.keys()


@pytest.mark.parametrize("category", list(CATEGORIES))
def test_in_a_place_of_each_kind_a_key_position_without_a_camera_is_told(at: Office, category: str) -> None:
    statute = {"citation": "某条例第五条"} if category == "other_statutory" else {}
    made = place(at, GATE, category=category, **statute)
    (finding,) = at.findings(made["id"], "COV-01")
    assert (finding["verdict"], finding["severity"], finding["basis"]) == ("broken", "violation", [HUBEI])
    assert "大门" in finding["message"]
    cover(at, made["positions"][0]["id"])
    assert at.findings(made["id"], "COV-01") == []


def test_a_place_of_no_kind_that_the_article_names_is_refused(at: Office) -> None:
    body = {"name": "某处", "division": JIANGXIA, "organisation": SCHOOL, "positions": [GATE]}
    refused = at.clerk.post("/api/v1/places", json=body | {"category": "private_home"})
    assert refused.status_code == 422
    assert at.clerk.post("/api/v1/places", json=body).status_code == 422
    other = body | {"category": "transport", "subcategory": "school"}
    assert at.clerk.post("/api/v1/places", json=other).json()["code"] == "PLC-001"


def test_each_entrance_passage_and_vital_part_is_asked_for_by_itself(at: Office) -> None:
    made = place(at, GATE, PASSAGE, VITAL)
    assert uncovered(at, made["id"]) == ["大门", "药库", "食堂主通道"]
    positions = {one["name"]: one["id"] for one in made["positions"]}
    cover(at, positions["食堂主通道"])
    assert uncovered(at, made["id"]) == ["大门", "药库"]
    cover(at, positions["大门"])
    cover(at, positions["大门"])
    assert uncovered(at, made["id"]) == ["药库"]
    told = done(at.clerk.get(f"/api/v1/places/{made['id']}"))
    assert {one["name"]: one["cameras"] for one in told["positions"]} == {
        "大门": 2,
        "食堂主通道": 1,
        "药库": 0,
    }


def test_a_place_whose_key_positions_nobody_entered_is_unknown_and_not_good(at: Office) -> None:
    made = place(at)
    (finding,) = at.findings(made["id"], "COV-01")
    assert finding["verdict"] == "unknown"
    figures = at.figures("COV-01")
    assert (figures["applies"], figures["unknown"], figures["broken"]) == (1, 1, 0)


def test_a_camera_that_is_not_in_use_yet_covers_nothing(at: Office) -> None:
    made = place(at, GATE)
    channel = cover(at, made["positions"][0]["id"], in_use=None)
    assert uncovered(at, made["id"]) == ["大门"]
    done(at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json={"in_use": str(TODAY)}))
    assert uncovered(at, made["id"]) == []


def test_a_camera_that_leaves_or_turns_to_another_position_uncovers_the_one_before(at: Office) -> None:
    made = place(at, GATE, PASSAGE)
    gate, passage = (one["id"] for one in made["positions"])
    channel = cover(at, gate)
    assert uncovered(at, made["id"]) == ["食堂主通道"]
    done(at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json={"position": passage}))
    assert uncovered(at, made["id"]) == ["大门"]
    keeper = at.whole.client_of(at.whole.person("keeper", "operator_admin")[0])
    gone = keeper.delete(f"/api/v1/cameras/{channel}", params={"recordings": "keep", "reason": "拆除"})
    assert gone.status_code == 204
    assert uncovered(at, made["id"]) == ["大门", "食堂主通道"]


def test_coverage_is_counted_by_kind_of_place_and_leads_to_the_places(at: Office) -> None:
    school = place(at, GATE)
    station = place(at, GATE, name="纸坊客运站", category="transport", subcategory="station")
    cover(at, school["positions"][0]["id"])
    for narrowed, applies, broken in (
        ("", 2, 1), ("?category=transport", 1, 1), ("?category=education_health_heritage", 1, 0),
    ):  # fmt: skip
        rows = done(at.clerk.get(f"/api/v1/compliance{narrowed}"))["rules"]
        (figures,) = [row for row in rows if row["rule"] == "COV-01"]
        assert (figures["applies"], figures["broken"]) == (applies, broken), narrowed
    (listed,) = done(at.clerk.get("/api/v1/findings?rule=COV-01"))["items"]
    assert (listed["subject"], listed["subject_name"]) == (station["id"], "纸坊客运站")


def test_what_was_not_covered_is_still_told_the_next_day_and_cured_once_it_is(at: Office) -> None:
    made = place(at, GATE)
    at.on(TODAY + timedelta(days=1))
    assert uncovered(at, made["id"]) == ["大门"]
    cover(at, made["positions"][0]["id"])
    (cured,) = at.findings(made["id"], "COV-01", state="cured")
    assert cured["state"] == "cured"

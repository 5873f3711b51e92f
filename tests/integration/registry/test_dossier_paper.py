"""A dossier on paper: every member stands there by its name, filled in or not."""

from pathlib import Path

import pytest
from tests.law.office import Office, done, office
from tests.pdf import text_of

from mingjing.kernel.db import Database
from mingjing.registry.dossiers.members import MEMBERS
from mingjing.registry.dossiers.printing import GROUPS


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def test_every_member_of_a_dossier_is_printed_by_its_name_with_what_stands_there(at: Office) -> None:
    system = at.system(in_use="2026-10-18")["id"]
    camera = at.whole.recorder.town.add("校门东").row.id
    filled = {
        "system": system,
        "height_m": 4.5,
        "in_use": "2026-10-18",
        "longitude": 114.322,
        "latitude": 30.349,
    }
    done(at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json=filled))
    text = text_of(at.clerk.get(f"/api/v1/cameras/{camera}/dossier.pdf").content)
    values = {"system": f"实验小学校园安全系统（{system}）", "height_m": "4.5", "in_use": "2026-10-18"}
    for member in MEMBERS:
        if member.field in filled:
            assert f"{member.zh}{values.get(member.field, filled[member.field])}" in text, member.field
        else:
            assert f"{member.zh}未填{'（必填）' if member.mandatory else ''}".replace(" ", "") in text, (
                member.field
            )
    assert "日期何人改动2026-10-18wangmin" in text
    english = text_of(at.clerk.get(f"/api/v1/cameras/{camera}/dossier.pdf?language=en").content)
    assert "Dossierofacamera" in english
    assert "Height,metres4.5" in english


def test_every_group_of_members_has_a_heading() -> None:
    assert {member.group for member in MEMBERS} == set(GROUPS)

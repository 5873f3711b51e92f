"""Hubei Order 361, Article 14: integration and sharing between departments.

Agreements to share and the integration of systems by public security organs come later. What holds today, and is tried
here: nothing leaves by itself. A system that is not government's is shared with nobody, no route gives its video to who
was given no right to it, and no role of another department sees any.
"""

from pathlib import Path

import pytest

from mingjing.identity.actions import Action
from mingjing.identity.roles import ROLES
from mingjing.kernel.db import Database
from mingjing.law.words import FUNCTIONS
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, POLICE, SCHOOL

VIDEO = {Action.LIVE, Action.PLAYBACK, Action.SNAPSHOT, Action.EXPORT}


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.mark.parametrize("role", ["public_security", "police_station", *FUNCTIONS])
def test_no_organ_or_department_sees_video_by_its_office(role: str) -> None:
    assert not ROLES[role].actions & VIDEO


def test_a_private_systems_cameras_are_seen_by_its_own_unit_alone(at: Office) -> None:
    system = at.system(funding="other")["id"]
    camera = at.whole.recorder.town.add().row.id
    done(at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json={"system": system}))
    own, organ = (
        at.whole.client_of(
            at.whole.person(name, "duty_officer", unit=unit, division=JIANGXIA, organisation=unit)[0]
        )
        for name, unit in (("own", SCHOOL), ("organ", POLICE))
    )
    wish = {"wishes": [{"kind": "live", "channel": camera, "stream": "main", "purpose": "巡查"}]}
    assert "url" in own.post("/api/v1/tickets", json=wish).text
    assert [done(one.get("/api/v1/cameras"))["total"] for one in (own, organ)] == [1, 0]
    (refused,) = done(organ.post("/api/v1/tickets", json=wish))["tickets"]
    assert refused["code"] == "REQ-404", "what was not shared does not exist"
    assert organ.get(f"/api/v1/cameras/{camera}").status_code == 404

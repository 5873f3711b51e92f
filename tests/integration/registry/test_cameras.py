"""Cameras are registered, found, changed and removed, on both databases and inside one's scope only."""

import pytest
from sqlalchemy import select
from tests.places import ACTOR, JIANGXIA, POLICE, WUCHANG, Town, town, wish

from mingjing.audit.history import changes
from mingjing.audit.model import JournalRow
from mingjing.identity.actions import Action
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.registry import queries, service, tree
from mingjing.registry.events import CameraRegistered
from mingjing.registry.model import CameraRow
from mingjing.registry.queries import CameraFilter
from mingjing.registry.schema import CameraPatch


@pytest.fixture
def place(empty_database: Database) -> Town:
    return town(empty_database)


def names(place: Town, text: str) -> list[str]:
    with place.database.reading() as session:
        page = queries.cameras(session, place.scope(Action.CAMERA_READ), CameraFilter(text=text), 50, None)
        return [found.row.name for found in page.items]


def test_a_camera_is_found_by_name_pinyin_initials_and_address(place: Town) -> None:
    place.add("实验小学大门东", address="文化大道 8 号")
    place.add("操场_西")
    for text in ("大门", "damendong", "syxxdmd", "文化大道", "Channels/101 大门"):
        assert names(place, text) == ["实验小学大门东"], text
    assert names(place, "%") == []
    assert names(place, "_") == ["操场_西"]
    assert len(names(place, "")) == 2


def test_passwords_are_sealed_and_credentials_in_the_address_are_taken_out(place: Town) -> None:
    found = place.add(
        streams=[{"kind": "main", "url": "rtsp://viewer:s3cret@10.3.7.21/x"}], user=None, password=None
    )
    assert found.streams["main"].url == "rtsp://10.3.7.21/x"
    assert found.row.user == "viewer"
    assert found.row.sealed_password is not None
    assert "s3cret" not in found.row.sealed_password
    user, password = queries.credentials_of(found, place.site.sealer)
    assert password is not None
    assert (user, password.get_secret_value()) == ("viewer", "s3cret")


def test_a_password_does_not_follow_to_another_host(place: Town) -> None:
    found = place.add()
    moved = CameraPatch.model_validate({"streams": [{"kind": "main", "url": "rtsp://10.9.9.9/steal"}]})
    with pytest.raises(MingjingError) as refused, place.database.transaction() as tx:
        service.change(tx, ACTOR, place.scope(), found.row.id, moved, place.site)
    assert refused.value.code == "CAM-002"
    with place.database.transaction() as tx:
        again = moved.model_copy(update={"password": wish().password})
        service.change(tx, ACTOR, place.scope(), found.row.id, again, place.site)


@pytest.mark.parametrize(
    "url", ["rtsp://127.0.0.1/x", "rtsp://192.168.1.1/x", "http://10.1.1.1/", "rtsp://2130706433/"]
)
def test_an_address_outside_the_camera_networks_is_refused(place: Town, url: str) -> None:
    with pytest.raises(MingjingError) as refused:
        place.add(streams=[{"kind": "main", "url": url}])
    assert refused.value.code == "CAM-001"


def test_the_same_address_is_registered_once(place: Town) -> None:
    place.add("甲", streams=[{"kind": "main", "url": "rtsp://10.1.1.1/a"}])
    with pytest.raises(MingjingError) as refused:
        place.add("乙", streams=[{"kind": "main", "url": "rtsp://10.1.1.1/a"}])
    assert refused.value.code == "CAM-003"


def test_what_lies_outside_the_scope_does_not_exist(place: Town) -> None:
    found = place.add("江夏", division=JIANGXIA)
    with place.database.reading() as session:
        assert queries.camera(session, place.scope_of(JIANGXIA), found.row.id).row.name == "江夏"
        for missing in (found.row.id, "ch_nothinghere"):
            with pytest.raises(MingjingError) as refused:
                queries.camera(session, place.scope_of(WUCHANG), missing)
            assert refused.value.code == "REQ-404"
        assert queries.cameras(session, place.scope_of(WUCHANG), CameraFilter(), 50, None).total == 0
    with pytest.raises(MingjingError), place.database.transaction() as tx:
        service.register(tx, ACTOR, place.scope_of(WUCHANG), wish("外"), place.site)


def test_a_change_is_told_before_and_after_without_the_password(place: Town) -> None:
    found = place.add()
    patch = CameraPatch.model_validate({"name": "大门西", "password": "new-secret"})
    with place.database.transaction() as tx:
        service.change(tx, ACTOR, place.scope(), found.row.id, patch, place.site)
    with place.database.reading() as session:
        newest = changes(session, "camera", found.row.id)[0]
        assert newest.before == {"name": "实验小学大门东", "password": None}
        assert newest.after == {"name": "大门西", "password": "***"}
        actions = session.scalars(select(JournalRow.action).order_by(JournalRow.seq)).all()
    assert actions == ["camera.register", "camera.change"]


def test_a_removed_camera_keeps_its_name_for_its_recordings_and_loses_its_password(place: Town) -> None:
    found = place.add()
    with place.database.transaction() as tx:
        service.remove(tx, ACTOR, place.scope(), found.row.id, "keep", "拆除")
    with place.database.reading() as session:
        row = session.get_one(CameraRow, found.row.id)
        assert row.sealed_password is None
        assert queries.camera(session, place.scope(), found.row.id, removed=True).row.name == "实验小学大门东"
        with pytest.raises(MingjingError):
            queries.camera(session, place.scope(), found.row.id)
    assert names(place, "") == []


def test_registering_is_said_to_the_other_rooms(place: Town) -> None:
    heard: list[CameraRegistered] = []
    place.database.bus.within(CameraRegistered, lambda _, event: heard.append(event))
    found = place.add(plan="pl_x")
    assert heard == [CameraRegistered(found.row.id, "pl_x")]


def test_the_tree_counts_every_level_and_only_what_is_in_scope(place: Town) -> None:
    place.add("甲", division=JIANGXIA)
    place.add("乙", division=JIANGXIA, organisation=POLICE)
    place.add("丙", division=WUCHANG)
    with place.database.reading() as session:
        everything = place.scope(Action.CAMERA_READ)
        top = tree.below(session, everything, place.site, "")
        assert [(item.id, item.total) for item in top] == [("420000", 3)]
        city = tree.below(session, everything, place.site, "420100")
        assert [(item.id, item.total) for item in city] == [(WUCHANG, 1), (JIANGXIA, 2)]
        units = tree.below(session, everything, place.site, JIANGXIA)
        assert [(item.kind, item.total) for item in units] == [("organisation", 1), ("organisation", 1)]
        cameras = tree.below(session, everything, place.site, f"{JIANGXIA}:{POLICE}")
        assert [item.name for item in cameras] == ["乙"]
        narrow = tree.below(session, place.scope_of(WUCHANG), place.site, "")
        assert [(item.id, item.total) for item in narrow] == [("420000", 1)]
        assert [item.name for item in tree.search(session, everything, place.site, "bing")] == ["丙"]


def test_pages_go_on_where_the_last_one_ended(place: Town) -> None:
    for number in range(5):
        place.add(f"点位{number}", streams=[{"kind": "main", "url": f"rtsp://10.1.1.{number}/a"}])
    seen: list[str] = []
    after = None
    with place.database.reading() as session:
        while True:
            page = queries.cameras(session, place.scope(), CameraFilter(), 2, after)
            seen += [found.row.name for found in page.items]
            after = page.next
            if after is None:
                break
    assert seen == [f"点位{number}" for number in range(5)]

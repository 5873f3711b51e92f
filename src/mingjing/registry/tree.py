"""The camera tree: divisions, the units in them, their cameras, each with how many are online."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy.orm import Session

from mingjing.identity.queries import organisations
from mingjing.identity.scope import Scope
from mingjing.media.causes import StreamState
from mingjing.media.model import StreamStats
from mingjing.registry.present import present
from mingjing.registry.queries import CameraFilter, Registered, cameras, directly_in, places
from mingjing.registry.schema import TreeItem
from mingjing.registry.site import CameraSite
from mingjing.territory.queries import division

SEARCH_MOST = 200


def is_online(stats: Mapping[str, StreamStats], channel: str) -> bool:
    """Whether any stream of the channel gives pictures, or answered when it was last wanted."""
    for kind in ("main", "sub"):
        found = stats.get(f"{channel}.{kind}")
        if found is not None and found.state is StreamState.PLAYING:
            return True
        if found is not None and found.state is StreamState.IDLE and found.cause is None:
            return True
    return False


def search(session: Session, scope: Scope, site: CameraSite, text: str) -> list[TreeItem]:
    """Cameras that a text finds, flat."""
    page = cameras(session, scope, CameraFilter(text=text), SEARCH_MOST, None)
    return _cameras(site, list(page.items), None)


def below(session: Session, scope: Scope, site: CameraSite, under: str) -> list[TreeItem]:
    """What lies directly below `under`: "" the top, a division's code, or `division:organisation`."""
    code, _, organisation = under.partition(":")
    if organisation:
        return _cameras(site, directly_in(session, scope, code, organisation), under)
    path = division(session, code).path if code else ""
    stats = site.facts.stats()
    depth = path.count("/")
    deeper: Counter[str] = Counter()
    deeper_online: Counter[str] = Counter()
    here: Counter[str] = Counter()
    here_online: Counter[str] = Counter()
    for place in places(session, scope, path):
        online = is_online(stats, place.id)
        if place.division_path == path:
            here[place.organisation] += 1
            here_online[place.organisation] += online
            continue
        child = place.division_path.split("/")[depth]
        deeper[child] += 1
        deeper_online[child] += online
    items = [
        TreeItem(
            id=child, kind="division", name=division(session, child).name, parent=under or None,
            online=deeper_online[child], total=deeper[child],
        )
        for child in sorted(deeper)
    ]  # fmt: skip
    names = {unit.id: unit.name for unit in organisations(session)} if here else {}
    items += [
        TreeItem(
            id=f"{code}:{unit}", kind="organisation", name=names.get(unit, unit), parent=under or None,
            online=here_online[unit], total=here[unit],
        )
        for unit in sorted(here, key=lambda unit: names.get(unit, unit))
    ]  # fmt: skip
    return items


def _cameras(site: CameraSite, found: list[Registered], parent: str | None) -> list[TreeItem]:
    stats = site.facts.stats()
    return [
        TreeItem(
            id=shown.id, kind="camera", name=shown.name, online=int(is_online(stats, shown.id)), total=1,
            parent=parent or f"{shown.division}:{shown.organisation}", camera=shown,
        )
        for shown in present(site, found)
    ]  # fmt: skip

"""Leg-by-leg diagnosis of a camera: where it stands now, how its neighbours do, what happened before."""

from sqlalchemy.orm import Session

from mingjing.audit.service import Actor, Object, record
from mingjing.devices.rtsp.words import headline
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.media.causes import Cause, Leg, LegState
from mingjing.media.model import StreamStats
from mingjing.operations.errors import STREAM_MISSING
from mingjing.recording.queries import last_losses
from mingjing.registry import queries
from mingjing.registry.present import legs_in_words, summary
from mingjing.registry.probe import run
from mingjing.registry.queries import Registered
from mingjing.registry.schema import DiagnosisOut, Episode, Siblings, all_not_reached
from mingjing.registry.site import CameraSite

EPISODES = 20


def live(session: Session, scope: Scope, channel: str, kind: str, site: CameraSite) -> DiagnosisOut:
    """The state of the running stream. Raises REQ-404 outside the scope."""
    found = queries.camera(session, scope, channel)
    stats = site.facts.stats()
    mine = stats.get(f"{channel}.{kind}")
    legs = mine.legs if mine and mine.legs else all_not_reached()
    zh, en = summary(legs)
    return DiagnosisOut(
        legs=legs_in_words(legs), summary=zh, summary_en=en, since_us=mine.since_us if mine else None,
        siblings=_siblings(session, scope, found, stats, _broken(mine)), history=_history(session, channel),
        live=True,
    )  # fmt: skip


def run_now(
    store: Database, actor: Actor, scope: Scope, channel: str, kind: str, site: CameraSite
) -> DiagnosisOut:
    """Try the camera anew, beside whatever runs. Blocks for up to 20 s. Raises OPS-001, REQ-404."""
    with store.transaction() as tx:
        found = queries.camera(tx.session, scope, channel)
        facts = {"camera": found.row.name, "stream": kind}
        record(tx, actor, "camera.diagnose", Object("camera", channel), facts)
    source = queries.source_of(found, kind, site.sealer)
    if source is None:
        raise MingjingError(STREAM_MISSING, stream=kind)
    probed = run(site, source)
    zh, en = summary(probed.legs)
    with store.reading() as session:
        broken = next((leg.leg for leg in probed.legs if leg.state is LegState.FAILED), None)
        siblings = _siblings(session, scope, found, site.facts.stats(), broken)
        history = _history(session, channel)
    return DiagnosisOut(
        legs=legs_in_words(probed.legs), summary=zh, summary_en=en, since_us=store.clock.now_us(),
        siblings=siblings, history=history, live=False,
    )  # fmt: skip


def _broken(stats: StreamStats | None) -> Leg | None:
    if stats is None:
        return None
    return next((leg.leg for leg in stats.legs if leg.state is LegState.FAILED), None)


def _siblings(
    session: Session, scope: Scope, found: Registered, stats: dict[str, StreamStats], leg: Leg | None
) -> Siblings:
    """Cameras of the same unit and division: where many fail alike, look at what they share."""
    near = queries.directly_in(session, scope, found.row.division, found.row.organisation)
    others = [stats.get(f"{item.row.id}.main") for item in near if item.row.id != found.row.id]
    broken = [_broken(other) for other in others]
    return Siblings(
        total=len(others),
        down=sum(at is not None for at in broken),
        same_leg=sum(at == leg for at in broken if at),
    )


def _history(session: Session, channel: str) -> list[Episode]:
    episodes = []
    for row in last_losses(session, channel, EPISODES):
        cause = Cause(row.cause) if row.cause in set(Cause) else None
        # A gap knows its cause and not its leg: the words are those of the cause alone.
        title = headline(Leg.CONNECTED, cause) if cause else None
        episodes.append(
            Episode(
                at_us=row.at_us, leg=None, cause=row.cause,
                title=title.zh.split("：", 1)[-1] if title else row.reason,
                title_en=title.en.split(": ", 1)[-1] if title else row.reason,
            )
        )  # fmt: skip
    return episodes

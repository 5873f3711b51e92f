"""Reads of dossiers."""

from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.queries import camera


def dossier(session: Session, scope: Scope, channel: str) -> DossierRow:
    """The dossier of a camera, an empty one where nobody has written it yet. Raises REQ-404."""
    camera(session, scope, channel, removed=True)
    return session.get(DossierRow, channel) or empty(channel)


def empty(channel: str) -> DossierRow:
    """A dossier in which nothing stands."""
    return DossierRow(camera=channel, members={}, complete=0, changed_us=0)

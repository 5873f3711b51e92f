"""The journal on the wire."""

import json
from typing import Any

from pydantic import Field

from mingjing.audit.chain import Checkpoint, Verdict
from mingjing.audit.model import JournalRow
from mingjing.kernel.wire import EXAMPLE_US, Told, example


class EntryOut(Told):
    """One entry, with the hashes that bind it to its neighbours."""

    model_config = example(
        seq=1042,
        at_us=EXAMPLE_US,
        actor_kind="user",
        actor="us_k3v7q2m5x4ab",
        actor_name="王敏",
        source="10.1.0.23",
        session="se_k3v7q2m5x4ab",
        action="view.start",
        object_kind="camera",
        object="ch_k2x9p4q7m1aa",
        facts={"stream": "main"},
        previous="9b1f…",
        hash="e07a…",
    )

    seq: int
    at_us: int
    actor_kind: str
    actor: str
    actor_name: str
    source: str
    session: str
    action: str
    object_kind: str
    object: str
    facts: dict[str, Any]
    previous: str
    hash: str


class VerdictOut(Told):
    """What a check found; `broken_seq` names the first entry that does not hold."""

    model_config = example(
        ok=True, entries=1042, head="e07a…", checkpoints=12, broken_seq=None, reason=None, at_us=EXAMPLE_US
    )

    ok: bool
    entries: int
    head: str
    checkpoints: int
    broken_seq: int | None = None
    reason: str | None = None
    at_us: int = Field(description="When the check ended")


class CheckpointOut(Told):
    """A signed statement about the journal, to be kept elsewhere."""

    model_config = example(
        seq=1042, hash="e07a…", at_us=EXAMPLE_US, key_id="4c1d…", signature="b2d8…", public_key="77f0…"
    )

    seq: int
    hash: str
    at_us: int
    key_id: str
    signature: str
    public_key: str = Field(description="Ed25519, hex")


def entry_out(row: JournalRow) -> EntryOut:
    """An entry as it goes out."""
    return EntryOut(
        seq=row.seq,
        at_us=row.at_us,
        actor_kind=row.actor_kind,
        actor=row.actor,
        actor_name=row.actor_name,
        source=row.source,
        session=row.session,
        action=row.action,
        object_kind=row.object_kind,
        object=row.object,
        facts=json.loads(row.facts),
        previous=row.previous,
        hash=row.hash,
    )


def verdict_out(verdict: Verdict, at_us: int) -> VerdictOut:
    """A verdict as it goes out."""
    return VerdictOut(
        ok=verdict.ok,
        entries=verdict.entries,
        head=verdict.head,
        checkpoints=verdict.checkpoints,
        broken_seq=verdict.broken_seq,
        reason=verdict.reason,
        at_us=at_us,
    )


def checkpoint_out(made: Checkpoint, public: bytes) -> CheckpointOut:
    """A checkpoint as it goes out."""
    return CheckpointOut(
        seq=made.seq,
        hash=made.hash,
        at_us=made.at_us,
        key_id=made.key_id,
        signature=made.signature,
        public_key=public.hex(),
    )


class RecordChange(Told):
    """One change of a record."""

    model_config = example(
        at_us=EXAMPLE_US, who="us_k3v7q2m5x4ab", who_name="王敏", what="change", before={"in_use": None},
        after={"in_use": "2026-10-18"},
    )  # fmt: skip

    at_us: int
    who: str
    who_name: str
    what: str
    before: dict[str, object]
    after: dict[str, object]

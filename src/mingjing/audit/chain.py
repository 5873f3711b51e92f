"""The chain itself, without a database: canonical encoding, hashes, checkpoints, and the check of them all.

An entry's hash is SHA-256(0x00 ‖ hash of the entry before ‖ canonical JSON of the entry), the leaf prefix being
that of RFC 6962. A checkpoint is an Ed25519 signature over `mingjing journal checkpoint\\n{seq}\\n{hash}\\n{at_us}\\n`.
Whoever holds the exported entries, a checkpoint and the public key can check them with this file alone.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

GENESIS: Final = "0" * 64
HASHED: Final = (
    "seq",
    "at_us",
    "actor_kind",
    "actor",
    "actor_name",
    "source",
    "session",
    "action",
    "object_kind",
    "object",
    "facts",
)


def canonical(value: object) -> str:
    """JSON with sorted keys, no white space, no escapes beyond the necessary.

    Floats are refused with TypeError: they do not have one spelling.
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def entry_hash(entry: Mapping[str, object], previous: str) -> str:
    """The hash of `entry` (members `HASHED`) that follows the entry whose hash is `previous`."""
    body = canonical({name: entry[name] for name in HASHED})
    return hashlib.sha256(
        b"\x00" + bytes.fromhex(previous) + body.encode("utf-8", "surrogatepass")
    ).hexdigest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """After entry `seq` the chain's hash was `hash`, says the holder of key `key_id` at `at_us`."""

    seq: int
    hash: str
    at_us: int
    key_id: str
    signature: str

    def message(self) -> bytes:
        return _message(self.seq, self.hash, self.at_us)


class CheckpointKey:
    """The Ed25519 key of this installation, made at its first start."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = key_id(self.public)

    def sign(self, seq: int, hash_: str, at_us: int) -> Checkpoint:
        """A checkpoint over the chain as it stands after `seq`."""
        signature = self._private.sign(_message(seq, hash_, at_us))
        return Checkpoint(seq, hash_, at_us, self.key_id, base64.b64encode(signature).decode())


def key_id(public: bytes) -> str:
    """The short name of a public key."""
    return hashlib.sha256(public).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `broken_seq` names the first entry that does not hold, and `reason` why."""

    entries: int
    head: str
    checkpoints: int
    broken_seq: int | None = None
    reason: str | None = None

    @property
    def ok(self) -> bool:
        return self.broken_seq is None


def check(
    entries: Iterable[Mapping[str, object]], checkpoints: Iterable[Checkpoint], public: bytes
) -> Verdict:
    """Follow the chain from its beginning and hold it against the checkpoints.

    Reasons: `gap` (an entry is missing or out of place), `link` (it does not follow the one before), `content`
    (it was altered), `signature` (a checkpoint is not signed by `public`), `rewritten` (the chain is sound but
    is not the one that was signed), `cut` (fewer entries than were signed). A checkpoint that names no entry is
    reported as entry 0.
    """
    signed = sorted(checkpoints, key=_names)
    # Of one entry there may be several: after an older database was put in place, two ends of the chain are signed.
    hashes: dict[int, set[str]] = {}
    for one in signed:
        if not signature_holds(one, public):
            return Verdict(0, GENESIS, len(signed), _names(one), "signature")
        hashes.setdefault(one.seq, set()).add(one.hash)
    previous, count = GENESIS, 0
    for entry in entries:
        expected = count + 1
        fault = _fault(entry, expected, previous)
        if fault is None and hashes.get(expected, {entry["hash"]}) != {entry["hash"]}:
            fault = "rewritten"
        if fault is not None:
            return Verdict(count, previous, len(signed), expected, fault)
        previous, count = str(entry["hash"]), expected
    if signed and signed[-1].seq > count:
        return Verdict(count, previous, len(signed), count + 1, "cut")
    return Verdict(count, previous, len(signed))


def signature_holds(checkpoint: Checkpoint, public: bytes) -> bool:
    """Whether the checkpoint was signed by the holder of `public`."""
    try:
        signature = base64.b64decode(checkpoint.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, checkpoint.message())
    except (InvalidSignature, ValueError, TypeError):
        return False
    # Base64 has more than one spelling: the last letter before the padding carries bits that nobody reads.
    spelt = base64.b64encode(signature).decode()
    return checkpoint.key_id == key_id(public) and checkpoint.signature == spelt


def _names(checkpoint: Checkpoint) -> int:
    """The entry it is about; 0 where what was read is no number."""
    return checkpoint.seq if isinstance(checkpoint.seq, int) else 0


def _fault(entry: Mapping[str, object], expected: int, previous: str) -> str | None:
    if entry["seq"] != expected:
        return "gap"
    if entry["previous"] != previous:
        return "link"
    try:
        found = entry_hash(entry, previous)
    except (TypeError, ValueError):
        return "content"
    return None if found == entry["hash"] else "content"


def _message(seq: int, hash_: str, at_us: int) -> bytes:
    return f"mingjing journal checkpoint\n{seq}\n{hash_}\n{at_us}\n".encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a journal entry holds no floating-point number: give integers in a small unit")
    if isinstance(value, Mapping):
        for key, part in value.items():
            if not isinstance(key, str):
                raise TypeError("the keys of facts are text")
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)

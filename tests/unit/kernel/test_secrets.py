"""Secrets do not print, sealed values open only for their purpose and key, key files are private."""

import json
import pickle
from pathlib import Path

import pytest

from mingjing.kernel.errors import MingjingError
from mingjing.kernel.log import masked, redact
from mingjing.kernel.secrets import Sealer, Secret, key_file


def test_a_secret_prints_stars_everywhere() -> None:
    secret = Secret("hunter2hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {{'a': {secret!r}}}"
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_sealed_value_opens_for_its_purpose_only() -> None:
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal(Secret("摄像机密码"), "camera:ch_a")
    assert "摄像机" not in sealed
    assert sealer.open(sealed, "camera:ch_a").reveal() == "摄像机密码"
    for other, purpose in ((sealer, "camera:ch_b"), (Sealer(b"x" * 32), "camera:ch_a")):
        with pytest.raises(MingjingError) as raised:
            other.open(sealed, purpose)
        assert raised.value.code == "SYS-012"


def test_every_altered_byte_of_a_sealed_value_is_noticed() -> None:
    sealer = Sealer(b"k" * 32)
    # Of each length modulo three, and often: not all bits of the last letter count.
    for value in ("s", "se", "sec") * 10:
        sealed = sealer.seal(Secret(value), "p")
        for at in range(len(sealed)):
            altered = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
            with pytest.raises(MingjingError):
                sealer.open(altered, "p")


def test_a_key_file_is_made_private_and_refused_when_lax(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealing.key"
    key = key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert key_file(path) == key
    path.chmod(0o640)
    with pytest.raises(MingjingError) as raised:
        key_file(path)
    assert raised.value.code == "SYS-010"


def test_the_redactor_masks_by_name_by_type_and_by_shape() -> None:
    entry = redact(
        None,
        "info",
        {
            "event": "connecting rtsp://admin:topsecret@10.0.0.1/s password=topsecret",
            "password": "topsecret",
            "nested": {"api_key": "topsecret", "url": "rtsp://u:topsecret@h/"},
            "typed": Secret("topsecret"),
            "header": "Authorization: Bearer topsecrettopsecret",
        },
    )
    assert "topsecret" not in repr(entry)
    assert masked("rtsp://10.0.0.1/main") == "rtsp://10.0.0.1/main"

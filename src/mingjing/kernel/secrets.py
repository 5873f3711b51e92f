"""Secrets: a value that never prints itself, and sealing of values at rest.

A sealed value is `v1:<key id>:<base64url nonce + ciphertext>`, AES-256-GCM with the purpose as associated data,
so that a camera's password cannot be moved to another camera's row. The key lies in a file of its own, mode
0600, outside the data directory. Password hashing does not live here.
"""

import base64
import hashlib
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingjing.kernel.durable import make_directory, sync
from mingjing.kernel.errors import MingjingError, define

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12

KEY_FILE_LAX = define(
    "SYS-010",
    500,
    title=("密钥文件权限过宽", "A key file is open to others"),
    detail=(
        "密钥文件或目录 {path} 的权限是 {mode}，其他用户可以读取。",
        "The key file or directory {path} has mode {mode}: others can read it.",
    ),
    remedy=(
        "请执行 chmod {right} {path} 后重试；若他人可能已读取，请更换密钥。",
        "Run chmod {right} {path} and try again; where others may have read it, replace the key.",
    ),
)
KEY_FILE_BAD = define(
    "SYS-011",
    500,
    title=("密钥文件无效", "A key file is not valid"),
    detail=(
        "密钥文件 {path} 应为 {bytes} 字节，内容不符。",
        "The key file {path} should hold {bytes} bytes and does not.",
    ),
    remedy=("请从备份恢复该文件。", "Restore the file from its backup."),
)
SEAL_BROKEN = define(
    "SYS-012",
    500,
    title=("密文无法解开", "A sealed value cannot be opened"),
    detail=(
        "用途为 {purpose} 的密文由另一把密钥加密，或已被改动。",
        "The sealed value for {purpose} was made with another key, or was altered.",
    ),
    remedy=(
        "请恢复原密钥文件，或重新录入该密码。",
        "Restore the original key file, or enter the secret anew.",
    ),
)


class Secret:
    """A value that prints `***` wherever it goes; `reveal()` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself. Never pass it to a log, an error or an argument list."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and secrets.compare_digest(
            self._value.encode(), other._value.encode()
        )

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not pickled")


class Sealer:
    """Seals and opens values with one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError(f"a sealing key has {_KEY_BYTES} bytes")
        self._cipher = AESGCM(key)
        self.key_id = hashlib.sha256(b"mingjing sealing key\0" + key).hexdigest()[:8]

    def seal(self, value: Secret, purpose: str) -> str:
        """`value` sealed for `purpose` (such as `camera:ch_…`), which must be given again to open it."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, value.reveal().encode(), purpose.encode())
        return f"v1:{self.key_id}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, purpose: str) -> Secret:
        """The value of `seal`. Raises SYS-012 where key, purpose or bytes do not match."""
        try:
            version, key_id, text = sealed.split(":", 2)
            if version != "v1" or key_id != self.key_id:
                raise MingjingError(SEAL_BROKEN, purpose=purpose)
            blob = base64.urlsafe_b64decode(text)
            # The last letter holds bits that stand for nothing: altered there, it would decode to the same bytes.
            if base64.urlsafe_b64encode(blob).decode() != text:
                raise MingjingError(SEAL_BROKEN, purpose=purpose)
            plain = self._cipher.decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], purpose.encode())
        except (ValueError, InvalidTag) as cause:
            raise MingjingError(SEAL_BROKEN, purpose=purpose) from cause
        return Secret(plain.decode())


def key_file(path: Path, length_bytes: int = _KEY_BYTES) -> bytes:
    """The key in `path`, made by the system's generator if there is none (directory 0700, file 0600).

    Raises SYS-010 for a file or directory that others can read, SYS-011 for one of the wrong length.
    """
    make_directory(path.parent, 0o700)
    _refuse_lax(path.parent, "700")
    if not path.exists():
        write_private(path, os.urandom(length_bytes))
    # What is sealed from now on rests on this name, which a run that was killed may have left not yet durable.
    sync(path.parent)
    _refuse_lax(path, "600")
    key = path.read_bytes()
    if len(key) != length_bytes:
        raise MingjingError(KEY_FILE_BAD, path=str(path), bytes=length_bytes)
    return key


def _refuse_lax(path: Path, right: str) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise MingjingError(KEY_FILE_LAX, path=str(path), mode=f"{mode:04o}", right=right)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600, synced before it has its name, and then that; refuses to replace one that exists."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # link() fails where the name is taken: of two first starts only one key becomes the key.
        os.link(scratch, path)
    finally:
        scratch.unlink()
    sync(path.parent)

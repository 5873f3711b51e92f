"""The second factor: TOTP (RFC 6238, SHA-1, 30 s, six digits) and recovery codes. Pure; time is an argument."""

import hashlib
import hmac
import secrets

import pyotp

from mingjing.identity.settings import IdentitySettings

STEP_S = 30
_DRIFT_STEPS = 1
RECOVERY_CODES = 10


def demands(settings: IdentitySettings, administers: bool) -> bool:
    """Whether the site demands a second factor of somebody who is, or is not, one of the three administrators."""
    return settings.second_factor == "all" or (settings.second_factor == "administrators" and administers)


def step_at(now_us: int) -> int:
    """The number of the 30-second step."""
    return now_us // 1_000_000 // STEP_S


def accepted_step(secret: str, code: str, now_us: int, last_step: int) -> int | None:
    """The step that `code` belongs to, if it is right, near now, and later than the last one used."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    otp = pyotp.TOTP(secret, interval=STEP_S)
    now = step_at(now_us)
    for step in range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1):
        if step > last_step and _same(otp.generate_otp(step), code):
            return step
    return None


def consecutive_step(secret: str, codes: tuple[str, str], now_us: int) -> int | None:
    """The later step of two codes that follow each other, the proof that an authenticator was set up."""
    otp = pyotp.TOTP(secret, interval=STEP_S)
    now = step_at(now_us)
    for step in range(now - 2 * _DRIFT_STEPS, now + _DRIFT_STEPS):
        if _same(otp.generate_otp(step), codes[0]) and _same(otp.generate_otp(step + 1), codes[1]):
            return step + 1
    return None


def new_secret() -> str:
    """A base32 secret of 160 bits."""
    return pyotp.random_base32()


def address(secret: str, account: str) -> str:
    """The otpauth:// address that an authenticator reads as a QR code."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=account, issuer_name="Mingjing")


def recovery_codes() -> list[str]:
    """Ten fresh codes of 80 bits each."""
    return [
        f"{part[:4]}-{part[4:8]}-{part[8:12]}-{part[12:]}"
        for part in (_sixteen() for _ in range(RECOVERY_CODES))
    ]


def digest(code: str) -> str:
    """What is kept of a recovery code."""
    return hashlib.sha256(code.replace("-", "").lower().encode()).hexdigest()


def _same(right: str, given: str) -> bool:
    # Compared as bytes: of texts, it takes ASCII alone.
    return hmac.compare_digest(right.encode(), given.encode())


def _sixteen() -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(secrets.choice(alphabet) for _ in range(16))

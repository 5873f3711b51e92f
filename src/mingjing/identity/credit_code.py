"""Unified social credit codes (GB 32100-2015): eighteen characters, the last a check digit. Pure."""

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, S, V and Z."""
LENGTH: Final = 18
_MODULUS: Final = 31


def check_digit(body: str) -> str:
    """The character that belongs after the first seventeen. ValueError for a character that is not of the alphabet."""
    total = sum(ALPHABET.index(one) * pow(3, at, _MODULUS) for at, one in enumerate(body))
    return ALPHABET[-total % _MODULUS]


def is_credit_code(text: str) -> bool:
    """Whether `text` is a code whose check digit is right."""
    if len(text) != LENGTH or not set(text) <= set(ALPHABET):
        return False
    return check_digit(text[:-1]) == text[-1]

"""Unified social credit codes (GB 32100): the check digit finds what people mistype."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing.identity.credit_code import ALPHABET, check_digit, is_credit_code

BODIES = st.text(ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", ["91330100799655058B", "9144030071526726XG", "91110000802100433B"])
def test_codes_that_are_in_use_are_right(code: str) -> None:
    assert is_credit_code(code)


@given(BODIES)
def test_exactly_one_last_character_is_right(body: str) -> None:
    assert [one for one in ALPHABET if is_credit_code(body + one)] == [check_digit(body)]


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_character_mistyped_is_found(body: str, at: int, other: str) -> None:
    code = body + check_digit(body)
    wrong = code[:at] + other + code[at + 1 :]
    assert is_credit_code(wrong) == (other == code[at])


@given(BODIES, st.integers(0, 16))
def test_two_neighbours_swapped_are_found(body: str, at: int) -> None:
    code = body + check_digit(body)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert is_credit_code(swapped) == (swapped == code)


@given(st.text(max_size=24))
def test_anything_else_is_refused_and_breaks_nothing(text: str) -> None:
    if len(text) != 18 or not set(text) <= set(ALPHABET):
        assert not is_credit_code(text)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_read_like_digits_are_in_no_code(letter: str) -> None:
    assert letter not in ALPHABET
    assert not is_credit_code(letter + "1330100799655058B")

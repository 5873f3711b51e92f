"""Rule sets: dated data, each fact judged by those of its own day and place, no article quoted that nobody has read."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mingjing.law.citing import citations
from mingjing.law.figures import FIGURES, told
from mingjing.law.rules import rules
from mingjing.law.sets import BookFaultError, Books, read, shipped

WUHAN, BEIJING = "420000/420100/420106/", "110000/110101/"
BOOK = """
id = "test-1"
division = "420000"
since = 2020-01-01
loaded = true
title = { zh = "甲", en = "A" }
short = { zh = "甲", en = "A" }
"""


def _in_force(day: str, path: str, books: Books | None = None) -> list[tuple[str, bool]]:
    found = (books or shipped()).in_force(date.fromisoformat(day), path)
    return [(one.set.id, one.carried) for one in found]


def test_the_sets_of_a_fact_are_those_in_force_on_its_day_at_its_place() -> None:
    assert _in_force("2013-08-31", WUHAN) == []
    assert _in_force("2013-09-01", WUHAN) == [("hubei-2013", False)]
    assert _in_force("2025-03-31", WUHAN) == [("hubei-2013", False)]
    assert _in_force("2025-04-01", WUHAN) == [("hubei-2013", False), ("national-2025", False)]
    assert _in_force("2025-04-01", BEIJING) == [("national-2025", False)]


def test_a_replaced_order_is_carried_on_while_the_new_text_is_not_at_hand() -> None:
    assert _in_force("2026-07-31", WUHAN) == [("hubei-2013", False), ("national-2025", False)]
    assert _in_force("2026-08-01", WUHAN) == [("hubei-2013", True), ("national-2025", False)]


def test_once_the_new_text_is_loaded_the_old_one_judges_only_its_own_days() -> None:
    sets = tuple(replace(one, loaded=True) if one.id == "hubei-2026" else one for one in shipped().sets)
    assert _in_force("2026-07-31", WUHAN, Books(sets)) == [("hubei-2013", False), ("national-2025", False)]
    assert _in_force("2026-08-01", WUHAN, Books(sets)) == [("hubei-2026", False), ("national-2025", False)]


def test_no_article_of_a_text_that_is_not_loaded_is_quoted() -> None:
    for one in shipped().sets:
        if not one.loaded:
            assert not one.clauses
            assert citations(shipped(), "FILE-01", [one.id]) == []


def test_no_article_of_hubei_order_361_after_the_fourteenth_is_quoted() -> None:
    found = shipped().get("hubei-2013")
    assert found is not None
    for clause in found.clauses.values():
        numbers = [
            part for part in ("十五", "十六", "十七", "十八", "十九", "二十") if part in clause.article.zh
        ]
        assert numbers == [], clause.article


def test_every_rule_rests_on_a_set_and_every_clause_has_its_rule() -> None:
    quoted = {rule for one in shipped().sets for rule in one.clauses}
    assert quoted == set(rules())


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ('id = "test-1"', "'id'"),
        ("since = 2020-01-01", "'since'"),
        ("loaded = true", "'loaded'"),
    ],
)
def test_a_book_that_lacks_something_says_what(tmp_path: Path, change: str, word: str) -> None:
    (tmp_path / "a.toml").write_text(BOOK.replace(change, ""), encoding="utf-8")
    with pytest.raises(BookFaultError, match=f"a.toml.*{word}"):
        read([tmp_path / "a.toml"])


@pytest.mark.parametrize(
    "line",
    [
        'since = "2020"',
        "followed_by = 'nobody'",
        "[rules.X]\narticle = {zh='一',en='1'}\nfigures = {days=1.5}",
        "[rules.X]\narticle = {zh='一',en='1'}\nown = ['days']",
    ],
)
def test_a_book_with_a_wrong_value_is_refused(tmp_path: Path, line: str) -> None:
    text = BOOK.replace("since = 2020-01-01\n", "") if line.startswith("since") else BOOK
    (tmp_path / "a.toml").write_text(
        f"{line}\n{text}" if "[" not in line else f"{text}\n{line}", encoding="utf-8"
    )
    with pytest.raises(BookFaultError):
        read([tmp_path / "a.toml"])


def test_another_province_is_another_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(BOOK, encoding="utf-8")
    assert _in_force("2020-01-01", WUHAN, read([tmp_path / "a.toml"])) == [("test-1", False)]
    assert _in_force("2020-01-01", BEIJING, read([tmp_path / "a.toml"])) == []


def test_every_figure_has_words_that_hold_its_number() -> None:
    for one in shipped().sets:
        for rule, clause in one.clauses.items():
            for name, value in clause.figures.items():
                text = told(rule, name, value)
                assert text.zh, f"{rule}.{name}"
                assert text.en, f"{rule}.{name}"
    assert told("FILE-02", "since", 20250401).zh == "自 2025-04-01 施行"
    assert told("FORB-01", "fitting_room", 3).en == "Item 3: Fitting rooms"
    assert {name.partition(".")[0] for name in FIGURES} <= set(rules())


def test_a_figure_that_the_text_does_not_give_is_marked_as_our_own() -> None:
    own = {(one.id, rule): clause.own for one in shipped().sets for rule, clause in one.clauses.items()}
    assert own["national-2025", "FILE-01"] == frozenset()
    assert own["hubei-2013", "DISM-02"] == frozenset()
    assert own["national-2025", "FILE-03"] == {"days"}
    assert own["hubei-2013", "MAINT-02"] == {"response_hours", "repair_hours"}

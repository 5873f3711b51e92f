"""The rule sets as a person reads them: in force, carried on, or a named, empty place."""

from pathlib import Path
from typing import Any

import pytest

from mingjing.kernel.db import Database
from tests.law.office import office


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def sets(empty_database: Database, tmp_path: Path) -> dict[str, Any]:
    answer = office(empty_database, tmp_path).clerk.get("/api/v1/rule-sets")
    answer.raise_for_status()
    return {one["id"]: one for one in answer.json()}


def test_each_set_says_from_when_to_when_and_what_follows_it(sets: dict[str, Any]) -> None:
    hubei, national = sets["hubei-2013"], sets["national-2025"]
    assert (hubei["since"], hubei["until"], hubei["followed_by"]) == (
        "2013-09-01",
        "2026-08-01",
        "hubei-2026",
    )
    assert (hubei["judges"], hubei["carried"], hubei["division"]) == (True, True, "420000")
    assert (national["judges"], national["carried"], national["division"]) == (True, False, "")
    assert all(one["rules"] == len(one["clauses"]) for one in sets.values())


def test_a_set_without_text_says_why_and_quotes_nothing(sets: dict[str, Any]) -> None:
    empty = sets["hubei-2026"]
    assert (empty["loaded"], empty["judges"], empty["clauses"]) == (False, False, [])
    assert "文本未取得" in empty["note"]


def test_every_clause_names_its_article_and_tells_its_figures_from_our_own(sets: dict[str, Any]) -> None:
    clauses = {one["rule"]: one for one in sets["national-2025"]["clauses"]}
    assert all(one["article"] and one["message"] and one["remedy_en"] for one in clauses.values())
    filed, maintained = clauses["FILE-01"], clauses["MAINT-02"]
    assert filed["figures"] == [
        {"text": "投入使用之日起 30 日内", "text_en": "Within 30 days of entry into use", "own": False}
    ]
    assert (filed["article"], filed["regimes"], filed["severity"]) == ("第十四条", ["art7"], "violation")
    assert [one["own"] for one in maintained["figures"]] == [True, True]

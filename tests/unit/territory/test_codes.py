"""Codes of divisions: what is one, what it stands for, and what may lie above it."""

import csv
from importlib import resources

import pytest

from mingjing.territory.rules import candidates_above, is_code, is_heading, kind_of, level


@pytest.mark.parametrize(
    "code",
    ["420000", "420115", "420115001", "420115001002", "4201Z1", "4201Z1001", "420115Z01", "4201Z1A02003"],
)
def test_codes_of_divisions_and_of_zones_have_six_nine_or_twelve_characters(code: str) -> None:
    assert is_code(code)


@pytest.mark.parametrize(
    "code",
    ["", "42", "42011", "4201151", "420115AAA", "4201z1", "4201I1", "42011Z", "42011５", "420115001ZZZ"],
)
def test_anything_else_is_none(code: str) -> None:
    assert not is_code(code)


@pytest.mark.parametrize("code", ["429000", "419000", "469000", "110100", "500200"])
def test_a_heading_of_the_table_is_no_city(code: str) -> None:
    assert is_heading(code)


def test_a_county_under_the_direct_rule_of_its_province_has_no_city_above() -> None:
    assert candidates_above("429004") == ["420000"]
    assert candidates_above("110105") == ["110000"]
    assert candidates_above("420115001002") == ["420115001", "420115", "420100", "420000"]
    assert candidates_above("4201Z1001") == ["4201Z1", "420100", "420000"]
    assert candidates_above("420000") == []


def test_a_letter_makes_a_zone_and_the_level_is_that_of_the_codes_beside_it() -> None:
    assert [kind_of(code) for code in ("420115", "4201Z1", "4201Z1001")] == [
        "administrative",
        "functional_zone",
        "functional_zone",
    ]
    levels = ["420000", "420100", "4201Z1", "420115Z01", "420115001002"]
    assert [level(code) for code in levels] == [1, 2, 3, 4, 5]


def test_hubei_is_whole_to_county_level() -> None:
    table = resources.files("mingjing.territory").joinpath("data/divisions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    now = [row["code"] for row in rows if not row["valid_to"]]
    cities = [code for code in now if level(code) == 2]
    counties = [code for code in now if level(code) == 3]
    direct = [code for code in counties if candidates_above(code) == ["420000"]]
    assert (len(cities), len(direct), len(counties)) == (13, 4, 103)
    assert {row["code"]: row["successor"] for row in rows if row["valid_to"]} == {
        "420321": "420304",
        "420821": "420882",
        "421023": "421088",
    }
    assert all(row["successor"] in now for row in rows if row["valid_to"])
    of = {code[:4]: sum(other[:4] == code[:4] for other in counties) for code in cities}
    assert of == {
        "4201": 13, "4202": 6, "4203": 8, "4205": 13, "4206": 9, "4207": 3, "4208": 5, "4209": 7, "4210": 8,
        "4211": 10, "4212": 6, "4213": 3, "4228": 8,
    }  # fmt: skip

"""S15: the lessons of other systems have the tests that they name, and each control can be taken out where it is said."""

from pathlib import Path

import pytest

from mingjing import __file__ as program
from tests.claims import lessons, measured
from tests.claims.cameras import ROOT


def test_every_lesson_names_tests_that_exist_or_says_what_is_not_built() -> None:
    found = lessons.run()
    measured.write("S15", seed=0, **found, holds=lessons.holds(found))
    assert found["missing"] == []
    assert lessons.holds(found), found
    assert len({one.system for one in lessons.LESSONS}) == found["rows"] >= 43


def test_a_lesson_without_a_test_and_one_whose_test_is_gone_are_named() -> None:
    bare = lessons.Lesson("a", "2026", "b", "c")
    assert list(lessons.gaps(bare)) == ["no test"]
    gone = lessons.Lesson("a", "2026", "b", "c", (lessons.MATRIX, lessons.MATRIX + "_not"), ("sdp/none",))
    assert list(lessons.gaps(gone)) == [lessons.MATRIX + "_not", "sdp/none"]
    for name in ("media/tests/fuzz.rs::mutate", "tests/claims/lessons.py::gaps", "tests/none.py::test_x"):
        assert not lessons.exists(name), name
    assert lessons.exists(lessons.FUZZ)


def test_every_control_is_where_its_lesson_says() -> None:
    for system, mutation in lessons.mutants():
        file = Path(program).parent / mutation.file
        whole = file.read_text(encoding="utf-8")
        assert lessons.applied(mutation, whole) != whole, system
        assert lessons.exists(mutation.test), (system, mutation.test)
    assert len(lessons.mutants()) >= 5


def test_every_module_that_a_control_names_is_there() -> None:
    source = ROOT / "src" / "mingjing"
    for lesson in lessons.LESSONS:
        for path in lessons.modules(lesson.control):
            assert (source / path).exists() or (ROOT / path).exists(), (lesson.system, path)


@pytest.mark.parametrize("found", [{"missing": ["a"]}, {"survived": ["a"]}, {"with_test": 1}])
def test_the_claim_fails_where_something_is_missing_or_survives(found: dict[str, object]) -> None:
    whole = {"rows": 3, "with_test": 2, "not_built_yet": {"a": "b"}, "missing": []}
    assert lessons.holds(whole)
    assert not lessons.holds(whole | found)

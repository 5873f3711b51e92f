"""The catalogue is complete in both languages, and its texts ask only for plain facts."""

import importlib
import pkgutil

import pytest

import mingjing
from mingjing.kernel.errors import NOT_FOUND, MingjingError, catalogue, define


def _import_every_room() -> None:
    for module in pkgutil.walk_packages(mingjing.__path__, "mingjing."):
        if "migrations" in module.name or module.name.endswith(("__main__", "_media")):
            continue
        importlib.import_module(module.name)


def test_every_code_has_both_languages_and_they_ask_for_the_same_facts() -> None:
    _import_every_room()
    kinds = catalogue()
    assert len(kinds) > 10
    for kind in kinds.values():
        for text in (kind.title, kind.detail, kind.remedy):
            assert any("\u4e00" <= character <= "\u9fff" for character in text.zh) or "{" in text.zh, (
                kind.code
            )
            assert text.en.strip(), kind.code


def test_a_code_is_defined_once() -> None:
    pair = ("一", "one")
    with pytest.raises(ValueError, match="twice"):
        define(NOT_FOUND.code, 404, title=pair, detail=pair, remedy=pair)


@pytest.mark.parametrize("text", ["{a.b}", "{a!r}", "{a:>10}", "{0}"])
def test_a_text_may_not_reach_into_its_facts(text: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        define("TEST-001", 400, title=("一", "one"), detail=(text, text), remedy=("一", "one"))
    assert "TEST-001" not in catalogue()


def test_facts_are_filled_in_and_never_interpreted() -> None:
    kind = catalogue()["REQ-409"]
    error = MingjingError(kind, what_zh="名称 {重复}", what_en="{name} is taken")
    assert error.detail.en == "{name} is taken"
    assert error.detail.zh == "名称 {重复}"

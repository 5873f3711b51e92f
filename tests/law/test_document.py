"""The page that leads from articles to tests says what stands in the program."""

from mingjing.law.rules import rules
from tests.law.document import PAGE, naming, page


def test_the_page_of_the_law_is_what_the_program_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.law.document"


def test_every_rule_has_a_test_that_names_it() -> None:
    assert [identifier for identifier in rules() if not naming(identifier)] == []

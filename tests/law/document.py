"""`docs/law.md`: from article to rule, to the code that judges it, to the tests that hold it. Written, never typed.

`python -m tests.law.document` writes it; `test_document.py` fails where it is no longer what stands in the program.
"""

import inspect
import re
import sys
from pathlib import Path

from mingjing.law.rules import rules
from mingjing.law.sets import RuleSet, shipped

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "law.md"

HEAD = """# From article to test

Written by `python -m tests.law.document` from the rule sets (`src/mingjing/law/books`), the rules (`src/mingjing/law/rules`) \
and the tests that name them. What binds where and since when, with which figures, is data; what a rule asks is a pure \
function from facts to verdicts. A fact is judged by the sets in force on its own day and at its own place; obligations \
of several sets are their union, each with its own article.

Figures that the text does not give, our own terms or those of standards that it refers to, are marked (own).

Only articles that were read are quoted. Articles of the orders that no rule rests on yet have no row.
"""
ROW = "| {article} | `{rule}` {title} | {severity} | {figures} | {code} | {tests} |\n"


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_set(one) for one in shipped().sets)


def _set(one: RuleSet) -> str:
    until = f", until {one.until}" if one.until else ""
    where = f"division {one.division}" if one.division else "the whole country"
    text = f"\n## {one.title.zh}\n\n{one.title.en}. `{one.id}`, {where}, from {one.since}{until}.\n"
    if one.note:
        text += f"\n{one.note.zh} {one.note.en}\n"
    if one.clauses:
        text += "\n| Article | Rule | Severity | Figures | Code | Tests |\n| --- | --- | --- | --- | --- | --- |\n"
        text += "".join(_row(one, rule) for rule in sorted(one.clauses))
    return text


def _row(one: RuleSet, identifier: str) -> str:
    clause, rule = one.clauses[identifier], rules()[identifier]
    code = Path(inspect.getfile(rule.check)).relative_to(ROOT)
    figures = ", ".join(
        f"{name} {value}{' (own)' if name in clause.own else ''}" for name, value in clause.figures.items()
    )
    binds = f"; {', '.join(sorted(clause.regimes))}" if clause.regimes else ""
    return ROW.format(
        article=f"{clause.article.zh} ({clause.article.en})", rule=identifier, title=rule.title.zh,
        severity=rule.severity.value, figures=f"{figures}{binds}".lstrip("; ") or "–",
        code=f"`{code}` `{getattr(rule.check, '__name__', '')}`",
        tests=", ".join(f"`{path}`" for path in naming(identifier)),
    )  # fmt: skip


def naming(identifier: str) -> list[str]:
    """The files of tests that name a rule."""
    found = [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if re.search(rf'"{re.escape(identifier)}"', path.read_text(encoding="utf-8"))
    ]
    return [str(path.relative_to(ROOT)) for path in found]


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How articles are named: only those that a loaded set holds."""

from collections.abc import Sequence

from mingjing.kernel.errors import Text
from mingjing.law.sets import Books


def citations(books: Books, rule: str, sets: Sequence[str]) -> list[Text]:
    """The articles of these sets that a rule rests on: `湖北令361 第十一条第一款`."""
    found = []
    for identifier in sets:
        one = books.get(identifier)
        clause = one.clauses.get(rule) if one else None
        if one is not None and clause is not None:
            found.append(Text(f"{one.short.zh} {clause.article.zh}", f"{one.short.en}, {clause.article.en}"))
    return found

"""The table of level 3 at a shell: each clause with verdict, question, evidence and remedy, then the sums."""

from collections import Counter
from collections.abc import Sequence

import typer

from mingjing.cli.mlps3.facts import Row, Verdict
from mingjing.cli.mlps3.table import HEAD
from mingjing.kernel.text import shown

_MARKS = {Verdict.MET: "●", Verdict.PARTLY: "◐", Verdict.NOT_MET: "■", Verdict.THEIRS: "○"}
_COLOURS = {Verdict.NOT_MET: "red", Verdict.PARTLY: "yellow"}


def tell(rows: Sequence[Row]) -> None:
    """Print the table in both languages."""
    typer.echo(f"{HEAD.zh}\n{HEAD.en}")
    for row in rows:
        clause, verdict = row.clause, row.verdict
        title = f"{_MARKS[verdict]} {clause.number} {clause.name.zh} {clause.name.en}"
        typer.secho(f"\n{title}: {verdict.value.zh} {verdict.value.en}", fg=_COLOURS.get(verdict))
        typer.echo(f"    {clause.asks.zh} {clause.asks.en}")
        for fact in row.evidence:
            typer.echo(shown(f"    = {fact.zh}"))
            if fact.en != fact.zh:
                typer.echo(shown(f"      {fact.en}"))
        for remedy in row.remedies:
            typer.echo(f"    → {remedy.zh}")
            if remedy.en != remedy.zh:
                typer.echo(f"      {remedy.en}")
    counted = Counter(row.verdict for row in rows)
    typer.echo("\n" + ", ".join(f"{one.value.zh} {one.value.en}: {counted[one]}" for one in Verdict))

"""Many rows at once are what single rows would be, on both engines, and fail as they would."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from mingjing.governance.compliance.model import FindingRow
from mingjing.kernel.bulk import insert_rows
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError

ODD = (
    "",
    "纸坊\t大街\n",
    "\\N",
    "\\.",
    "a\\tb",
    '"quoted", too',
    "'; DROP TABLE findings; --",
    "\u2028\x1f🙂",
)


def _row(n: int, name: str, **other: Any) -> dict[str, Any]:
    return {
        "id": f"fd_{n:012d}", "rule": "SIGN-01", "kind": "camera", "subject": f"ch_{n:012d}", "key": "", "subject_name": name,
        "division_path": "42/4201/420115", "organisation_path": "", "verdict": "broken", "severity": "major",
        "due": None, "facts": {"name": name, "none": None, "days": [1, 2.5, True]}, "sets": [name], "carried": False,
        "state": "open", "reason": name, "acknowledged_by": None, "acknowledged_until": None, "times": 1,
        "opened_us": 1_700_000_000_000_000, "changed_us": 1, "cured_us": None, "told": "x",
    } | other  # fmt: skip


def _all(at: Database) -> list[dict[str, Any]]:
    columns = FindingRow.__table__.c
    with at.reading() as session:
        return [dict(row) for row in session.execute(select(*columns).order_by(columns.id)).mappings()]


def test_rows_are_kept_as_an_insert_of_each_keeps_them(empty_database: Database) -> None:
    rows = [_row(n, name) for n, name in enumerate(ODD)]
    rows.append(_row(98, "due", due=date(2028, 2, 29), cured_us=2**62, carried=True))
    with empty_database.transaction() as tx:
        for one in rows:
            tx.session.execute(insert(FindingRow).values(**one))
    singly = _all(empty_database)
    assert [one["facts"] for one in singly] == [one["facts"] for one in rows]
    with empty_database.transaction() as tx:
        tx.session.execute(FindingRow.__table__.delete())  # type: ignore[attr-defined]
        insert_rows(tx, FindingRow, rows)
    assert _all(empty_database) == singly
    with empty_database.transaction() as tx:
        insert_rows(tx, FindingRow, [])
    assert _all(empty_database) == singly


def test_rows_that_cannot_be_are_refused_as_one_would_be_and_none_stays(empty_database: Database) -> None:
    with pytest.raises(IntegrityError), empty_database.transaction() as tx:
        insert_rows(tx, FindingRow, [_row(1, "a"), _row(2, "b"), _row(1, "a")])
    with pytest.raises(MingjingError, match="REQ-423"), empty_database.transaction() as tx:
        insert_rows(tx, FindingRow, [_row(1, "a"), _row(2, "b", opened_us=2**63)])
    assert _all(empty_database) == []

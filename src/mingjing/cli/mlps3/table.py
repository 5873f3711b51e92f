"""The table of level 3: every clause that concerns the software, judged by facts. Pure."""

from collections.abc import Iterable

from mingjing.cli.mlps3.facts import Clause, Facts, Row, Verdict
from mingjing.cli.mlps3.people import ACCESS, ADMINISTRATION, IDENTITY
from mingjing.cli.mlps3.protection import INTERNET_OF_THINGS, INTRUSION, SECRECY, TRANSIT_INTEGRITY
from mingjing.cli.mlps3.records import AUDIT, CENTRAL, INTACT, KEEPING
from mingjing.kernel.errors import Text

HEAD = Text(
    "GB/T 22239-2019 第三级：对本软件的要求在本机的情况。问法为我们的表述；"
    "8.1.4.3 c 之后的分条编号凭记忆，请对照标准原文核对。",
    "GB/T 22239-2019 level 3: what concerns this software, on this machine. The questions are in our words; "
    "sub-clause numbers beyond 8.1.4.3 c are from memory: check them against the standard's text.",
)
CLAUSES: tuple[Clause, ...] = (
    *IDENTITY,
    *ACCESS,
    *AUDIT,
    *INTRUSION,
    TRANSIT_INTEGRITY,
    INTACT,
    *SECRECY,
    *KEEPING,
    *ADMINISTRATION,
    CENTRAL,
    *INTERNET_OF_THINGS,
)


def table(facts: Facts) -> list[Row]:
    """Every clause with its verdict, in the order of the standard."""
    return [_row(clause, facts) for clause in CLAUSES]


def failed(rows: Iterable[Row]) -> bool:
    """Whether anything is not met."""
    return any(row.verdict is Verdict.NOT_MET for row in rows)


def _row(clause: Clause, facts: Facts) -> Row:
    judged = clause.judge(facts)
    evidence, remedies = [judged.evidence], [judged.remedy] if judged.remedy else []
    verdict = judged.verdict
    for claim in clause.claims:
        found = facts.claims.get(claim)
        evidence.append(_evidence(claim, facts))
        if found is not None and found.holds:
            continue
        if verdict is Verdict.MET:
            verdict = Verdict.PARTLY
        remedies.append(
            Text(
                f"用同版本源码测得 {claim}（make claims），以 --claims 目录 给出",
                f"Measure {claim} from the source of this version (make claims), and give it by --claims FOLDER",
            )
        )
    return Row(clause, verdict, tuple(evidence), tuple(remedies))


def _evidence(claim: str, facts: Facts) -> Text:
    found = facts.claims.get(claim)
    if found is None:
        return Text(f"{claim}：没有测得的数字", f"{claim}: no measured figure here")
    held = {True: Text("成立", "holds"), False: Text("不成立", "fails"), None: Text("未判定", "not judged")}[
        found.holds
    ]
    return Text(f"{claim} {held.zh}：{found.figures}", f"{claim} {held.en}: {found.figures}")

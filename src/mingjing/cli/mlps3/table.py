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
    verdict, remedies = judged.verdict, [judged.remedy] if judged.remedy else []
    if verdict in {Verdict.MET, Verdict.PARTLY}:
        remedies += _unproved(clause.claims, facts)
        verdict = Verdict.PARTLY if remedies else verdict
    evidence = (judged.evidence, *(_evidence(one, facts) for one in clause.claims))
    return Row(clause, verdict, evidence, tuple(remedies))


def _unproved(claims: tuple[str, ...], facts: Facts) -> list[Text]:
    """What to do about claims that were not measured, or do not hold."""
    found = []
    unmeasured = [one for one in claims if one not in facts.claims]
    if unmeasured:
        ids = ", ".join(unmeasured)
        found.append(
            Text(
                f"用同版本源码测量 {ids}（make claims；显示 ? 的尚无测法），以 --claims 目录 给出",
                f"Measure {ids} from the source of this version (make claims; `?` has no harness yet), and give the "
                "folder by --claims",
            )
        )
    failing = [one for one in claims if one in facts.claims and not facts.claims[one].holds]
    if failing:
        ids = ", ".join(failing)
        found.append(Text(f"查明 {ids} 为何未成立", f"Find out why {ids} was not seen to hold"))
    return found


def _evidence(claim: str, facts: Facts) -> Text:
    found = facts.claims.get(claim)
    if found is None:
        return Text(f"{claim}：没有测得的数字", f"{claim}: no measured figure here")
    held = {True: Text("成立", "holds"), False: Text("不成立", "fails"), None: Text("未判定", "not judged")}[
        found.holds
    ]
    return Text(f"{claim} {held.zh}：{found.figures}", f"{claim} {held.en}: {found.figures}")

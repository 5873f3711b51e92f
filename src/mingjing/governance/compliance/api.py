"""Routes of findings, figures, rule sets and the vocabulary of the orders."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from mingjing.audit.service import Object, record
from mingjing.governance.compliance import queries, service
from mingjing.governance.compliance.errors import MONTH_BAD, NOT_OPEN
from mingjing.governance.compliance.keeping import STATES
from mingjing.governance.compliance.model import FindingRow
from mingjing.governance.compliance.report import Language, Narrowing, report
from mingjing.governance.compliance.schema import (
    Acknowledgement,
    Compliance,
    Finding,
    FindingState,
    RuleFigures,
    RuleSetWhole,
    Verdict,
    Vocabulary,
    WordOut,
)
from mingjing.governance.compliance.texts import standing, whole
from mingjing.governance.compliance.trend import trend
from mingjing.identity.access import Store, gate, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.identity.queries import organisation_path
from mingjing.identity.scope import Scope
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import FindingId, fails, sends
from mingjing.law.citing import citations
from mingjing.law.days import day_of, days_left
from mingjing.law.facts import Category
from mingjing.law.rules import rules
from mingjing.law.sets import shipped
from mingjing.law.words import SUBCATEGORIES, vocabulary
from mingjing.paper.errors import BUSY, LETTER_BAD, NOT_PRINTED
from mingjing.paper.letters import DOCX, docx
from mingjing.paper.printing import PDF, Press, handed
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["compliance"])
Reader = Annotated[Caller, requires(Action.COMPLIANCE_READ)]
Handler = Annotated[Caller, requires(Action.COMPLIANCE_HANDLE)]
Person = Annotated[Caller, requires(Action.OWN)]
Unit = Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])]


@router.get(
    "/findings",
    openapi_extra=fails(DIVISION_UNKNOWN, ORGANISATION_UNKNOWN),
    summary="Findings, the earliest deadline first",
)
def list_findings(
    store: Store,
    caller: Reader,
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    rule: Annotated[str | None, Query(max_length=16, examples=["FILE-01"])] = None,
    verdict: Annotated[Verdict | None, Query(examples=["broken"])] = None,
    state: Annotated[FindingState | None, Query(examples=["open"])] = None,
    subject: Annotated[str | None, Query(max_length=32, examples=["sy_k2x9p4q7m1aa"])] = None,
    due_until: Annotated[date | None, Query(examples=["2026-12-03"])] = None,
    unit: Unit = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Finding]:
    with store.reading() as session:
        page = queries.findings(
            session, caller.scope(Action.COMPLIANCE_READ), limit, after,
            under=path_of(session, under) if under else "", rule=rule, verdict=verdict, state=state or "held",
            subject=subject, due_until=due_until, unit=organisation_path(session, unit) if unit else "",
        )  # fmt: skip
    today = day_of(store.clock.now_us())
    return PageBody(items=_present(page.items, today), total=page.total, next=page.next)


@router.post(
    "/findings/{finding}/acknowledgement",
    openapi_extra=fails(NOT_OPEN),
    summary="Take note of a finding, with the reason why it stands",
)
def acknowledge(store: Store, caller: Handler, finding: FindingId, wish: Acknowledgement) -> Finding:
    with store.transaction() as tx:
        scope = caller.scope(Action.COMPLIANCE_HANDLE)
        row = service.acknowledge(tx, caller.actor, scope, finding, wish.reason, wish.until)
        return _present([row], day_of(tx.now_us()))[0]


@router.get(
    "/compliance",
    openapi_extra=fails(DIVISION_UNKNOWN, ORGANISATION_UNKNOWN),
    summary="What the rules say, by rule",
)
def get_compliance(
    store: Store,
    caller: Reader,
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    category: Annotated[Category | None, Query(examples=["transport"])] = None,
    unit: Unit = None,
) -> Compliance:
    today = day_of(store.clock.now_us())
    with store.reading() as session:
        return _compliance(session, caller.scope(Action.COMPLIANCE_READ), today, under, category, unit)


@router.get(
    "/compliance/report",
    response_class=Response,
    responses=sends(PDF, DOCX),
    openapi_extra=fails(DIVISION_UNKNOWN, ORGANISATION_UNKNOWN, MONTH_BAD, NOT_PRINTED, BUSY, LETTER_BAD),
    summary="The formal report: the figures of this page, the findings behind them, the rule sets",
)
def get_report(
    request: Request,
    store: Store,
    caller: Reader,
    press: Press,
    form: Annotated[Literal["pdf", "docx"], Query(examples=["docx"])] = "docx",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    unit: Unit = None,
    month: Annotated[str | None, Query(max_length=7, examples=["2026-10"])] = None,
    language: Annotated[Language, Query(examples=["zh"])] = "zh",
) -> Response:
    scope, now_us = caller.scope(Action.COMPLIANCE_READ), store.clock.now_us()
    wanted = Narrowing(under or "", unit or "", month or "")
    with store.reading() as session:
        found = _compliance(session, scope, day_of(now_us), under, None, unit)
        path = organisation_path(session, unit) if unit else ""
        told = report(
            session,
            scope,
            found,
            wanted,
            path,
            now_us,
            press.origin_of(request, secure=gate(request).secure),
            language,
        )
    content = press.pdf("document", told, now_us) if form == "pdf" else docx(told, now_us, press.letter)
    with store.transaction() as tx:
        facts = {"form": form, "under": wanted.under, "unit": wanted.unit, "month": wanted.month}
        record(tx, caller.actor, "compliance.report", Object("compliance", "report"), facts)
    return handed(content, f"{told['running']}.{form}", PDF if form == "pdf" else DOCX)


@router.get("/rule-sets", summary="The rule sets with their clauses, articles and figures")
def list_rule_sets(store: Store, _: Reader) -> list[RuleSetWhole]:
    today = day_of(store.clock.now_us())
    return [whole(one, today) for one in shipped().sets]


@router.get("/vocabulary", summary="Closed lists of codes with what they are called")
def get_vocabulary(_: Person) -> Vocabulary:
    return Vocabulary(
        lists={
            name: [WordOut(code=code, name=text.zh, name_en=text.en) for code, text in words.items()]
            for name, words in vocabulary().items()
        },
        subcategories={category: list(words) for category, words in SUBCATEGORIES.items()},
    )


def _compliance(
    session: Session,
    scope: Scope,
    today: date,
    under: str | None,
    category: Category | None,
    unit: str | None,
) -> Compliance:
    path = path_of(session, under) if under else ""
    unit_path = organisation_path(session, unit) if unit else ""
    sums = queries.figures(session, scope, path, category, unit_path)
    days = trend(session, scope, today, sums, path, category, unit_path)
    return Compliance(
        rules=[
            _figures(identifier, sums.get(identifier, {}), [count for _, count in days.get(identifier, [])])
            for identifier in sorted(rules())
        ],
        sets=[standing(one, today) for one in shipped().sets],
    )


def _figures(identifier: str, sums: dict[str, int], days: list[int]) -> RuleFigures:
    one = rules()[identifier]
    basis = citations(shipped(), identifier, [found.id for found in shipped().sets if found.loaded])
    return RuleFigures.model_validate(
        {
            "rule": identifier, "title": one.title.zh, "title_en": one.title.en, "kind": one.kind,
            "severity": one.severity.value, "basis": [text.zh for text in basis],
            "basis_en": [text.en for text in basis], "applies": sum(sums.values()), "trend": days,
        }
        | {state: sums.get(state, 0) for state in STATES}
        | {"in_time": _in_time(sums)}
    )  # fmt: skip


def _in_time(sums: dict[str, int]) -> int | None:
    over = sum(sums.get(state, 0) for state in ("met", "late", "broken"))
    return sums.get("met", 0) * 100 // over if over else None


def _present(rows: Sequence[FindingRow], today: date) -> list[Finding]:
    return [_shown(row, today) for row in rows]


def _shown(row: FindingRow, today: date) -> Finding:
    one = rules()[row.rule]
    message = one.message.filled(dict(row.facts))
    basis = citations(shipped(), row.rule, row.sets)
    return Finding.model_validate(
        {
            "title": one.title.zh, "title_en": one.title.en, "message": message.zh, "message_en": message.en,
            "remedy": one.remedy.zh, "remedy_en": one.remedy.en, "basis": [text.zh for text in basis],
            "basis_en": [text.en for text in basis], "division": row.division_path.rstrip("/").rpartition("/")[2],
            "days_left": days_left(row.due, today) if row.due else None,
            "late_days": row.facts.get("late"),
        }
        | {name: getattr(row, name) for name in _COLUMNS}
    )  # fmt: skip


_COLUMNS = (
    "id", "rule", "kind", "subject", "subject_name", "verdict", "severity", "due", "carried", "state", "reason",
    "acknowledged_by", "acknowledged_until", "times", "opened_us", "cured_us",
)  # fmt: skip

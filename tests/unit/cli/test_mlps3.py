"""The table of level 3: each clause follows the facts, and nothing is called met without its evidence."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import SecretStr

from mingjing.backup.settings import BackupSettings
from mingjing.cli.mlps3.facts import Account, Backups, Facts, Journal, Measured, Row, Verdict
from mingjing.cli.mlps3.table import CLAUSES, HEAD, failed, table
from mingjing.configuration import MediaSettings, ServerSettings, Settings
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.clock import DAY_US, HOUR_US
from mingjing.kernel.settings import DatabaseSettings

NOW = 1_795_000_000_000_000
INSTALLED = NOW - 400 * DAY_US
EVERYWHERE = "0.0.0.0"  # noqa: S104 - judged, not listened on
GOOD = Settings(
    server=ServerSettings(host=EVERYWHERE, secure=True),
    media=MediaSettings(camera_networks=["10.20.0.0/16"], public_base="https://v.example.cn", rtsp_port=-1),
    identity=IdentitySettings(second_factor="all", session_idle_minutes=15),
)
CLAIMS = {name: Measured(True, "n 1") for clause in CLAUSES for name in clause.claims}


def person(account: str, *roles: str) -> Account:
    return Account(account, frozenset(roles), second_factor=True, active_us=NOW - DAY_US)


PEOPLE = (
    person("wang", "system_admin"),
    person("li", "security_admin"),
    person("zhao", "audit_admin"),
    person("chen", "duty_officer"),
)
WELL = Facts(
    now_us=NOW,
    installed_us=INSTALLED,
    settings=GOOD,
    accounts=PEOPLE,
    journal=Journal(entries=5000, checkpoints=700, first_us=INSTALLED),
    backups=Backups(14, NOW - 5 * HOUR_US, (), NOW - 3 * DAY_US, elsewhere=True),
    cameras=0,
    passwords=0,
    sealed=0,
    synchronised=True,
    claims=CLAIMS,
)


def rows(facts: Facts, number: str) -> list[Row]:
    found = [row for row in table(facts) if row.clause.number == number]
    assert found, number
    return found


def verdict(facts: Facts, number: str) -> Verdict:
    return rows(facts, number)[-1].verdict


def setting(**sections: object) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, settings=facts.settings.model_copy(update=sections))


def having(**changed: object) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, **changed)  # type: ignore[arg-type]


def accounts(*more: Account, without: str = "") -> Callable[[Facts], Facts]:
    kept = tuple(one for one in PEOPLE if one.account != without)
    return having(accounts=(*kept, *more))


def test_a_well_kept_installation_fails_nowhere_and_says_what_is_not_built() -> None:
    found = table(WELL)
    assert [row.clause.number for row in found if row.verdict is Verdict.NOT_MET] == []
    assert not failed(found)
    said = " ".join(fact.en for row in found for fact in row.evidence)
    for unbuilt in ("cascade", "a witness off the box", "labels of sensitivity", "profile mlps3", "GB 35114"):
        assert unbuilt in said
    assert "check them against the standard's text" in HEAD.en


@pytest.mark.parametrize(
    ("number", "worse", "becomes"),
    [
        ("8.1.4.1 b", setting(identity=IdentitySettings(tries_per_quarter_hour=50)), Verdict.NOT_MET),
        ("8.1.4.1 b", setting(identity=IdentitySettings(session_idle_minutes=60)), Verdict.PARTLY),
        ("8.1.4.1 c", setting(server=ServerSettings(host=EVERYWHERE)), Verdict.NOT_MET),
        ("8.1.4.1 d", setting(identity=IdentitySettings(second_factor="off")), Verdict.NOT_MET),
        ("8.1.4.1 d", setting(identity=IdentitySettings()), Verdict.PARTLY),
        ("8.1.4.2 a", accounts(person("nobody")), Verdict.PARTLY),
        ("8.1.4.2 b", accounts(replace(person("demo-x", "reviewer"), demo=True)), Verdict.NOT_MET),
        ("8.1.4.2 b", accounts(person("admin", "operator_admin")), Verdict.PARTLY),
        (
            "8.1.4.2 c",
            accounts(replace(person("old", "reviewer"), active_us=NOW - 91 * DAY_US)),
            Verdict.NOT_MET,
        ),
        ("8.1.4.2 d", accounts(without="zhao"), Verdict.NOT_MET),
        ("8.1.4.2 d", accounts(person("two", "system_admin", "audit_admin")), Verdict.NOT_MET),
        ("8.1.4.2 d", accounts(person("both", "security_admin", "operator_admin")), Verdict.PARTLY),
        ("8.1.4.3 a", having(journal=Journal()), Verdict.NOT_MET),
        ("8.1.4.3 b", having(clock_doubts=("wall_ahead",)), Verdict.NOT_MET),
        ("8.1.4.3 b", having(synchronised=False), Verdict.PARTLY),
        ("8.1.4.3 c", having(journal=Journal(9, 1, INSTALLED, 4, "hash")), Verdict.NOT_MET),
        ("8.1.4.3 c", having(journal=Journal(9, 1, NOW - 20 * DAY_US)), Verdict.PARTLY),
        (
            "8.1.4.4 c",
            setting(server=ServerSettings(host=EVERYWHERE, trusted_proxies=["*"])),
            Verdict.NOT_MET,
        ),
        ("8.1.4.7 b", having(journal=Journal(9, 1, INSTALLED, 4, "hash")), Verdict.NOT_MET),
        (
            "8.1.4.8 a",
            setting(database=DatabaseSettings(url=SecretStr("postgresql://u@db.example.cn/m"))),
            Verdict.PARTLY,
        ),
        ("8.1.4.8 b", having(lax=("/k/sealing.key 0644",)), Verdict.NOT_MET),
        ("8.1.4.8 b", having(cameras=3, passwords=3, sealed=2), Verdict.NOT_MET),
        ("8.1.4.8 b", having(plain_volumes=("/srv",)), Verdict.PARTLY),
        ("8.1.4.9 a", setting(backup=BackupSettings(enabled=False)), Verdict.NOT_MET),
        ("8.1.4.9 a", having(backups=Backups()), Verdict.NOT_MET),
        ("8.1.4.9 a", having(backups=Backups(1, NOW - 3 * DAY_US)), Verdict.NOT_MET),
        ("8.1.4.9 a", having(backups=replace(WELL.backups, faults=("database.sqlite3",))), Verdict.NOT_MET),
        ("8.1.4.9 a", having(backups=replace(WELL.backups, drill_us=NOW - 60 * DAY_US)), Verdict.PARTLY),
        ("8.1.4.10", having(plain_volumes=("/srv",)), Verdict.PARTLY),
        ("8.1.5.2", accounts(without="zhao"), Verdict.NOT_MET),
        ("8.1.4.8 a", having(cameras=3, passwords=3, sealed=3), Verdict.PARTLY),
        ("8.4.2.1", having(cameras=3, passwords=2, sealed=2), Verdict.PARTLY),
        ("8.4.2.2", setting(media=MediaSettings(camera_networks=["0.0.0.0/0"])), Verdict.NOT_MET),
    ],
)
def test_a_clause_that_is_met_is_so_no_longer_once_its_fact_is_worse(
    number: str, worse: Callable[[Facts], Facts], becomes: Verdict
) -> None:
    assert verdict(WELL, number) in {Verdict.MET, Verdict.THEIRS}
    after = rows(worse(WELL), number)[-1]
    assert after.verdict is becomes
    assert after.remedies
    assert failed(table(worse(WELL))) is (becomes is Verdict.NOT_MET)


@pytest.mark.parametrize("said", [None, Measured(False, "unexpected_allows 1"), Measured(None, "calls 1")])
def test_a_claim_that_was_not_measured_or_does_not_hold_takes_a_clause_from_met(
    said: Measured | None,
) -> None:
    claims = {name: one for name, one in CLAIMS.items() if name != "S2"} | ({"S2": said} if said else {})
    after = rows(replace(WELL, claims=claims), "8.1.4.2 f")[-1]
    assert after.verdict is Verdict.PARTLY
    assert any(fact.en.startswith("S2") for fact in after.evidence)
    assert verdict(replace(WELL, claims=claims), "8.1.4.1 b") is Verdict.MET


def test_a_young_installation_is_not_blamed_for_a_short_journal_and_no_backup() -> None:
    young = replace(WELL, installed_us=NOW - HOUR_US, journal=Journal(3, 1, NOW - HOUR_US), backups=Backups())
    assert verdict(young, "8.1.4.3 c") is Verdict.MET
    assert verdict(young, "8.1.4.9 a") is Verdict.PARTLY


def test_backups_on_the_disk_of_the_data_are_no_copy_elsewhere() -> None:
    assert verdict(WELL, "8.1.4.9 b") is Verdict.PARTLY
    assert (
        verdict(replace(WELL, backups=replace(WELL.backups, elsewhere=False)), "8.1.4.9 b") is Verdict.NOT_MET
    )


def test_every_clause_speaks_both_languages_and_whatever_is_not_met_says_what_to_do() -> None:
    bad = replace(WELL, accounts=(), journal=Journal(), backups=Backups(), lax=("/d 0755",), claims={})
    for row in (*table(WELL), *table(bad)):
        sentences = (row.clause.name, row.clause.asks, *row.evidence, *row.remedies)
        assert all(one.zh and one.en for one in sentences), row.clause.number
        assert row.remedies or row.verdict is Verdict.MET
    numbers = [clause.number.split()[0] for clause in CLAUSES]
    assert {f"8.1.4.{n}" for n in range(1, 12)} <= set(numbers)

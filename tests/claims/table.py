"""The table of what is promised about reliability and security, with the figure last measured, or `?`.

`python -m tests.claims.table` prints it from `build/claims/*.json`, with a second line for what was measured at length
(`nightly.py`); with `--run` it measures first what has a harness. `python -m tests.claims.NAME` runs one (`make fault
NAME=`).
"""

import argparse
import importlib
import sys
from dataclasses import dataclass

from tests.claims import measured

Figures = dict[str, object]


@dataclass(frozen=True)
class Claim:
    """One promise; `harness` is the module that measures it, `test` the test that does, `lacks` what is to be built
    before anything can be measured."""

    id: str
    promise: str
    harness: str = ""
    test: str = ""
    shown: tuple[str, ...] = ()
    lacks: str = ""


CLAIMS = (
    Claim("R1", "kill -9 anywhere: tail ≤ 1 s a stream, nothing acknowledged lost or told twice", "kill",
          shown=("n", "tail_ms_max", "tail_ms_median", "lost_acked", "twice", "recover_ms_median")),
    Claim("R2", "the nth system call fails: same promises, error told", "nth",
          test="media/tests/record_faults.rs",
          shown=("n", "interrupted_or_short", "errors", "lost_acked", "lost_in_silence")),
    Claim("R3", "power loss: tail ≤ sync interval + one fragment, acknowledged never lost", "power",
          test="media/tests/record_faults.rs",
          shown=("n", "operations", "tail_frames_max", "frames_a_second", "lost_acked", "fuse_cuts",
                 "fuse_tail_ms_max", "fuse_lost_acked", "fuse_forgotten_bytes", "fuse_forgotten_names")),
    Claim("R4", "fsync fails: segment suspect, new one ≤ 2 s, alarm ≤ 5 s", "eio",
          test="media/tests/record_faults.rs",
          shown=("n", "suspect", "new_file_s_max", "alarm_s_max", "believed", "others_missing")),
    Claim("R5", "disk full: alarm ≤ 5 s, live goes on, resumes ≤ 10 s after space, nothing deleted", "full",
          shown=("alarm_s", "gap_s", "live_silence_s", "resume_s_max", "deleted")),
    Claim("R6", "disk read-only or gone: alarm ≤ 10 s, other disks without a gap", "readonly",
          shown=("n", "alarm_s_max", "gap_s_max", "resume_s_max", "lost_acked", "elsewhere_missing")),
    Claim("R7", "slow disk: live p99 ≤ 1.1 × calm, backlog bounded, other disks untouched", "slow",
          shown=("n", "ratio", "queue_bytes_max", "slow_missing", "gap_s", "elsewhere_missing")),
    Claim("R8", "wall clock jumps: no crash, no overlap, noted, nothing deleted by it", "clock",
          shown=("jumps_noted", "jumps_made", "deletions", "overlaps", "missing")),
    Claim("R9", "reconnect storm: all record again ≤ 60 s, ≤ 1 attempt/s a camera", "storm",
          shown=("n", "again_s", "attempts_a_second_max", "sessions_max", "api_ratio")),
    Claim("R10", "bad network: no crash, memory flat, state told ≤ 10 s", "net",
          shown=("n", "told_s_max", "back_s_max", "rss_grown_mib", "said_to_play_without_pictures")),
    Claim("R11", "a stopped viewer: others ≤ 1.05 × calm, ≤ 4 MiB, ended ≤ 30 s", "slowviewer",
          shown=("viewers", "ratio", "memory_mib", "ended_after_s")),
    Claim("R12", "30 s frozen: resumes, gap explained, no time twice", "stop",
          shown=("seconds", "camera_back_s", "picture_s", "program_back_s", "unexplained_s", "overlaps", "doubled")),
    Claim("R13", "database away: recording goes on, every segment acknowledged later, once", "db",
          shown=("n", "lost", "twice", "missing", "doubled", "acknowledged_after_s")),
    Claim("R14", "index rebuilt from files: 100 %, ≥ 20,000 segments/s", "rebuild",
          shown=("n", "refused_at_start", "by_command_percent", "segments_per_s")),
    Claim("R15", "restore: ≤ 15 min for 10 M rows, newer files adopted", "restore",
          shown=("n", "restore_s", "rows_per_s", "newer", "newer_adopted", "by_itself")),
    Claim("R16", "retention: nothing deleted held or under age, nothing kept without a reason", "retention",
          shown=("n", "deleted", "granted", "database_n", "database_deleted", "failed")),
    Claim("R17", "tampering on disk: verify finds 100 %, playback marks and never hides", "rot",
          shown=("n", "damaged", "unfound", "false_alarms", "marked", "played")),
    Claim("R18", "24 h churn: memory and descriptors flat; viewers refused before recording suffers", "soak",
          shown=("n", "seconds", "rss_growth_mib", "files_base", "files_end", "crowd_served", "crowd_refused", "missing")),
    Claim("R19", "outage backfill: hole-free within 2 × the outage", lacks="recordings of the devices"),
    Claim("R20", "node lost: recording elsewhere ≤ 10 s", lacks="cluster"),
    Claim("R21", "decoder killed or poisoned: recording without a gap, next picture ≤ 2 s", "worker",
          shown=("n", "wrong", "next_s_max", "missing")),
    Claim("R22", "upgrade killed at any statement: old or new, with backup; second start succeeds", "migrate",
          shown=("n", "old", "new", "torn", "not_started", "without_backup")),
    Claim("R23", "recovery times: first stream and page ≤ 5 s after death, clean stop ≤ 5 s", "restart",
          shown=("n", "first_stream_ms_max", "page_ms_max", "page_after_stop_ms_max", "stop_ms_max")),
    Claim("R24", "verify by hash ≥ 0.8 × sha256sum", "verify",
          shown=("mib", "mib_per_s", "sha256sum_mib_per_s", "ratio")),
    Claim("S1", "fuzz: no crash, no hang", "fuzz", test="media/tests/fuzz.rs, tests/claims/hostile.py",
          shown=("targets", "of", "inputs", "failed")),
    Claim("S2", "authorization matrix: no unexpected allow, no unexpected denial",
          test="tests/claims/test_authz.py"),
    Claim("S3", "surface: no door without a declared permission", test="tests/claims/test_surface.py",
          shown=("doors", "undeclared")),
    Claim("S4", "journal: every edit found, first bad entry named", "tamper",
          shown=("n", "database_n", "bits", "unfound", "misnamed", "false_alarms")),
    Claim("S5", "guessing bounded, the rightful user still gets in", "brute",
          shown=("n", "account_quarter_most", "account_day_most", "owner_kept_out", "owner_kept_out_in_storm", "auc", "ratio")),
    Claim("S6", "revocation: streams end ≤ 1 s, nothing opens again", "revoke",
          shown=("n", "causes", "end_ms_median", "end_ms_p99", "still_running", "opened")),
    Claim("S7", "no secret in logs, answers, files", "secrets", shown=("kinds", "places", "processes", "hits")),
    Claim("S8", "no request to a forbidden address, no credential to another host", "ssrf",
          shown=("n", "literals", "misled", "forbidden", "astray")),
    Claim("S9", "SIP abuse: defined answers, bounded memory", lacks="GB/T 28181"),
    Claim("S10", "evidence package: any changed byte found", lacks="evidence packages"),
    Claim("S11", "hostile names: nothing executed, no broken row", "names",
          shown=("texts", "fields", "calls", "pages", "logged", "wrong", "broken", "executed")),
    Claim("S12", "browser: headers on every answer", "headers", shown=("n", "deviations")),
    Claim("S13", "supply: no known-vulnerable pinned package", "supply",
          shown=("packages", "components", "faults", "advisories_asked")),
    Claim("S14", "no process started with data in argv, no shell", "noshell",
          shown=("n", "steps", "unlisted", "shells")),
    Claim("S15", "every lesson of what is built has its named tests, red where a control is out (`mutated`)", "lessons",
          shown=("rows", "with_test", "not_built_yet", "in_part", "missing", "mutated", "survived")),
    Claim("SIM", "a seed of cameras, disk, viewers, database, clock and power: every promise after every step",
          "simulation", test="media/src/simulation/mod.rs",
          shown=("media_n", "media_segments", "media_kills", "media_cuts", "media_tail_ms_max", "control_n",
                 "control_acknowledged", "control_restarts", "control_refused_commits", "control_deleted", "failed")),
)  # fmt: skip


def row(claim: Claim, found: Figures | None) -> str:
    """One line of the table."""
    if found is None:
        return f"{claim.id:<4} ?      {claim.promise}{_by(claim)}"
    held = {True: "holds", False: "FAILS"}.get(found.get("holds"), "·    ")  # type: ignore[call-overload]
    return f"{claim.id:<4} {held}  {claim.promise}: {figures(claim, found)}"


def figures(claim: Claim, found: Figures) -> str:
    """What of a claim's figures is shown."""
    names = claim.shown or tuple(
        name
        for name, value in found.items()
        if name not in {"claim", "holds"} and not isinstance(value, list)
    )
    return ", ".join(f"{name} {_figure(found[name])}" for name in names if name in found)


def _figure(value: object) -> str:
    return str(len(value)) if isinstance(value, list | dict) else str(value)


def _by(claim: Claim) -> str:
    by = f"make fault NAME={claim.harness}" if claim.harness else claim.test or not_built(claim)
    return f"  ({by})" if by else ""


def not_built(claim: Claim) -> str:
    """Why nothing can be measured; empty where it can."""
    return f"not built yet: {claim.lacks}" if claim.lacks else ""


def long_row(claim: Claim, found: Figures) -> str:
    """The second line of a claim that was measured at length."""
    held = {True: "holds", False: "FAILS"}.get(found.get("holds"), "·    ")  # type: ignore[call-overload]
    return f"     {held}  at length, {found['date']}{part(found)}: {figures(claim, found)}"


def part(found: Figures) -> str:
    """How much of a round is in the figures, where it is not all."""
    done, of = found["runs"], found["of_runs"]
    return "" if done == of else f", {done} of {of} runs"


def table() -> str:
    rows = []
    for claim in CLAIMS:
        rows.append(row(claim, measured.read(claim.id)))
        found = measured.read_long(claim.id)
        rows += [] if found is None else [long_row(claim, found)]
    return "\n".join(rows)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="table", description=__doc__)
    options.add_argument("--run", action="store_true", help="measure first what has a harness")
    chosen = options.parse_args(arguments)
    failed = 0
    for claim in CLAIMS if chosen.run else ():
        if claim.harness:
            module = importlib.import_module(f"tests.claims.{claim.harness}")
            failed += bool(module.main([]))
    print(table())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

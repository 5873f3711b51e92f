"""S15: what went wrong in other systems, the control of ours that answers it, and the tests that prove the control.

`python -m tests.claims.lessons` prints one JSON line and writes `build/claims/S15.json`: rows, those whose tests are all
there, those whose part of the program is not built yet. With `--mutate` each control that says how it is taken out is
taken out of a copy of the program with a built console, and its test must fail; what stays green has survived (some 8 s
a control).
"""

import argparse
import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.claims import measured
from tests.claims.cameras import ROOT


@dataclass(frozen=True)
class Mutation:
    """How a control is taken out: in `file`, `old` becomes `new`; `test` must then fail."""

    file: str
    old: str
    new: str
    test: str


@dataclass(frozen=True)
class Lesson:
    """One thing that went wrong elsewhere."""

    system: str
    year: str
    cause: str
    control: str
    """What stands against it here, with its place."""
    tests: tuple[str, ...] = ()
    """`path::name`, Python or Rust."""
    seeds: tuple[str, ...] = ()
    """Inputs of `media/fuzz/seeds` that are this cause."""
    lacks: str = ""
    """What of the control is not there yet."""
    not_built: str = ""
    """Why there is nothing to test: that part of the program does not exist."""
    mutations: tuple[Mutation, ...] = ()


AUTHZ = "tests/claims/test_authz.py::"
SCOPE = "tests/claims/test_scope.py::"
SURFACE = "tests/claims/test_surface.py::"
SECURITY = "tests/claims/test_security.py::"
TRICKS = "tests/integration/test_old_tricks.py::"
TABLES = "tests/integration/registry/test_tables.py::"
HOUSE = "tests/unit/test_house.py::"
MATRIX = AUTHZ + "test_each_operation_answers_exactly_the_roles_that_hold_its_action"
NOBODY = AUTHZ + "test_nobody_and_a_forged_cookie_get_the_same_refusal"
CSRF = AUTHZ + "test_a_write_without_its_csrf_token_is_refused"
OUTSIDE = SCOPE + "test_what_lies_outside_answers_as_what_was_never_there"
REACH = SCOPE + "test_a_reach_covers_its_territory_and_its_unit_together"
FEED = SCOPE + "test_the_feed_tells_of_nothing_outside_and_each_topic_takes_its_action"
UNDECLARED = SURFACE + "test_a_route_that_declares_nothing_stops_the_program"
AROUND = SURFACE + "test_a_socket_and_a_bare_route_are_no_way_around"
PUBLIC = SURFACE + "test_only_sign_in_health_and_the_console_are_public"
NO_SHELL = SECURITY + "test_only_listed_programs_are_started_and_no_shell"
ASTRAY = SECURITY + "test_no_address_leads_to_what_is_no_camera"
NO_SECRET = SECURITY + "test_no_secret_comes_out_where_it_was_not_asked_for"
NAMES = SECURITY + "test_hostile_names_are_refused_or_shown_as_they_are"
HOUSE_CLEAN = HOUSE + "test_no_object_is_made_of_bytes_no_text_is_run_and_no_sql_is_put_together"
SQL_STORED = TRICKS + "test_sql_in_a_stored_text_is_text_wherever_it_is_used_again"
SQL_FILTER = TRICKS + "test_sql_in_any_filter_is_a_text_that_finds_nothing"
ADDRESS = TRICKS + "test_no_address_and_no_claim_about_oneself_is_a_right"
PROXY = TRICKS + "test_where_somebody_is_said_to_come_from_is_not_believed_unless_a_proxy_is_listed"
SPELLING = TRICKS + "test_no_spelling_of_a_path_goes_around_its_permission"
FILES = TRICKS + "test_no_spelling_of_a_path_reads_a_file_that_is_no_part_of_the_console"
ODD_KEY = TRICKS + "test_no_odd_word_is_a_key"
NO_EXTRA = TRICKS + "test_no_body_takes_a_field_that_nobody_offered"
WHOSE = TRICKS + "test_whose_password_is_changed_is_said_by_the_session_alone"
FEED_PAGE = TRICKS + "test_a_strangers_page_opens_no_feed_with_the_viewers_own_cookie"
OUR_PAGES = "tests/integration/test_guard.py::test_a_write_comes_from_our_own_pages_scheme_included"
INBOX = "tests/integration/recording/test_inbox.py::test_everything_else_is_one_and_the_same_refusal"
FIRST = (
    "tests/integration/test_program.py::"
    "test_nobody_is_there_before_the_first_start_and_no_two_installations_share_a_secret"
)
FUZZ = "media/tests/fuzz.rs::every_target_stands_its_seeds_and_their_neighbours"
DOOR_FUZZ = "media/tests/fuzz.rs::the_http_door_stands_its_seeds_and_their_neighbours"
PLACES = "media/src/record/place.rs::paths_are_made_of_our_own_ids_and_read_back"
CLIMBING = "media/src/plane/config.rs::credentials_in_the_address_and_names_that_climb_are_refused"
TICKET_ONLY = "media/tests/playback.rs::nothing_outside_the_ticket_is_there"
SEALED = (
    "tests/integration/registry/test_cameras.py::"
    "test_passwords_are_sealed_and_credentials_in_the_address_are_taken_out"
)
NOT_FOLLOWED = "tests/integration/registry/test_cameras.py::test_a_password_does_not_follow_to_another_host"
SPARED = "media/src/hub.rs::a_panicking_sink_costs_only_itself"

REFUSED = "        if found is None:\n            raise MingjingError(NOT_SIGNED_IN)"


def let_in(whom: str) -> str:
    """The text of a check that takes whoever meets a condition for the first account."""
    return f"""        if found is None and {whom}:
            with gate(connection).database.reading() as session:
                first = session.scalars(__import__("sqlalchemy").select(callers.User.id)).first()
                found = callers.by_user(session, first or "", 1)
{REFUSED}"""


LESSONS = (
    Lesson(
        "ZoneMinder CVE-2023-26035", "2023",
        "The action that takes a snapshot asked for no right and handed an identifier to a shell.",
        "every route declares its action or the program does not start (web/surface.py); helpers get no argument "
        "from outside (media/worker/pool.py)",
        (MATRIX, UNDECLARED, NO_SHELL, HOUSE_CLEAN),
        mutations=(
            Mutation(
                "web/surface.py", "    if len(demands) != 1:\n        raise MingjingError(UNDECLARED, route=path)",
                "    if not demands:\n        return", UNDECLARED,
            ),
        ),
    ),
    Lesson(
        "ZoneMinder CVE-2024-51482, -43360, GHSA-r6gm, GHSA-28mv", "2023–2026",
        "SQL was put together from what to sort by, how many, and names stored earlier.",
        "parameters only; nothing can be sorted by a text from outside (registry/queries.py and each queries.py)",
        (SQL_STORED, SQL_FILTER, HOUSE_CLEAN),
        mutations=(
            Mutation(
                "registry/queries.py", "CameraRow.id == word,",
                """__import__("sqlalchemy").text(f"cameras.id = '{word}'"),""", SQL_STORED,
            ),
        ),
    ),
    Lesson(
        "ZoneMinder GHSA-hw39, GHSA-vj5r and four more", "2026",
        "The role was checked and the object was not: events, frames and files of others by their number.",
        "a scope compiles into the query (identity/scope.py); exports belong to who asked; tickets name one stream",
        (OUTSIDE, REACH, SCOPE + "test_anothers_export_does_not_exist", TICKET_ONLY),
        mutations=(
            Mutation(
                "registry/queries.py", "where(CameraRow.id == channel, in_scope(scope))",
                "where(CameraRow.id == channel)", OUTSIDE,
            ),
        ),
    ),
    Lesson(
        "ZoneMinder GHSA-g28p", "2026",
        "A proxy for pictures asked any address, gave the camera's password to strangers, and an image tag set it off.",
        "addresses are judged after they are resolved (devices/rtsp/address.py, media/src/ingest/address.rs); a password "
        "belongs to one host; no route fetches what a request names",
        (ASTRAY, NOT_FOLLOWED, CSRF, "media/src/ingest/rtsp/session_tests.rs::a_redirect_is_followed_on_the_same_host_only"),
    ),
    Lesson(
        "ZoneMinder GHSA-wg5h, GHSA-93j4; FFmpeg CVE-2017-14767; retina dc0d307", "2017–2026",
        "Parameter sets in a description that were too long, empty or torn; header copies without a bound.",
        "bounded readers in safe Rust (media/src/ingest/rtsp/sdp.rs, media/src/ingest/params)",
        (FUZZ, "media/src/ingest/rtsp/sdp.rs::parameter_sets_are_read_in_every_shape",
         "media/src/ingest/rtsp/sdp.rs::floods_are_bounded"),
        seeds=("sdp/sprop-too-long", "sdp/sprop-empty", "sdp/sprop-malformed", "rtsp_message/headers-endless"),
    ),
    Lesson(
        "ZoneMinder GHSA-wgqf, GHSA-g355", "2026",
        "What was dangerous in a path was cut out once, and the rest made it anew; containment was computed, not used.",
        "nothing is cleaned: paths are made of our own identifiers (media/src/record/place.rs); what a person names is "
        "resolved and must lie in the inbox (recording/importing.py)",
        (INBOX, FILES, PLACES, CLIMBING),
        mutations=(
            Mutation("recording/importing.py", "or not found.is_relative_to(root) ", "", INBOX),
        ),
    ),
    Lesson(
        "ZoneMinder 9a49c9b", "2026", "A field of a filter was a command, run in a shell.",
        "no field is a command; two command lines exist, both fixed (media/worker/pool.py)", (NO_SHELL, HOUSE_CLEAN),
    ),
    Lesson(
        "Frigate CVE-2023-45672", "2023",
        "The reader of settings made objects of what it read, and a stranger's page could bring it text.",
        "settings are TOML, read at the start alone (kernel/settings.py); no reader that makes objects is imported",
        (HOUSE_CLEAN, HOUSE + "test_the_judge_of_sources_sees_each_of_them", CSRF, OUR_PAGES),
        mutations=(
            Mutation("kernel/settings.py", "import tomllib", "import pickle\nimport tomllib", HOUSE_CLEAN),
        ),
    ),
    Lesson(
        "Frigate CVE-2026-33470", "2026", "A person of one camera read others' pictures by way of time line and event.",
        "the same scope for what is derived: time line, segments, pictures, exports (recording/queries.py)",
        (OUTSIDE, "tests/integration/recording/test_keeping.py::test_a_camera_outside_the_scope_has_no_timeline"),
    ),
    Lesson(
        "Frigate CVE-2026-75607", "2026", "Topics of the WebSocket asked for no role.",
        "each topic names its action, each happening its place (web/feed.py)",
        (FEED, SURFACE + "test_every_topic_names_an_action", AROUND),
    ),
    Lesson(
        "Frigate CVE-2026-75608", "2026", "The media server's own interface was passed on to viewers, with camera passwords.",
        "there is no inner HTTP interface; passwords reach the plane in memory (media/node.py)",
        (NO_SECRET, PUBLIC, "media/tests/streams.rs::statistics_follow_the_source_and_show_no_secret"),
    ),
    Lesson(
        "Frigate c8f55ac, bc81692", "2026", "Sources that are commands, kept in bounds by a list of what is forbidden.",
        "a source is an rtsp address and nothing else (devices/rtsp/address.py)",
        (NO_SHELL, "tests/unit/devices/test_words.py::test_an_address_that_is_none_is_refused_with_its_fault"),
    ),
    Lesson(
        "go2rtc GO-2024-3052, -3053, -3055", "2024",
        "A stranger's page reached a source that is a command; this machine was trusted without a question.",
        "no exemption for any address (identity/access.py); origin and CSRF token for each write (web/guard.py)",
        (CSRF, OUR_PAGES, ADDRESS, NAMES),
        mutations=(
            Mutation(
                "web/guard.py", 'origin.lower() != own.lower() and origin.lower() not in self._origins', "False",
                OUR_PAGES,
            ),
        ),
    ),
    Lesson(
        "ZLMediaKit CVE-2024-27488", "2024", "Every installation had the same secret.",
        "keys are made at the first start (kernel/data_directory.py)", (FIRST,),
    ),
    Lesson(
        "ZLMediaKit CVE-2026-67827", "2026", "Settings over the network rewrote the command that takes snapshots.",
        "settings come from file, environment and flags alone (kernel/settings.py); no command is a setting", (NO_SHELL, PUBLIC),
    ),
    Lesson(
        "ZLMediaKit 2c8a468, 6291ee7", "2024–2026",
        "127.0.0.1 needed no sign-in, and behind a proxy everybody comes from there; backslashes climbed out of folders.",
        "no address is a right; forwarded headers count only from listed proxies (identity/access.py, cli/serve.py)",
        (ADDRESS, PROXY, FILES),
        seeds=("playback_request/backslash", "playback_request/traversal", "http/hls-traversal"),
        mutations=(
            Mutation(
                "identity/access.py", REFUSED, let_in('source(connection) == "127.0.0.1"'), ADDRESS,
            ),
        ),
    ),
    Lesson(
        "WVP seed SQL; Shinobi sample", "2019–2026", "Both come with an administrator whose password is its name.",
        "no account before the first start, then one with a password of its own (app, identity/passwords.py)",
        (FIRST, "tests/integration/test_program.py::test_the_first_administrator_is_made_once_with_a_password_of_its_own"),
    ),
    Lesson(
        "WVP e8b2ca4, 5f437ad", "2023, 2026",
        "The key that signs was in the source; passwords stood in tokens and their hashes in answers.",
        "tokens are random and kept as digests (identity/caller.py); answers are typed (…/schema.py)", (NO_SECRET, FIRST),
    ),
    Lesson(
        "WVP, change of password", "2023", "The request said whose password is changed.",
        "the session says it (identity/api/own.py); no body takes a field that was not offered (kernel/wire.py)",
        (WHOSE, NO_EXTRA),
        mutations=(
            Mutation("kernel/wire.py", 'ConfigDict(extra="forbid", frozen=True)', "ConfigDict(frozen=True)", NO_EXTRA),
        ),
    ),
    Lesson(
        "WVP 0caf5a8", "2026", "Texts were put into SQL where a parameter was meant.",
        "parameters only (…/queries.py)", (SQL_STORED, SQL_FILTER, HOUSE_CLEAN),
    ),
    Lesson(
        "WVP f4ca658", "2025", "Devices without a known password were let in.", "", not_built="there is no SIP server yet",
    ),
    Lesson(
        "WVP 95808bf", "2026",
        "One peer's absurd status made an error that was tried again without end, until every device was offline.",
        "retries with patience, one session a camera, a panic ends one session (media/src/ingest/engine)",
        ("media/tests/ingest_quirks.rs::a_camera_that_hangs_up_is_visited_again_with_patience", SPARED,
         "media/src/ingest/rtsp/transport.rs::methods_and_rtp_info_are_judged"),
        lacks="the same for SIP, which is not built",
    ),
    Lesson(
        "MediaMTX 7418e51; Infodraw CVE-2025-43928; Janus CVE-2026-110717", "2025–2026",
        "Names of streams were used as paths.",
        "paths are made of our own identifiers (media/src/record/place.rs); the page of a path is looked up in a list "
        "(web/console.py)",
        (PLACES, CLIMBING, FILES, "media/src/record/delete.rs::only_segments_are_deleted_and_no_link_is_followed"),
        mutations=(
            Mutation(
                "web/console.py", "found = files.get(path)", "found = root / path if (root / path).is_file() else None",
                FILES,
            ),
        ),
    ),
    Lesson(
        "MediaMTX 85f57b9, 6d6ebee", "2025–2026", "Tokens stood in addresses, which are logged and passed on.",
        "tickets are of one use, one stream and a minute, and go in a header or the first message (media/src/ticket.rs); "
        "no API token is read from an address (identity/access.py)",
        ("media/src/ticket.rs::a_ticket_is_used_once", NO_SECRET,
         "media/src/ticket.rs::time_ends_a_ticket_and_a_ticket_for_eternity_is_refused"),
        lacks="players that know no header take a ticket in the address, once",
    ),
    Lesson(
        "MediaMTX 363ac20, efcc4c4, d15c14e", "2024–2026",
        "Memory by a size that the peer said; a request that ends the process; hashes compared with ==.",
        "bounds everywhere, panics end one session (media/src/hub.rs), seals compared in constant time (media/src/ticket.rs)",
        (FUZZ, DOOR_FUZZ, SPARED, "media/src/ticket.rs::a_minted_ticket_is_believed_and_a_changed_one_is_not"),
        seeds=("http/length-negative", "rtsp_message/content-length-huge", "websocket/length-lies"),
        lacks="that a comparison takes constant time is read in the source, not measured",
    ),
    Lesson(
        "gortsplib, MediaMTX, ZLMediaKit, go2rtc: 241 repaired crashes", "to 2026",
        "Negative lengths, a clock rate of zero, no address, PAUSE before SETUP, time stamps that wrap after hours.",
        "each is a seed of a fuzzed reader (media/fuzz/seeds)",
        (FUZZ, "media/src/serve/rtsp/session_tests.rs::nothing_is_played_before_it_is_set_up_nor_set_up_elsewhere",
         "media/src/ingest/timeline_tests.rs::timestamps_wrap_without_a_trace"),
        seeds=("rtsp_server/content-length-negative", "rtsp_message/content-length-negative", "sdp/clock-rate-zero",
               "rtsp_server/no-url", "rtsp_server/pause-before-setup", "rtp/wrapping"),
    ),
    Lesson(
        "live555 CVE-2018-4013; stale sessions", "2018",
        "RTSP over HTTP overflowed a buffer; sessions left behind wore cameras out.",
        "no tunnel is served; one session a stream, a stream put again restarts only what changed (media/src/plane/streams.rs)",
        (FUZZ, "media/tests/streams.rs::putting_a_stream_again_restarts_only_what_changed",
         "tests/claims/test_network.py::test_all_cameras_that_drop_at_once_come_back_and_none_is_hammered"),
        seeds=("rtsp_server/tunnel",),
    ),
    Lesson(
        "Moonfire 4c9aa93", "2022", "A WebSocket took any page's word: strangers' pages watched live.",
        "origin is compared whole at both doors (web/guard.py, media/src/serve/route.rs)",
        (FEED_PAGE, "media/tests/live.rs::pages_of_strangers_get_nothing"),
        mutations=(
            Mutation(
                "web/guard.py", 'writes = scope["type"] == "websocket" or scope["method"] not in _SAFE',
                'writes = scope["type"] != "websocket" and scope["method"] not in _SAFE', FEED_PAGE,
            ),
        ),
    ),
    Lesson(
        "Shinobi CVE-2021-27228", "2021", "Keys were looked up in an object that has words of its own.",
        "keys are hashed and looked up in a table (identity/caller.py)", (ODD_KEY, NOBODY),
        mutations=(
            Mutation(
                "identity/caller.py", "ApiToken.digest == digest(token)",
                "(ApiToken.digest == digest(token)) | ApiToken.digest.like(token[3:])", ODD_KEY,
            ),
        ),
    ),
    Lesson(
        "Kerberos agent #257", "2026", "Sign-in was attached after the routes, so that they were open.",
        "the check hangs on each handler and is looked for in the assembled program (web/surface.py)",
        (PUBLIC, UNDECLARED, AROUND, NOBODY),
        mutations=(
            Mutation(
                "identity/access.py", REFUSED,
                "        if found is None:\n            return None  # type: ignore[return-value]", NOBODY,
            ),
        ),
    ),
    Lesson(
        "Hikvision CVE-2021-36260, CVE-2017-7921", "2017–2021", "Cameras run what is sent to their page, or let anybody in.",
        "a camera is an enemy: its answers are fuzzed, its redirects judged (media/src/ingest)",
        (ASTRAY, FUZZ, "media/tests/ingest_quirks.rs::what_cannot_be_played_is_named_in_time",
         "media/tests/ingest_quirks.rs::an_address_outside_the_camera_networks_is_never_connected_to"),
        lacks="the register of firmware with known holes; the trial from within a camera network",
    ),
    Lesson(
        "Dahua CVE-2021-33044, -33045", "2021", "Whoever said that they are local was let in.",
        "no claim is a right (identity/access.py)", (ADDRESS, PROXY),
    ),
    Lesson(
        "Hikvision iSecure CVE-2023-28814; Dahua CVE-2023-3836", "2023",
        "Files were taken without sign-in and then run; `;.js` behind a path slipped past the filter.",
        "rights hang on the handler, not on spellings (identity/access.py); what is taken is read and never kept as a "
        "file (registry/table.py)",
        (SPELLING, NOBODY, TABLES + "test_names_inside_a_spreadsheet_write_nothing_anywhere"),
        mutations=(
            Mutation(
                "identity/access.py", REFUSED, let_in('not connection.scope["raw_path"].startswith(b"/api")'), SPELLING,
            ),
        ),
    ),
    Lesson(
        "Milestone GHSA-2rf9; Siveillance CVE-2023-30899; Axis CVE-2025-30023", "2023–2026",
        "Protocols of objects between client and server ran what they were sent.",
        "JSON with closed schemas, nothing that makes objects of bytes (kernel/wire.py)", (HOUSE_CLEAN, NO_EXTRA),
    ),
    Lesson(
        "Axis CVE-2025-30026; Milestone CVE-2026-3014", "2025–2026",
        "Sign-in was gone around; an administrator became a shell.",
        "every operation times every role (identity/roles.py); no way from a role to a process", (MATRIX, NOBODY, NO_SHELL),
    ),
    Lesson(
        "Siveillance V2024R1", "2025", "An upgrade took the configuration's password away without a word.",
        "an upgrade gives the new schema or leaves the old, with a copy, rows compared (kernel/migrate.py); a setting that is no "
        "longer known stops the start (kernel/settings.py)",
        ("tests/claims/test_upgrades.py::test_a_migration_killed_at_any_statement_is_old_or_new_and_starts_again",
         "tests/integration/test_schema.py::test_a_copy_is_kept_before_the_schema_changes",
         "tests/unit/kernel/test_settings.py::test_an_unknown_key_is_refused_with_the_nearest_name"),
        lacks="settings before and after an upgrade are not yet compared and journalled",
    ),
    Lesson(
        "Xiongmai CVE-2025-65857", "2025", "A camera told its stream's address with the password inside.",
        "credentials are taken out of addresses before they are kept or logged (devices/rtsp/address.py)",
        (SEALED, NO_SECRET, "tests/unit/devices/test_words.py::test_pasted_credentials_are_taken_out_of_the_address"),
    ),
    Lesson(
        "Advantech CVE-2025-34262; exceljs fork CVE-2026-78209", "2025–2026",
        "A device's name was run by the page; a cell that begins with = was computed.",
        "texts are shown as texts under a strict policy (web/guard.py); cells are guarded (paper/cells.py)",
        (NAMES, TABLES + "test_guarding_is_undone_exactly_and_leaves_no_formula",
         TABLES + "test_what_goes_out_comes_back_and_holds_no_formula_and_no_password"),
    ),
    Lesson(
        "changedetection CVE-2026-29065", "2026", "An archive wrote where its names said, outside its folder.",
        "a spreadsheet is judged before it is unpacked, and in memory (registry/table.py); a backup with one changed byte is "
        "refused (backup/sets.py); nothing unpacks archives",
        (TABLES + "test_names_inside_a_spreadsheet_write_nothing_anywhere",
         TABLES + "test_a_spreadsheet_that_says_it_is_larger_than_it_may_be_is_not_unpacked",
         TABLES + "test_a_spreadsheet_that_lies_about_its_size_costs_an_error_and_not_the_program", HOUSE_CLEAN,
         "tests/integration/backup/test_backup.py::test_a_backup_with_one_changed_byte_is_refused_before_anything_is_written"),
        mutations=(
            Mutation(
                "registry/table.py", "        _refuse_bomb(content)\n", "        pass\n",
                TABLES + "test_a_spreadsheet_that_says_it_is_larger_than_it_may_be_is_not_unpacked",
            ),
        ),
    ),
    Lesson(
        "Verkada", "2021", "The vendor's own account opened every customer's cameras.",
        "no account but those that were made here, and no role that does everything (identity/roles.py)",
        (FIRST, MATRIX, "tests/integration/identity/test_accounts.py::test_no_one_person_is_two_of_the_three_administrators",
         "tests/integration/identity/test_two_persons.py::test_no_one_person_resets_an_administrator_and_signs_in_as_them"),
        lacks="access in an emergency, told to all",
    ),
    Lesson(
        "Washington DC", "2017", "Recorders were encrypted for ransom; three days without recordings.",
        "daily backups that are tried out, and files that are taken in again (backup/)",
        ("tests/claims/test_archive.py::test_the_database_comes_back_by_one_command_with_all_that_is_newer",
         "tests/integration/backup/test_backup.py::test_a_drill_finds_a_row_that_is_gone_and_a_journal_that_was_altered"),
    ),
    Lesson(
        "Dallas", "2021", "A move of files deleted them.", "only retention deletes (recording/expiry.py)",
        not_built="nothing moves recordings between stores yet; that only retention deletes is R16",
    ),
    Lesson(
        "Recorders with factory passwords (Mirai)", "2016", "The same login everywhere.",
        "no account before the first start (identity/passwords.py)", (FIRST,),
        lacks="cameras with factory passwords are not flagged",
    ),
)  # fmt: skip


def exists(name: str) -> bool:
    """Whether a test of this name stands in its file: as a function that pytest or cargo runs."""
    path, _, test = name.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    source = file.read_text(encoding="utf-8")
    if path.endswith(".rs"):
        return re.search(rf"#\[test\]\s*(?:#\[[^\n]*\]\s*)*fn {re.escape(test)}\(\)", source) is not None
    return any(
        isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        and one.name == test
        and test.startswith("test_")
        for one in ast.parse(source).body
    )


def modules(control: str) -> list[str]:
    """The files and folders that a control names."""
    return re.findall(r"[a-z_]+(?:/[a-z_0-9]+)+(?:\.py|\.rs)?|[a-z]+/(?=\))", control)


def gaps(lesson: Lesson) -> Iterator[str]:
    """What of a lesson's proof is not there."""
    if not (lesson.tests or lesson.not_built):
        yield "no test"
    yield from (name for name in lesson.tests if not exists(name))
    yield from (seed for seed in lesson.seeds if not (ROOT / "media/fuzz/seeds" / seed).is_file())


def run() -> dict[str, Any]:
    """Names and figures; whatever stands in the table is looked for."""
    missing = [f"{one.system}: {gap}" for one in LESSONS for gap in gaps(one)]
    return {
        "n": len(LESSONS),
        "rows": len(LESSONS),
        "with_test": sum(bool(one.tests) and not list(gaps(one)) for one in LESSONS),
        "tests": len({name for one in LESSONS for name in one.tests}),
        "not_built_yet": {one.system: one.not_built for one in LESSONS if one.not_built},
        "in_part": {one.system: one.lacks for one in LESSONS if one.lacks},
        "missing": missing,
        "mutated": [one.system for one in LESSONS if one.mutations],
    }


def mutants() -> list[tuple[str, Mutation]]:
    return [(one.system, mutation) for one in LESSONS for mutation in one.mutations]


def applied(mutation: Mutation, source: str) -> str:
    """The program's text without the control; fails where the control is not written as it was."""
    assert source.count(mutation.old) >= 1, f"{mutation.file}: {mutation.old!r} is not there"
    return source.replace(mutation.old, mutation.new)


def red(mutation: Mutation, folder: Path) -> str:
    """What the test says where its control is taken out, empty where it passes; with the control it must pass."""
    copy = folder / "copy"
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    file = copy / "src" / "mingjing" / mutation.file
    whole = file.read_text(encoding="utf-8")
    calm = _failure(mutation.test, copy)
    assert not calm, f"in a copy of the program as it is: {calm}"
    file.write_text(applied(mutation, whole), encoding="utf-8")
    told = _failure(mutation.test, copy)
    shutil.rmtree(copy)
    return told


def _failure(test: str, copy: Path) -> str:
    """The first failure of a test, empty where it passes. A test that cannot be run is no answer."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-k",
        "not postgresql",
        test,
    ]
    environment = {"PYTHONPATH": f"{copy / 'src'}:{copy}", "PATH": "/usr/bin:/bin", "COLUMNS": "400"}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode == 0:
        return ""
    told = re.search(r"^FAILED .*", done.stdout, re.MULTILINE)
    assert done.returncode == 1 and told, done.stdout[-2000:] + done.stderr[-2000:]
    reason = re.search(r"^E  +(.*)", done.stdout, re.MULTILINE)
    return reason[1] if reason else told[0]


def holds(found: Mapping[str, Any]) -> bool:
    """The promise of S15 for what is built: no row without its tests, no control that can be taken out unseen."""
    built = found["with_test"] + len(found["not_built_yet"]) == found["rows"]
    return bool(built and not found["missing"] and not found.get("survived"))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="lessons", description=__doc__)
    options.add_argument("--mutate", action="store_true", help="take each control out and see its test fail")
    chosen = options.parse_args(arguments)
    found = run()
    if chosen.mutate:
        survived = []
        with tempfile.TemporaryDirectory() as folder:
            for system, mutation in mutants():
                told = red(mutation, Path(folder))
                print(f"{system}: {mutation.file}: {told or 'SURVIVED'}", file=sys.stderr)
                survived += [] if told else [system]
        found |= {"mutations": len(mutants()), "survived": survived}
    return measured.ended("S15", seed=0, **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())

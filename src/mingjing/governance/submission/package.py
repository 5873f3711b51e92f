"""The complete submission package of a filing: one ZIP with the form, the devices, the documents, and a list of all of
them with SHA-256, which `sha256sum -c` checks."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from mingjing.audit.service import Actor, Object, record
from mingjing.governance.filing.queries import filing
from mingjing.governance.submission.documents import content_of, documents
from mingjing.governance.submission.form import form
from mingjing.governance.submission.kinds import KINDS as DOCUMENT_KINDS
from mingjing.governance.submission.words import Language, said
from mingjing.governance.uploads import media_of
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database
from mingjing.kernel.errors import Text
from mingjing.kernel.files import FileStore
from mingjing.law.days import day_of
from mingjing.paper.printing import Printer
from mingjing.paper.sheets import sheet
from mingjing.registry.dossiers.listing import device_table

LIST: Final = "SHA256SUMS.txt"
_FORM: Final = Text("备案基本信息表.pdf", "basic-information.pdf")
_DEVICES: Final = Text("设备清单.xlsx", "devices.xlsx")
_ATTACHED: Final = Text("附件", "documents")
_STANDS: Final = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))
"""What no file system of an office takes in a name."""


def package(
    store: Database,
    files: FileStore,
    actor: Actor,
    scope: Scope,
    identifier: str,
    printer: Printer,
    language: Language,
) -> tuple[str, bytes]:
    """The package of a filing and what it is called; that it was made, and of what, is in the journal.

    It holds every device of the system: whoever answers for the filing answers for all of them. It is printed between
    two transactions, since the writer's lock is recording's too. Raises SUB-004, PAP-001, PAP-002, REQ-404.
    """
    now_us = store.clock.now_us()
    today = day_of(now_us)
    with store.reading() as session:
        row = filing(session, scope, identifier)
        number, told = row.number, form(session, row, today, language)
        headings, rows = device_table(session, row.system, language)
        attached = list(_attached(session, files, row.id, language))
    parts = [
        (said(_FORM, language), printer.pdf("document", told, now_us)),
        (said(_DEVICES, language), sheet(said(Text("设备", "Devices"), language), headings, rows)),
        *attached,
    ]
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in parts}
    listed = "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()
    with store.transaction() as tx:
        found = filing(tx.session, scope, identifier)
        facts = {"number": number, "files": len(parts), "list": hashlib.sha256(listed).hexdigest()}
        record(tx, actor, "filing.package", Object("filing", found.id), facts)
    return f"{number}.zip", _zipped([*parts, (LIST, listed)], today)


def _attached(
    session: Session, files: FileStore, identifier: str, language: Language
) -> Iterator[tuple[str, bytes]]:
    for number, row in enumerate(documents(session, identifier, aside=False), start=1):
        content = content_of(session, files, row)
        media = media_of(content)
        name = f"{number:02d}-{said(DOCUMENT_KINDS[row.kind], language)}-{row.name}".translate(_STANDS)
        ending = f".{media[1]}" if media else ""
        yield f"{said(_ATTACHED, language)}/{name.removesuffix(ending)}{ending}", content


def _zipped(parts: list[tuple[str, bytes]], day: date) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            about = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            archive.writestr(about, content)
    return out.getvalue()

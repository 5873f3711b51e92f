"""Tables of a filing's documents and of the receipts that were printed."""

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, IdKey, Json, OptionalUs, Us


class DocumentRow(Base):
    """A document of a filing. One that was wrong is set aside; it stays."""

    __tablename__ = "filing_documents"

    id: Mapped[IdKey]
    filing: Mapped[str] = mapped_column(String(32), ForeignKey("filings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(40))
    bytes: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    who_name: Mapped[str] = mapped_column(String(200))
    aside_us: Mapped[OptionalUs]
    aside_reason: Mapped[str] = mapped_column(String(300))


class DocumentContentRow(Base):
    """What a document of an earlier version holds, until it is brought into the store of files."""

    __tablename__ = "filing_document_contents"

    document: Mapped[str] = mapped_column(String(32), ForeignKey("filing_documents.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ReceiptRow(Base):
    """A receipt that was printed: what it says, and the digest of that, a part of which is in its code."""

    __tablename__ = "filing_receipts"

    id: Mapped[IdKey]
    filing: Mapped[str] = mapped_column(String(32), ForeignKey("filings.id"), index=True)
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    told: Mapped[Json]
    digest: Mapped[str] = mapped_column(String(64))

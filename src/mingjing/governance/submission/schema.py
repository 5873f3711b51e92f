"""Documents and receipts as they go over the wire."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from mingjing.governance.submission.kinds import DocumentKind
from mingjing.kernel.text import line
from mingjing.kernel.wire import EXAMPLE_US, Told, Wanted, example

Reason = Annotated[str, AfterValidator(line), Field(min_length=1, max_length=300)]


class FilingDocument(Told):
    model_config = example(
        id="dc_k2x9p4q7m1aa", kind="licence", name="营业执照.pdf", media_type="application/pdf", bytes=184_320,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", at_us=EXAMPLE_US,
        who_name="王敏", aside_us=None, aside_reason="",
    )  # fmt: skip

    id: str
    kind: DocumentKind
    name: str
    media_type: str
    bytes: int
    sha256: str
    at_us: int
    who_name: str
    aside_us: int | None = Field(description="When it was set aside; it does not go into the package")
    aside_reason: str


class WantedDocument(BaseModel):
    """A kind of document that organs ask for, and whether it is there."""

    model_config = example(
        kind="licence", title="营业执照或者统一社会信用代码证书",
        title_en="Business licence or credit code certificate", there=True, wanted=True,
    )  # fmt: skip

    kind: DocumentKind
    title: str
    title_en: str
    wanted: bool
    there: bool


class FilingDocuments(BaseModel):
    model_config = example()

    documents: list[FilingDocument]
    kinds: list[WantedDocument]


class SettingAside(Wanted):
    """Why a document is not to be used any more."""

    model_config = example(reason="上传错了，是另一单位的执照")

    reason: Reason

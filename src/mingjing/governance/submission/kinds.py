"""Kinds of documents that go with a filing, as notices of police organs name them, and which of them are asked for. Pure."""

import struct
import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from mingjing.kernel.errors import Text

DocumentKind = Literal[
    "licence", "legal_person", "authorisation", "handler_id", "layout", "agreement", "consent", "outcome", "other"
]  # fmt: skip
KINDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "licence": Text("营业执照或者统一社会信用代码证书", "Business licence or credit code certificate"),
        "legal_person": Text("法人登记证书", "Certificate of the legal person"),
        "authorisation": Text("委托办理备案登记授权书", "Authorisation to file"),
        "handler_id": Text("经办人身份证件", "Identity document of the handler"),
        "layout": Text("建设位置图", "Plan of the location"),
        "agreement": Text("委托运营协议", "Agreement with the entrusted operator"),
        "consent": Text("涉密单位同意文件", "Consent of a secret unit"),
        "outcome": Text("备案机关的答复", "Answer of the organ"),
        "other": Text("其他材料", "Other document"),
    }
)
WANTED: Final = ("licence", "authorisation", "handler_id")
"""The order's own list was not found: these are what notices of organs ask for, so their absence is shown and stops
nothing."""


def blank_picture() -> bytes:
    """An empty sheet as a picture (PNG, one grey pixel): what stands for a scan in the demo."""
    parts = [
        b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0),
        b"IDAT" + zlib.compress(b"\x00\xf0"),
        b"IEND",
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in parts
    )

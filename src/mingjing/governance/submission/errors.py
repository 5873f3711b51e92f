"""How things fail here."""

from mingjing.kernel.errors import define

DOCUMENT_UNREADABLE = define(
    "SUB-001",
    422,
    title=("不是可收的文件", "Not a document that is taken"),
    detail=(
        "材料只收 PDF、JPEG 或 PNG；此文件的内容不是其中之一。",
        "Documents are PDF, JPEG or PNG; what this file holds is none of them.",
    ),
    remedy=("请扫描或另存为 PDF 后再上传。", "Scan it, or save it as PDF, and upload it again."),
)
DOCUMENT_TOO_LARGE = define(
    "SUB-002",
    413,
    title=("文件过大", "The document is too large"),
    detail=("文件超过 {most} MiB。", "The document is larger than {most} MiB."),
    remedy=("请降低扫描分辨率，或分成几个文件。", "Scan it at a lower resolution, or in several documents."),
)
DOCUMENTS_FULL = define(
    "SUB-003",
    409,
    title=("材料已满", "No further documents"),
    detail=("一件备案最多保存 {most} 份材料。", "A filing keeps at most {most} documents."),
    remedy=("请把几页合并为一个 PDF。", "Put several pages into one PDF."),
)
DOCUMENT_ALTERED = define(
    "SUB-004",
    500,
    title=("材料与登记的摘要不符", "A document is not what was uploaded"),
    detail=(
        "材料“{name}”的内容与登记的 SHA-256 不符，没有交出。",
        "The content of “{name}” does not have the SHA-256 that was entered; it was not handed out.",
    ),
    remedy=(
        "请系统管理员从备份恢复文件；需要时重新上传该材料。",
        "Have the system administrator restore the file from a backup; upload the document again if need be.",
    ),
)
NOT_SUBMITTED = define(
    "SUB-005",
    409,
    title=("尚未提交，没有回执", "Not submitted yet: no receipt"),
    detail=(
        "备案 {number} 还没有登记提交，无从出具回执。",
        "The filing {number} has not been submitted; there is nothing to acknowledge.",
    ),
    remedy=("请先登记提交。", "Record its submission first."),
)
ASIDE_ALREADY = define(
    "SUB-006",
    409,
    title=("材料已作废", "The document is set aside already"),
    detail=("该材料已作废，仍保存在历史中。", "This document was set aside; it is kept in the history."),
    remedy=("请刷新页面。", "Reload the page."),
)

"""How things fail here."""

from mingjing.kernel.errors import define

NOT_PRINTED = define(
    "PAP-001",
    500,
    title=("文件未能生成", "The document could not be made"),
    detail=("排版未完成：{problem}。", "It was not set: {problem}."),
    remedy=(
        "请稍后重试；仍不行，请系统管理员检查内存与 paper.fonts 目录中的字体。",
        "Try again later; if it fails again, have the system administrator check memory and the fonts in paper.fonts.",
    ),
)
BUSY = define(
    "PAP-002",
    503,
    title=("正在生成其他文件", "Other documents are being made"),
    detail=("同时生成的文件过多。", "Too many documents are being made at once."),
    remedy=("请稍后重试。", "Try again in a moment."),
)

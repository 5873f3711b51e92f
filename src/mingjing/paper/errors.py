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
LETTER_BAD = define(
    "PAP-003",
    500,
    title=("单位的文书模板无法使用", "The office's own template cannot be used"),
    detail=("paper.letter 所指的模板不能填写。", "The template that paper.letter names cannot be filled."),
    remedy=(
        "请系统管理员查看运行日志并改正模板，或去掉该设置以用自带的版式。",
        "Have the system administrator see the log and correct it, or unset it to use ours.",
    ),
)

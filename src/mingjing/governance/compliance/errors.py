"""How things fail here."""

from mingjing.kernel.errors import define

MONTH_BAD = define(
    "CMP-002",
    422,
    title=("月份无效", "Not a month"),
    detail=(
        "月份须形如 2026-10，且不在将来。",
        "A month is written such as 2026-10, and does not lie ahead.",
    ),
    remedy=("请改正月份。", "Correct the month."),
)
NOT_OPEN = define(
    "CMP-001",
    409,
    title=("发现已消除", "The finding is cured"),
    detail=("该发现已消除，无须知悉。", "This finding is cured; there is nothing to acknowledge."),
    remedy=("请刷新页面。", "Reload the page."),
)

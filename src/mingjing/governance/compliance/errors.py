"""How things fail here."""

from mingjing.kernel.errors import define

NOT_OPEN = define(
    "CMP-001",
    409,
    title=("发现已消除", "The finding is cured"),
    detail=("该发现已消除，无须知悉。", "This finding is cured; there is nothing to acknowledge."),
    remedy=("请刷新页面。", "Reload the page."),
)

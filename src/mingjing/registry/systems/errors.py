"""How things fail here."""

from mingjing.kernel.errors import define

DATES_CROSSED = define(
    "SYM-001",
    422,
    title=("日期先后有误", "The dates contradict each other"),
    detail=("{earlier} 应早于 {later}。", "{earlier} has to be before {later}."),
    remedy=("请核对投用、计划拆除与拆除日期。", "Check the dates of entry into use and of dismantling."),
)
NOT_YET = define(
    "SYM-002",
    422,
    title=("日期尚未到来", "The day has not come yet"),
    detail=(
        "{day} 晚于今天，不能登记为已发生。",
        "{day} is after today and cannot be entered as something that happened.",
    ),
    remedy=("请在当日或之后登记。", "Enter it on that day or later."),
)

"""How things fail here."""

from mingjing.kernel.errors import define

DATES_CROSSED = define(
    "SYM-001",
    422,
    title=("日期先后有误", "The dates contradict each other"),
    detail=("{earlier} 应早于 {later}。", "{earlier} has to be before {later}."),
    remedy=("请核对投用、计划拆除与拆除日期。", "Check the dates of entry into use and of dismantling."),
)
SYSTEM_ENDED = define(
    "SYM-003",
    409,
    title=("系统已注销", "The system has left the register"),
    detail=(
        "“{name}”已注销，只能查阅，不能再更改。",
        "“{name}” has left the register: it is read, and not changed any more.",
    ),
    remedy=("新建或重建的系统请另行登记。", "Enter a system that is built anew as a new one."),
)
STILL_STANDS = define(
    "SYM-004",
    409,
    title=("系统尚未拆除", "The system still stands"),
    detail=("{zh}", "{en}"),
    remedy=("请先办完，再注销。", "Do that first, then take it out of the register."),
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

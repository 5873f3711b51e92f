"""How things fail here."""

from mingjing.kernel.errors import define

ORDER_STEP = define(
    "ORD-001",
    409,
    title=("此时不能这样处理", "Not at this point"),
    detail=("运维单处于“{state}”，不能转为“{to}”。", "The order is “{state}” and cannot become “{to}”."),
    remedy=(
        "请按步骤处理：响应、修复、他人确认。",
        "Go on step by step: respond, repair, have it confirmed by somebody else.",
    ),
)
OWN_REPAIR = define(
    "ORD-002",
    403,
    title=("不能确认自己的修复", "One's own repair cannot be confirmed"),
    detail=("修复由您登记，须由他人确认。", "You said that it is repaired; somebody else has to confirm it."),
    remedy=("请由使用单位的另一人确认。", "Ask somebody else of the using unit to confirm it."),
)
CAMERA_FOREIGN = define(
    "ORD-003",
    422,
    title=("摄像机不属于该系统", "The camera is not of this system"),
    detail=("该摄像机的档案未归入该系统。", "The camera's dossier does not name this system."),
    remedy=("请核对系统，或先在一机一档中登记。", "Check the system, or enter it in the dossier first."),
)
TERM_CROSSED = define(
    "ORD-004",
    422,
    title=("起止时间有误", "The beginning and the end contradict each other"),
    detail=("结束应晚于开始。", "The end has to come after the beginning."),
    remedy=("请核对起止时间。", "Check both."),
)

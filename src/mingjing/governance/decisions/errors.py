"""How things fail here."""

from mingjing.kernel.errors import define

NOT_SUSPECTED = define(
    "DEC-001",
    409,
    title=("已无疑点", "It is not suspected any more"),
    detail=("该处的疑点已消失，无须判定。", "What was suspected here is gone; there is nothing to decide."),
    remedy=(
        "请刷新页面；再出现疑点时会重新提交判定。",
        "Reload the page; it is asked again once there is a new suspicion.",
    ),
)
NO_CONDITION = define(
    "DEC-002",
    409,
    title=("没有遮挡条件", "No mask was demanded"),
    detail=(
        "判定未以隐私遮挡为条件，无须确认遮挡。",
        "The decision does not demand a privacy mask; none is confirmed.",
    ),
    remedy=("请先判定为“须设隐私遮挡”。", "Decide on “a privacy mask” first."),
)
MASK_TOO_LATE = define(
    "DEC-003",
    422,
    title=("确认日期不对", "The day cannot be right"),
    detail=("遮挡确认日不能晚于今天。", "A mask is not confirmed for a day after today."),
    remedy=("请填写核验画面的日期。", "Enter the day on which the picture was checked."),
)

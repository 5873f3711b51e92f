"""How things fail here."""

from mingjing.kernel.errors import define

PERIOD_REVERSED = define(
    "CPL-001",
    422,
    title=("规划期有误", "The period is reversed"),
    detail=(
        "规划期止于 {until}，早于起始日 {since}。",
        "The period ends on {until}, before it begins on {since}.",
    ),
    remedy=("请更正规划期的起止日期。", "Correct the dates of the period."),
)
PLAN_CLOSED = define(
    "CPL-002",
    409,
    title=("规划此时不能修改", "The plan cannot be changed now"),
    detail=(
        "规划处于“{zh}”；此时只能登记已批准条目的进度。",
        "The plan is {en}; of an approved one only the progress of its items is entered.",
    ),
    remedy=(
        "待批的请先撤回；已批准的如需调整，请另编规划。",
        "Take back one that waits for approval; make another plan to change one that is approved.",
    ),
)
PLAN_STEP = define(
    "CPL-003",
    409,
    title=("此时不能这样办理", "Not at this point"),
    detail=("规划处于“{zh}”，不能这样办理。", "The plan is {en}; this step does not follow."),
    remedy=(
        "请按步骤办理：编制、报批、批准或退回。",
        "Go on step by step: draft, submit, approve or return.",
    ),
)
PLAN_EMPTY = define(
    "CPL-004",
    409,
    title=("规划没有条目", "The plan has no item"),
    detail=("规划尚无建设条目，不能报批。", "The plan has no item yet and cannot be submitted."),
    remedy=("请先录入至少一个条目。", "Enter at least one item first."),
)
OVERLAP_UNDECIDED = define(
    "CPL-005",
    409,
    title=("重叠条目未说明", "Nothing is said of an overlap"),
    detail=(
        "下列条目与已有摄像机重叠，须先决定利旧或说明另建理由：{names}。",
        "These items overlap cameras that are there; decide on reuse, or say why they are built: {names}.",
    ),
    remedy=(
        "请在条目中选择“利旧”或“另建”并写明理由。",
        "Choose reuse or building in each item, and give the reason.",
    ),
)
REASON_MISSING = define(
    "CPL-006",
    422,
    title=("缺少理由", "The reason is missing"),
    detail=("{zh}须写明理由。", "{en} needs a reason."),
    remedy=("请填写理由。", "Give the reason."),
)
OWN_PLAN = define(
    "CPL-007",
    403,
    title=("不能审批自己报批的规划", "One's own plan cannot be decided on"),
    detail=(
        "本规划由您报批，须由他人审批。",
        "You submitted this plan; somebody else has to decide on it.",
    ),
    remedy=("请由另一位审批人办理。", "Ask another approver."),
)
NOT_OF_TERRITORY = define(
    "CPL-008",
    403,
    title=("不属于本区域", "Not of this territory"),
    detail=(
        "规划由所在区域的单位审批，您的单位未登记在该规划的区划或其上级区划。",
        "A plan is decided on by a unit of its territory; yours is registered neither in its division nor above it.",
    ),
    remedy=(
        "请由本区域单位的审批人办理；单位的区划登记有误的，请先更正。",
        "Ask an approver of that territory; correct your unit's division where it is registered wrongly.",
    ),
)
ITEM_OUTSIDE = define(
    "CPL-009",
    422,
    title=("条目不在规划区域内", "The item lies outside the plan's division"),
    detail=(
        "区划 {division} 不在规划所在区划 {whole} 之内。",
        "The division {division} does not lie in the plan's division {whole}.",
    ),
    remedy=("请选择规划区划或其下级区划。", "Choose the plan's division or one below it."),
)
TOO_MANY_DONE = define(
    "CPL-010",
    422,
    title=("完成数有误", "More is done than is planned"),
    detail=("已建 {done} 台，多于计划的 {planned} 台。", "{done} cameras are done, {planned} are planned."),
    remedy=("请核对已建数量。", "Check the number of cameras done."),
)
ITEM_PROHIBITED = define(
    "CPL-011",
    409,
    title=("条目已判定属禁装", "An item was decided to be prohibited"),
    detail=(
        "下列条目已由人判定朝向禁止安装的场所：{names}。",
        "It was decided that these items look into a forbidden place: {names}.",
    ),
    remedy=(
        "请移动、改向或取消这些条目；判定有误的，请在疑点判定中重新判定。",
        "Move, turn or drop them; where the decision is wrong, decide anew among the suspicions.",
    ),
)
ITEM_SUSPECTED = define(
    "CPL-012",
    409,
    title=("条目的疑点尚未判定", "A suspicion is not decided"),
    detail=(
        "下列条目疑似朝向禁止安装的场所，尚待判定：{names}。",
        "These items may look into a forbidden place, and nobody has decided yet: {names}.",
    ),
    remedy=(
        "请先在疑点判定中逐条判定：允许、设遮挡后允许或属禁装。",
        "Decide on each among the suspicions: allowed, allowed with a mask, or prohibited.",
    ),
)

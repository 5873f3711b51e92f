"""How things fail here."""

from mingjing.kernel.errors import define

FORBIDDEN_HERE = define(
    "FRB-001",
    409,
    title=("此处禁止安装", "No camera may stand here"),
    detail=(
        "该位置在禁止安装的场所内：{kind_zh}（{article_zh}）。",
        "This position is inside a forbidden place: {kind_en} ({article_en}).",
    ),
    remedy=(
        "请另选位置。位置填写有误的，核对经纬度后重新填写。",
        "Choose another position. Where it was entered wrongly, check the coordinates and enter them again.",
    ),
)
CONSENT_MISSING = define(
    "FRB-002",
    409,
    title=("未取得涉密单位同意", "The secret unit has not consented"),
    detail=(
        "该位置在涉密单位周边，安装前须征得其同意（{article_zh}）。",
        "This position is in the neighbourhood of a secret unit, whose consent is needed before installing ({article_en}).",
    ),
    remedy=(
        "请先征得该单位同意，并在同意登记中录入文件，再填写位置。",
        "Ask the unit first, enter its document among the consents, then enter the position.",
    ),
)
AREA_MISSING = define(
    "FRB-003",
    422,
    title=("缺少范围", "The area is missing"),
    detail=("须给出外廓，或者中心点与半径。", "An outline is needed, or a point with a radius."),
    remedy=(
        "请画出外廓，或填写经度、纬度和半径（米）。",
        "Draw an outline, or enter longitude, latitude and radius in metres.",
    ),
)
DATES_REVERSED = define(
    "FRB-004",
    422,
    title=("起止日期颠倒", "The dates are reversed"),
    detail=("截止日 {until} 早于起始日 {since}。", "The last day {until} is before the first day {since}."),
    remedy=(
        "请更正日期；长期有效的不填截止日。",
        "Correct the dates; leave the last day open for what has no end.",
    ),
)
ENDED = define(
    "FRB-005",
    409,
    title=("已注销", "It has ended"),
    detail=("“{name}”已从登记中注销。", "“{name}” has left the register."),
    remedy=("请重新登记，不修改已注销的记录。", "Enter a new one; what has ended is not changed."),
)
NOT_SECRET = define(
    "FRB-006",
    422,
    title=("不是涉密单位周边", "Not the neighbourhood of a secret unit"),
    detail=(
        "“{name}”不是涉密单位周边，不需要同意。",
        "“{name}” is not the neighbourhood of a secret unit.",
    ),
    remedy=("请选择种类为“涉密单位周边”的登记。", "Choose a record of that kind."),
)
AREA_WIDE = define(
    "FRB-007",
    422,
    title=("范围过大", "The area is too wide"),
    detail=("外廓的东西或南北跨度超过 {most} 度。", "The outline is wider or higher than {most} degrees."),
    remedy=(
        "请核对各角点的经纬度，分开登记相距很远的场所。",
        "Check its corners; enter places far apart one by one.",
    ),
)

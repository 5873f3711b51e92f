"""How things fail here."""

from mingjing.kernel.errors import define

CODE_BAD = define(
    "DIV-001",
    422,
    title=("行政区划代码无效", "Not a division code"),
    detail=("{code} 不是 6、9 或 12 位行政区划代码。", "{code} is not a division code of 6, 9 or 12 digits."),
    remedy=("请按 GB/T 2260 核对代码。", "Check the code against GB/T 2260."),
)
PARENT_MISSING = define(
    "DIV-002",
    409,
    title=("上级区划不存在", "The division above does not exist"),
    detail=("{code} 的上级区划尚未录入。", "No division above {code} has been entered."),
    remedy=("请先录入上级区划。", "Enter the division above it first."),
)
FILE_BAD = define(
    "DIV-003",
    422,
    title=("区划表格有误", "The table of divisions has a mistake"),
    detail=("第 {row} 行：{problem}", "Row {row}: {problem}"),
    remedy=(
        "表头应为 code,name；请修改该行后重试。",
        "The header is code,name; correct the row and try again.",
    ),
)
DIVISION_UNKNOWN = define(
    "DIV-004",
    422,
    title=("行政区划不存在", "No such division"),
    detail=("行政区划 {code} 尚未录入。", "The division {code} has not been entered."),
    remedy=("请先在行政区划中录入。", "Enter it under divisions first."),
)

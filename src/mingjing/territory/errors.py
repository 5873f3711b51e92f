"""How things fail here."""

from mingjing.kernel.errors import define

CODE_BAD = define(
    "DIV-001",
    422,
    title=("行政区划代码无效", "Not a division code"),
    detail=(
        "{code} 不是 6、9 或 12 位行政区划代码，或只是代码表中的分组（如 429000）。",
        "{code} is not a division code of 6, 9 or 12 characters, or only a heading in the table (as 429000 is).",
    ),
    remedy=(
        "请按 GB/T 2260 核对代码；功能区使用本地代码，如 4201Z1。",
        "Check the code against GB/T 2260; functional zones have local codes, such as 4201Z1.",
    ),
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
    detail=("第 {row} 行：{zh}", "Row {row}: {en}"),
    remedy=(
        "表格为 UTF-8 编码的 CSV，表头含 code,name，可选 parent,kind,civil_code,valid_from,valid_to,successor；"
        "未录入任何行，请修改该行后重试。",
        "The table is CSV in UTF-8 with the columns code,name and optionally parent,kind,civil_code,valid_from,valid_to,"
        "successor. No row was entered; correct this one and try again.",
    ),
)
DIVISION_UNKNOWN = define(
    "DIV-004",
    422,
    title=("没有该现行行政区划", "No such division in force"),
    detail=(
        "{code} 不是现行的行政区划（现行代码：{instead}）。",
        "{code} is not a division in force (in force: {instead}).",
    ),
    remedy=(
        "请核对代码；确有此区划的，请先在行政区划中录入。",
        "Check the code; if the division exists, enter it under divisions first.",
    ),
)
PARENT_IMPOSSIBLE = define(
    "DIV-005",
    409,
    title=("上下级关系不成立", "It cannot lie there"),
    detail=("{code} 不能属于 {parent}。", "{code} cannot lie below {parent}."),
    remedy=(
        "上级区划的级别须更高，且不在其自身之下；后继区划须能容纳其下级。",
        "The division above is of a higher level and not below the one itself; a successor has room for what lies below.",
    ),
)
ZONE_UNMAPPED = define(
    "DIV-006",
    422,
    title=("区划类型与代码不符", "The kind does not fit the code"),
    detail=(
        "{code}：行政区划用数字代码；功能区用含字母的本地代码，并须指定现行的行政区划代码作为国标代码。",
        "{code}: an administrative division has a code of digits; a functional zone has a local code with a letter, and "
        "names the administrative code in force that stands for it.",
    ),
    remedy=("请核对 kind 与 civil_code。", "Check kind and civil_code."),
)
CODE_TAKEN = define(
    "DIV-007",
    409,
    title=("代码已被使用", "The code is taken"),
    detail=("{code} 已录入，且 {member} 不同。", "{code} has been entered already, with another {member}."),
    remedy=(
        "请通过变更、撤销或迁移办理；曾用过的代码不再另用。",
        "Change, end or move the division that is there; a code that was in force is not given again.",
    ),
)
DIVISION_INHABITED = define(
    "DIV-008",
    409,
    title=("其下仍有区划", "Divisions lie below it"),
    detail=("{code} 之下仍有现行区划。", "Divisions in force lie below {code}."),
    remedy=(
        "请指定后继区划，或先撤销、迁移下级区划。",
        "Name a successor, or end or move what lies below first.",
    ),
)
DAYS_BAD = define(
    "DIV-009",
    422,
    title=("起止日期有误", "The dates are not possible"),
    detail=(
        "{code} 的生效、失效日期不得晚于今天，且失效须在生效之后。",
        "The days of {code} are not after today, and it ends after it begins.",
    ),
    remedy=("请核对日期；将来的变更请于当日办理。", "Check the days; enter a change to come on its day."),
)

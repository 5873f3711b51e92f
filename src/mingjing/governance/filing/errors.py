"""How things fail here."""

from mingjing.kernel.errors import define

STEP_IMPOSSIBLE = define(
    "FIL-001",
    409,
    title=("此时不能这样办理", "Not at this point"),
    detail=("备案处于“{state}”，不能转为“{to}”。", "The filing is “{state}” and cannot become “{to}”."),
    remedy=(
        "请按步骤办理：准备、复核、提交、登记结果。",
        "Go on step by step: prepare, check, submit, record the outcome.",
    ),
)
FORM_INCOMPLETE = define(
    "FIL-002",
    409,
    title=("材料不完整", "The form is incomplete"),
    detail=("还缺：{missing}。", "Still missing: {missing}."),
    remedy=("请补齐后再交复核。", "Complete it, then have it checked."),
)
OWN_CHECK = define(
    "FIL-003",
    403,
    title=("不能复核自己准备的备案", "One's own filing cannot be checked"),
    detail=(
        "本备案由您交复核，须由他人复核。",
        "You sent this filing to be checked; somebody else has to check it.",
    ),
    remedy=("请由另一位经办人复核。", "Ask another clerk to check it."),
)
OUTCOME_INCOMPLETE = define(
    "FIL-004",
    422,
    title=("结果登记不完整", "The outcome is incomplete"),
    detail=("须填写{zh}。", "{en} has to be given."),
    remedy=("请按备案机关的答复填写。", "Enter what the organ has answered."),
)
FILING_OPEN = define(
    "FIL-005",
    409,
    title=("已有同类备案在办理", "A filing of this kind is under way"),
    detail=("该系统的同类备案 {number} 尚未办结。", "The filing {number} of this kind is not finished yet."),
    remedy=("请在原备案上继续办理。", "Go on with that one."),
)
NOT_THE_ORGAN = define(
    "FIL-007",
    403,
    title=("不是受理备案的公安机关", "Not the organ that decides"),
    detail=(
        "备案由建设位置所在地县级以上公安机关的人员决定，经办人不决定自己的备案。",
        "A filing is decided by a person of the public security organ, of county level or above, that answers for its "
        "location, and not by who prepared it.",
    ),
    remedy=(
        "请由有权的公安机关人员办理；其单位须登记为公安机关并注明级别和区划。",
        "Ask a person of that organ; their unit is registered as a public security organ with its level and division.",
    ),
)
DISMANTLING_OPEN = define(
    "FIL-008",
    409,
    title=("备案义务未了，不能注销", "A filing is still owed: the system stays in the register"),
    detail=("{zh}", "{en}"),
    remedy=(
        "请在系统页先办结或撤回未办结的备案；须备案的系统，拆除备案提交后再注销。",
        "On the system's page finish or withdraw what is open; where the system has to be filed, submit its dismantling first.",
    ),
)
NOT_DUE = define(
    "FIL-006",
    409,
    title=("无须办理该备案", "No such filing is due"),
    detail=("{zh}", "{en}"),
    remedy=("请核对系统的投用与拆除日期。", "Check the system's dates of entry into use and dismantling."),
)

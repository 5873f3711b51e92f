"""How things fail here."""

from mingjing.kernel.errors import define

STAGES_CROSSED = define(
    "PRJ-001",
    422,
    title=("日期先后有误", "The dates contradict each other"),
    detail=(
        "{zh}的日期 {later} 早于前一阶段的 {earlier}。",
        "{en}: {later} is before {earlier} of the stage before.",
    ),
    remedy=(
        "请按设计、施工、验收、投用的先后核对日期。",
        "Check the dates in the order of design, construction, acceptance and entry into use.",
    ),
)
NOT_ACCEPTED = define(
    "PRJ-002",
    409,
    title=("验收未通过，不得投入使用", "Not accepted, so it may not be put to use"),
    detail=(
        "该系统由项目“{project}”建设，{day} 前没有验收通过（{basis}）。",
        "The project “{project}” delivers this system, and no acceptance stands by {day} ({basis_en}).",
    ),
    remedy=(
        "请先在项目中登记验收：通过，或基本通过且全部问题已整改复验；投用日期不早于验收日期。",
        "Record the acceptance in the project first: passed, or basically passed with every defect cured and tested again; "
        "the day of use is no earlier.",
    ),
)
CONCLUSION_INCOMPLETE = define(
    "PRJ-003",
    422,
    title=("验收结论不完整", "The conclusion is incomplete"),
    detail=("须填写{zh}。", "{en} has to be given."),
    remedy=("请补齐后再保存验收结论。", "Complete it, then enter the conclusion."),
)
NOT_TO_HAND_OVER = define(
    "PRJ-004",
    409,
    title=("验收未通过，不能移交", "Not accepted, so it cannot be handed over"),
    detail=(
        "验收结论不是通过，或移交日期早于验收日期。",
        "Acceptance does not stand, or not yet on that day.",
    ),
    remedy=("请先完成验收与整改。", "Have it accepted and cured first."),
)
TRIAL_REVERSED = define(
    "PRJ-005",
    422,
    title=("试运行日期颠倒", "The trial run is reversed"),
    detail=("试运行止于 {until}，早于起始日 {since}。", "The trial run ends on {until}, before {since}."),
    remedy=("请更正试运行的起止日期。", "Correct the dates of the trial run."),
)
CHECK_UNKNOWN = define(
    "PRJ-006",
    422,
    title=("清单中没有该项", "Not an item of the checklist"),
    detail=("技术检查清单中没有“{item}”。", "The technical checklist has no “{item}”."),
    remedy=("请按清单项目填写。", "Enter results for items of the list."),
)
NOT_YET = define(
    "PRJ-007",
    422,
    title=("日期尚未到来", "The day has not come yet"),
    detail=(
        "{day} 晚于今天，不能登记为已发生。",
        "{day} is after today and cannot be entered as something that happened.",
    ),
    remedy=("请在当日或之后登记。", "Enter it on that day or later."),
)
PROHIBITED = define(
    "PRJ-008",
    409,
    title=("已判定属禁装，不得施工或投用", "Decided to be prohibited: neither built nor used"),
    detail=(
        "项目“{project}”已由人判定朝向禁止安装的场所：{reason}。",
        "It was decided that the project “{project}” looks into a forbidden place: {reason}.",
    ),
    remedy=(
        "请改址或改向后重新判定；判定有误的，请在疑点判定中重新判定。",
        "Build elsewhere or turn it, and it is asked anew; where the decision is wrong, decide anew among the suspicions.",
    ),
)
ARCHIVE_FULL = define(
    "PRJ-009",
    409,
    title=("档案文件已满", "No further files"),
    detail=("一个项目最多保存 {most} 个文件。", "A project keeps at most {most} files."),
    remedy=(
        "请把相关文件合并为一份，或只登记摘要、由单位保存原件。",
        "Put files that belong together into one, or enter digests alone and keep the originals.",
    ),
)

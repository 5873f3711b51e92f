"""Errors of operations."""

from mingjing.kernel.errors import define

STREAM_MISSING = define(
    "OPS-001",
    422,
    title=("没有此码流", "No such stream"),
    detail=("该摄像机没有{stream}码流，或已停用。", "This camera has no {stream} stream, or is disabled."),
    remedy=("请选择另一路码流。", "Choose the other stream."),
)
RANGE_MISSING = define(
    "OPS-002",
    422,
    title=("缺少回放时间", "No range to play"),
    detail=(
        "回放须给出起止时间，且不超过 24 小时。",
        "Playback needs a beginning and an end, at most 24 hours apart.",
    ),
    remedy=("请给出 from_us 与 until_us。", "Give from_us and until_us."),
)
ALARM_TAKEN = define(
    "OPS-010",
    409,
    title=("告警已被认领", "The alarm is taken"),
    detail=("该告警已由 {owner} 认领或已结案。", "This alarm was claimed by {owner}, or is resolved."),
    remedy=("请刷新列表。", "Reload the list."),
)
WALLS_FULL = define(
    "OPS-020",
    409,
    title=("保存的布局过多", "Too many are saved"),
    detail=("每人最多保存 {most} 个。", "One person keeps at most {most}."),
    remedy=("请先删除不再使用的。", "Remove some that are no longer used."),
)
FILTERS_FULL = define(
    "OPS-021",
    409,
    title=("保存的视图过多", "Too many views are saved"),
    detail=("每人最多保存 {most} 个视图。", "One person keeps at most {most} views."),
    remedy=("请先删除不再使用的视图。", "Remove some that are no longer used."),
)
FILTER_NAMED = define(
    "OPS-022",
    409,
    title=("已有同名视图", "There is a view of that name"),
    detail=("本页已有您的视图“{name}”。", "You have a view “{name}” on this page already."),
    remedy=("请换一个名称，或更新原视图。", "Choose another name, or change that view."),
)

"""How things fail here."""

from mingjing.kernel.errors import define

ROUND_THERE = define(
    "RND-001",
    409,
    title=("已有同类巡查", "There is a round of this kind"),
    detail=(
        "该对象已有同类巡查，每 {days} 日一次。",
        "It has a round of this kind already, every {days} days.",
    ),
    remedy=("请修改原巡查的周期，不重复登记。", "Change the cycle of that one."),
)
ROUND_OVER = define(
    "RND-002",
    409,
    title=("巡查已终止", "The round has ended"),
    detail=("该巡查已终止，不能登记结果。", "This round has ended and takes no more results."),
    remedy=("请在对象的现行巡查中登记。", "Enter it in the round that is in force."),
)
RESULT_FAULTY = define(
    "RND-003",
    422,
    title=("结果登记不完整", "The result is incomplete"),
    detail=("{zh}", "{en}"),
    remedy=("请按实际检查情况填写。", "Enter what was checked and found."),
)
WRONG_SUBJECT = define(
    "RND-004",
    422,
    title=("对象与巡查种类不符", "The subject does not fit the kind"),
    detail=(
        "禁装场所检查的对象是禁装场所，标识检查的对象是摄像机或必装场所。",
        "A check of forbidden places is of a forbidden place, a sign check of a camera or a place.",
    ),
    remedy=("请改选对象或巡查种类。", "Choose another subject or kind."),
)

"""How things fail here."""

from mingjing.kernel.errors import define

CODE_FORM = define(
    "DOS-001",
    422,
    title=("设备编码无效", "Not a device code"),
    detail=(
        "{code} 不是摄像机的 20 位设备编码（第 11–13 位应为 131 或 132）。",
        "{code} is not a camera's device code of 20 digits (digits 11 to 13 are 131 or 132).",
    ),
    remedy=("请按 GB/T 28181 核对编码。", "Check the code against GB/T 28181."),
)
CODE_DIVISION = define(
    "DOS-002",
    422,
    title=("设备编码与区划不符", "The device code names another division"),
    detail=(
        "编码 {code} 的前六位与摄像机所在区划 {division} 不符。",
        "The first six digits of {code} are not the camera's division {division}.",
    ),
    remedy=("请核对编码或摄像机的区划。", "Check the code, or the camera's division."),
)
CODE_TAKEN = define(
    "DOS-003",
    409,
    title=("设备编码重复", "The device code is taken"),
    detail=("编码 {code} 已用于另一台摄像机。", "Another camera has the code {code}."),
    remedy=("每台摄像机的编码须唯一，请改用其他编码。", "Codes are unique; use another one."),
)

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
MOVE_REASON = define(
    "DOS-004",
    422,
    title=("在用摄像机移位须写明理由", "A camera in use is moved for a reason"),
    detail=(
        "摄像机已投入使用，改动位置、方位或视场角是一次移位，须写明理由。",
        "The camera is in use: to change where it stands or looks is to move it, and needs a reason.",
    ),
    remedy=(
        "请填写移位理由（move_reason）；移位后请重新留存基准画面。",
        "Give the reason (move_reason), and keep a new baseline picture afterwards.",
    ),
)
PICTURE_TOO_LARGE = define(
    "DOS-005",
    413,
    title=("照片过大", "The picture is too large"),
    detail=("照片超过 {most} MiB。", "The picture exceeds {most} MiB."),
    remedy=("请缩小照片后重新上传。", "Make the picture smaller and send it again."),
)
PICTURE_UNREADABLE = define(
    "DOS-006",
    422,
    title=("照片无法读取", "The picture cannot be read"),
    detail=(
        "上传的文件不是可读的 JPEG 或 PNG 照片。",
        "The file is no JPEG or PNG picture that can be read.",
    ),
    remedy=("请上传现场拍摄的 JPEG 或 PNG 照片。", "Send a JPEG or PNG picture taken on the spot."),
)
NO_VIEW = define(
    "DOS-007",
    409,
    title=("没有可留存的画面", "There is no picture to keep"),
    detail=("摄像机此刻没有画面。", "The camera gives no picture at this moment."),
    remedy=(
        "请先诊断摄像机，画面恢复后再留存基准。",
        "Diagnose the camera first; keep the baseline once it gives pictures.",
    ),
)
PICTURE_LOST = define(
    "DOS-008",
    410,
    title=("照片已不完整", "The picture is not whole any more"),
    detail=(
        "照片文件缺失，或与留存时的摘要不符。",
        "The picture's file is missing, or is not what was kept.",
    ),
    remedy=("请从备份恢复文件，或重新留存。", "Restore the file from a backup, or keep a new picture."),
)
CHECK_IN_FUTURE = define(
    "DOS-009",
    422,
    title=("检查日期在将来", "The check lies in the future"),
    detail=("标识检查日期 {day} 尚未到来。", "The day of the check, {day}, has not come yet."),
    remedy=("请填写实际检查的日期。", "Enter the day on which the sign was checked."),
)

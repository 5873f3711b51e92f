"""Errors of the register of cameras."""

from mingjing.kernel.errors import define

CAMERA_ADDRESS = define(
    "CAM-001",
    422,
    title=("摄像机地址不可用", "The camera's address cannot be used"),
    detail=("地址不可用：{problem_zh}。", "The address cannot be used: {problem_en}."),
    remedy=(
        "请填写形如 rtsp://主机:554/路径 的地址；网段由系统管理员在 camera_networks 中登记。",
        "Enter an address such as rtsp://host:554/path; networks are listed in camera_networks.",
    ),
)
PASSWORD_FOR_NEW_HOST = define(
    "CAM-002",
    422,
    title=("更换主机须重新填写口令", "A new host needs the password again"),
    detail=(
        "口令只发往录入时的主机；地址中的主机已改变。",
        "A password goes only to the host that it was entered for, and the host in the address has changed.",
    ),
    remedy=(
        "请同时填写用户名和口令，或明确清除口令。",
        "Enter user name and password too, or clear the password.",
    ),
)
CAMERA_EXISTS = define(
    "CAM-003",
    409,
    title=("摄像机已登记", "The camera is already registered"),
    detail=("同一地址已登记为“{name}”。", "The same address is registered as “{name}”."),
    remedy=("请修改已有的摄像机，或核对地址。", "Change the camera that exists, or check the address."),
)
MAIN_STREAM_MISSING = define(
    "CAM-004",
    422,
    title=("缺少主码流", "No main stream"),
    detail=(
        "摄像机须有且仅有一个主码流，子码流至多一个。",
        "A camera has one main stream and at most one sub-stream.",
    ),
    remedy=("请填写主码流地址。", "Enter the address of the main stream."),
)
TABLE_UNREADABLE = define(
    "CAM-010",
    422,
    title=("表格无法读取", "The table cannot be read"),
    detail=("{problem_zh}", "{problem_en}"),
    remedy=(
        "请使用下载的模板（XLSX 或 CSV），不要改动表头。",
        "Use the template (XLSX or CSV) and leave its heading as it is.",
    ),
)
IMPORT_NOT_READY = define(
    "CAM-011",
    409,
    title=("导入不在可写入的状态", "The import cannot be written now"),
    detail=("这张表格的状态是 {state}，不能写入。", "The table is {state}; it cannot be written."),
    remedy=(
        "请等待检查完成；写入过的表格请重新上传。",
        "Wait until it was looked at; send a table that was written again.",
    ),
)
IMPORTS_MANY = define(
    "CAM-012",
    409,
    title=("正在导入的表格过多", "Too many tables are under way"),
    detail=("已有 {count} 张表格正在导入。", "{count} tables are being brought in already."),
    remedy=("请稍候再上传。", "Wait a little, then send it again."),
)
AREA_BAD = define(
    "CAM-013",
    422,
    title=("区域无效", "Not an area"),
    detail=(
        "区域不是 3 至 {most} 个“经度,纬度”角点。",
        "The area is not made of 3 to {most} corners, each a longitude and a latitude in degrees.",
    ),
    remedy=(
        "请写作 114.2,30.2;114.5,30.2;114.5,30.5 的形式，或在地图上重新框选。",
        "Write it as 114.2,30.2;114.5,30.2;114.5,30.5, or draw it on the map again.",
    ),
)
PROBE_IMPOSSIBLE = define(
    "CAM-020",
    422,
    title=("无法探测", "The probe could not run"),
    detail=("{problem}", "{problem}"),
    remedy=("请核对地址后重试。", "Check the address and try again."),
)

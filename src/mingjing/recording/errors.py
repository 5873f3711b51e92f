"""Errors of recording."""

from mingjing.kernel.errors import define

PLAN_TOO_LARGE = define(
    "REC-001",
    409,
    title=("存储容不下此计划", "The disks cannot hold this plan"),
    detail=("{arithmetic_zh}。", "{arithmetic_en}."),
    remedy=(
        "请扩容、降低码率或减少录像路数；保存期不得低于法定下限。",
        "Add storage, lower bitrates or record fewer streams; retention may not fall below the legal floor.",
    ),
)
PLAN_BELOW_FLOOR = define(
    "REC-002",
    422,
    title=("保存期低于法定下限", "Retention below the legal floor"),
    detail=(
        "保存期 {days} 天低于 {floor} 天，且未写明法定理由。",
        "{days} days is below {floor}, and no lawful reason is recorded.",
    ),
    remedy=(
        "请设为 {floor} 天以上，或填写法定理由。",
        "Choose {floor} days or more, or record the lawful reason.",
    ),
)
PLAN_MALFORMED = define(
    "REC-003",
    422,
    title=("计划有误", "The plan has mistakes"),
    detail=("计划有误：{problem}。", "The plan has mistakes: {problem}."),
    remedy=(
        "每周时段以分钟计，形如 mon: [[0, 1440]]，不得重叠。",
        "Weekly ranges are minutes of the day, such as mon: [[0, 1440]], without overlap.",
    ),
)
PLAN_IN_USE = define(
    "REC-004",
    409,
    title=("计划仍在使用", "The plan is in use"),
    detail=("还有 {count} 路摄像机使用此计划。", "{count} cameras still follow this plan."),
    remedy=(
        "请先为它们指定其他计划，或在删除时选定。",
        "Give them another plan first, or name one as you remove it.",
    ),
)
PLAN_UNKNOWN = define(
    "REC-005",
    422,
    title=("计划不存在", "No such plan"),
    detail=("没有编号为 {plan} 的录像计划。", "There is no recording plan {plan}."),
    remedy=("请从计划列表中选择。", "Choose one from the list of plans."),
)
PLAN_IS_DEFAULT = define(
    "REC-006",
    409,
    title=("默认计划不能删除", "The default plan stays"),
    detail=(
        "新登记的摄像机在未指定计划时使用它。",
        "Cameras that are registered without a plan follow it.",
    ),
    remedy=("可以修改它的时段和保存天数。", "Its hours and days can be changed."),
)
RANGE_BAD = define(
    "REC-010",
    422,
    title=("时间范围有误", "The range of time is not valid"),
    detail=("{problem_zh}", "{problem_en}"),
    remedy=("请修改起止时间后重试。", "Change the beginning or the end and try again."),
)
NOTHING_RECORDED = define(
    "REC-011",
    404,
    title=("此刻没有录像", "Nothing is recorded there"),
    detail=("该摄像机在所选时间没有录像。", "This camera has no recording at that time."),
    remedy=("请在时间轴上选择有录像的时间。", "Choose a recorded time on the timeline."),
)
NO_PICTURE = define(
    "REC-012",
    409,
    title=("暂无画面", "No picture now"),
    detail=("该码流当前没有画面。", "The stream shows no picture at the moment."),
    remedy=("请查看诊断，或稍后重试。", "Look at the diagnosis, or try again later."),
)
DECODER_FAILED = define(
    "REC-013",
    502,
    title=("画面无法解码", "The picture could not be decoded"),
    detail=("解码子进程未能给出画面：{problem}。", "The decoding worker gave no picture: {problem}."),
    remedy=(
        "录制不受影响。请重试；若仍出现，请检查该路编码。",
        "Recording is not affected. Try again, or look at the encoding.",
    ),
)
CLIP_FAILED = define(
    "REC-014",
    502,
    title=("片段未能剪出", "The clip could not be cut"),
    detail=("剪辑子进程未能完成：{problem}。", "The worker that cuts the clip did not finish: {problem}."),
    remedy=(
        "请运行 mingjing verify recordings --depth hash 检查该时段的文件，或缩短范围后重试。",
        "Check the files of that time with `mingjing verify recordings --depth hash`, or try a shorter range.",
    ),
)
CLIP_TARGET = define(
    "REC-015",
    409,
    title=("无法写入文件", "The file cannot be written"),
    detail=("无法写入 {path}：{problem_zh}。", "{path} cannot be written: {problem_en}."),
    remedy=(
        "请换一个文件名或目录；已有的文件不会被覆盖。",
        "Choose another name or directory; a file that exists is never written over.",
    ),
)
IMPORT_FAILED = define(
    "REC-020",
    422,
    title=("导入失败", "The import failed"),
    detail=("{problem}", "{problem}"),
    remedy=(
        "请核对文件、起始时间和编码（H.264/H.265）。",
        "Check the file, its start time and its codecs (H.264, H.265).",
    ),
)
IMPORT_UNREADABLE = define(
    "REC-022",
    422,
    title=("文件无法读取", "The file cannot be read"),
    detail=(
        "该文件已损坏，或不是录像文件。",
        "The file is damaged, or is no recording.",
    ),
    remedy=(
        "支持 MP4、MOV、MKV、MPEG-TS、MPEG-PS、AVI、FLV。请用播放器确认文件能播放，或从原设备重新导出。",
        "MP4, MOV, MKV, MPEG-TS, MPEG-PS, AVI and FLV are taken. See that a player plays it, or export it again.",
    ),
)
IMPORT_NO_PICTURE = define(
    "REC-023",
    422,
    title=("文件中没有画面", "No pictures in the file"),
    detail=(
        "该文件没有视频轨道，或没有可作开头的关键帧。",
        "The file has no video track, or no key frame to begin with.",
    ),
    remedy=("请选择含有视频的文件。", "Choose a file with video."),
)
IMPORT_CODEC = define(
    "REC-024",
    422,
    title=("画面编码不支持", "The codec is not supported"),
    detail=(
        "该文件的画面编码是 {codec}；录像按原样保存，只接受 H.264 与 H.265。",
        "The pictures are {codec}; recordings are kept as they came, in H.264 or H.265 alone.",
    ),
    remedy=(
        "请从原设备导出 H.264 或 H.265，或先行转码并保留原件。",
        "Export H.264 or H.265 from the device, or convert a copy first and keep the original.",
    ),
)
IMPORT_ENCRYPTED = define(
    "REC-025",
    422,
    title=("文件已加密", "The file is encrypted"),
    detail=("该文件的画面或声音已加密。", "The pictures or the sound of this file are encrypted."),
    remedy=(
        "请用原厂工具解密后再导入。",
        "Decrypt it with its maker's tool, then import it.",
    ),
)
IMPORT_OVERLAPS = define(
    "REC-026",
    409,
    title=("该时段已有录像", "That time is recorded already"),
    detail=(
        "{until} 之前（北京时间）已有录像与此文件的时段重叠；已存的录像不会被覆盖。",
        "Recordings up to {until} (Beijing time) overlap the time of this file; what is kept is never written over.",
    ),
    remedy=(
        "请核对起始时间，或导入到另一路码流或摄像机。",
        "Check the start, or import it to another stream or camera.",
    ),
)
IMPORT_IN_FUTURE = define(
    "REC-027",
    422,
    title=("时间在将来", "The time lies in the future"),
    detail=(
        "按此起始时间，文件到 {until}（北京时间）才结束，晚于现在。",
        "With this start the file would end at {until} (Beijing time), which is later than now.",
    ),
    remedy=(
        "请核对起始时间与本机时钟。",
        "Check the start, and this machine's clock.",
    ),
)
DISK_NOT_ADOPTED = define(
    "REC-021",
    409,
    title=("磁盘未被接纳", "The disk was not adopted"),
    detail=("{root}：{problem}。", "{root}: {problem}."),
    remedy=(
        "请先停止明镜，核对目录与 storage.roots（mingjing config show）。",
        "Stop Mingjing first, and compare the directory with storage.roots (`mingjing config show`).",
    ),
)
EXPORT_LIMIT = define(
    "REC-030",
    429,
    title=("导出任务过多", "Too many exports"),
    detail=("您已有 {count} 个导出任务在进行。", "{count} of your exports are still running."),
    remedy=("请等待其完成或取消一部分。", "Wait for them, or cancel some."),
)
EXPORT_NOT_READY = define(
    "REC-031",
    409,
    title=("文件不可下载", "The file is not there to take"),
    detail=("此导出的状态是 {state}。", "This export is {state}."),
    remedy=("完成后七日内可下载。", "It can be taken for seven days once it is done."),
)
EXPORT_MIXED = define(
    "REC-032",
    409,
    title=("时段内编码有变化", "The format changes within the range"),
    detail=(
        "{channel} 的画面或声音格式在 {moments} 改变，无法不转码合成一个文件。",
        "Picture or sound of {channel} change at {moments}: that is not one file without encoding anew.",
    ),
    remedy=(
        "请以这些时刻为界分段导出（parts 列出各段）；若只是声音改变，可不含声音导出。",
        "Export it in parts between these moments (`parts` lists them); where only sound changes, export without it.",
    ),
)

"""What people are told about each leg and each cause of an RTSP stream, in Chinese and English.

The names come from `media/src/event.rs`; a test holds the two lists together. Remedies stand most likely
first; `act` names a safe act that the console can offer as a button.
"""

from dataclasses import dataclass

from mingjing.kernel.errors import Text
from mingjing.media.causes import Cause, Leg


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to do; `act` is the name of a button (`try_tcp`, `edit_credentials` …) or None."""

    text: Text
    act: str | None = None


@dataclass(frozen=True, slots=True)
class CauseWords:
    """A cause as people read it: a title of a few words, a sentence, and at most three remedies."""

    title: Text
    sentence: Text
    remedies: tuple[Remedy, ...]


LEGS: dict[Leg, Text] = {
    Leg.RESOLVED: Text("名称解析", "Name resolved"),
    Leg.CONNECTED: Text("连接", "Connected"),
    Leg.AUTHENTICATED: Text("认证", "Authenticated"),
    Leg.DESCRIBED: Text("描述", "Described"),
    Leg.SET_UP: Text("建立", "Set up"),
    Leg.FIRST_PACKET: Text("首包", "First packet"),
    Leg.FIRST_KEY_FRAME: Text("首个关键帧", "First key frame"),
    Leg.DECODABLE: Text("可解码", "Decodable"),
    Leg.WRITTEN: Text("落盘", "Written"),
}


def _words(
    title: tuple[str, str], sentence: tuple[str, str], *remedies: tuple[str, str] | Remedy
) -> CauseWords:
    return CauseWords(
        Text(*title),
        Text(*sentence),
        tuple(item if isinstance(item, Remedy) else Remedy(Text(*item)) for item in remedies),
    )


def _act(name: str, zh: str, en: str) -> Remedy:
    return Remedy(Text(zh, en), name)


_CREDENTIALS = _act(
    "edit_credentials", "核对并重新填写用户名和口令", "Check the user name and password and enter them again"
)
_POWER = ("查看摄像机的供电和网口指示灯", "Look at the camera's power and the light of its network port")
_SIBLINGS = (
    "看同一交换机的其他摄像机是否同时中断；是则查交换机和上联",
    "See whether others on the same switch went down too; if so, look at the switch and its uplink",
)
_TCP = _act("try_tcp", "改用 TCP 传输试一次", "Try with TCP transport")
_RESTART = ("在摄像机页面重启码流或设备", "Restart the stream or the device on the camera's own page")
_ADDRESS = _act("edit_address", "核对地址：主机、端口、路径", "Check the address: host, port, path")
_ENCODING = (
    "在摄像机编码设置中改为 H.264 或 H.265，关闭“智能编码/Smart Codec”后再试",
    "Set the camera's encoder to H.264 or H.265 and switch off its “smart codec”",
)
_KEY_INTERVAL = (
    "把关键帧间隔（I 帧间隔）设为 1–2 秒",
    "Set the key frame interval (I-frame interval) to 1–2 seconds",
)
_STORAGE = _act(
    "open_storage",
    "打开存储页，看占用、到期预测和故障盘",
    "Open the storage page: use, forecast, faulty disks",
)

CAUSES: dict[Cause, CauseWords] = {
    Cause.NAME_UNKNOWN: _words(
        ("主机名无法解析", "Host name unknown"),
        ("域名服务器不认识地址中的主机名。", "The name server does not know the host in the address."),
        ("改用摄像机的 IP 地址", "Use the camera's IP address instead"),
        ("检查本机的 DNS 设置", "Check this machine's DNS settings"),
    ),
    Cause.ADDRESS_REFUSED: _words(
        ("地址不在摄像机网段内", "Address outside the camera networks"),
        (
            "该地址不属于本站登记的摄像机网段，或属于禁止访问的地址（回环、链路本地、组播、本系统自身端口）。",
            "The address is not in this site's camera networks, or is one that is never contacted "
            "(loopback, link-local, multicast, our own listeners).",
        ),
        _ADDRESS,
        (
            "如地址正确，请系统管理员把该网段加入设置 camera_networks",
            "If it is right, have the system administrator add its network to camera_networks",
        ),
    ),
    Cause.UNREACHABLE: _words(
        ("网络不可达", "Unreachable"),
        ("没有到达该主机的网络路径，或主机无响应。", "There is no route to the host, or it does not answer."),
        _POWER,
        _SIBLINGS,
        _ADDRESS,
    ),
    Cause.CONNECTION_REFUSED: _words(
        ("连接被拒绝", "Connection refused"),
        ("主机在线，但该端口没有服务。", "The host is up, but nothing listens on this port."),
        ("核对端口（RTSP 通常是 554）", "Check the port (RTSP is usually 554)"),
        ("在摄像机页面确认已启用 RTSP 服务", "Make sure that RTSP is enabled on the camera's page"),
        ("设备可能正在启动，稍候会自动重试", "The device may be starting; we try again by ourselves"),
    ),
    Cause.CONNECT_TIMEOUT: _words(
        ("连接超时", "Connection timed out"),
        (
            "在时限内没有任何应答，设备断电、断网或被防火墙丢弃时如此。",
            "Nothing answered in time: so it is when the device has no power or network, or a firewall drops us.",
        ),
        _POWER,
        ("检查防火墙是否放行到该端口的 TCP", "Check that firewalls pass TCP to this port"),
        _SIBLINGS,
    ),
    Cause.NOT_RTSP: _words(
        ("对方不是 RTSP 服务", "Not an RTSP server"),
        ("端口有服务，但应答不是 RTSP。", "Something listens there, but it does not speak RTSP."),
        (
            "核对端口：80/443/8000 是网页或私有协议端口",
            "Check the port: 80, 443, 8000 are web or vendor ports",
        ),
        _ADDRESS,
    ),
    Cause.AUTHENTICATION_MISSING: _words(
        ("需要用户名和口令", "User name and password wanted"),
        (
            "摄像机要求认证，而未填写用户名或口令。",
            "The camera asks for authentication and none was entered.",
        ),
        _CREDENTIALS,
    ),
    Cause.WRONG_PASSWORD: _words(
        ("用户名或口令错误", "Wrong user name or password"),
        ("摄像机拒绝了所填的用户名或口令。", "The camera refused the user name or password."),
        _CREDENTIALS,
        (
            "多次失败会锁定账号：等待 30 分钟，或在摄像机页面解锁",
            "Too many tries lock the account: wait 30 minutes, or unlock it on the camera's page",
        ),
        ("确认该账号有取流（实时预览）权限", "Make sure that the account may pull live video"),
    ),
    Cause.AUTHENTICATION_UNSUPPORTED: _words(
        ("认证方式不支持", "Authentication not supported"),
        (
            "摄像机只提供本系统不支持的认证方式。",
            "The camera offers only ways of authentication that we do not speak.",
        ),
        (
            "在摄像机安全设置中把 RTSP 认证改为 Digest",
            "Set RTSP authentication to Digest in its security settings",
        ),
    ),
    Cause.BASIC_REFUSED: _words(
        ("明文认证未获允许", "Basic authentication not allowed"),
        (
            "摄像机只接受 Basic（口令近似明文传输），而此摄像机不允许这样做，或此前曾以 Digest 通过认证。",
            "The camera accepts only Basic, which sends the password all but in clear; it is not allowed here, "
            "or the camera took a digest before.",
        ),
        (
            "在摄像机安全设置中把 RTSP 认证改为 Digest",
            "Set RTSP authentication to Digest in its security settings",
        ),
        _act(
            "allow_basic",
            "确知网络可信时，允许此摄像机使用 Basic",
            "If the network is trusted, allow Basic here",
        ),
    ),
    Cause.FORBIDDEN: _words(
        ("账号无权取流", "Account may not pull video"),
        (
            "口令正确，但摄像机不允许该账号取此码流。",
            "The password is right, but this account may not pull the stream.",
        ),
        (
            "在摄像机用户管理中给该账号“预览”权限",
            "Give the account the right to preview in the camera's user settings",
        ),
        _CREDENTIALS,
    ),
    Cause.PATH_UNKNOWN: _words(
        ("码流路径不存在", "Path unknown"),
        (
            "摄像机没有地址中的路径（通道或码流号）。",
            "The camera has no such path (channel or stream number).",
        ),
        _act("show_patterns", "按品牌核对路径写法", "Check how this vendor writes its paths"),
        ("确认通道号存在、该码流已启用", "Make sure that the channel exists and the stream is enabled"),
    ),
    Cause.REDIRECTED: _words(
        ("被转向其他主机", "Redirected to another host"),
        (
            "摄像机要求到另一主机取流；为保护口令，不跟随到其他主机。",
            "The camera points to another host; to protect the password we do not follow there.",
        ),
        _act(
            "edit_address", "如确属本站设备，直接填写最终地址", "If it is one of yours, enter its own address"
        ),
    ),
    Cause.SESSION_LIMIT: _words(
        ("会话数已满", "Too many sessions"),
        ("摄像机已达到同时取流的上限。", "The camera serves as many sessions as it can."),
        ("关闭其他直接取流的平台或播放器", "Close other platforms or players that pull from it directly"),
        ("改为从本平台转发取流", "Let them pull from this platform instead"),
        (
            "提高摄像机的最大取流路数，或重启以清除残留会话",
            "Raise its limit, or restart it to clear stale sessions",
        ),
    ),
    Cause.SERVER_ERROR: _words(
        ("摄像机内部错误", "Camera's own error"),
        ("摄像机以服务器错误（5xx）作答。", "The camera answered with a server error (5xx)."),
        _RESTART,
        (
            "检查该通道是否已接入（录像机的空通道常如此）",
            "Check that the channel is connected (empty ones answer so)",
        ),
    ),
    Cause.NO_ANSWER: _words(
        ("已连接但无应答", "No answer"),
        (
            "连接成功，但请求在时限内没有得到应答。",
            "The connection stands, but a request was not answered in time.",
        ),
        _RESTART,
        ("检查设备负载和并发路数", "Check the device's load and number of sessions"),
    ),
    Cause.BAD_DESCRIPTION: _words(
        ("码流描述无法理解", "Description not understood"),
        ("摄像机给出的码流描述（SDP）为空或无法解析。", "The description (SDP) is empty or cannot be read."),
        _RESTART,
        ("升级摄像机固件", "Upgrade the camera's firmware"),
    ),
    Cause.NO_VIDEO_TRACK: _words(
        ("没有视频", "No video track"),
        ("码流中只有声音或元数据，没有视频轨道。", "The stream has sound or metadata only, no video."),
        _act("show_patterns", "按品牌核对路径写法", "Check how this vendor writes its paths"),
        ("在摄像机页面启用该码流的视频", "Enable video for this stream on the camera's page"),
    ),
    Cause.UNSUPPORTED_CODEC: _words(
        ("编码不支持", "Codec not supported"),
        ("视频不是 H.264 或 H.265。", "The video is neither H.264 nor H.265."),
        _ENCODING,
        ("或改用另一路码流", "Or use the camera's other stream"),
    ),
    Cause.TRANSPORT_REFUSED: _words(
        ("传输方式被拒", "Transport refused"),
        ("摄像机不接受所选的传输方式。", "The camera does not accept the transport that was chosen."),
        _act("try_auto", "把传输方式改为“自动”", "Set the transport to automatic"),
    ),
    Cause.NO_PACKETS: _words(
        ("播放后无数据", "No packets"),
        (
            "摄像机同意播放，但时限内没有任何数据包到达。",
            "The camera agreed to play, but no packet came in time.",
        ),
        _TCP,
        ("检查防火墙是否放行摄像机到本机的 UDP 端口", "Check that firewalls pass UDP from the camera to us"),
        _RESTART,
    ),
    Cause.NO_VIDEO_PACKETS: _words(
        ("只有声音没有画面数据", "Sound but no video packets"),
        ("收到了声音，但没有视频数据；按中断计。", "Sound arrives but no video; this counts as down."),
        _RESTART,
        ("检查摄像机镜头模组和编码器状态", "Check the camera's sensor and encoder"),
    ),
    Cause.NO_KEY_FRAME: _words(
        ("没有关键帧", "No key frame"),
        (
            "数据在到达，但时限内没有关键帧，无法显示也无法录制。",
            "Data arrives, but no key frame: nothing to show or keep.",
        ),
        _KEY_INTERVAL,
        _ENCODING,
    ),
    Cause.NO_PARAMETER_SETS: _words(
        ("缺少解码参数", "No parameter sets"),
        (
            "码流和描述中都没有解码参数（SPS/PPS/VPS）。",
            "Neither stream nor description carries SPS, PPS or VPS.",
        ),
        _RESTART,
        _ENCODING,
    ),
    Cause.UNDECODABLE: _words(
        ("画面无法解码", "Cannot be decoded"),
        ("收到的视频数据损坏或不合标准。", "The video data is damaged or not to the standard."),
        _TCP,
        _ENCODING,
    ),
    Cause.SILENT: _words(
        ("画面停止", "Stream fell silent"),
        (
            "连接仍在，但已有一段时间没有新画面。",
            "The connection stands, but no new picture has come for a while.",
        ),
        _RESTART,
        _TCP,
        _SIBLINGS,
    ),
    Cause.CLOSED_BY_CAMERA: _words(
        ("摄像机关闭了会话", "Closed by the camera"),
        ("摄像机主动结束了会话。", "The camera ended the session."),
        (
            "设备可能在重启或修改设置，会自动重连",
            "It may be restarting or being changed; we reconnect by ourselves",
        ),
        ("检查摄像机的最大取流路数和取流时长限制", "Check its limits of sessions and of their length"),
    ),
    Cause.CONNECTION_RESET: _words(
        ("连接被中断", "Connection broken"),
        ("网络连接中途断开。", "The network connection broke."),
        _SIBLINGS,
        ("检查网线、光模块和无线链路质量", "Check cables, optics and radio links"),
    ),
    Cause.PROTOCOL_ERROR: _words(
        ("应答不合协议", "Protocol error"),
        ("摄像机的应答超出可容忍的范围。", "The camera's answers are beyond what can be tolerated."),
        ("升级摄像机固件", "Upgrade the camera's firmware"),
        _RESTART,
    ),
    Cause.DISK_FULL: _words(
        ("存储已满", "Disk full"),
        (
            "存储空间已满，且没有可以依法删除的录像。",
            "The disk is full and no recording may lawfully be deleted.",
        ),
        _STORAGE,
        ("扩容存储", "Add storage"),
    ),
    Cause.DISK_FAULT: _words(
        ("存储故障", "Disk fault"),
        (
            "写入或同步失败；相关录像标为可疑，不予采信。",
            "A write or sync failed; what it concerns is suspect.",
        ),
        _STORAGE,
        (
            "查看系统日志中的磁盘错误并更换故障盘",
            "Look for disk errors in the system log and replace the disk",
        ),
    ),
    Cause.WRITE_OVERLOAD: _words(
        ("写入过载", "Write overload"),
        ("磁盘跟不上写入，积压超过上限。", "The disk cannot keep up and the backlog reached its limit."),
        _STORAGE,
        (
            "减少录像路数或码率，或分散到更多磁盘",
            "Record fewer or lighter streams, or spread over more disks",
        ),
    ),
    Cause.STOPPED: _words(
        ("已停止", "Stopped"),
        (
            "平台停止了该码流（停用、删除或关机）。",
            "The platform stopped the stream (disabled, removed, shut down).",
        ),
        ("如非有意，请查看日志中的操作记录", "If this was not intended, look for the act in the journal"),
    ),
}

_SPECIAL: dict[tuple[Leg, Cause], CauseWords] = {
    (Leg.CONNECTED, Cause.CONNECTION_RESET): _words(
        ("连接即被断开", "Dropped on connecting"),
        (
            "刚连接即被对方断开：常见于访问控制（IP 白名单）或设备过载。",
            "The peer dropped us at once: so do access lists and overloaded devices.",
        ),
        ("检查摄像机的 IP 白名单", "Check the camera's list of allowed addresses"),
        _RESTART,
    ),
    (Leg.AUTHENTICATED, Cause.NO_ANSWER): _words(
        ("认证无应答", "No answer to authentication"),
        (
            "提交口令后没有应答；账号被锁定时有的设备如此。",
            "No answer to the password; some devices lock accounts so.",
        ),
        ("等待 30 分钟或在摄像机页面解锁账号", "Wait 30 minutes, or unlock the account on the camera's page"),
        _CREDENTIALS,
    ),
    (Leg.SET_UP, Cause.NO_ANSWER): _words(
        ("建立会话无应答", "No answer to set-up"),
        ("描述已取得，建立会话时没有应答。", "The description came, but the set-up was not answered."),
        _TCP,
        _RESTART,
    ),
}


def words_for(leg: Leg, cause: Cause) -> CauseWords:
    """The words for a cause at a leg: a special text where the place changes the meaning."""
    return _SPECIAL.get((leg, cause), CAUSES[cause])


def headline(leg: Leg, cause: Cause) -> Text:
    """One line for rows, cells and alarms, such as `6/9 首包：播放后无数据`."""
    number = list(Leg).index(leg) + 1
    title = words_for(leg, cause).title
    return Text(f"{number}/9 {LEGS[leg].zh}：{title.zh}", f"{number}/9 {LEGS[leg].en}: {title.en}")

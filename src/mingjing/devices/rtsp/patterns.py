"""How vendors write their RTSP paths: help for whoever adds a camera by hand.

Each pattern is the form that the vendor's manuals give; a device may have been set differently.
"""

from dataclasses import dataclass

from mingjing.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """Main and sub-stream of a vendor; `{host}` and `{channel}` (from 1) are to be filled in."""

    vendor: Text
    main: str
    sub: str
    note: Text


PATTERNS: tuple[UrlPattern, ...] = (
    UrlPattern(
        Text("海康威视", "Hikvision"),
        "rtsp://{host}:554/Streaming/Channels/{channel}01",
        "rtsp://{host}:554/Streaming/Channels/{channel}02",
        Text("通道号后两位：01 主码流，02 子码流", "The last two digits: 01 main, 02 sub"),
    ),
    UrlPattern(
        Text("大华", "Dahua"),
        "rtsp://{host}:554/cam/realmonitor?channel={channel}&subtype=0",
        "rtsp://{host}:554/cam/realmonitor?channel={channel}&subtype=1",
        Text("subtype：0 主码流，1 子码流", "subtype: 0 main, 1 sub"),
    ),
    UrlPattern(
        Text("宇视", "Uniview"),
        "rtsp://{host}:554/unicast/c{channel}/s0/live",
        "rtsp://{host}:554/unicast/c{channel}/s1/live",
        Text(
            "IPC 也可用 /media/video1 与 /media/video2",
            "Cameras also answer to /media/video1 and /media/video2",
        ),
    ),
    UrlPattern(
        Text("天地伟业", "Tiandy"),
        "rtsp://{host}:554/{channel}/1",
        "rtsp://{host}:554/{channel}/2",
        Text("1 主码流，2 子码流", "1 main, 2 sub"),
    ),
    UrlPattern(
        Text("华为", "Huawei"),
        "rtsp://{host}:554/LiveMedia/ch{channel}/Media1",
        "rtsp://{host}:554/LiveMedia/ch{channel}/Media2",
        Text("Media1 主码流，Media2 子码流", "Media1 main, Media2 sub"),
    ),
    UrlPattern(
        Text("萤石", "EZVIZ"),
        "rtsp://{host}:554/h264/ch{channel}/main/av_stream",
        "rtsp://{host}:554/h264/ch{channel}/sub/av_stream",
        Text("用户名 admin，口令为机身验证码", "User admin, password is the code on the label"),
    ),
    UrlPattern(
        Text("TP-LINK", "TP-Link"),
        "rtsp://{host}:554/stream1",
        "rtsp://{host}:554/stream2",
        Text("需先在设备页面启用 RTSP", "Enable RTSP on the device's page first"),
    ),
    UrlPattern(
        Text("安讯士", "Axis"),
        "rtsp://{host}:554/axis-media/media.amp?camera={channel}",
        "rtsp://{host}:554/axis-media/media.amp?camera={channel}&resolution=640x360",
        Text("可用 videocodec=h265 指定编码", "videocodec=h265 chooses the codec"),
    ),
)

"""What keeps strangers out: 8.1.4.4 to 8.1.4.8 and 8.4, ports, inputs, transport, keys, cameras. Pure."""

from sqlalchemy import make_url

from mingjing.cli.mlps3.facts import Clause, Facts, Judged, met, not_met, partly, theirs
from mingjing.cli.mlps3.people import LOOPBACK
from mingjing.kernel.errors import Text

ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
EVERYWHERE = frozenset({"*", "0.0.0.0/0", "::/0"})


def _services(facts: Facts) -> Judged:
    found = facts.settings
    media = found.media.host or found.server.host
    rtsp = f"{media}:{found.media.rtsp_port}" if found.media.rtsp_port >= 0 else "RTSP off"
    ports = f"{found.server.host}:{found.server.port}, {media}:{found.media.port}, {rtsp}"
    return met(f"只监听：{ports}", f"it listens at these alone: {ports}")


def _terminals(facts: Facts) -> Judged:
    wide = [one for one in facts.settings.server.trusted_proxies if one in EVERYWHERE]
    if wide:
        return not_met(
            Text(
                f"server.trusted_proxies 含 {wide[0]}：任何人可冒充来源地址",
                f"server.trusted_proxies has {wide[0]}: anybody can claim any source address",
            ),
            Text("只列出代理自己的地址", "List the proxy's own address alone"),
        )
    host = facts.settings.server.host
    if host in LOOPBACK:
        return met(f"仅本机可达：{host}", f"reachable from this machine alone: {host}")
    return theirs(
        Text(
            f"控制台在 {host} 上可达；来源地址可信，按来源限速",
            f"the console is reachable at {host}; sources are told truly and bounded each",
        ),
        Text(
            "以防火墙只放行管理终端所在网段", "Let the firewall admit the networks of known terminals alone"
        ),
    )


def _inputs(_: Facts) -> Judged:
    return met(
        "所有输入有界并经校验；界面不执行输入内容", "every input is bounded and checked; none is executed"
    )


def _known_holes(_: Facts) -> Judged:
    return met("依赖逐个锁定版本与摘要，有 SBOM", "every package is pinned by its digest; there is an SBOM")


def _intrusions(_: Facts) -> Judged:
    return theirs(
        Text(
            "登录失败与越权均入日志，可取走分析",
            "failed sign-ins and refusals are journalled, and can be fetched",
        ),
        Text("由使用单位部署入侵检测与告警", "Run intrusion detection with alerts"),
    )


def _malware(_: Facts) -> Judged:
    return theirs(
        Text(
            "不执行任何上传的文件，不启动 shell",
            "no file that was brought in is executed, no shell is started",
        ),
        Text("在主机上部署防恶意代码措施", "Protect the host against malware"),
    )


def _trusted_start(_: Facts) -> Judged:
    return partly(
        Text(
            "启动时核对数据、数据库、密钥、磁盘属于同一安装；自身文件自检与签名发布尚未实现",
            "a start holds data, database, keys and disks against each other; a check of the program's own files "
            "and signed releases are not built yet",
        ),
        Text(
            "由主机的可信启动与只读文件系统保证（deploy/mingjing.service）",
            "Let the host's measured start and a read-only program see to it (deploy/mingjing.service)",
        ),
    )


def _in_transit(facts: Facts) -> Judged:
    """Console, media ports and cameras: what of them is encrypted on the way."""
    server, media = facts.settings.server, facts.settings.media
    if not server.secure and server.host not in LOOPBACK:
        return not_met(
            Text(f"控制台 {server.host} 未经 TLS", f"the console at {server.host} is without TLS"),
            Text("前置 TLS 代理并设 server.secure", "Put a TLS proxy in front and set server.secure"),
        )
    host = media.host or server.host
    plain = []
    if host not in LOOPBACK and not media.public_base.startswith("https://"):
        plain.append((f"媒体端口 {host}:{media.port}", f"the media port {host}:{media.port}"))
    if host not in LOOPBACK and media.rtsp_port >= 0:
        plain.append((f"RTSP {host}:{media.rtsp_port}", f"RTSP {host}:{media.rtsp_port}"))
    if (database := _plain_database(facts)) is not None:
        plain.append((f"数据库连接 {database}", f"the connection to the database at {database}"))
    if facts.cameras:
        plain.append((f"{facts.cameras} 路摄像机的 RTSP", f"RTSP from {facts.cameras} cameras"))
    if not plain:
        return met(
            "控制台与媒体端口均在 TLS 之后或仅本机可达", "console and media are behind TLS or on loopback"
        )
    return partly(
        Text(
            "未加密：" + "、".join(zh for zh, _ in plain),
            "not encrypted: " + ", ".join(en for _, en in plain),
        ),
        Text(
            "媒体端口前置 TLS 并设 media.public_base = https://…；数据库 sslmode=verify-full；摄像机放入专网",
            "Put TLS before the media port, media.public_base = https://…; sslmode=verify-full for the database; "
            "keep cameras in a network of their own",
        ),
    )


def _plain_database(facts: Facts) -> str | None:
    """The host of a database across the network to which TLS is not demanded; None where there is none."""
    url = make_url(facts.settings.database_url())
    if not url.host or url.host in LOOPBACK or url.query.get("sslmode") in ENCRYPTED:
        return None
    return url.host


def _at_rest(facts: Facts) -> Judged:
    if facts.lax:
        return not_met(
            Text(f"他人可读：{', '.join(facts.lax)}", f"open to others: {', '.join(facts.lax)}"),
            Text("目录 chmod 700，密钥文件 chmod 600", "chmod 700 directories, chmod 600 key files"),
        )
    if facts.sealed < facts.passwords:
        return not_met(
            Text(
                f"摄像机口令 {facts.passwords} 个，仅 {facts.sealed} 个加密且可用本机密钥解开",
                f"of {facts.passwords} camera passwords {facts.sealed} are sealed and open with the key",
            ),
            Text("恢复原密钥，或重新录入口令", "Restore the key, or enter the passwords anew"),
        )
    seen = Text(
        f"摄像机口令 {facts.sealed}/{facts.passwords} 加密（AES-256-GCM），目录与密钥权限正确",
        f"{facts.sealed}/{facts.passwords} camera passwords sealed (AES-256-GCM), directories and keys closed to others",
    )
    if facts.plain_volumes:
        where = ", ".join(facts.plain_volumes)
        return partly(
            Text(
                f"{seen.zh}；录像未加密，未发现加密卷：{where}",
                f"{seen.en}; no volume encryption found: {where}",
            ),
            Text("把数据与录像放在加密卷（LUKS）上", "Put data and recordings on encrypted volumes (LUKS)"),
        )
    return met(f"{seen.zh}；数据与录像在加密卷上", f"{seen.en}; data and recordings are on encrypted volumes")


def _wide_networks(facts: Facts) -> Judged | None:
    networks = facts.settings.media.camera_networks
    if any(one.endswith("/0") for one in networks):
        return not_met(
            Text(f"media.camera_networks = {networks}", f"media.camera_networks = {networks}"),
            Text("只列出摄像机所在网段", "List only the networks that cameras are in"),
        )
    return None


def _admission(facts: Facts) -> Judged:
    wide = _wide_networks(facts)
    if wide is not None:
        return wide
    without = facts.cameras - facts.passwords
    seen = Text(
        f"只主动连接已登记的 {facts.cameras} 路；设备不能自行接入（GB/T 28181 接入与级联尚未实现）",
        f"only the {facts.cameras} registered cameras are connected to; none can join by itself "
        "(GB/T 28181 access and cascade are not built yet)",
    )
    if without:
        return partly(
            Text(f"{seen.zh}；{without} 路没有口令", f"{seen.en}; {without} have no password"),
            Text("在摄像机上设口令并录入", "Set a password on these cameras and enter it"),
        )
    return met(seen.zh, seen.en)


def _targets(facts: Facts) -> Judged:
    wide = _wide_networks(facts)
    if wide is not None:
        return wide
    networks = ", ".join(facts.settings.media.camera_networks) or "—"
    return met(f"media.camera_networks = {networks}", f"media.camera_networks = {networks}")


def _devices(facts: Facts) -> Judged:
    return theirs(
        Text(
            f"{facts.cameras} 路摄像机的固件与配置不在本系统内",
            f"firmware of {facts.cameras} cameras is not ours",
        ),
        Text(
            "更新固件，关闭多余服务，改掉默认口令",
            "Update firmware, close needless services, change default passwords",
        ),
    )


def _freshness(_: Facts) -> Judged:
    return partly(
        Text(
            "摄像机支持时口令按摘要应答；设备签名（GB 35114）与 SIP 防重放尚未实现",
            "passwords answer by digest where the camera can; signatures by the device "
            "(GB 35114) and SIP against replay are not built yet",
        ),
        Text(
            "摄像机放入专网，并做准入控制",
            "Keep cameras in a network of their own, with access control at its ports",
        ),
    )


INTRUSION = (
    Clause(
        "8.1.4.4 a–b",
        Text("入侵防范：最小安装与端口", "Intrusion: least services and ports"),
        Text("是否只有必要的服务与端口？", "Are there only the services and ports that are needed?"),
        _services,
        ("S3",),
    ),
    Clause(
        "8.1.4.4 c",
        Text("入侵防范：管理终端", "Intrusion: managed terminals"),
        Text("能否限定管理终端的地址？", "Are terminals for administration bound to addresses?"),
        _terminals,
    ),
    Clause(
        "8.1.4.4 d",
        Text("入侵防范：输入校验", "Intrusion: checked inputs"),
        Text("人机与通信接口的输入是否校验？", "Is every input, by people or over a wire, checked?"),
        _inputs,
        ("S1", "S11", "S12"),
    ),
    Clause(
        "8.1.4.4 e",
        Text("入侵防范：已知漏洞", "Intrusion: known holes"),
        Text("已知漏洞是否被发现并及时修补？", "Are known holes found and mended in time?"),
        _known_holes,
        ("S13",),
    ),
    Clause(
        "8.1.4.4 f",
        Text("入侵防范：检测与告警", "Intrusion: detection"),
        Text("对重要节点的入侵能否发现并告警？", "Is an intrusion noticed and told?"),
        _intrusions,
    ),
    Clause(
        "8.1.4.5",
        Text("恶意代码防范", "Malware"),
        Text("是否防范恶意代码？", "Is malicious code kept out?"),
        _malware,
        ("S14",),
    ),
    Clause(
        "8.1.4.6",
        Text("可信验证", "Trusted start"),
        Text("启动时是否验证程序未被改动？", "Is it verified at the start that the program is unchanged?"),
        _trusted_start,
    ),
)

TRANSIT_INTEGRITY = Clause(
    "8.1.4.7 a",
    Text("数据完整性：传输", "Integrity: in transit"),
    Text(
        "鉴别、视频与审计数据传输中能否防改动？",
        "Are sign-in, video and journal safe from change on their way?",
    ),
    _in_transit,
)

SECRECY = (
    Clause(
        "8.1.4.8 a",
        Text("数据保密性：传输", "Secrecy: in transit"),
        Text("鉴别、视频等数据传输中能否防窃听？", "Are sign-in and video safe from being overheard?"),
        _in_transit,
    ),
    Clause(
        "8.1.4.8 b",
        Text("数据保密性：存储", "Secrecy: at rest"),
        Text("口令、密钥与视频在盘上是否受密码保护？", "Are passwords, keys and video on disk kept secret?"),
        _at_rest,
        ("S7",),
    ),
)

INTERNET_OF_THINGS = (
    Clause(
        "8.4.2.1",
        Text("物联网：接入控制", "Things: admission"),
        Text("是否只有获授权的设备能接入？", "Can only authorised devices join?"),
        _admission,
    ),
    Clause(
        "8.4.2.2",
        Text("物联网：入侵防范", "Things: limited targets"),
        Text("与设备通信的目标地址是否受限？", "Is it limited which addresses are talked to?"),
        _targets,
        ("S8",),
    ),
    Clause(
        "8.4.3.1",
        Text("物联网：感知节点安全", "Things: the devices themselves"),
        Text(
            "设备的软件与配置是否只由获授权者更改？", "Can only authorised people change a device's software?"
        ),
        _devices,
    ),
    Clause(
        "8.4.3.3",
        Text("物联网：抗数据重放", "Things: against replay"),
        Text("能否识别重放或被改动的数据？", "Are replayed or altered data recognised?"),
        _freshness,
    ),
)

"""Devices of a system as a table, by the members of the dossier."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mingjing.kernel.errors import Text
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.model import CameraRow

Cell = str | int | float | None
TITLES: Final = {
    "system": Text("所属系统", "Video system"),
    "position": Text("关键部位", "Key position"),
    "code": Text("设备编码", "Device code"),
    "longitude": Text("经度（WGS-84）", "Longitude (WGS-84)"),
    "latitude": Text("纬度（WGS-84）", "Latitude (WGS-84)"),
    "height_m": Text("安装高度（米）", "Height, metres"),
    "azimuth": Text("方位角（°）", "Azimuth, degrees"),
    "view_angle": Text("水平视场角（°）", "Horizontal angle, degrees"),
    "view_m": Text("可视距离（米）", "Sees as far as, metres"),
    "in_use": Text("投入使用日期", "Entry into use"),
    "sign_checked": Text("标识上次检查", "Sign last checked"),
}


def device_table(session: Session, system: str, language: str) -> tuple[list[str], list[Sequence[Cell]]]:
    """Headings, and a row for each camera of a system, for the program's own work."""
    columns = [name for name in TITLES if name != "system"]
    found = session.execute(
        select(CameraRow, DossierRow)
        .join(DossierRow, DossierRow.camera == CameraRow.id)
        .where(DossierRow.system == system, CameraRow.removed_us.is_(None))
        .order_by(CameraRow.name, CameraRow.id)
    )
    first = [Text("名称", "Name"), Text("行政区划", "Division"), Text("地址", "Address")]
    titles = [*first, *(TITLES[name] for name in columns)]
    headings = [title.zh if language == "zh" else title.en for title in titles]
    rows: list[Sequence[Cell]] = [
        [camera.name, camera.division, camera.address, *(_plain(getattr(row, name)) for name in columns)]
        for camera, row in found
    ]
    return headings, rows


def _plain(value: Any) -> Cell:
    return value.isoformat() if isinstance(value, date) else value

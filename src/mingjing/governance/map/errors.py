"""How things fail here."""

from mingjing.kernel.errors import define

BOX_BAD = define(
    "MAP-001",
    422,
    title=("地图范围无效", "Not a box of the map"),
    detail=(
        "范围 {box} 不是“西,南,东,北”四个经纬度，或西大于东、南大于北。",
        "{box} is not west,south,east,north in degrees, or its west lies east of its east, or its south north of its "
        "north.",
    ),
    remedy=(
        "请写作 114.2,30.2,114.5,30.5 的形式，经度 -180 至 180，纬度 -90 至 90。",
        "Write it as 114.2,30.2,114.5,30.5, longitudes from -180 to 180, latitudes from -90 to 90.",
    ),
)

"""How things fail here."""

from mingjing.kernel.errors import define

SUBCATEGORY_FOREIGN = define(
    "PLC-001",
    422,
    title=("子类与类别不符", "The sub-category does not belong to the category"),
    detail=(
        "“{subcategory}”不属于类别“{category}”。",
        "“{subcategory}” is not a sub-category of “{category}”.",
    ),
    remedy=("请在该类别的子类中选择。", "Choose one of the category's own."),
)
CITATION_MISSING = define(
    "PLC-002",
    422,
    title=("缺少法定依据", "The statute is missing"),
    detail=(
        "“其他法定场所”须写明规定该场所的法律、法规。",
        "A place “by other statute” has to name the law or regulation.",
    ),
    remedy=("请填写法律、法规名称与条款。", "Enter the name of the law or regulation and its article."),
)
PLACE_ENDED = define(
    "PLC-004",
    409,
    title=("场所已注销", "The place has left the register"),
    detail=(
        "“{name}”已注销，只能查阅，不能再更改。",
        "“{name}” has left the register: it is read, and not changed any more.",
    ),
    remedy=("新的场所请另行登记。", "Enter a new place as a new one."),
)
PLACE_WATCHED = define(
    "PLC-005",
    409,
    title=("场所仍有视频系统或摄像机", "Systems or cameras still belong to the place"),
    detail=("{zh}", "{en}"),
    remedy=(
        "请先将系统注销或改归其他场所，并更改摄像机档案中的关键部位。",
        "Take the systems out of the register or enter them at another place, and change the key position in the dossiers.",
    ),
)
HALF_POINT = define(
    "PLC-003",
    422,
    title=("坐标不完整", "Half a position"),
    detail=("经度与纬度须同时填写。", "Longitude and latitude are given together."),
    remedy=("请补齐另一个坐标，或都留空。", "Give both, or neither."),
)

"""The vocabulary of the orders: closed lists of codes with what they are called, for forms, tables and documents.

HB361 is Hubei Order 361, SC799 State Council Order 799.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing.kernel.errors import Text
from mingjing.law.device_words import Words, device_vocabulary


def _words(**pairs: tuple[str, str]) -> Words:
    return MappingProxyType({code: Text(*pair) for code, pair in pairs.items()})


REGIMES: Final = _words(
    art7=("条例第七条公共场所", "Public place of SC799, article 7"),
    art9=("条例第九条其他公共场所", "Other public place of SC799, article 9"),
    non_public=("非公共场所（条例第三十三条）", "Not a public place (SC799, article 33)"),
)
PURPOSES: Final = _words(
    public_safety=("维护公共安全", "Public safety"),
    public_service=("提供公共服务", "Public service"),
    social_management=("创新社会管理", "Social management"),
)
FUNDINGS: Final = _words(
    government_built=("政府投资建设", "Built by government"),
    government_leased=("政府承租", "Leased by government"),
    other=("非政府投资建设或者承租", "Neither built nor leased by government"),
)
NETWORKS: Final = _words(private=("专网", "Private network"), internet=("互联网", "Internet"))
POSITIONS: Final = _words(
    entrance=("重要出入口", "Important entrance"),
    main_passage=("主要通道", "Main passage"),
    vital_part=("要害部位", "Vital part"),
)
CATEGORIES: Final = _words(
    state_media_finance=(
        "国家机关、重要新闻单位，通信、邮政、金融单位和国家重点建设工程单位",
        "State organs, major news media, telecom, postal and financial units, national key construction projects",
    ),
    transport=(
        "重要交通枢纽、交通路段、交通路口和交通工具",
        "Transport hubs, key road sections, bridges and tunnels, public vehicles and vessels",
    ),
    energy_water_utility=(
        "大型能源动力、水利设施和城市水电燃气热力供应设施",
        "Large energy, power and water facilities, city utilities",
    ),
    education_health_heritage=(
        "幼儿园、学校和科研、医疗机构，博物馆、档案馆和重点文物保护单位",
        "Kindergartens, schools, research and medical institutions, museums, archives, protected heritage",
    ),
    commerce_leisure=(
        "大型商贸、物流、物资储备中心，大型广场、停车场、公园、旅游景区，文化娱乐、体育健身、餐饮、网吧",
        "Large trade, logistics and reserve centres, squares, car parks, parks, scenic areas, entertainment, sports, "
        "catering, internet cafés",
    ),
    hazardous_goods_pathogens=(
        "研制、生产、销售、储存危险物品或者实验、保藏传染性菌种、毒种的单位",
        "Units that handle hazardous goods, or test and keep infectious strains",
    ),
    defence_industry=(
        "国防科技工业重要产品的研制、生产单位",
        "Research and production of important defence products",
    ),
    residential=(
        "居民住宅区的出入口、主要通道和主要公用设施区域",
        "Residential areas: entrances, main passages, main shared facilities",
    ),
    crime_prone=("易发或者频发刑事、治安案件的区域", "Areas prone to criminal or public-order cases"),
    other_statutory=("法律、法规规定的其他场所和区域", "Other places and areas by law or regulation"),
)
"""The ten of HB361, article 7."""
SUBCATEGORIES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "state_media_finance": _words(
            state_organ=("国家机关", "State organ"), radio=("广播电台", "Radio station"),
            television=("电视台", "Television station"), newspaper=("报社", "Newspaper"),
            telecom=("通信单位", "Telecom"), postal=("邮政单位", "Postal"), financial=("金融单位", "Financial"),
            key_project=("国家重点建设工程", "National key project"),
        ),
        "transport": _words(
            airport=("机场", "Airport"), port=("港口", "Port"), station=("车站", "Station"),
            expressway=("高速公路", "Expressway"), trunk_road=("国省干道", "Trunk road"),
            urban_street=("城市街道", "City street"), town_centre=("中心城镇", "Town centre"),
            bridge=("大型桥梁", "Large bridge"), tunnel=("隧道", "Tunnel"), underpass=("地下通道", "Underpass"),
            metro=("地铁", "Metro"), light_rail=("轻轨", "Light rail"), coach=("客运车辆", "Coach"),
            vessel=("客运船舶", "Vessel"),
        ),
        "energy_water_utility": _words(
            energy=("能源动力", "Energy"), water_conservancy=("水利", "Water conservancy"), water=("供水", "Water"),
            power=("供电", "Power"), fuel_oil=("燃油", "Fuel oil"), gas=("燃气", "Gas"), heat=("热力", "Heat"),
        ),
        "education_health_heritage": _words(
            kindergarten=("幼儿园", "Kindergarten"), school=("学校", "School"), research=("科研机构", "Research"),
            medical=("医疗机构", "Medical"), museum=("博物馆", "Museum"), archives=("档案馆", "Archives"),
            heritage=("重点文物保护单位", "Protected heritage"),
        ),
        "commerce_leisure": _words(
            trade=("商贸中心", "Trade centre"), logistics=("物流中心", "Logistics centre"),
            reserve=("物资储备中心", "Reserve centre"), square=("广场", "Square"), car_park=("停车场", "Car park"),
            park=("公园", "Park"), scenic=("旅游景区", "Scenic area"), entertainment=("文化娱乐", "Entertainment"),
            sports=("体育健身", "Sports"), catering=("餐饮", "Catering"), internet_cafe=("网吧", "Internet café"),
        ),
        "hazardous_goods_pathogens": _words(
            hazmat_rnd=("危险物品研制", "Research of hazardous goods"),
            hazmat_production=("危险物品生产", "Production of hazardous goods"),
            hazmat_sale=("危险物品销售", "Sale of hazardous goods"),
            hazmat_storage=("危险物品储存", "Storage of hazardous goods"),
            pathogen_lab=("菌种毒种实验、保藏", "Laboratory of strains"),
        ),
        "defence_industry": _words(
            defence_rnd=("研制单位", "Research"), defence_production=("生产单位", "Production"),
        ),
        "residential": _words(
            entrance=("出入口", "Entrance"), passage=("主要通道", "Main passage"),
            shared_facility=("主要公用设施区域", "Main shared facilities"),
        ),
        "crime_prone": _words(crime_prone=("案件易发频发区域", "Area prone to cases")),
        "other_statutory": _words(other_statutory=("其他法定场所", "Other by statute")),
    }
)  # fmt: skip
NATIONAL_CLASSES: Final = _words(
    n7_1_road_square=(
        "城乡主要路段、行政区域边界、桥梁、隧道、地下通道、广场、治安保卫重点单位周边",
        "Main roads, boundaries, bridges, tunnels, underpasses, squares, surroundings of key protected units",
    ),
    n7_2_1_crowded=("人员聚集场所", "Crowded places"),
    n7_2_2_hub=("交通枢纽", "Transport hubs"),
    n7_2_3_vehicle=("大中型客运交通工具", "Large and medium passenger vehicles"),
    n7_2_4_service_area=("高速公路服务区等", "Service areas"),
    n9_other_public=("其他公共场所", "Other public places"),
    n33_non_public=("非公共场所", "Not public"),
)
"""Of SC799, articles 7, 9 and 33."""
UNIT_KINDS: Final = _words(
    public_security=("公安机关", "Public security organ"),
    department=("有关主管部门", "Department with a function of its own"),
    government=("人民政府", "Government"),
    operator=("管理、使用单位", "Managing or using unit"),
    builder=("建设单位", "Building unit"),
    design=("设计单位", "Design unit"),
    maintenance=("维护单位", "Maintenance unit"),
    assisting=("协助单位", "Assisting unit"),
    other=("其他单位", "Other unit"),
)
"""Of HB361, articles 5, 6, 11 and 12, and SC799, article 19."""
ORGAN_LEVELS: Final = _words(
    province=("省级（公安厅）", "Province"),
    city=("市州级（公安局）", "City or prefecture"),
    county=("县市区级（公安局、分局）", "County or district"),
    station=("派出所", "Police station"),
)
FUNCTIONS: Final = _words(
    development_reform=("发展改革", "Development and reform"),
    economy_information=("经济和信息化", "Economy and information"),
    finance=("财政", "Finance"),
    science_technology=("科技", "Science and technology"),
    housing_construction=("住房和城乡建设", "Housing and construction"),
    transport=("交通运输", "Transport"),
    quality_supervision=("质量技术监督（市场监督管理）", "Quality (market) supervision"),
)
"""Of the departments of HB361, article 5, paragraph 2."""
ASSISTANCES: Final = _words(
    power=("供电", "Power"), telecom=("通信", "Telecom"), finance=("金融", "Finance"),
)  # fmt: skip
"""Of the units of HB361, article 5, paragraph 3."""

PROJECT_KINDS: Final = _words(new=("新建", "New"), rebuilt=("改建", "Rebuilt"), extended=("扩建", "Extended"))
"""Of HB361, article 10."""
STAGES: Final = _words(
    design=("设计", "Design"), construction=("施工", "Construction"), acceptance=("验收", "Acceptance"),
    use=("投用", "Entry into use"),
)  # fmt: skip
"""Of a project, in their order: HB361, article 10."""
ARCHIVE_GROUPS: Final = _words(
    design=("设计文件", "Design"), construction=("施工文件", "Construction"), inspection=("检验文件", "Inspection"),
    acceptance=("验收文件", "Acceptance"),
)  # fmt: skip
"""Of a project's documents: SC799, article 11."""
CONCLUSIONS: Final = _words(
    passed=("通过", "Passed"), basically_passed=("基本通过", "Basically passed"), not_passed=("不通过", "Not passed"),
)  # fmt: skip
FORBIDDEN_KINDS: Final = _words(
    hotel_guest_room=("旅店业客房", "Guest rooms of hotels"),
    private_dining_room=("旅馆、饭店等的包间", "Private rooms of hotels and restaurants"),
    dormitory_room=("集体宿舍、公寓房间", "Rooms of dormitories and apartments"),
    staff_rest_room=("单位内部住宿、休息服务房间", "Staff lodging and rest rooms"),
    intimate_facility=(
        "哺乳室、公共浴室、更衣室、化妆间、卫生间",
        "Nursing rooms, public baths, changing and dressing rooms, toilets",
    ),
    fitting_room=("试衣间", "Fitting rooms"),
    client_data_area=(
        "金融、保险、证券机构内可能泄露客户个人信息的区域",
        "Areas of financial, insurance and securities institutions where clients' data may leak",
    ),
    ballot_report_box=(
        "选举箱、举报箱、投票点等附近",
        "Near ballot boxes, report boxes and polling points",
    ),
    other_privacy=("其他涉及个人隐私或者合法权益的场所", "Other places of privacy or lawful rights"),
    covert_or_audio=("可能偷窥、窃听他人隐私的区域", "Areas where others could be peeped at or overheard"),
    secret_neighbour=("涉密单位周边", "Neighbourhood of a secret unit"),
    dwelling_facing=("朝向住宅", "Facing dwellings"),
)
"""Of HB361, article 8, with what SC799, article 8 adds. The last two are conditional: consent (SC799, 10), review."""
CONDITIONAL_KINDS: Final = frozenset({"secret_neighbour", "dwelling_facing"})
DECISION_STATES: Final = _words(
    waiting=("待判定", "Waiting for a decision"),
    allowed=("不属禁装", "Allowed"),
    masked=("须设隐私遮挡", "Allowed with a privacy mask"),
    prohibited=("属禁装", "Prohibited"),
    lapsed=("疑点已消失", "No longer suspected"),
)
ROUND_KINDS: Final = _words(
    forbidden_check=("禁装场所日常检查", "Check of a forbidden place"),
    sign_check=("标识检查", "Sign check"),
)


FILING_KINDS: Final = _words(
    initial=("初次备案", "Initial filing"),
    legacy=("存量备案", "Filing of an existing system"),
    change=("变更备案", "Change filing"),
    dismantling=("拆除备案", "Dismantling filing"),
)


def vocabulary() -> dict[str, Words]:
    """Every list by its name, for forms."""
    flat: dict[str, Text] = {}
    for words in SUBCATEGORIES.values():
        flat.update(words)
    return {
        "regime": REGIMES, "purpose": PURPOSES, "funding": FUNDINGS, "network": NETWORKS, "position": POSITIONS,
        "category": CATEGORIES, "subcategory": MappingProxyType(flat), "national_class": NATIONAL_CLASSES,
        "unit_kind": UNIT_KINDS, "organ_level": ORGAN_LEVELS, "function": FUNCTIONS,
        "assistance": ASSISTANCES, "project_kind": PROJECT_KINDS, "stage": STAGES, "archive_group": ARCHIVE_GROUPS,
        "conclusion": CONCLUSIONS,
        "forbidden_kind": FORBIDDEN_KINDS, "decision_state": DECISION_STATES, "round_kind": ROUND_KINDS,
        **device_vocabulary(),
    }  # fmt: skip

"""The sheets of the survey workbook: which table each feeds, its columns, units and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lifecircle.engine.bundle.references import RESIDENTS
from lifecircle.engine.bundle.schema import TABLES, Column
from lifecircle.engine.standards import Standards

HEAD_ROWS = 2
"""Chinese headers, then English ones with units; records begin below."""

TRANSPORT = (
    "bus_stop",
    "alley_bus_stop",
    "metro",
    "parking_car",
    "ev_charger",
    "barrier_free_path",
)
CRS_CHOICES = ("WGS84", "GCJ-02", "BD-09")
ABOUT = "说明 Notes"
LISTS = "选项 Lists"
CRS_CELL = "B3"

UNITS = {
    "floor_area_m2": ("平方米", "m2"), "area_m2": ("平方米", "m2"), "cost_cny": ("元", "CNY"),
    "lon": ("度", "degrees"), "lat": ("度", "degrees"), "condition": ("1–5", "1 to 5"),
    "utilisation": ("0–2, 1为满", "0 to 2, 1 is full"), "capacity": ("按类型", "the type's unit"),
}  # fmt: skip
NOTES = {
    "id": ("本表内唯一", "unique"),
    "type": ("从列表选择", "choose from the list"),
    "capacity": (
        "学位、床位、托位、平方米、个数等, 按类型的单位; 不知道就留空",
        "seats, beds, places, m2, number: the unit of the type; leave blank if not known",
    ),
    "hours": (
        "如 Mo-Fr 08:30-17:30; 全天 24/7; 不知道就留空",
        "such as Mo-Fr 08:30-17:30, or 24/7; leave blank if not known",
    ),
    "operating": ("否 = 已停用, 不计入", "no: closed for good, does not count"),
    "open_as_stated": ("是否按公布时间开放", "keeps its stated hours"),
    "safe": ("安全检查是否合格; 否将使卡片变红", "passed its safety check; no turns its card red"),
    "licensed": ("证照是否齐全; 否将使卡片变红", "has its licence; no turns its card red"),
    "community": ("所在社区的代码或名称", "code or name of the community"),
    "lon": ("坐标系见“说明”页", "in the system named on the notes sheet"),
    "lat": ("坐标系见“说明”页", "in the system named on the notes sheet"),
    "floor": ("1 = 首层, -1 = 地下一层", "1 is the ground floor, -1 the first below ground"),
    "shared_hours": (
        "可共享使用的时段, 如 Mo-Fr 18:00-21:00; 留空 = 全部时间",
        "when it may be shared, such as Mo-Fr 18:00-21:00; blank: always",
    ),
    "free_from": ("哪一年起可用; 留空 = 现在", "year from which it may be used; blank: now"),
    "allowed_types": ("可用作的类型, 以 ; 分隔", "types it may serve, separated by ;"),
    "place": ("社区、街道或区的代码或名称", "code or name of a community, street or the district"),
}  # fmt: skip

_POINT = (
    Column("community", "社区"),
    Column("lon", "经度", "number", required=True, least=-180, most=180),
    Column("lat", "纬度", "number", required=True, least=-90, most=90),
)

Sheet = Literal[
    "places", "population", "city", "street", "community", "spaces", "transport", "commerce"
]


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: its title, the table that it feeds, its columns, the types and level of its rows."""

    key: Sheet
    title: str
    table: str
    columns: tuple[Column, ...]
    types: tuple[str, ...] = ()
    level: str = ""

    def unit(self, column: Column) -> tuple[str, str]:
        """The unit of a column in Chinese and in English, "" where it has none."""
        if self.table == "population" and column.name != "place":
            return "人", "persons"
        return UNITS.get(column.name, ("", ""))

    def note(self, column: Column) -> tuple[str, str]:
        """What a column asks for, in Chinese and in English."""
        return NOTES.get(column.name, ("", ""))


def layouts(standards: Standards) -> tuple[Layout, ...]:
    """Return the sheets in their order."""
    commerce = tuple(t.id for t in standards.types.values() if t.category == "C05")
    rest = tuple(t for t in standards.types if t not in {*commerce, *TRANSPORT})
    return (
        Layout("places", "地方 Places", "places", _columns("places", without=("members",))),
        Layout("population", "人口 Population", "population", _people(standards)),
        Layout("city", "市区级设施 City", "facilities", _facility(), rest, "city"),
        Layout("street", "街道级设施 Street", "facilities", _facility(), rest, "street"),
        Layout("community", "社区级设施 Community", "facilities", _facility(), rest, "community"),
        Layout("spaces", "闲置空间 Spaces", "spaces", (*_columns("spaces"), *_POINT)),
        Layout("transport", "交通 Transport", "facilities", _facility(), TRANSPORT),
        Layout("commerce", "商业 Commerce", "facilities", _facility(), commerce),
    )


def _columns(table: str, without: tuple[str, ...] = ()) -> tuple[Column, ...]:
    return tuple(c for c in TABLES[table].columns if c.name not in without)


def _facility() -> tuple[Column, ...]:
    first, *rest = _columns("facilities", without=("level",))
    name, kind, *others = rest
    return (first, name, kind, *_POINT, *others)


def _people(standards: Standards) -> tuple[Column, ...]:
    bands = [
        Column(band.id, band.name_zh, "number", least=0, most=1e9)
        for band in standards.bands.values()
    ]
    recorded = [
        Column(group.id, group.name_zh, "number", least=0, most=1e9)
        for group in standards.groups.values()
        if group.by_record
    ]
    total = Column(RESIDENTS, "常住人口", "number", least=0, most=1e9)
    return (Column("place", "地方", required=True, unique=True), total, *bands, *recorded)

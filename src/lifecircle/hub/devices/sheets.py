"""Devices as a workbook: the columns of the register's table, the form to fill in, and the list to take along."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from lifecircle.engine.bundle.schema import Column, TableSpec
from lifecircle.hub.devices.models import Device
from lifecircle.hub.downloads import write_book

Language = Literal["zh", "en"]
KINDS = (
    ("button", "一键呼叫"), ("smoke", "烟感"), ("gas", "燃气"), ("co", "一氧化碳"), ("door", "门磁"), ("corridor_lamp", "楼道灯"),
    ("lift", "电梯"), ("pump", "水泵"), ("water_leak", "水浸"), ("environment", "环境"), ("gateway", "网关"),
)  # fmt: skip
FORMATS = (
    ("own", "自有 JSON"), ("chirpstack", "ChirpStack"), ("senml", "SenML"), ("ctwing", "天翼物联"), ("onenet", "OneNET"),
)  # fmt: skip
TABLE = TableSpec(
    "devices",
    (
        Column("ref", "编号", required=True, unique=True),
        Column("kind", "类型", "choice", required=True, choices=KINDS),
        Column("name", "名称", required=True),
        Column("place", "地方代码", required=True),
        Column("door", "门牌"),
        Column("owner", "户主"),
        Column("consent_on", "同意日期"),
        Column("lon", "经度", "number", least=-180, most=180),
        Column("lat", "纬度", "number", least=-90, most=90),
        Column("decoder", "格式", "choice", choices=FORMATS),
        Column("external_id", "平台编号", unique=True),
        Column("certificate", "用证书", "flag"),
        Column("acks", "等待确认", "flag"),
        Column("vendor", "厂家"),
        Column("installed_on", "安装日期"),
        Column("silent_after_s", "失联秒数", "integer", least=30, most=31 * 86400),
    ),
)
PERSONAL = frozenset({"door", "owner", "consent_on"})
"""Columns that a list which is taken along does not have."""
_NOTES = {
    "ref": ("字母、数字、_ 和 -", "letters, digits, _ and -"),
    "place": ("社区、网格、楼栋或住户的代码", "the code of a community, grid, building or dwelling"),
    "door": ("入户设备才填; 加密存放", "of a device in a home; encrypted"),
    "owner": ("入户设备才填; 加密存放", "of a device in a home; encrypted"),
    "consent_on": ("户主同意存读数的日期; 不填则不存读数, 报警照常", "when the owner consented to readings; without, alarms only"),
    "decoder": ("不填为自有 JSON", "our own JSON where empty"),
    "external_id": ("天翼物联 deviceId; OneNET 产品/设备名", "CTWing's deviceId; OneNET's product/name"),
    "certificate": ("MQTT 用客户端证书", "shows a certificate by MQTT"),
    "acks": ("不填为是", "yes where empty"),
    "installed_on": ("如 2026-11-28", "such as 2026-11-28"),
    "silent_after_s": ("30 至 2678400", "30 to 2678400"),
}  # fmt: skip


def write_form(path: Path, language: Language) -> None:
    """An empty table, and a sheet that says what may stand in each column."""
    chinese = language == "zh"
    asked: dict[str, list[str]] = {name: [] for name in ("列 column", "名称 name", "必填 required", "可填 allowed")}  # fmt: skip
    for column in TABLE.columns:
        note = _NOTES.get(column.name, ("", ""))[0 if chinese else 1]
        words = [f"{zh} {name}" for name, zh in column.choices]
        if column.kind == "flag":
            words = ["是 yes", "否 no"]
        row = (column.name, column.name_zh, "✓" if column.required else "", "; ".join([*words, note]).strip("; "))  # fmt: skip
        for name, value in zip(asked, row, strict=True):
            asked[name].append(value)
    headers: dict[str, list[str]] = {(c.name_zh if chinese else c.name): [] for c in TABLE.columns}
    write_book(path, {"设备 devices": headers, "说明 allowed values": asked}, width=16)


def write_list(path: Path, rows: Iterable[Device], language: Language) -> None:
    """Devices as the form has them, without what is personal and without secrets: it may be imported again."""
    chinese = language == "zh"
    columns = [column for column in TABLE.columns if column.name not in PERSONAL]
    found: dict[str, list[Any]] = {(c.name_zh if chinese else c.name): [] for c in columns}
    for one in rows:
        for column, cells in zip(columns, found.values(), strict=True):
            cells.append(_cell(one, column, chinese=chinese))
    write_book(path, {"设备 devices": found}, width=16)


def write_secrets(path: Path, made: Iterable[tuple[Device, str]]) -> None:
    """The numbers and secrets of new devices: nobody is shown them again."""
    made = list(made)
    columns = {
        "编号 ref": [one.ref for one, _ in made], "名称 name": [one.name for one, _ in made],
        "地方 place": [one.place.code for one, _ in made], "密钥 secret": [secret for _, secret in made],
    }  # fmt: skip
    write_book(path, {"密钥 secrets": columns}, width=24)


def _cell(one: Device, column: Column, *, chinese: bool) -> Any:
    value = one.place.code if column.name == "place" else getattr(one, column.name)
    if column.kind == "flag":
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if column.kind == "choice":
        return dict(column.choices)[value] if chinese else value
    return value

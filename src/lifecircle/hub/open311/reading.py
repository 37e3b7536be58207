"""What a client sends: its form read strictly, and held against what the service asks; all faults at once."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from lifecircle.errors import Issue
from lifecircle.hub.cases.kinds import Asked, Public
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.text import is_plain
from lifecircle.hub.xml import is_writable

MOST_BYTES = 64 * 1024
_MOST_FIELDS = 200
_LONGEST = {
    "description": 4000, "address_string": 300, "address_id": 40, "email": 200, "first_name": 100, "last_name": 100,
    "phone": 50, "account_id": 100, "device_id": 200, "media_url": 1000, "lat": 30, "long": 30,
}  # fmt: skip
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](?:\[\d*\])?")
_W3 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
_FIRST, _LAST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that were sent and are not empty, and the answers to attributes by their code."""

    fields: dict[str, str]
    attributes: dict[str, list[str]] = field(default_factory=dict)


def form(body: bytes, content_type: str) -> Form:
    """Read a form; `InvalidError` if it is none, or its text is no UTF-8."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise InvalidError("a body of application/x-www-form-urlencoded", "表单编码的请求体")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )  # fmt: skip
    except ValueError as error:
        raise InvalidError("a form, its text in UTF-8", "UTF-8 编码的表单") from error
    fields: dict[str, str] = {}
    attributes: dict[str, list[str]] = {}
    for name, value in pairs:
        if not (is_plain(value) and is_writable(value)):
            raise InvalidError("text without control characters", "不含控制字符的文字")
        if not value.strip():
            continue  # sent and empty is not sent
        if (found := _ATTRIBUTE.fullmatch(name)) is not None:
            attributes.setdefault(found[1], []).append(value.strip())
        else:
            fields[name] = value.strip()
    return Form(fields, attributes)


def check(sent: Form, asked: Public) -> None:
    """Hold a form against its service; `InvalidError` with an issue for each fault."""
    words = [
        f"{name}: at most {most} characters"
        for name, most in _LONGEST.items() if len(sent.fields.get(name, "")) > most
    ]  # fmt: skip
    if "media_url" in sent.fields and urlsplit_or_none(sent.fields["media_url"]) is None:
        words.append("media_url: an address that begins with http:// or https://")
    known = {one.code: one for one in asked.attributes if one.variable}
    words += [
        f"attribute[{code[:40]}]: not one that this service asks"
        for code in sent.attributes if code not in known
    ]  # fmt: skip
    for one in known.values():
        words += _faults(one, sent.attributes.get(one.code, []))
    if words:
        issues = [Issue("attribute", "request", word, word) for word in words]
        raise InvalidError("the request is not as the service asks", "请求不符合要求", issues)


def place_of(sent: Form) -> tuple[float, float] | None:
    """Longitude and latitude, None for neither; `InvalidError` for one, or what is no point on earth."""
    given = [sent.fields.get("long"), sent.fields.get("lat")]
    if given == [None, None]:
        return None
    try:
        lon, lat = (float(one or "nan") for one in given)
    except ValueError:
        lon = lat = math.nan
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise InvalidError("lat and long, both in degrees (WGS84)", "以度为单位的经纬度 (WGS84)")
    return lon, lat


def moment(name: str, text: str) -> dt.datetime | None:
    """A moment with its offset, as 2010-01-01T00:00:00Z; None for no text."""
    if not text:
        return None
    found = _moment(text.replace(" ", "+"))  # a plus that was not escaped
    if found is None:
        raise InvalidError(f"{name}: as 2010-01-01T00:00:00Z", f"{name}: 带时区的时间")
    return found


def urlsplit_or_none(text: str) -> str | None:
    """An address of the web, None for anything else."""
    try:
        found = urlsplit(text)
    except ValueError:
        return None
    return text if found.scheme in {"http", "https"} and found.hostname else None


def _moment(text: str) -> dt.datetime | None:
    if _W3.fullmatch(text) is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None


def _faults(one: Asked, given: list[str]) -> list[str]:
    name = f"attribute[{one.code}]"
    if not given:
        return [f"{name}: required"] if one.required else []
    if len(given) > 1 and one.datatype != "multivaluelist":
        return [f"{name}: one value"]
    return [f"{name}: {fault}" for fault in (_fault(one, value) for value in given) if fault]


def _fault(one: Asked, value: str) -> str:
    keys = [key for key, _ in one.values]
    match one.datatype:
        case "number":
            return "" if _is_number(value) else "a number"
        case "datetime":
            return "" if _moment(value) else "a moment as 2010-01-01T00:00:00Z"
        case "singlevaluelist" | "multivaluelist":
            return "" if value in keys else f"one of {', '.join(keys)}"
        case "string" if "\n" in value or "\r" in value:
            return "one line"
    return "" if len(value) <= 1000 else "at most 1000 characters"


def _is_number(text: str) -> bool:
    try:
        return len(text) <= 30 and math.isfinite(float(text))
    except ValueError:
        return False

"""The published schema of a device's message, held against the decoder: what the one accepts, the other accepts."""

import datetime as dt
import json

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lifecircle.hub.devices.decoders import DECODERS, RefusedError
from lifecircle.hub.devices.decoders.own import schema

VALIDATOR = jsonschema_rs.validator_for(schema(), validate_formats=True)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=45)
small = text | st.sampled_from(["boot\n", "烟", "a" * 41, "é", "", " ", "\u2028"])
numbers = (
    st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0, -0.0, 1.0, 2**62, 2**62 - 1, 2**70, 1e30, 1.1e30, 10**400, 946684800, 946684799, 7289654400, True])
)  # fmt: skip
days = st.datetimes().map(lambda at: at.isoformat()) | st.sampled_from(
    ["2026-02-28", "2026-02-30", "2024-02-29", "2026-11-31", "2200-12-31", "2201-01-01", "1999-12-31", "2026-13-01"]
).map(lambda day: f"{day}T08:00:00")  # fmt: skip
moments = st.builds(
    lambda day, zone: day + zone,
    days, st.sampled_from(["", "Z", "z", "+08:00", "-23:59", "+24:00", "+0800", ".5Z", ".1234567890Z", "\nZ", "Z\n"]),
)  # fmt: skip
odd = st.none() | st.booleans() | numbers | small | st.just([]) | st.just({})
messages = st.fixed_dictionaries(
    {"boot": small | odd, "seq": st.integers(0, 2**63) | odd},
    optional={
        "at": moments | numbers | odd, "alarm": st.sampled_from(["smoke", "Smoke", "", "a\n"]) | odd, "on": odd,
        "values": st.dictionaries(small, numbers | odd, max_size=4) | odd, "battery": numbers | odd,
        "firmware": small | odd, "test": odd, "more": odd,
    },
)  # fmt: skip


def is_taken(body):
    try:
        DECODERS["own"](body)
    except RefusedError:
        return False
    return True


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages | odd | st.lists(odd, max_size=2))
@example(
    {
        "boot": "b",
        "seq": 1,
        "at": "2026-11-28T08:00:00+08:00",
        "values": {"温度": 21.5},
        "battery": None,
    }
)
@example({"boot": "b", "seq": 1, "at": "2026-11-28T08:00:60Z"})
@example({"boot": "b", "seq": 1.0, "at": None})
@example({"boot": "b", "seq": 1, "values": dict.fromkeys(map(str, range(65)), 0)})
def test_what_the_schema_accepts_the_decoder_accepts_and_the_reverse(message):
    body = json.dumps(message).encode()
    assert is_taken(body) == VALIDATOR.is_valid(json.loads(body)), message


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_most_of_what_a_vendor_would_send_is_taken_by_both(data):
    message = {
        "boot": data.draw(st.text("0123456789abcdef", min_size=1, max_size=40)), "seq": data.draw(st.integers(0, 2**62 - 1)),
        "at": data.draw(st.datetimes(
            min_value=dt.datetime(2000, 1, 2), max_value=dt.datetime(2200, 1, 1)  # noqa: DTZ001
        )).isoformat() + "+08:00",
        "values": data.draw(st.dictionaries(st.text("温湿度abc_ 1", min_size=1, max_size=40), st.floats(-1e30, 1e30), max_size=64)),
        "alarm": "smoke", "on": data.draw(st.booleans()), "battery": data.draw(st.integers(0, 100)), "firmware": "v2.1 (b)",
    }  # fmt: skip
    assert is_taken(json.dumps(message).encode())
    assert VALIDATOR.is_valid(message)


@pytest.mark.parametrize("value", ["1e400", "NaN", "Infinity", "1" * 5000, '"\\ud800"'])
def test_what_is_no_number_or_no_text_of_json_is_refused(value):
    assert not is_taken(b'{"boot": "b", "seq": 1, "values": {"t": %s}}' % value.encode())
    assert not is_taken(b'{"boot": %s, "seq": 1}' % value.encode())


@pytest.mark.django_db
def test_anybody_reads_the_schema_that_the_decoder_follows(client):
    answer = client.get("/api/v1/public/devices/schema.json")
    assert answer["Content-Type"] == "application/schema+json"
    assert answer.json() == schema()
    assert answer.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"

"""Every operation has an example in the description, and it is what the hub answers.

`RECORD=1 pytest tests/hub/test_examples.py` writes them anew.
"""

import json
import os
from pathlib import Path

import jsonschema_rs
import pytest

import lifecircle.hub
from hub.calls import a_day
from lifecircle.hub import description
from lifecircle.hub.api import api

pytestmark = pytest.mark.one_database

FILE = Path(lifecircle.hub.__file__).with_name("examples.json")
SECRETS = {
    "token": "lc_" + "x" * 43,
    "secret": "x" * 43,
    "link": "https://testserver/outside/" + "x" * 43,
}


@pytest.fixture
def described():
    description.examples.cache_clear()
    return api.get_openapi_schema()


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_call_of_a_day_succeeds_and_is_answered_as_its_example_says(hub):
    found = shortened(a_day(hub))
    if os.environ.get("RECORD") == "1":
        text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
        FILE.write_text(text + "\n", encoding="utf-8")
        description.examples.cache_clear()
    assert found.keys() == description.examples().keys()
    differ = [key for key, one in found.items() if shape(one) != shape(description.examples()[key])]
    assert differ == []


def test_every_operation_has_an_example_of_its_parameters_body_and_answer(described):
    for name, operation in operations(described):
        parameters = operation.get("parameters", [])
        wanted = [p for p in parameters if p["required"]]
        assert all("example" in parameter for parameter in wanted), name
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert "example" in content, name
        for status, answer in operation["responses"].items():
            if 200 <= status < 300:
                contents = answer.get("content", {}).items()
                assert all(
                    "example" in one for kind, one in contents if kind == "application/json"
                ), name


def test_every_example_is_as_its_schema_says(described):
    whole = json.loads(json.dumps(described, default=str))
    faults = []
    for name, operation in operations(whole):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        contents = [one for body in bodies for one in body.get("content", {}).items()]
        checked = [
            (p["schema"], p["example"]) for p in operation.get("parameters", []) if "example" in p
        ]
        checked += [
            (c["schema"], c["example"]) for kind, c in contents if "example" in c and "json" in kind
        ]
        for schema, example in checked:
            validator = jsonschema_rs.validator_for({**schema, "components": whole["components"]})
            faults += [(name, str(error)[:200]) for error in validator.iter_errors(example)]
    assert not faults, "\n".join(f"{n}: {e[:160]}" for n, e in faults)


def shortened(value, name=""):
    """A list's first entries (of a line, a few points), and no secrets."""
    if isinstance(value, dict):
        return {key: SECRETS.get(key, shortened(one, key)) for key, one in value.items()}
    if isinstance(value, list):
        plain = all(not isinstance(one, dict | list) for one in value)
        most = None if name == "coordinates" else 4 if plain else 2
        return [shortened(one, name) for one in value[:most]]
    return value


def shape(value):
    """What stays the same from day to day: names and kinds, not values."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return "list"
    return "number" if isinstance(value, int | float) else type(value).__name__

"""The interface's description (OpenAPI), with an example of every call that was really made."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema


class DescribedAPI(NinjaAPI):
    """Puts examples into the description; `tests/hub/test_examples.py` records them and holds them to it."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._described: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(self, **values: Any) -> OpenAPISchema:
        """As django-ninja's own, with `example` at parameters, bodies and answers; made once, for it takes seconds."""
        if (known := self._described.get(repr(values))) is not None:
            return known
        schema = self._described[repr(values)] = super().get_openapi_schema(**values)
        found = examples()
        for methods in schema["paths"].values():
            for operation in methods.values():
                if (example := found.get(operation["operationId"])) is not None:
                    _illustrate(operation, example)
        return schema


@cache
def examples() -> dict[str, dict[str, Any]]:
    """By operation: `parameters`, `body`, `status`, `answer`; what a call has none of is absent."""
    text = Path(__file__).with_name("examples.json").read_text(encoding="utf-8")
    content: dict[str, dict[str, Any]] = json.loads(text)
    return content


def _illustrate(operation: dict[str, Any], example: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["name"] in example["parameters"]:
            parameter["example"] = example["parameters"][parameter["name"]]
    if "body" in example:
        for content in operation["requestBody"]["content"].values():
            content["example"] = example["body"]
    if "answer" in example:  # a file has none
        for content in operation["responses"][example["status"]]["content"].values():
            content["example"] = example["answer"]

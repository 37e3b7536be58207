"""Whatever the interface's description allows, and whatever it does not, is answered without a failure."""

import json
from collections import Counter
from itertools import count

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, given, settings
from ninja import Schema

from lifecircle.hub.api import api
from lifecircle.hub.people import groups
from lifecircle.hub.people.models import Resident
from lifecircle.hub.rights import RIGHTS, RIGHTS_OF
from lifecircle.hub.wsgi import application

EXAMPLES = {"sqlite": 2, "postgresql": 4}
"""PostgreSQL is the stricter of the two."""
OWN = {("delete", "/api/v1/me/tokens/{number}"), ("delete", "/api/v1/roles/{number}")}
"""Would end what the others are asked with."""


@pytest.fixture
def one_connection():
    """Requests stay in the test's transaction, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def some_layer(hub) -> int:
    file = SimpleUploadedFile("l.csv", b"place,n,t\nC1,1,a\nC3,,b\n")
    said = {"place": "D", "name": "x", "source": "x", "on": "2026-11-27"}
    return hub.client("planner").post("/api/v1/layers", {"file": file, **said}).json()["id"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("one_connection")
def test_no_request_makes_the_server_fail(hub, monkeypatch):
    """By somebody who may do everything, so that every request gets as far as it can."""
    monkeypatch.setitem(RIGHTS_OF, "district_planner", frozenset(RIGHTS))
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    header = {"Authorization": f"Bearer {hub.token('planner', *RIGHTS)}"}
    failed, answers, turns = [], Counter(), count()
    operations = [found.ok() for found in described.get_all_operations()]
    known = {
        "/residents": Resident.objects.first().pk, "/runs": hub.run, "/imports": None, "/roles": None,
        "/me/tokens": None, "/layers": some_layer(hub),
        "/groups": groups.create(hub.actor("planner"), name="g", place="C1", lead="worker1").pk,
    }  # fmt: skip
    for signal in (request_started, request_finished):  # Django's own client connects them again
        signal.disconnect(close_old_connections)
    for operation in sorted(operations, key=lambda one: one.method == "delete"):
        if (operation.method, operation.path) in OWN:
            continue

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES[connection.vendor], deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def ask(case):
            if next(turns) % 2:  # every other one at something that is there
                number = next(
                    (v for k, v in known.items() if case.path.startswith(f"/api/v1{k}")), None
                )
                there = {"code": "C1", "place": "C1", "ref": "F2", "username": "worker1", "other": hub.run,
                         "scope": "type", "key": "toilet", "collection": "places", "feature": "C1", "number": number,
                         "row": 2}  # fmt: skip
                case.path_parameters = {
                    name: there.get(name) or value
                    for name, value in (case.path_parameters or {}).items()
                }
                if "run" in (case.query or {}):
                    case.query["run"] = hub.run
            answer = case.call(headers=header)
            answers[case.method, case.path, answer.status_code] += 1
            if answer.status_code >= 500:
                failed.append((case.method, case.path, case.as_curl_command()))

        ask()
    assert failed == []
    apart = "/api/v1/public/devices/{ref}/messages"
    assert not [key for key in answers if key[2] == 401 and key[1] != apart]
    reached = {key[:2] for key in answers if key[2] not in {403, 422}}
    assert len(reached) > 0.6 * len({key[:2] for key in answers}), answers


def test_every_operation_is_described_in_words():
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert operation["responses"], (path, method)


def test_the_description_is_open_to_programs(client, db):
    assert json.loads(client.get("/api/v1/openapi.json").content)["openapi"].startswith("3.")


def test_no_two_schemas_have_one_name():
    """The description knows them by name alone: the second would be described as the first."""
    names = Counter(one.__name__ for one in described(Schema))
    assert [name for name, times in names.items() if times > 1] == []


def described(schema):
    for one in schema.__subclasses__():
        if one.__module__.startswith("lifecircle."):
            yield one
        yield from described(one)

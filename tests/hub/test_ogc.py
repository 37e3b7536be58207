"""The OGC interface, read by owslib and by GDAL as QGIS reads it."""

import json
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from owslib.ogcapi.features import Features


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(hub, django_db_blocker):
    """The interface on a port; requests are answered by Django's test client in the test's own thread."""
    client, text = hub.client(), hub.token("street1", "place.read", "facility.read", "card.read")
    answers = {}

    def application(environ, start_response):
        url = environ["PATH_INFO"] + (
            f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        )
        status, body = answers.get(url.removesuffix("/"), (404, b"{}"))
        start_response(
            f"{status} -",
            [("Content-Type", "application/geo+json" if "items" in url else "application/json")],
        )
        return [body]

    server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    base = f"http://127.0.0.1:{server.server_port}"

    def keep(path):
        answer = client.get(path, headers={"authorization": f"Bearer {text}", "host": base[7:]})
        answers[path] = (answer.status_code, answer.content)
        return json.loads(answer.content)

    landing = "/api/v1/ogc"
    for path in (landing, landing + "/conformance", landing + "/collections"):
        keep(path)
    for name in ("places", "facilities", "cards"):
        keep(f"{landing}/collections/{name}")
        page = keep(f"{landing}/collections/{name}/items?limit=3")
        keep(f"{landing}/collections/{name}/items")
        while following := [one["href"] for one in page["links"] if one["rel"] == "next"]:
            page = keep(following[0].removeprefix(base))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield base + landing, answers
    server.shutdown()
    server.server_close()


def test_owslib_finds_the_collections_and_their_features(address):
    found = Features(address[0] + "/")
    assert set(found.feature_collections()) == {"places", "facilities", "cards"}
    first = found.collection_items("facilities")
    assert first["numberMatched"] == len(first["features"]) == 5
    assert {one["properties"]["place"] for one in first["features"]} == {"C1", "C2"}


def test_pages_hold_everything_once(address):
    for name in ("places", "facilities", "cards"):
        pages = [json.loads(body) for url, (_, body) in address[1].items()
                 if f"{name}/items?limit=3" in url]  # fmt: skip
        ids = [one["id"] for page in pages for one in page["features"]]
        assert len(ids) == len(set(ids)) == pages[0]["numberMatched"], name


def test_a_rectangle_holds_what_lies_in_it(hub):
    client = hub.client("planner")
    url = "/api/v1/ogc/collections/facilities/items"
    whole = client.get(url).json()["features"]
    inside = client.get(url, {"bbox": "106.55,29.5,106.556,29.6"}).json()["features"]
    expected = {f["id"] for f in whole if 106.55 <= f["geometry"]["coordinates"][0] <= 106.556}
    assert {f["id"] for f in inside} == expected
    assert 0 < len(inside) < len(whole)
    for bad in ("1,2", "a,b,c,d", "1e9,0,0,0"):
        assert client.get(url, {"bbox": bad}).status_code == 422


def test_one_feature_is_found_by_its_id(hub):
    client = hub.client("worker1")
    for path in ("places/items/C1", "facilities/items/F1"):
        assert client.get(f"/api/v1/ogc/collections/{path}").json()["type"] == "Feature"
    for path in ("places/items/C3", "facilities/items/F9", "cards/items/x", "castles/items/1"):
        assert client.get(f"/api/v1/ogc/collections/{path}").status_code == 404

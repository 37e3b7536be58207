"""The commands: serve on a machine of its own, first accounts, backup and restore, faults in between."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from .commands import copied, environment, run
from .conftest import small


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def served(env, *words):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "lifecircle", "serve", "--port", str(port), "--workers", "1", *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, start_new_session=True,
    )  # fmt: skip
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1)
        except OSError:
            assert server.poll() is None, server.stdout.read()
            time.sleep(0.2)
        else:
            return server, port
    raise AssertionError("the server does not answer")


def stop(server) -> str:
    server.send_signal(signal.SIGINT)
    said, _ = server.communicate(timeout=30)
    return said


@pytest.fixture(scope="module")
def at_work(empty, tmp_path_factory):
    """A hub with a district, served on two threads; what it is started with, and its port."""
    folder = tmp_path_factory.mktemp("at-work")
    env = copied(empty, folder)
    run(env, "hub", "load", str(small(folder / "small").write()))
    server, port = served(env, "--threads", "2")
    yield env, port
    stop(server)


@pytest.mark.one_database
def test_the_first_start_makes_the_three_that_check_each_other_with_passwords_shown_once(tmp_path):
    env = environment(tmp_path)
    server, _ = served(env)
    said = stop(server)
    shown = re.findall(r"^(\w+) +(\w+) +(\S+) +\(once", said, re.MULTILINE)
    assert [role for role, _, _ in shown] == [
        "system_administrator",
        "security_administrator",
        "auditor",
    ]
    assert (tmp_path / "data" / "field.key").stat().st_mode & 0o077 == 0
    server, _ = served(env)
    assert "once" not in stop(server)


@pytest.mark.one_database
def test_the_demo_is_not_served_to_other_machines(tmp_path):
    said = run(environment(tmp_path), "serve", "--demo", "x", "--host", "192.0.2.1", code=1)
    assert "not served on 192.0.2.1" in said


@pytest.mark.one_database
def test_a_port_that_is_taken_is_said(tmp_path, empty):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = run(copied(empty, tmp_path), "serve", "--port", port, code=1)
    assert "--port" in said


def test_a_district_is_loaded_assessed_by_the_worker_backed_up_and_restored(tmp_path, empty):
    env = copied(empty, tmp_path)
    bundle = small(tmp_path / "small").write()
    run(env, "hub", "load", str(bundle))
    assert "planner" in run(
        env, "hub", "user", "planner", "--role", "district_planner", "--place", "D"
    )
    run(env, "hub", "load", str(bundle), code=1)
    server, _ = served(env)
    script = (
        "import lifecircle.hub.serving as s, sys; from pathlib import Path; s.set_up(Path(sys.argv[1]));"
        "from lifecircle.hub.assessments.actions import request; from lifecircle.hub.actor import Actor;"
        "from lifecircle.hub.assessments.models import Run; import time; request(Actor.system('test'))\n"
        "for _ in range(300):\n"
        "    if Run.objects.get().state in ('done', 'failed'): break\n"
        "    time.sleep(0.2)\n"
        "print(Run.objects.get().state, Run.objects.get().cards.count())"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "data"], capture_output=True, text=True,
                          env=env, timeout=120, check=True)  # fmt: skip
    assert done.stdout.startswith("done "), done.stderr
    stop(server)
    said = run(env, "hub", "backup", str(tmp_path / "b.tar.gz"))
    assert "rows" in said
    run(env, "hub", "backup", str(tmp_path / "b.tar.gz"), code=5)
    other = copied(empty, tmp_path, "other")
    (tmp_path / "other" / "field.key").write_bytes((tmp_path / "data" / "field.key").read_bytes())
    run(other, "hub", "restore", str(tmp_path / "b.tar.gz"))
    assert content(other) == content(env)
    run(other, "hub", "restore", str(tmp_path / "b.tar.gz"), code=1)
    assert "ok" in run(other, "hub", "check")

    def files(name):
        return sorted(p.relative_to(tmp_path / name) for p in (tmp_path / name / "runs").rglob("*"))

    assert files("other") == files("data")


def content(env) -> dict:
    """Every row of every table that is kept."""
    script = (
        "import lifecircle.hub.serving as s, os, json; from pathlib import Path\n"
        "s.set_up(Path(os.environ['LIFECIRCLE_DATA']))\n"
        "from lifecircle.hub.backup import _models\n"
        "print(json.dumps({m._meta.label: [str(r) for r in m._default_manager.order_by('pk').values()] for m in _models()}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=env, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.one_database
@pytest.mark.parametrize("text", [b"", b"no archive", b"\x1f\x8b\x08\x00broken"])
def test_what_is_no_backup_is_refused(tmp_path, empty, text):
    path = tmp_path / "b.tar.gz"
    path.write_bytes(text)
    assert "backup" in run(copied(empty, tmp_path), "hub", "restore", str(path), code=1)


def test_a_backup_that_reaches_out_of_the_folder_writes_nothing_there(tmp_path, empty):
    import io
    import tarfile

    run(copied(empty, tmp_path), "hub", "backup", str(tmp_path / "b.tar.gz"))
    with (
        tarfile.open(tmp_path / "b.tar.gz") as good,
        tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as evil,
    ):
        for one in good:
            evil.addfile(one, good.extractfile(one))
        for name in ("bundles/../../out.txt", "/out.txt", "bundles/in.txt", "field.key"):
            about = tarfile.TarInfo(name)
            about.size = 4
            evil.addfile(about, io.BytesIO(b"evil"))
        link = tarfile.TarInfo("runs/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        evil.addfile(link)
    other = copied(empty, tmp_path, "other")
    run(other, "hub", "restore", str(tmp_path / "evil.tar.gz"))
    assert (tmp_path / "other" / "bundles" / "in.txt").read_bytes() == b"evil"
    assert not (tmp_path / "out.txt").exists()
    assert not (tmp_path / "other" / "runs" / "link").is_symlink()
    assert (tmp_path / "other" / "field.key").read_bytes() != b"evil"


def test_a_load_killed_in_the_middle_leaves_nothing_and_can_be_made_again(tmp_path, empty):
    env, bundle = copied(empty, tmp_path), small(tmp_path / "small").write()
    script = (
        "import os, sys, lifecircle.hub.serving as s; from pathlib import Path\n"
        "s.set_up(Path(os.environ['LIFECIRCLE_DATA']))\n"
        "from lifecircle.hub.assessments import loading; from lifecircle.hub.actor import Actor\n"
        "loading.spaces.load = loading.facilities.load = lambda *a, **k: os.kill(os.getpid(), 9)\n"
        "loading.load(Actor.system('t'), Path(sys.argv[1]))"
    )
    done = subprocess.run([sys.executable, "-c", script, bundle], env=env, timeout=120, check=False)
    assert done.returncode == -9
    assert content(env)["places.Place"] == []
    run(env, "hub", "load", str(bundle))
    assert len(content(env)["facilities.Facility"]) == 10
    assert Path(tmp_path / "data" / "bundles").is_dir()


def test_an_import_killed_in_the_middle_changes_nothing_and_can_be_made_again(tmp_path, empty):
    env = copied(empty, tmp_path)
    run(env, "hub", "load", str(small(tmp_path / "small").write()))
    table = tmp_path / "new.csv"
    table.write_text(
        "id,name,type,lon,lat\nF1,other,toilet,106.5516,29.55\nN1,new,toilet,106.5516,29.55\n"
    )
    script = (
        "import datetime as dt, os, sys, lifecircle.hub.serving as s; from pathlib import Path\n"
        "s.set_up(Path(os.environ['LIFECIRCLE_DATA']))\n"
        "from lifecircle.hub.actor import Actor\n"
        "from lifecircle.hub.facilities import actions, imports\n"
        "from lifecircle.hub.facilities.models import ImportBatch\n"
        "from lifecircle.hub.people import actions as people\n"
        "from lifecircle.hub.people.models import Account\n"
        "system, name = Actor.system('t'), 'importer'\n"
        "if not Account.objects.filter(username=name).exists():\n"
        "    people.create_account(system, username=name, name=name, kind='staff', password='Correct-Horse-7')\n"
        "actor = Actor(name, Account.objects.get(username=name).pk, is_system=True)\n"
        "batch = imports.preview(actor, Path(sys.argv[1]), name='new.csv', source='x', on=dt.date.today(), crs='EPSG:4326')\n"
        "if sys.argv[2] == 'killed':\n"
        "    actions.say_many = lambda *a, **k: os.kill(os.getpid(), 9)\n"
        "print(imports.apply(actor, batch.pk).state)\n"
    )
    before = content(env)["facilities.Facility"]
    command = [sys.executable, "-c", script, str(table)]
    done = subprocess.run([*command, "killed"], env=env, timeout=120, check=False)
    assert done.returncode == -9
    assert content(env)["facilities.Facility"] == before
    said = subprocess.run(
        [*command, "whole"], env=env, timeout=120, check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == "applied"
    assert len(content(env)["facilities.Facility"]) == len(before) + 1


@pytest.mark.one_database
def test_slow_and_endless_bodies_hold_up_nobody(at_work):
    _, port = at_work
    held = []
    for _ in range(6):
        line = socket.create_connection(("127.0.0.1", port))
        line.sendall(
            b"POST /_allauth/browser/v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
        )
        held.append(line)
    urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
    with socket.create_connection(("127.0.0.1", port)) as long:
        long.sendall(
            b"POST /api/v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\n"
        )
        with contextlib.suppress(OSError):
            for _ in range(40):
                long.sendall(b"x" * 2**16)
        assert b" 413 " in long.recv(200)
    for line in held:
        line.close()


@pytest.mark.one_database
def test_a_screen_hears_what_happens_resumes_where_it_was_and_is_let_go_with_its_session(at_work):
    import http.client

    env, port = at_work

    def act(words):
        script = (
            "import os, lifecircle.hub.serving as s; from pathlib import Path\n"
            "s.set_up(Path(os.environ['LIFECIRCLE_DATA']))\n"
            "from lifecircle.hub.stream.actions import emit; from lifecircle.hub.actor import Actor\n"
            "from lifecircle.hub.people import actions as people; from lifecircle.hub.people.models import Account\n"
            "from django.contrib.sessions.backends.db import SessionStore\n" + words
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    key = act(
        "people.create_account(Actor.system('t'), username='w', name='w', kind='staff', password='Correct-Horse-7',"
        " must_change_password=False); people.grant(Actor.system('t'), username='w', role='street_officer', place='S1')\n"
        "a = Account.objects.get(username='w'); x = SessionStore()\n"
        "x.update({'_auth_user_id': str(a.pk), '_auth_user_hash': a.get_session_auth_hash(),"
        " '_auth_user_backend': 'allauth.account.auth_backends.AuthenticationBackend'}); x.save(); print(x.session_key)"
    )

    lines = []

    def listen(last=None):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        line.request(
            "GET",
            "/stream",
            headers={"Cookie": f"sessionid={key}", **({"Last-Event-ID": last} if last else {})},
        )
        lines.append(line)
        return line.getresponse()

    def events(answer, count):
        found, one = [], {}
        while len(found) < count:
            text = answer.readline().decode().strip()
            if text:
                name, _, value = text.partition(": ")
                one[name] = value
            elif one:
                found += [one] if one["event"] not in signs else []
                one = {}
        return found

    signs = {"hello", "beat"}
    lines.append(nobody := http.client.HTTPConnection("127.0.0.1", port, timeout=20))
    nobody.request("GET", "/stream")
    assert nobody.getresponse().read()
    first = listen()
    assert first.readline().startswith(b"id: ")
    assert first.readline() == b"event: hello\n"
    assert "now" in json.loads(first.readline().removeprefix(b"data: "))
    act(
        "[emit('a', l, 'place.read', {'n': n}) for n, l in enumerate(['/D/S1/', '/D/S2/', '/D/S1/C1/'])]"
    )
    heard = events(first, 2)
    assert [json.loads(e["data"])["data"]["n"] for e in heard] == [0, 2]
    act("emit('a', '/D/S1/', 'place.read', {'n': 3})")
    again = listen(heard[0]["id"])
    assert [json.loads(e["data"])["data"]["n"] for e in events(again, 2)] == [2, 3]
    act(f"SessionStore('{key}').delete()")
    assert events(again, 1)[0]["event"] == "bye"
    for line in lines:
        line.close()
    first.close()
    again.close()

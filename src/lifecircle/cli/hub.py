"""Commands of the platform: serve, and hub check, migrate, load, user, audit, backup, restore."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from lifecircle.errors import LifecircleError, MissingExtraError

app = typer.Typer(help="The platform's data. 平台的数据。", no_args_is_help=True)
Data = Annotated[
    Path,
    typer.Option(
        "--data", envvar="LIFECIRCLE_DATA", help="Folder of what the server keeps. 数据目录。"
    ),
]
DATA = Path("lifecircle-data")


def register(to: typer.Typer) -> None:
    """Add the commands."""
    to.command()(serve)
    to.add_typer(app, name="hub")


def serve(
    data: Data = DATA,
    host: Annotated[str, typer.Option(help="Address to listen on. 监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port. 端口。", min=1, max=65535)] = 8000,
    demo: Annotated[
        Path | None,
        typer.Option(
            help="Load this demo bundle, with somebody for every role; this machine only."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(help="Web processes. 进程数。", min=1, max=64)] = 2,
    threads: Annotated[int, typer.Option(help="Threads of each. 线程数。", min=1, max=64)] = 8,
    mqtt: Annotated[
        int | None,
        typer.Option(
            help="Start a broker for devices on this port. 设备接入端口。", min=1, max=65535
        ),
    ] = None,
) -> None:
    """Serve the platform: web, interface and worker in one. 启动平台。"""
    serving = _serving()
    if demo is not None and not serving.is_loopback(host):
        raise LifecircleError(
            f"the demo's passwords are no secret: it is not served on {host}, only on this machine / "
            "演示账号只能在本机使用"
        )
    serving.set_up(data, **({"LIFECIRCLE_DEMO": "1"} if demo else {}))
    serving.migrate()
    for username, password, role in serving.first_accounts():
        typer.echo(f"{role:24} {username:26} {password}   (once 仅此一次)")
    if demo is not None:
        _demo(demo)
        mqtt = mqtt or serving.port_for_devices(host)
    if mqtt is not None:
        typer.echo(f"mqtt://{host}:{mqtt}/  (devices 设备)")
    typer.echo(f"http://{f'[{host}]' if ':' in host else host}:{port}/  (Ctrl-C ends 结束)")
    serving.serve(host, port, workers=workers, threads=threads, mqtt=mqtt)


def _demo(bundle: Path) -> None:
    from lifecircle.hub import demo  # noqa: PLC0415

    for one in demo.set_up_demo(bundle):
        typer.echo(f"{one.role:24} {one.username:26} {one.password}   {one.place}")


@app.command()
def migrate(data: Data = DATA) -> None:
    """Bring the database to this version. 升级数据库。"""
    serving = _serving()
    serving.set_up(data)
    serving.migrate()


@app.command()
def load(
    bundle: Annotated[Path, typer.Argument(help="A district on disk. 数据包。")], data: Data = DATA
) -> None:
    """Load a district into a hub that has none. 载入一个区。"""
    serving = _serving()
    serving.set_up(data)
    serving.migrate()
    from lifecircle.hub.actor import Actor  # noqa: PLC0415
    from lifecircle.hub.assessments.loading import load as load_bundle  # noqa: PLC0415

    ground = load_bundle(Actor.system("command line"), bundle)
    typer.echo(f"{ground.place}: loaded / 已载入")


@app.command()
def user(
    username: Annotated[str, typer.Argument(help="User name. 用户名。")],
    role: Annotated[str, typer.Option(help="A role. 角色。")],
    place: Annotated[str, typer.Option(help="Code of a place. 地方代码。")] = "",
    name: Annotated[str, typer.Option(help="Shown name. 姓名。")] = "",
    data: Data = DATA,
) -> None:
    """Make an account with a role; its one-time password is shown. 新建账号。"""
    serving = _serving()
    serving.set_up(data)
    from django.db import transaction  # noqa: PLC0415

    from lifecircle.hub.actor import Actor  # noqa: PLC0415
    from lifecircle.hub.people import actions  # noqa: PLC0415

    system, password = Actor.system("command line"), serving.one_time_password()
    with transaction.atomic():
        actions.create_account(
            system, username=username, name=name or username, kind="staff", password=password
        )
        actions.grant(system, username=username, role=role, place=place)
    typer.echo(f"{username}  {password}   (once 仅此一次)")


@app.command()
def check(data: Data = DATA) -> None:
    """Check settings, migrations and the chain of the audit. 自检。"""
    serving = _serving()
    serving.set_up(data)
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.management.base import CommandError, SystemCheckError  # noqa: PLC0415

    from lifecircle.hub.audit.queries import broken_seals  # noqa: PLC0415

    try:
        call_command("check")
        call_command("migrate", check_unapplied=True, verbosity=0)
    except (CommandError, SystemCheckError, SystemExit) as error:
        raise LifecircleError(f"{error}: run lifecircle hub migrate / 需要升级数据库") from error
    broken = list(broken_seals())
    if broken:
        raise LifecircleError("\n".join(broken))
    typer.echo("ok / 正常")


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="A new file. 新文件。")], data: Data = DATA
) -> None:
    """Write everything but the keys into one file. 备份。"""
    serving = _serving()
    serving.set_up(data)
    from lifecircle.hub.backup import write_backup  # noqa: PLC0415

    rows = write_backup(to)
    typer.echo(f"{to}: {rows:,} rows; keep field.key elsewhere / 请另行保存 field.key")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup. 备份文件。")], data: Data = DATA
) -> None:
    """Put a backup into an empty hub, of either database. 恢复。"""
    serving = _serving()
    serving.set_up(data)
    serving.migrate()
    from lifecircle.hub.backup import read_backup  # noqa: PLC0415

    typer.echo(f"{file}: {read_backup(file):,} rows / 已恢复")


def _serving() -> ModuleType:
    try:
        import django  # noqa: F401, PLC0415

        from lifecircle.hub import serving  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingExtraError("django", "hub") from error
    return serving

"""How commands speak: progress on the terminal, JSON for machines."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from lifecircle.progress import Advance, Progress

STAGES = {
    "demo": "making the demo district / 生成演示区",
    "read": "reading / 读取",
    "network": "walking network / 步行网络",
    "snap": "joining homes and facilities / 接入路网",
    "reach": "walking / 步行计算",
    "grade": "grading / 评级",
    "explain": "reasons / 说明",
    "draw": "drawing / 抽样",
    "paper": "report / 报告",
    "circles": "drawing circles / 划定生活圈",
    "site": "choosing sites / 选址",
    "new": "making the bundle / 生成数据包",
    "write": "writing / 写出",
}


class Bars(Progress):
    """Progress bars on a terminal, on standard error; nothing in a pipe."""

    @contextmanager
    def shown(self, name: str, total: int | None) -> Iterator[Advance]:
        """Show one stage."""
        if not sys.stderr.isatty():
            yield lambda _steps: None
            return
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[done]}"), TimeElapsedColumn())  # fmt: skip
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(STAGES.get(name, name), total=total, done="")
            count = 0

            def advance(steps: int) -> None:
                nonlocal count
                count += steps
                bar.update(task, advance=steps, done=f"{count}/{total}" if total else str(count))

            yield advance


def echo_synthetic(names: Iterable[str]) -> None:
    """Say which tables are made up, if any is."""
    if said := sorted(names):
        typer.echo(f"SYNTHETIC / 合成数据: {', '.join(said)}")


def echo_json(value: Any) -> None:
    """Print a value as JSON, Chinese as it is; what is not known (NaN) is null."""
    typer.echo(json.dumps(_known(value), ensure_ascii=False, indent=2))


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _known(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_known(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value

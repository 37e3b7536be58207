"""Write what `scripts/bench peers --json FILE` measured into the documentation: a table and a plot.

Run by `scripts/bench publish FILE`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

DOCS = Path(__file__).resolve().parent.parent / "docs" / "reference"
NETWORKS = {
    "demo": "演示区 demo", "yuzhong": "渝中 Yuzhong", "sao_paulo": "圣保罗 São Paulo",
    "city": "城市 city", "metropolis": "都会 metropolis",
}  # fmt: skip
HEAD = """\
# 对比 · Benchmarks

同样的数组、同样的起点与时限, 轮流运行, 答案先比对; 比值是中位数之比。`scripts/bench peers` 重做, 同行的依赖各装在自己的环境
里。The same arrays, origins and cut-off; in turns; answers compared; ratios of medians.
`scripts/bench peers --json FILE` measures them again, with each peer in an environment of its own where pins clash.

{machine}

每个节点都是起点, 15分钟, 11类。Every node an origin, 15 minutes, 11 categories. Preparation is left out of the seconds and stands
beside (build: spatial order and graph of ours; a graph, contraction or precomputation of theirs).

![比值 ratios](benchmarks.svg)

| 任务 task | 路网 network | 同行 peer | 我们 ours | 同行 theirs | 倍数 ratio | 准备 build | 内存 MiB | 答案 answers |
|---|---|---|---|---|---|---|---|---|
"""


def amount(seconds: float) -> str:
    if seconds < 1e-6:
        return f"{seconds * 1e9:.1f} ns"
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.1f} ms"
    return f"{seconds:.1f} s"


def times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def line(row: dict) -> str:
    theirs = amount(row["peer_s"])
    if row["peer_timed_on"] < 1:
        theirs += f" (1/{1 / row['peer_timed_on']:.0f} timed)"
    cells = (
        row["task"], f"{NETWORKS[row['network']]}, {row['nodes']:,}", row["peer"],
        amount(row["ours_s"]), theirs, times(row["ratio"]),
        f"{amount(row['ours_prepared_s'])} / {amount(row['peer_prepared_s'])}",
        f"{row['ours_mib']:,} / {row['peer_mib']:,}",
        "相同 equal" if row["equal"] else row["difference"],
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def plot(rows: list[dict], path: Path) -> None:
    """Ratios as bars on a logarithmic axis, a hatch a network: readable in black and white."""
    mpl.rcParams |= {"svg.hashsalt": "lifecircle", "svg.fonttype": "none"}
    rows = [row for row in rows if row["ratio"] > 1][::-1]
    hatches = dict(zip(NETWORKS, ("", "//", "..", "xx", "++"), strict=True))
    figure, axes = plt.subplots(figsize=(9, 0.28 * len(rows) + 1.2), layout="constrained")
    bars = axes.barh(
        [f"{row['task']} | {row['peer']} | {row['network']}" for row in rows],
        [row["ratio"] for row in rows],
        color="#4f9d97", edgecolor="#123",
    )  # fmt: skip
    for bar, row in zip(bars, rows, strict=True):
        bar.set_hatch(hatches[row["network"]])
        axes.annotate(
            f" {times(row['ratio'])}", (row["ratio"], bar.get_y() + bar.get_height() / 2),
            va="center", fontsize=8,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlabel("times as fast as the peer")
    axes.tick_params(axis="y", labelsize=8)
    axes.margins(y=0.01)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("json", type=Path)
    measured = json.loads(parser.parse_args().json.read_text(encoding="utf-8"))
    machine = measured["machine"]
    said = (
        f"{machine['date']}; {machine['cores']} cores {machine['processor']}, "
        f"Python {machine['python']}."
    )
    text = HEAD.format(machine=said) + "".join(line(row) for row in measured["rows"])
    text += (
        "\n“一个节点的搜索”一行是一个线程里每落定一个节点的时间与顺序扫描同一数组每节点时间之比的倒数。A node settled beside a node "
        "swept is one thread's time a settled node against a bare sweep over the same arrays in order; the "
        "ratio is the sweep's share. Peers' answers that differ are explained in "
        "[the decision](../adr/0006-reach-kernels.md).\n"
    )
    (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")
    plot(measured["rows"], DOCS / "benchmarks.svg")


if __name__ == "__main__":
    main()

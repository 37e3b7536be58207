"""Own layers on the map: a file with faults, one without, its colours, a filter, sums by place, and away with it."""

import csv
import io

import pytest

from browser.conftest import PLANNER, choose, click_map, wait_for_map
from browser.test_accessibility import serious, settle


def points(page, url: str, bad: bool = False) -> bytes:
    """A table of 60 points over the middle of the district."""
    found = page.request.get(f"{url}/api/v1/places/shapes?level=community").json()["features"]
    names = sorted(one["properties"]["name_zh"] for one in found)
    rows = ["名称,类别,高度,lon,lat"]
    shape = next(one for one in found if one["properties"]["name_zh"] == names[0])
    ring = shape["geometry"]["coordinates"]
    while isinstance(ring[0][0], list):
        ring = ring[0]
    lon, lat = (sum(axis) / len(ring) for axis in zip(*ring, strict=True))
    for k in range(60):
        kind, height = ("树", "亭", "灯")[k % 3], "" if k == 7 else k
        rows.append(
            f"第{k}处,{kind},{height},{lon + (k % 8 - 4) * 2e-4},{lat + (k // 8 - 4) * 2e-4}"
        )
    if bad:
        rows += ["坏,树,1,,29.5", "#REF!,树,1,106.5,29.5"]
    return "\n".join(rows).encode()


def bring(page, data: bytes, name: str = "景观.csv") -> None:
    page.get_by_role("button", name="图层", exact=True).click()
    page.get_by_role("button", name="添加图层").click()
    page.get_by_label("文件").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_label("依据").fill("园林所")
    page.get_by_role("button", name="上传").click()


@pytest.fixture
def page(visit, assessed):
    found = visit.open("/", PLANNER)
    wait_for_map(found)
    yield found
    for one in found.request.get(f"{assessed.url}/api/v1/layers").json()["items"]:
        token = next(c["value"] for c in found.context.cookies() if c["name"] == "csrftoken")
        found.request.delete(
            f"{assessed.url}/api/v1/layers/{one['id']}",
            headers={"X-CSRFToken": token, "Referer": assessed.url},
        )


def test_a_file_with_faults_is_refused_with_its_rows(page, visit, assessed):
    visit.expected.append("/api/v1/layers")
    bring(page, points(page, assessed.url, bad=True))
    table = page.get_by_role("alert").get_by_role("region", name="有问题的行")
    table.wait_for()
    cells = [row.split("\t")[:2] for row in table.inner_text().splitlines() if row[:1].isdigit()]
    assert cells == [["62", "lon"], ["63", "名称"]]
    assert page.request.get(f"{assessed.url}/api/v1/layers").json()["count"] == 0


def test_a_layer_is_brought_styled_filtered_summed_up_and_deleted(page, visit, assessed):
    bring(page, points(page, assessed.url))
    panel = page.get_by_role("complementary")
    panel.get_by_text("显示 60 / 60 行").wait_for()
    legend = page.get_by_role("region", name="图层图例")
    assert "60" in legend.inner_text()

    choose(page, "上色方式", "按类别")
    choose(page, "字段", "类别")
    legend.get_by_text("亭").wait_for()
    assert legend.inner_text().count("20") == 3
    choose(page, "上色方式", "按数值分级")
    legend.get_by_text("空").wait_for()
    panel.get_by_role("button", name="保存样式").click()
    page.get_by_text("样式已保存").wait_for()
    style = page.request.get(f"{assessed.url}/api/v1/layers").json()["items"][0]["style"]
    assert (style["by"], style["field"]) == ("graduated", "高度")

    panel.get_by_text("筛选", exact=True).first.click()
    choose(page, "运算", "等于")
    panel.get_by_role("textbox", name="取值").fill("第3处")
    panel.get_by_role("button", name="筛选", exact=True).click()
    panel.get_by_text("显示 1 / 60 行").wait_for()
    panel.get_by_role("button", name="清除筛选").click()
    panel.get_by_text("显示 60 / 60 行").wait_for()

    panel.get_by_text("按地方汇总").click()
    choose(page, "算什么", "合计")
    panel.get_by_role("button", name="汇总", exact=True).click()
    sums = panel.get_by_role("region", name="汇总结果")
    sums.wait_for()
    assert "高度 · 合计" in legend.inner_text()
    with page.expect_download() as download:
        panel.get_by_role("link", name="下载 CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    total = sum(float(row["sum"]) for row in csv.DictReader(io.StringIO(text)))
    assert 0 < total <= sum(range(60)) - 7

    panel.get_by_text("数据表").click()
    panel.get_by_role("button", name="在地图上找到第 5 行").press("Enter")
    note = page.get_by_role("region", name="景观").first
    note.get_by_text("第3处").wait_for()
    note.get_by_role("button", name="关闭").click()

    panel.get_by_text("名称与来源").click()
    panel.get_by_role("button", name="删除图层").click()
    page.get_by_role("button", name="确定").click()
    page.get_by_text("已删除").wait_for()
    panel.get_by_text("还没有图层。").wait_for()


def test_a_click_on_a_feature_shows_its_attributes(page, assessed):
    bring(page, points(page, assessed.url))
    page.get_by_text("显示 60 / 60 行").wait_for()
    page.get_by_text("数据表").click()
    page.get_by_role("button", name="在地图上找到第 9 行").click()
    page.get_by_role("button", name="关闭").first.click()
    page.wait_for_timeout(1200)
    click_map(page)  # the map has come to the point
    page.get_by_text("第7处").first.wait_for()


@pytest.mark.parametrize("look", ["dark"])
def test_axe_finds_nothing_serious_in_own_layers(visit, assessed, look):
    page = visit.open("/", PLANNER, color_scheme=look, bypass_csp=True)
    wait_for_map(page)
    bring(page, points(page, assessed.url))
    page.get_by_text("显示 60 / 60 行").wait_for()
    for name in ("筛选", "按地方汇总", "数据表", "名称与来源"):
        page.locator("summary", has_text=name).click()
    page.get_by_role("button", name="汇总", exact=True).click()
    page.get_by_role("region", name="汇总结果").wait_for()
    settle(page)
    assert serious(page, look) == []
    page.get_by_role("button", name="全部图层").click()
    settle(page)
    assert serious(page, look) == []
    page.get_by_role("button", name="添加图层").click()
    settle(page)
    assert serious(page, look) == []

"""The register: a correction with its source, two who correct at once, a table and its undo."""

import pytest

from browser.conftest import PLANNER


@pytest.fixture
def facility(assessed, visit):
    """A facility, and the page of somebody who may change it."""
    page = visit.open("/register", PLANNER)
    page.locator("tbody tr").first.wait_for()
    answer = page.request.get(f"{assessed.url}/api/v1/facilities?type=pharmacy&limit=1")
    return answer.json()["items"][0], page


def edit(page, url, ref, capacity):
    page.goto(f"{url}/register?edit={ref}")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("容量").fill(str(capacity))
    dialog.get_by_label("容量").press("Tab")
    dialog.get_by_label("依据").fill("现场核查")
    return dialog


def test_a_correction_is_kept_with_its_source(facility, assessed):
    one, page = facility
    dialog = edit(page, assessed.url, one["ref"], 41)
    dialog.get_by_role("button", name="保存").click()
    history = dialog.get_by_role("region", name="历史")
    row = history.get_by_role("row", name="容量").filter(has_text="现场核查").first
    row.wait_for()
    assert "41" in row.inner_text()


def test_who_comes_second_is_told_and_sees_the_latest(facility, assessed, visit):
    visit.expected.append("409")
    one, page = facility
    first = edit(page, assessed.url, one["ref"], 52)
    other = visit.open("/register", PLANNER)
    second = edit(other, assessed.url, one["ref"], 53)
    first.get_by_role("button", name="保存").click()
    page.get_by_text("已保存").wait_for()
    second.get_by_role("button", name="保存").click()
    second.get_by_text("刚刚修改过这个设施").wait_for()
    assert second.get_by_label("容量").input_value() == "52"


def test_filters_narrow_the_list(assessed, visit):
    page = visit.open("/register", PLANNER)
    page.locator("tbody tr").first.wait_for()
    before = page.get_by_role("navigation", name="翻页").inner_text()
    page.get_by_label("查找").fill("youeryuan")
    page.wait_for_function(
        "before => !document.body.innerText.includes(before)", arg=before.split("\n")[0]
    )
    names = page.locator("tbody tr td:first-child").all_inner_texts()
    assert names
    assert all("幼儿园" in name for name in names)


def test_a_table_is_previewed_applied_and_taken_back(facility, assessed, tmp_path):
    one, page = facility
    rows = [
        "id,name,type,capacity,lon,lat",
        f"{one['ref']},{one['name']},{one['type']},77,{one['lon']},{one['lat']}",
        f"import-1,新药店,pharmacy,20,{one['lon']},{one['lat']}",
        f"import-2,错的,no_such_type,20,{one['lon']},{one['lat']}",
    ]
    table = tmp_path / "table.csv"
    table.write_text("\n".join(rows), encoding="utf-8")
    page.goto(f"{assessed.url}/register/import")
    page.get_by_label("表格文件").set_input_files(table)
    page.get_by_label("依据").fill("药监名册")
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_text("预览, 尚未改动").wait_for()
    assert "77" in page.get_by_role("region", name="将有的改动").inner_text()
    assert "no_such_type" in page.get_by_role("region", name="有问题的行").inner_text()
    page.get_by_role("button", name="应用 2 项改动").click()
    undo = page.get_by_role("button", name="整批撤回")
    undo.click()
    undo.wait_for(state="detached")
    answer = page.request.get(f"{assessed.url}/api/v1/facilities/{one['ref']}").json()
    assert answer["capacity"] != 77


def test_the_register_is_taken_along_in_five_formats(assessed, visit):
    page = visit.open("/register", PLANNER)
    for words in ("Excel", "CSV", "GeoJSON", "GeoParquet", "GeoPackage"):
        page.get_by_role("button", name="导出").click()
        with page.expect_download() as download:
            page.get_by_role("link", name=words).click()
        assert download.value.path().stat().st_size > 1000

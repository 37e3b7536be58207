"""Chinese that went through a wrong encoding is refused; Chinese that did not is not."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle.engine.bundle.mojibake import damaged_columns
from lifecircle.engine.bundle.readers import RawTable
from lifecircle.engine.standards import default

NAMES = ["七星岗街道", "解放碑街道", "两路口街道", "上清寺街道", "华一坡社区居民委员会"]


def table(names):
    return RawTable("places.csv", {"name_zh": list(names)}, np.arange(2, 2 + len(names)))


@pytest.mark.parametrize("wrong", ["gb18030", "latin-1"])
def test_utf_8_read_as_something_else_is_named_with_what_it_was(wrong):
    damaged = [n.encode().decode(wrong, "replace").replace("\ufffd", "?") for n in NAMES]
    (issue,) = damaged_columns(table(damaged))
    assert (issue.file, issue.column, issue.row) == ("places.csv", "name_zh", 2)
    assert "七星岗" in issue.expected


def test_right_names_in_any_script_are_left_alone():
    standards = default()
    names = [t.name_zh for t in standards.types.values()] + NAMES
    assert damaged_columns(table(names)) == []
    assert damaged_columns(table(["Café", "Straße", "Curaçao", "naïve", "São Paulo"])) == []
    assert damaged_columns(table([None, 3, "plain", ""])) == []

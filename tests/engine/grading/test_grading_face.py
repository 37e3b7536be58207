"""The Python face: cards by name, tables as frames, a map, short texts."""

from __future__ import annotations

import builtins

import matplotlib as mpl
import pytest

import lifecircle
from lifecircle.engine.assess import assess
from lifecircle.errors import MissingExtraError, NotFoundError


@pytest.fixture(scope="module")
def assessment(tmp_path_factory):
    from conftest import SmallDistrict

    district = SmallDistrict(tmp_path_factory.mktemp("face") / "bundle")
    district.tables["places"][0]["name_en"] = "Small town"
    return assess(str(district.write()))


def test_a_card_is_found_by_codes_and_by_names(assessment):
    card = assessment.card("C4", "convenience")
    for area, key in (("社区4", "便利店"), ("C4", "Convenience store"), ("社区4", "convenience")):
        assert assessment.card(area, key) == card
    assert assessment.card("Small town", "overall")["level"] == "district"


def test_what_is_not_there_is_answered_with_near_names(assessment):
    with pytest.raises(NotFoundError, match=r"社区4.*没有这个地方"):
        assessment.card("社区44", "convenience")
    with pytest.raises(NotFoundError, match="kindergarten"):
        assessment.card("C4", "kindergarden")
    with pytest.raises(NotFoundError, match="没有这个类型"):
        assessment.card("C4", "zzzzzz")


def test_tables_become_geodataframes(assessment):
    cards = assessment.to_geopandas()
    assert (len(cards), cards.crs.to_epsg()) == (assessment.cards.num_rows, 4326)
    district = cards[(cards["area"] == "D") & (cards["key"] == "overall")].geometry.iloc[0]
    assert district.geom_type == "Polygon"
    assert set(assessment.to_geopandas("buildings").geom_type) == {"Point"}
    assert len(assessment.to_geopandas("facilities")) == 1
    for layer in ("gaps", "indicators"):
        assert len(assessment.to_geopandas(layer)) == getattr(assessment, layer).num_rows
    with pytest.raises(ValueError, match="layer is one of"):
        assessment.to_geopandas("nothing")


def test_cards_are_drawn_with_colour_symbol_and_word(assessment):
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    ax = assessment.plot("convenience")
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert any("红 Red · " in word for word in words)
    assert len(ax.patches) == 4
    assert {text.get_text() for text in ax.texts} <= {"●", "◆", "▲", "■", "×", "–"}
    assert assessment.plot("overall", level="street", ax=ax) is ax
    ax.figure.savefig(assessment.district.root / "map.png")  # glyphs are there: no warning
    plt.close("all")
    with pytest.raises(NotFoundError, match="nothing"):
        assessment.plot("nothing")


@pytest.mark.parametrize(
    ("library", "use"), [("geopandas", "to_geopandas"), ("matplotlib", "plot")]
)
def test_a_missing_extra_says_how_to_get_it(assessment, monkeypatch, library, use):
    found = builtins.__import__

    def without(name, *args, **kwargs):
        if name.split(".")[0] == library:
            raise ImportError(name)
        return found(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'lifecircle\["):
        getattr(assessment, use)()


def test_texts_of_objects_are_short(assessment):
    network = lifecircle.network_of(assessment.district)
    for thing in (assessment, assessment.district, assessment.district.standards, network):
        assert len(repr(thing)) < 300
    assert "小区" in repr(assessment)

"""save_map_set: a folder with an index that leads to every map, whatever its name."""

import re

import pandas as pd
import pytest

from wardmap.errors import InputError
from wardmap.maps.district_map import ward_map
from wardmap.maps.map_set import save_map_set


@pytest.fixture
def drawn(wards):
    index = pd.MultiIndex.from_product(
        [["Burglary"], ["2018"], wards.index], names=["theme", "period", "ward_code"]
    )
    return ward_map(pd.DataFrame({"rate": [1.0, 2.0, 3.0, 4.0, 5.0]}, index=index), wards)


def test_what_cannot_be_a_set_is_refused(drawn, tmp_path):
    with pytest.raises(InputError, match="no map to write"):
        save_map_set({}, tmp_path)
    with pytest.raises(InputError, match="names: 'Robbery'"):
        save_map_set({"Burglary": drawn, "Robbery": "map"}, tmp_path)
    (tmp_path / "file").write_text("here")
    with pytest.raises(InputError, match="is a file"):
        save_map_set({"Burglary": drawn}, tmp_path / "file")


def test_the_index_leads_to_every_map(drawn, tmp_path):
    names = ["Burglary", "burglary!", "../../etc", "<img src=x>", "index", "שלום"]
    written = save_map_set(dict.fromkeys(names, drawn), tmp_path / "maps", title="{{7*7}} maps")
    assert [path.name for path in written] == [
        "index.html", "burglary.html", "burglary-2.html", "etc.html", "img-src-x.html", "index-2.html",
        "map.html",
    ]  # fmt: skip
    assert {path.parent for path in written} == {tmp_path / "maps"}
    page = written[0].read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]+)"', page) == [path.name for path in written[1:]]
    assert "<img src=x>" not in page
    assert "{{" not in page
    assert "default-src 'none'" in page
    assert "Burglary, 2018" in page


def test_the_same_maps_give_the_same_bytes(drawn, tmp_path):
    first = save_map_set({"a": drawn}, tmp_path / "1")
    second = save_map_set({"a": drawn}, tmp_path / "2")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]

"""Methods travel in columns, and a bundle says what it was made of."""

import json

import pandas as pd
import pytest

from wardmap import provenance
from wardmap.errors import MixedMethodsWarning


def test_one_method_is_said_several_are_warned_of_none_is_admitted():
    table = pd.DataFrame(
        {"rate": [1, 2], "rate_method": ["Byar.", "Byar."], "gi_method": ["exact", "sampled"]}
    )
    assert provenance.methods(table, "rate") == ["Byar."]
    assert provenance.methods(table, "scan") == ["method not recorded"]
    with pytest.warns(MixedMethodsWarning, match=r"(?s)'gi'.*exact.*sampled"):
        assert provenance.methods(table, "gi") == ["exact", "sampled"]


def test_a_manifest_names_inputs_by_name_and_digest_not_by_path(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(b"abc")
    table = pd.DataFrame({"rate_method": ["Byar."]})
    source = provenance.Source("Populations", vintage="mid-2017")
    found = provenance.manifest(table, inputs=[path], settings={"theme": "all crime"}, sources=[source])
    assert found["methods"] == {"rate": ["Byar."]}
    # the digest of "abc" is the example of FIPS 180-2, appendix B.1
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert found["inputs"] == [{"file": "people.csv", "bytes": 3, "sha256": digest}]
    assert str(tmp_path) not in json.dumps(found)
    assert {"python", "wardmap", "folium", "libpysal"} <= set(found["versions"])

"""describe_incidents: what was found, by theme, and it adds up."""

import pandas as pd

import wardmap as wm
from wardmap import schema


def test_what_was_found_by_hand(incidents):
    found = wm.read.describe_incidents(incidents)
    schema.check(found, schema.FOUND)
    assert found.index.tolist() == ["Anti-social behaviour", "Burglary", "Robbery", "total"]
    assert found.loc["total", ["read", "located", "no_location", "invalid", "duplicate"]].tolist() == [
        8,
        6,
        1,
        1,
        1,
    ]
    assert found.loc["Burglary", "located_share"] == 0.75
    assert found.loc["Robbery", "date_first"] == pd.Timestamp("2016-04-01")
    parts = found[["located", "no_location", "invalid"]].sum(axis=1)
    assert parts.equals(found["read"])
    assert found.drop(index="total")["read"].sum() == found.loc["total", "read"]


def test_themes_without_a_date_have_none(incidents):
    found = wm.read.describe_incidents(incidents.assign(date=pd.NaT))
    assert found["date_first"].isna().all()

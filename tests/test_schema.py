"""The handshake between rooms: require, check, write."""

import pandas as pd
import pytest

from wardmap import schema
from wardmap.errors import ColumnClashError, InputError, MissingColumnError


@pytest.fixture
def table():
    index = pd.MultiIndex.from_tuples([("ASB", "2018", "E05000001")], names=schema.WARD_TABLE.index)
    return pd.DataFrame({"incidents": [3]}, index=index)


def test_a_missing_column_is_named_with_its_neighbours_and_its_writer(table):
    with pytest.raises(MissingColumnError) as caught:
        schema.require(table.assign(rates=1.0), schema.WARD_TABLE, ["rate"])
    assert str(caught.value) == (
        "The ward table has no column 'rate'.\n"
        "  columns found, nearest first: rates, incidents\n"
        "  Mend it: table = wm.add_rates(table, population)"
    )
    assert isinstance(caught.value, KeyError)
    assert isinstance(caught.value, ValueError)


def test_a_missing_index_is_named(table):
    with pytest.raises(MissingColumnError, match=r"(?s)must be theme, period, ward_code.*index found: None"):
        schema.require(table.reset_index(), schema.WARD_TABLE, [])
    with pytest.raises(InputError, match="must be a DataFrame"):
        schema.require([1, 2], schema.WARD_TABLE, [])


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("incidents", [0.5], "must hold a whole number"),
        ("rate", ["high"], "must hold a number"),
        ("status", ["Above"], "must hold a category"),
        ("ward_name", [None], "must not be null"),
    ],
)
def test_a_column_that_holds_something_else_is_named(table, column, values, message):
    with pytest.raises(InputError, match=message):
        schema.check(table.assign(**{column: values}), schema.WARD_TABLE)


def test_write_replaces_its_own_and_refuses_what_is_not(table):
    once = schema.write(table, "rate", {"rate": [1.0]}, "by hand")
    twice = schema.write(once, "rate", {"rate": [2.0]}, "again")
    assert twice["rate"].tolist() == [2.0]
    assert twice["rate_method"].tolist() == ["again"]
    assert table.columns.tolist() == ["incidents"]
    with pytest.raises(ColumnClashError, match=r"'rate'(.|\n)*rename"):
        schema.write(table.assign(rate=9.0), "rate", {"rate": [1.0]}, "by hand")

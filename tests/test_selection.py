"""One theme and period, chosen the same way by every room."""

import pandas as pd
import pytest

from wardmap import schema
from wardmap.errors import InputError, MissingColumnError


def table(themes, periods):
    index = pd.MultiIndex.from_product([themes, periods, ["a", "b"]], names=["theme", "period", "ward_code"])
    return pd.DataFrame({"incidents": range(len(index))}, index=index)


def chosen(rows):
    return tuple(rows.index.get_level_values(level).unique().item() for level in ("theme", "period"))


def test_a_theme_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(InputError, match=r"no theme 'Burglry'\.\n.*first: 'Burglary'(.|\n)*theme='Bu"):
        schema.select(table(["Robbery", "Burglary"], ["2018"]), "Burglry")


def test_a_period_that_is_not_there_is_named():
    with pytest.raises(InputError, match=r"no period '2019'"):
        schema.select(table(["Robbery"], ["2018"]), period="2019")


def test_several_themes_need_a_choice():
    with pytest.raises(InputError, match=r"several themes(.|\n)*theme='Robbery'"):
        schema.select(table(["Robbery", "Burglary"], ["2018"]))


def test_no_rows_and_no_ward_table_are_errors():
    with pytest.raises(InputError, match="no rows"):
        schema.select(table(["Robbery"], ["2018"]).iloc[:0])
    with pytest.raises(MissingColumnError, match="index must be"):
        schema.select(pd.DataFrame({"incidents": [1]}))


@pytest.mark.parametrize(
    ("themes", "periods", "expected"),
    [
        (["Robbery"], ["2018-02", "2018-10", "2018-01"], ("Robbery", "2018-10")),
        (["Robbery", "all crime"], ["2016/17", "2015/16"], ("all crime", "2016/17")),
        (["Robbery"], ["before", "after"], ("Robbery", "after")),
    ],
)
def test_the_default_is_all_crime_or_the_only_theme_and_the_last_period(themes, periods, expected):
    assert chosen(schema.select(table(themes, periods))) == expected


def test_the_rows_come_as_they_are_whatever_their_order():
    given = table(["Robbery", "all crime"], ["2017", "2018"])
    rows = schema.select(given.iloc[::-1], "all crime", "2018")
    pd.testing.assert_frame_equal(rows, given.iloc[[7, 6]])

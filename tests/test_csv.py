"""CSV that a spreadsheet opens as data."""

import csv
import io

import pandas as pd
import pytest

from wardmap.reports.csv import as_csv


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_looks_like_a_formula_stays_text(hostile):
    table = pd.DataFrame(
        {"ward_name": [hostile, "Quay"], "=cost": [-1.5, 2]}, index=pd.Index(["=a", "b"], name="code")
    )
    rows = list(csv.reader(io.StringIO(as_csv(table), newline="")))
    assert rows[0] == ["code", "ward_name", "'=cost"]
    assert rows[1] == ["'=a", f"'{hostile}", "-1.5"]
    assert rows[2] == ["b", "Quay", "2.0"]


def test_methods_come_last_and_categories_are_text():
    table = pd.DataFrame({"rate_method": pd.Categorical(["=x"]), "status": pd.Categorical(["Above"])})
    assert as_csv(table).splitlines()[0] == "index,status,rate_method"
    assert as_csv(table).splitlines()[1] == "0,Above,'=x"

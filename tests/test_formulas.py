"""The rule for cells that a spreadsheet would run: hostile starts get an apostrophe, all else stays."""

import pytest

from wardmap.page.safe_text import FORMULA_STARTS, safe_cell


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_looks_like_a_formula_is_kept_as_text(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["Abbey", "", "1=1", -1, -1.5, None, True])
def test_anything_else_is_as_it_was(value):
    assert safe_cell(value) is value

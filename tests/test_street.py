"""Street files: the compiled reader and that of pandas read the same rows, or the compiled one gives up."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from wardmap.errors import InputError, RepairWarning
from wardmap.formats import street
from wardmap.formats.archive import file_member
from wardmap.formats.street import read_plain_street, read_street
from wardmap.formats.text import open_text

HEADER = "Crime ID,Month,Reported by,Longitude,Latitude,Location,Crime type,Context"
ROW = "a1,2018-03,Police,-1.957155,52.767177,On or near,Burglary,"

needs_arrow = pytest.mark.skipif(street._strings() is None, reason="pandas does not hold text in Arrow here")


def text_of(*rows, header=HEADER, end="\n"):
    return open_text((header + "\n" + "".join(row + end for row in rows)).encode(), "street.csv")


def assert_same(one, other):
    for field in dataclasses.fields(one):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name == "identifier":
            pd.testing.assert_series_equal(ours, theirs)
        elif field.name == "kinds":
            assert ours == theirs
        else:
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)


ENDS = st.sampled_from(["\n", "\r\n"])
PLAIN = st.text(
    st.characters(codec="utf-8", exclude_characters=',"\r\n\0', exclude_categories=["Cs"]), max_size=20
)
DEGREES = st.one_of(
    st.just(""),
    st.decimals(-999, 999, places=6).map(str),
    st.floats(-180, 180).map(repr),
    st.sampled_from(
        ["0", "-0.0", "1.", ".5", "-.5", "007.25", "123456789.123456", "1e3", "+1", "west", "-", "."]
    ),
)
MONTHS = st.one_of(
    st.just(""), st.dates(min_value=pd.Timestamp("1700-01-01").date()).map(lambda day: f"{day:%Y-%m}")
)


@needs_arrow
@given(
    st.lists(st.tuples(PLAIN, MONTHS, PLAIN, DEGREES, DEGREES, PLAIN, PLAIN, PLAIN), min_size=1, max_size=8),
    ENDS,
)
def test_what_the_compiled_reader_reads_is_what_pandas_reads(cells, end):
    text = text_of(*(",".join(row) for row in cells), end=end)
    compiled = street._compiled(text, identifiers=True)
    event("read" if compiled is not None else "left to pandas")
    if compiled is not None:
        assert_same(compiled, read_street(text))


@needs_arrow
def test_an_ordinary_file_is_read_by_the_compiled_reader():
    rows = [ROW, ROW.replace("a1", ""), ROW.replace("Burglary", ""), ROW.replace("-1.957155", "")]
    compiled = street._compiled(text_of(*rows), identifiers=True)
    assert_same(compiled, read_street(text_of(*rows)))
    assert compiled.known.tolist() == [True, False, True, True]
    assert compiled.blank.tolist() == [False, False, False, True]
    assert compiled.month.tolist() == [12 * 2018 + 2] * 4
    assert street._compiled(text_of(*rows), identifiers=False).identifier is None
    assert_same(street._compiled(text_of(*rows, end="\r\n"), identifiers=True), compiled)
    quoted = text_of(*rows, header=HEADER.replace("Crime ID", '"Crime ID"'))
    assert_same(street._compiled(quoted, identifiers=True), compiled)


@pytest.mark.parametrize(
    "row",
    [
        ROW + ",surplus",
        ROW.removesuffix(","),
        "",
        ROW.replace("On or near", '"On, or near"'),
        ROW.replace("2018-03", "2018-13"),
        ROW.replace("2018-03", "03/2018"),
        ROW.replace("-1.957155", "west"),
        ROW.replace("-1.957155", "1e-3"),
        ROW.replace("-1.957155", "-1.9571550000000001"),
        ROW.replace("Police", "Po\rlice"),
    ],
)
def test_anything_else_is_left_to_pandas(row):
    assert street._compiled(text_of(ROW, row, ROW), identifiers=False) is None


def test_a_wide_row_and_a_short_one_do_not_cancel_out():
    wide, short = ROW + ",surplus", ROW.removesuffix(",")
    assert street._compiled(text_of(ROW, wide, short), identifiers=False) is None


def test_a_return_is_no_part_of_the_last_value():
    short = HEADER.removesuffix(",Context")
    text = text_of(ROW.removesuffix(","), header=short, end="\r\n")
    assert street._compiled(text, identifiers=False) is None
    assert read_street(text, compiled=True).kinds == ["Burglary"]
    assert street._compiled(text_of(ROW.removesuffix(","), header=short), identifiers=False).kinds == [
        "Burglary"
    ]


def test_a_header_that_ends_in_a_lone_return_is_left_to_pandas():
    text = open_text(f"{HEADER}\r{ROW}\n{ROW}\n".encode(), "street.csv")
    assert street._compiled(text, identifiers=False) is None


def test_a_frame_with_empty_text_is_read_as_a_file_with_blanks():
    rows = pd.DataFrame(
        {
            "Crime ID": ["", ""],
            "Month": "2018-03",
            "Longitude": " ",
            "Latitude": ["", "1.0"],
            "Crime type": "",
        }
    )
    found = street.street_of(rows, "frame")
    assert found.known.tolist() == [False, False]
    assert found.blank.tolist() == [True, True]
    assert found.kind.tolist() == [-1, -1]


def test_as_many_types_as_there_are_rows_stay_apart():
    rows = pd.DataFrame(
        {
            "Crime ID": "a",
            "Month": "2018-03",
            "Longitude": -1.6,
            "Latitude": 52.8,
            "Crime type": range(40_000),
        }
    )
    found = street.street_of(rows.astype({"Crime type": str}), "frame")
    assert (np.array(found.kinds)[found.kind] == rows["Crime type"].astype(str)).all()


def test_more_kinds_than_there_is_room_for_are_left_to_pandas():
    rows = [ROW.replace("Burglary", f"Kind {number}") for number in range(65)]
    assert street._compiled(text_of(*rows), identifiers=False) is None
    assert street._compiled(text_of(*rows[:64]), identifiers=False).kinds == [f"Kind {n}" for n in range(64)]


def test_compiled_or_not_a_month_that_is_none_is_an_error():
    for compiled in (False, True):
        with pytest.raises(InputError, match=r"In 1 row of 'street.csv' the month(.|\n)*'2018-13'"):
            read_street(text_of(ROW, ROW.replace("2018-03", "2018-13")), compiled=compiled)


def test_only_plain_files_are_read_without_a_word(tmp_path):
    path = tmp_path / "2018-03-a-street.csv"
    path.write_text(f"{HEADER}\n{ROW}\n", encoding="ascii")
    assert read_plain_street(file_member(path)).x.tolist() == [-1.957155]
    path.write_bytes(f"{HEADER}\n{ROW}\n".encode().replace(b"near", b"n\xe9ar"))
    assert read_plain_street(file_member(path)) is None
    with pytest.warns(RepairWarning):
        assert len(read_street(open_text(path.read_bytes(), path.name)).x) == 1


@pytest.mark.real_data
@needs_arrow
def test_real_street_files_are_read_by_the_compiled_reader(shared_data):
    for path in sorted((shared_data / "police").glob("*/*-street.csv")):
        text = open_text(path.read_bytes(), path.name)
        assert_same(street._compiled(text, identifiers=True), read_street(text))

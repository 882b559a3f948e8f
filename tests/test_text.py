"""open_text and read_rows: encodings, separators, headers and widths of tables in text."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import InputError, RepairWarning
from wardmap.formats import text as text_module
from wardmap.formats.archive import file_member
from wardmap.formats.rows import read_rows
from wardmap.formats.text import open_text, text_blocks

TABLE = "name,east\nQuay,1\nMôr,2\n"


# Inputs ---------------------------------------------------------------------------------------------


def test_windows_1252_is_read_with_a_warning():
    with pytest.warns(RepairWarning, match=r"(?s)not in UTF-8.*line 3: 'Môr,2'"):
        text = open_text(TABLE.encode("cp1252"), "t.csv")
    assert text.encoding == "Windows-1252"
    assert read_rows(text)["name"].tolist() == ["Quay", "Môr"]


def test_bytes_of_no_known_encoding_are_refused():
    with pytest.raises(InputError, match="cannot be told how the text of"):
        open_text(b"name\n\x81\xff\n", "t.csv")


def test_zero_bytes_are_taken_out_and_said():
    with pytest.warns(RepairWarning, match=r"(?s)taken out of 't.csv'.*2 zero bytes, the first in line 2"):
        text = open_text(TABLE.encode().replace(b"Quay", b"Qu\0ay\0"), "t.csv")
    assert read_rows(text)["name"].tolist() == ["Quay", "Môr"]
    with pytest.raises(InputError, match="is not text"):
        open_text(TABLE.encode("utf-16-le"), "t.csv")


@pytest.mark.parametrize("data", [b"\n\n", b",,\n1,2,3\n"])
def test_no_header_is_an_error(data):
    with pytest.raises(InputError, match="no header"):
        open_text(data, "t.csv")


def test_two_columns_of_one_name_are_an_error():
    with pytest.raises(InputError, match=r"(?s)1 column more than once.*'east' in columns 2, 3"):
        open_text(b"name,east, east \n", "t.csv")


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_row_wider_than_the_header_names_its_line(quote):
    data = f"a,b\n{quote}1{quote},2\n\n3,4,5\n6\n".encode()
    with pytest.raises(InputError, match=r"line 4.*3"):
        read_rows(open_text(data, "t.csv"))
    with pytest.raises(InputError, match=r"2 columns, line 4 has 3 values"):
        read_rows(open_text(data, "t.csv"), ["a"])


def test_a_wide_row_and_a_short_one_do_not_cancel_out():
    with pytest.raises(InputError, match="line 2 has 3 values"):
        read_rows(open_text(b"a,b\n1,2,3\n4\n", "t.csv"), ["a"])


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_short_row_is_padded_and_counted(quote):
    data = f"a,b\n{quote}1{quote},2\n3\n".encode()
    with pytest.warns(RepairWarning, match=r"(?s)In 1 row of 't.csv' values are missing.*line 3 has 1 value"):
        rows = read_rows(open_text(data, "t.csv"))
    assert rows["b"].isna().tolist() == [False, True]


def test_an_open_quote_is_an_error():
    with pytest.raises(InputError, match="rows do not fit its header"):
        read_rows(open_text(b'a,b\n1,2\n"3,4\n5,6\n', "t.csv"))


@pytest.mark.parametrize("row", ['1,"On or near', 'a,"The "Green" Man"'])
def test_a_quote_that_would_swallow_rows_is_an_error_with_its_line(row):
    """Until the next quote everything would be one row: here two rows of four would be gone."""
    with pytest.raises(InputError, match=r"(?s)do not fit its header.*line \d"):
        read_rows(open_text(f'a,b\n1,2\n{row}\n3,4\n5,"6, or 7"\n'.encode(), "t.csv"))


def test_an_inch_mark_is_no_quote():
    rows = read_rows(open_text(b'a,b\n5" pipe,"1,2"\n', "t.csv"))
    assert rows["a"].tolist() == ['5" pipe']


# Outputs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")]
)
def test_marked_encodings_are_read_without_a_word(encoding, name):
    text = open_text(TABLE.encode(encoding), "t.csv")
    assert (text.encoding, text.header) == (name, ("name", "east"))
    assert read_rows(text)["name"].tolist() == ["Quay", "Môr"]


@pytest.mark.parametrize(
    ("separator", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
def test_the_separator_is_found(separator, word):
    text = open_text(TABLE.replace(",", separator).encode(), "t.csv")
    assert text.words() == f"text in UTF-8 separated by {word}s"
    assert read_rows(text).shape == (2, 2)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_a_line_end(end):
    assert read_rows(open_text(TABLE.replace("\n", end).encode(), "t.csv")).shape == (2, 2)


def test_words_that_pandas_takes_for_nothing_are_kept():
    rows = read_rows(open_text(b"name,code\nNone,5E05\nNA,00123\nnull,\n", "t.csv"))
    assert rows["name"].tolist() == ["None", "NA", "null"]
    assert rows["code"].tolist()[:2] == ["5E05", "00123"]
    assert rows["code"].isna().tolist() == [False, False, True]


def test_numbers_are_numbers_only_if_all_of_them_are():
    good = read_rows(open_text(b"x\n1.5\n\n2\n", "t.csv"), numbers=["x"])
    assert good["x"].tolist() == [1.5, 2.0]
    mixed = read_rows(open_text(b'x\n"1,500"\n2\n', "t.csv"), numbers=["x"])
    assert mixed["x"].tolist() == ["1,500", "2"]


def test_blocks_end_where_rows_do_and_count_lines_from_the_top(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text('a,"b\nc"\n' + "".join(f'{i},"x\ny"\n' for i in range(50)) + "1,2,3\n", encoding="utf-8")
    monkeypatch.setattr(text_module, "BLOCK", 40)
    blocks = list(text_blocks(file_member(path)))
    assert len(blocks) > 5
    rows = pd.concat([read_rows(block) for block in blocks[:-1]])
    assert rows["a"].tolist() == [str(i) for i in range(len(rows))]
    assert set(rows["b\nc"]) == {"x\ny"}
    with pytest.raises(InputError, match="line 103 has 3 values"):
        read_rows(blocks[-1])


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_whatever_is_written_is_read(table):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *table])
    rows = read_rows(open_text(buffer.getvalue().encode(), "t.csv"))
    expected = pd.DataFrame(table, columns=["a", "b"], dtype=object)
    pd.testing.assert_frame_equal(rows.astype(object), expected)

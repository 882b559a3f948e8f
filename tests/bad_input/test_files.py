"""Files that are not what they seem: one test for each way in which a reader would take them in silence.

Not here, because wardmap makes neither yet: a workbook, whose text cells must not become formulas or
links and whose sheets need clean names of at most 31 characters; and a styled table (`Styler`), which
escapes nothing unless it is told to.
"""

import csv
import io
import zipfile

import pandas as pd
import pytest

import wardmap as wm
from wardmap.errors import InputError, LeftOutWarning, RepairWarning
from wardmap.reports.csv import as_csv

HEADER = "date,type,easting,northing,offence_code"
ROW = "2018-03-14,Theft,424500,323500,5E05"


@pytest.fixture
def saved(tmp_path):
    """Return a call that writes a file and gives its path."""

    def save(content, name="own.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return save


def test_an_extra_comma_on_every_row_shifts_no_column(saved):
    """Pandas would take the first column for an index, and each value for that of the next column."""
    for row in (f",{ROW}", f"{ROW},"):
        with pytest.raises(
            InputError, match=r"(?s)do not fit its header.*line 2 has 6 values.*2 rows in all with more"
        ):
            wm.read_incidents(saved(f"{HEADER}\n{row}\n{row}"))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"{ROW},more", "5 columns, line 3 has 6 values"),
        ('2018-03-14,"Theft,424500,323500,', "line 3: a quote is opened and never closed"),
    ],
    ids=["extra comma", "open quote"],
)
def test_one_row_that_is_too_wide_or_never_closed_is_found(saved, row, says):
    with pytest.raises(InputError, match=rf"(?s)'own.csv' is not a readable CSV file.*{says}.*text editor"):
        wm.read_incidents(saved(f"{HEADER}\n{ROW}\n{row}"))


def test_a_short_row_is_counted_in_a_warning(saved):
    with pytest.warns(
        RepairWarning, match=r"(?s)In 1 row of 'own.csv' values are missing.*5 columns, line 3 has 2 values"
    ):
        read = wm.read_incidents(saved(f"{HEADER}\n{ROW}\n2018-03-15,Theft"))
    assert read["location"].tolist() == ["located", "no_location"]


def test_zero_bytes_are_taken_out_with_a_warning_and_a_mark_at_the_start_without(saved):
    with pytest.warns(RepairWarning, match=r"(?s)taken out of 'own.csv'.*1 zero byte, the first in line 2"):
        read = wm.read_incidents(saved("\n".join([HEADER, ROW.replace("Theft", "Th\0eft")])))
    assert read["theme"].tolist() == ["Theft"]
    marked = wm.read_incidents(saved(f"{HEADER}\n{ROW}".encode("utf-8-sig")))
    assert marked["date"].notna().all()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
@pytest.mark.filterwarnings("ignore:.*Windows-1252:wardmap.errors.RepairWarning")
def test_other_encodings_keep_their_letters(saved, encoding):
    path = saved("\n".join([HEADER, ROW.replace("Theft", "Vol à l'étalage")]).encode(encoding))
    assert wm.read_incidents(path)["theme"].tolist() == ["Vol à l'étalage"]


def test_an_encoding_that_had_to_be_assumed_is_said(saved):
    with pytest.warns(RepairWarning, match=r"(?s)read as Windows-1252.*line 2: 'E05000001,Môr,5'"):
        wm.read_population(saved("ward_code,name,population\nE05000001,Môr,5\n".encode("cp1252")))


def test_a_semicolon_between_values_is_found(saved):
    read = wm.read_incidents(saved(f"{HEADER}\n{ROW}".replace(",", ";")))
    assert read["location"].tolist() == ["located"]
    assert "separated by semicolons" in read["read_method"].iloc[0]
    with pytest.raises(InputError, match="columns found: 'When', 'How', 'Where'"):
        wm.read_incidents(saved("When;How;Where\n2018-03-14;Theft;here\n"))


def test_words_that_mean_nothing_to_pandas_are_text(saved):
    rows = [f"2018-03-14,{word},424500,323500,{word}" for word in ("None", "NA", "null", "nan", "")]
    read = wm.read_incidents(saved("\n".join([HEADER, *rows])))
    assert read["theme"].tolist() == ["None", "NA", "null", "nan", "(not recorded)"]
    assert read["offence_code"].tolist() == ["None", "NA", "null", "nan", None]


def test_two_columns_of_one_name_are_an_error(saved, tmp_path, residents):
    with pytest.raises(InputError, match=r"(?s)1 column more than once.*'type' in columns 2, 3"):
        wm.read_incidents(saved("date,type,type\n2018-03-14,Theft,Robbery\n"))
    pytest.importorskip("openpyxl")
    twice = residents.set_axis(["ward_code"] * 2, axis=1)
    twice.to_excel(tmp_path / "people.xlsx", index=False)
    for source in (tmp_path / "people.xlsx", twice):
        with pytest.raises(InputError, match=r"(?s)columns of the same name.*'ward_code'"):
            wm.read_population(source)


def test_codes_that_look_like_numbers_stay_text(saved):
    read = wm.read_incidents(saved("\n".join([HEADER, ROW, ROW.replace("5E05", "00123")])))
    assert read["offence_code"].tolist() == ["5E05", "00123"]
    people = wm.read_population(saved("ward_code,population\n00123,5\n5E05,6\n"))
    assert people.index.tolist() == ["00123", "5E05"]


def test_a_date_that_can_be_read_two_ways_is_refused_until_the_format_is_given(saved):
    path = saved("\n".join([HEADER, ROW.replace("2018-03-14", "03/04/2024")]))
    with pytest.raises(InputError, match=r"(?s)read two ways.*'03/04/2024'.*day first.*month first"):
        wm.read_incidents(path)
    read = wm.read_incidents(path, date_format="%d/%m/%Y")
    assert read["date"].tolist() == [pd.Timestamp("2024-04-03")]


def test_published_layouts_have_one_format_of_dates(saved, street_rows):
    collision = "Accident_Index,Date,Accident_Severity,Longitude,Latitude\n1,03/04/2016,1,-1.6,52.8\n"
    assert wm.read_incidents(saved(collision))["date"].tolist() == [pd.Timestamp("2016-04-03")]
    with pytest.raises(InputError, match="not written as YYYY-MM"):
        wm.read_incidents(street_rows.assign(Month="03/2018"))


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_a_ward_name_that_is_a_formula_stays_text_in_a_spreadsheet(layer, rows, hostile):
    layer.loc[1, "WD13NM"] = f"Hill{hostile}"
    table = wm.count_incidents(
        wm.assign_wards(wm.read_incidents(rows), wm.read_wards(layer)), wm.read_wards(layer)
    )
    # reading takes the spaces off a name, so what begins with one is put at its start afterwards
    table = table.assign(change=-1.5, ward_name=table["ward_name"].str.removeprefix("Hill"))
    written = list(csv.DictReader(io.StringIO(as_csv(table), newline="")))
    assert [row["ward_name"] for row in written[:3]] == ["Quay", f"'{hostile}", "Moor"]
    assert written[0]["change"] == "-1.5"  # a number is a number


def test_a_control_character_in_a_name_is_shown_as_one_that_a_page_can_hold(layer, rates):
    layer.loc[0, "WD13NM"] = "Qu\x0bay"
    page = (
        wm.ward_map(rates.assign(ward_name=["Qu\x0bay", *"bcde"] * 2), wm.read_wards(layer))
        .get_root()
        .render()
    )
    assert "\x0b" not in page
    assert "Qu\ufffday" in page or r"Qu\ufffday" in page


STREET = "2018-03/2018-03-practice-street.csv"


@pytest.fixture
def archive(tmp_path, street_rows):
    """Return a call that writes an archive of a street file and of other members, and gives its path."""

    def write(*members, street=True):
        path = tmp_path / "in" / "download.zip"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in ([(STREET, street_rows.to_csv(index=False))] if street else []) + list(members):
                file.writestr(name, data)
        return path

    return write


@pytest.mark.parametrize("name", [f"../../{STREET}", "/tmp/x.csv", "..\\x.csv", "2018-03/../x-street.csv"])  # noqa: S108
def test_members_that_point_elsewhere_are_left_out_and_nothing_is_written(
    archive, tmp_path, street_rows, name
):
    path = archive((name, "a,b\n1,2\n"))
    before = sorted(tmp_path.rglob("*"))
    with pytest.warns(LeftOutWarning, match="Left out, because not named as police files are: 1 file"):
        assert len(wm.read_incidents(path)) == len(street_rows)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_archive_that_unpacks_to_a_thousand_times_its_size_is_refused_unread(archive):
    bomb = archive(("2018-04/2018-04-practice-street.csv", b"\0" * 20_000_000))
    with pytest.raises(InputError, match=r"(?s)was not read.*it unpacks to 1,0\d\d times its size"):
        wm.read_incidents(bomb)


@pytest.mark.parametrize("name", ["inner.zip", "2018-03/inner.gz"])
def test_an_archive_in_an_archive_is_refused(archive, name):
    with pytest.raises(InputError, match=rf"another archive: '{name}'"):
        wm.read_incidents(archive((name, "PK")))


def test_an_archive_of_many_files_is_one_table(archive, street_rows):
    """`pandas.read_csv` refuses an archive that holds more than one file."""
    later = street_rows.assign(Month="2018-04").to_csv(index=False)
    read = wm.read_incidents(archive(("2018-04/2018-04-practice-street.csv", later)))
    assert read["source"].value_counts(sort=False).tolist() == [len(street_rows)] * 2


VIRTUAL = (
    "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>"
    "</OGRVRTDataSource>"
)


@pytest.mark.parametrize("name", ["wards.geojson", "wards.json", "wards.kml", "wards.shp", "wards.gpkg"])
def test_a_file_that_opens_other_files_is_refused_before_it_is_opened(saved, layer, tmp_path, name):
    layer.to_file(tmp_path / "secret.gpkg")
    path = saved(VIRTUAL.format(tmp_path / "secret.gpkg"), name)
    with pytest.raises(InputError, match=r"(?s)not what its name says.*a virtual file"):
        wm.read_wards(path)
    with pytest.raises(InputError, match=r"(?s)not what its name says.*a virtual file"):
        wm.read_incidents(path)


@pytest.mark.parametrize("where", ["/vsicurl/http://localhost:9/w.geojson", "http://localhost:9/w.geojson"])
def test_an_address_is_no_file_and_nothing_is_asked_of_it(where):
    for read in (wm.read_wards, wm.read_incidents, wm.read_population):
        with pytest.raises(InputError, match="There is no file"):
            read(where)


def test_text_that_unfolds_itself_is_refused(saved):
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 9))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY e0 "x">{entities}]>'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&e8;</name></Placemark>'
        "</Document></kml>"
    )
    with pytest.raises(InputError, match="cannot be opened as"):
        wm.read_wards(saved(bomb, "wards.kml"), code="Name")

"""read_incidents: files as data.police.uk publishes them."""

import zipfile

import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError, LeftOutWarning, MissingColumnError, RepairWarning


def write(path, rows):
    rows.to_csv(path, index=False)
    return path


# Inputs ---------------------------------------------------------------------------------------------


def test_a_missing_file_names_its_neighbours(tmp_path, street_rows):
    write(tmp_path / "2018-03-staffordshire-street.csv", street_rows)
    with pytest.raises(InputError, match=r"There is no file .*\n.*2018-03-staffordshire-street.csv"):
        wm.read_incidents(tmp_path / "2018-03-stafordshire-street.csv")


def test_a_pattern_that_fits_nothing_is_an_error(tmp_path):
    with pytest.raises(InputError, match="No file matches the pattern"):
        wm.read_incidents(str(tmp_path / "*.csv"))


def test_a_folder_without_tables_is_an_error(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(InputError, match=r"no CSV file in the folder(.|\n)*notes.txt"):
        wm.read_incidents(tmp_path)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04rest", "ZIP archive or an Excel workbook"),
        (b"<!DOCTYPE html><html>", "HTML or XML page"),
        (b"SQLite format 3\x00", "GeoPackage"),
        (b'\xef\xbb\xbf{"type": "FeatureCollection"}', "JSON"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(tmp_path, head, kind):
    path = tmp_path / "street.csv"
    path.write_bytes(head)
    with pytest.raises(InputError, match=rf"not what its name says(.|\n)*{kind}"):
        wm.read_incidents(path)


def test_an_empty_file_and_another_ending_are_refused(tmp_path):
    empty = tmp_path / "street.csv"
    empty.touch()
    with pytest.raises(InputError, match="no bytes"):
        wm.read_incidents(empty)
    other = tmp_path / "street.docx"
    other.write_bytes(b"text")
    with pytest.raises(InputError, match=r"\.docx; those that can be read: \.csv, "):
        wm.read_incidents(other)


def test_no_coordinate_columns_lists_what_is_there(street_rows):
    with pytest.raises(
        MissingColumnError,
        match=r"'Longitude', 'Latitude'(.|\n)*columns found, none of them like it: .*Location",
    ):
        wm.read_incidents(street_rows.drop(columns=["Longitude", "Latitude"]))


def test_files_that_are_not_incidents_are_left_out_with_a_message(tmp_path, street_rows):
    write(tmp_path / "2018-03-a-street.csv", street_rows)
    outcomes = street_rows.drop(columns=["Crime type", "Context"]).rename(
        columns={"Last outcome category": "Outcome type"}
    )
    write(tmp_path / "2018-03-a-outcomes.csv", outcomes)
    (tmp_path / "2018-03-a-stop-and-search.csv").write_text("Type,Date,Object of search\n")
    with pytest.warns(
        LeftOutWarning, match=r"hold no incidents: 2 files(.|\n)*outcomes.csv' holds outcomes of crimes"
    ):
        read = wm.read_incidents(tmp_path)
    assert len(read) == len(street_rows)
    with pytest.raises(InputError, match="None of the files holds incidents"):
        wm.read_incidents(tmp_path / "2018-03-a-outcomes.csv")


def test_one_month_of_one_force_from_two_downloads_is_an_error(tmp_path, street_rows):
    for download in ("one", "two"):
        (tmp_path / download).mkdir()
        write(tmp_path / download / "2018-03-a-street.csv", street_rows)
    with pytest.raises(InputError, match=r"are there twice(.|\n)*one/2018-03-a-street.csv'"):
        wm.read_incidents(tmp_path)


def test_an_unreadable_month_is_named(street_rows):
    with pytest.raises(InputError, match=r"In 1 row(.|\n)*'03/2018'"):
        wm.read_incidents(street_rows.assign(Month=["2018-03", "2018-03", "03/2018", "2018-03"]))


# Outputs --------------------------------------------------------------------------------------------


def test_every_row_comes_back_with_its_place_or_a_reason(street_rows):
    read = wm.read_incidents(street_rows)
    schema.check(read, schema.INCIDENTS)
    assert read["location"].tolist() == ["located", "no_location", "located", "no_location"]
    assert read.geometry.isna().tolist() == [False, True, False, True]
    assert read["theme"].tolist() == ["Burglary", "Shoplifting", "Anti-social behaviour", "(not recorded)"]
    assert read["date"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2018-03-01"]
    assert read.crs == "EPSG:4326"


@pytest.mark.parametrize("bad", ["inf", "-200", "somewhere"])
def test_a_coordinate_that_cannot_be_one_is_invalid_not_lost(street_rows, bad):
    read = wm.read_incidents(street_rows.assign(Longitude=[bad, None, "-1.64", "0"]))
    assert read["location"].tolist() == ["invalid", "no_location", "located", "no_location"]


def test_types_that_are_no_longer_used_go_to_todays_with_a_note(street_rows):
    types = ["Violent crime", "Violence and sexual offences", "Public disorder and weapons", "Burglary"]
    with pytest.warns(RepairWarning, match=r"2 rows(.|\n)*'Violent crime' became 'Violence and sexual"):
        read = wm.read_incidents(street_rows.assign(**{"Crime type": types}))
    assert read["theme"].tolist() == [*["Violence and sexual offences"] * 2, "Public order", "Burglary"]
    assert "'Violent crime' read as" in read["read_method"].iloc[0]


def test_rows_at_one_place_share_one_point(street_rows):
    read = wm.read_incidents(pd.concat([street_rows.iloc[[0]]] * 3, ignore_index=True))
    assert len({id(point) for point in read.geometry.to_numpy()}) == 1


def test_a_folder_of_months_and_an_archive_read_the_same(tmp_path, street_rows):
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        for month in ("2018-03", "2018-04"):
            (tmp_path / month).mkdir()
            rows = street_rows.assign(Month=month)
            path = write(tmp_path / month / f"{month}-a-b-street.csv", rows)
            archive.write(path, f"{month}/{path.name}")
    by_folder, by_archive = wm.read_incidents(tmp_path), wm.read_incidents(tmp_path / "download.zip")
    pd.testing.assert_frame_equal(by_folder, by_archive)
    assert by_folder["source"].unique().tolist() == ["2018-03-a-b-street.csv", "2018-04-a-b-street.csv"]
    method = by_folder["read_method"].unique().tolist()
    assert method == [
        "data.police.uk street file, text in UTF-8 separated by commas; points in EPSG:4326; dates by month."
    ]


def test_a_month_without_a_row_stands_beside_others(tmp_path, street_rows):
    write(tmp_path / "2018-03-staffordshire-street.csv", street_rows)
    write(tmp_path / "2018-04-staffordshire-street.csv", street_rows.iloc[:0])
    assert len(wm.read_incidents(tmp_path)) == len(street_rows)


def test_identifiers_made_of_digits_stay_text(tmp_path, street_rows):
    digits = street_rows.assign(**{"Crime ID": [f"00{row}" for row in range(len(street_rows))]})
    read = wm.read_incidents(write(tmp_path / "2018-03-staffordshire-street.csv", digits))
    assert read["incident_id"].tolist() == digits["Crime ID"].tolist()


def test_blank_identifiers_are_never_equal(street_rows):
    rows = pd.concat([street_rows, street_rows], ignore_index=True)
    read = wm.read_incidents(rows)
    assert read["duplicate"].tolist() == [False] * 4 + [True, True, False, True]


def test_a_path_a_list_a_pattern_and_a_frame_read_the_same(tmp_path, street_rows):
    one = write(tmp_path / "2018-03-a-street.csv", street_rows.iloc[:2])
    two = write(tmp_path / "2018-04-a-street.csv", street_rows.iloc[2:])
    by_list = wm.read_incidents([two, str(one)])
    by_pattern = wm.read_incidents(str(tmp_path / "*-street.csv"))
    by_frame = wm.read_incidents(street_rows)
    pd.testing.assert_frame_equal(by_list, by_pattern)
    same = [
        read.drop(columns=["source", "read_method"]).astype({"incident_id": "string"})  # one kind of null
        for read in (by_list, by_frame)
    ]
    pd.testing.assert_frame_equal(*same)
    assert by_list["source"].tolist() == [one.name] * 2 + [two.name] * 2


def test_files_of_one_name_keep_their_folders(tmp_path, street_rows):
    for month in ("2018-03", "2018-04"):
        (tmp_path / month).mkdir()
        write(tmp_path / month / "street.csv", street_rows)
    sources = wm.read_incidents(str(tmp_path / "*" / "street.csv"))["source"].cat.categories
    assert [source.split("/")[-2] for source in sources] == ["2018-03", "2018-04"]


def test_the_frame_given_is_not_touched(street_rows):
    before = street_rows.copy(deep=True)
    wm.read_incidents(street_rows)
    pd.testing.assert_frame_equal(street_rows, before)

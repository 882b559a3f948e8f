"""count_files: what read_incidents, assign_wards and count_incidents would have said, in constant memory."""

import gzip
import os
import time
import tracemalloc
import zipfile

import numpy as np
import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import (
    CRSError,
    InputError,
    LeftOutWarning,
    MissingColumnError,
    RepairWarning,
    UnmatchedIncidentsWarning,
)
from wardmap.formats import street, text
from wardmap.join import file_counts, kept_counts, streamed_counts

pytestmark = pytest.mark.filterwarnings(
    "ignore::wardmap.errors.UnmatchedIncidentsWarning",
    "ignore::wardmap.errors.EdgeIncidentsWarning",
    "ignore::wardmap.errors.IncompleteWarning",
)


@pytest.fixture
def district():
    return wm.read_wards(wm.demo.wards_file())


@pytest.fixture
def files(tmp_path):
    """Three files of the practice district, with identifiers that repeat within and across files."""
    rows = wm.demo.extract().iloc[:3_000].reset_index(drop=True)
    rows.loc[1_500:1_600, "Crime ID"] = rows.loc[:100, "Crime ID"].to_numpy()
    rows.loc[10:20, "Crime ID"] = rows.loc[:10, "Crime ID"].to_numpy()
    rows.loc[30:40, ["Longitude", "Latitude"]] = 0
    rows.loc[50:60, "Longitude"] = -1.0  # outside every ward
    rows.loc[70:75, "Crime type"] = None
    for number, part_of in enumerate(np.array_split(rows.index, 3)):
        rows.loc[part_of].to_csv(tmp_path / f"2018-0{number + 1}-demo-street.csv", index=False)
    return sorted(tmp_path.glob("*.csv"))


def by_rows(files, district):
    return wm.assign_wards(wm.read_incidents(files), district)


# Inputs ---------------------------------------------------------------------------------------------


def test_no_file_one_file_twice_and_another_layout(tmp_path, files, district):
    with pytest.raises(InputError, match="No file matches the pattern"):
        wm.join.count_files(str(tmp_path / "*.none"), district)
    with pytest.raises(InputError, match=r"no file '.*absent.csv'"):
        wm.join.count_files([tmp_path / "absent.csv"], district)
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / files[0].name).write_bytes(files[0].read_bytes())
    with pytest.raises(InputError, match=r"are there twice(.|\n)*2018-01"):
        wm.join.count_files(tmp_path, district)
    files[1].write_text("Name,Value\nx,1\n")
    with pytest.raises(MissingColumnError, match=r"2018-02(.|\n)*'Crime ID'(.|\n)*'Name', 'Value'"):
        wm.join.count_files(files, district)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("On or near", "On, or near", 3), "do not fit its header"),
        (lambda text: text.replace("2016-", "April 2016 ", 1).replace("2015-", "April 2015 ", 1), "YYYY-MM"),
        (lambda text: text.replace("On or near", '"On or near', 1), "not a readable CSV file(.|\n)*line "),
    ],
)
def test_a_broken_file_is_named_and_the_rest_counted_when_asked(files, district, change, words):
    written = files[1].read_text(encoding="utf-8")
    files[1].write_text(change(written), encoding="utf-8")
    with pytest.raises(InputError, match=f"(?s)2018-02.*({words})"):
        wm.join.count_files(files, district)
    with pytest.warns(LeftOutWarning, match=r"Left out: 1 broken file(.|\n)*2018-02"):
        rows = wm.join.count_files(files, district, skip_broken=True)
    assert rows["rows"].sum() == 2_000
    assert (
        rows["match_method"]
        .iloc[0]
        .endswith("from 2 street files of data.police.uk, 1 broken file left out.")
    )


def test_swapped_columns(files, district):
    good = files[0].read_bytes()
    files[0].write_bytes(good.replace(b"Longitude,Latitude", b"Latitude,Longitude"))
    with pytest.raises(CRSError, match="look swapped"):
        wm.join.count_files(files, district)


def test_wards_elsewhere(files, district):
    with pytest.raises(InputError, match=r"in any ward(.|\n)*outside every ward: 2"):
        wm.join.count_files(files, district.set_geometry(district.translate(10, 0)))


def test_metres_in_the_columns_of_degrees_are_refused_as_they_are_by_read_incidents(files, district):
    rows = pd.read_csv(files[1])
    rows.assign(Longitude=424_500, Latitude=323_100).to_csv(files[1], index=False)
    for read in (wm.read_incidents, lambda paths: wm.join.count_files(paths, district)):
        with pytest.raises(CRSError, match=r"2018-02(.|\n)*cannot be in EPSG:4326(.|\n)*EPSG:27700"):
            read(files)


def test_nothing_is_counted_on_after_an_error(tmp_path, files, district, monkeypatch):
    written = files[0].read_text(encoding="utf-8").replace('"', "").replace("Crime, ", "Crime ")
    written = written.replace("collision, ", "collision ")
    for number in range(60):
        (tmp_path / f"{number:02d}-street.csv").write_text(written, encoding="utf-8")
    (tmp_path / "00-street.csv").write_text("Name\n1\n", encoding="utf-8")
    read = []
    real = file_counts.read_plain_street
    monkeypatch.setattr(streamed_counts, "COMPILED_FROM", 0)
    monkeypatch.setattr(file_counts, "BLOCK", 200_000)  # a batch for each file
    monkeypatch.setattr(file_counts, "read_plain_street", lambda member: read.append(member) or real(member))
    with pytest.raises(MissingColumnError, match="00-street") as raised:
        wm.join.count_files(str(tmp_path / "??-street.csv"), district)
    so_far = len(read)
    time.sleep(0.3)
    assert raised.value
    assert len(read) == so_far < 60


# Outputs --------------------------------------------------------------------------------------------


def test_the_counts_and_the_ledger_are_those_of_the_rows(files, district):
    rows = wm.join.count_files(files, district)
    schema.check(rows, schema.COUNTED)
    incidents = by_rows(files, district)
    for by in ("theme", "month"):
        pd.testing.assert_frame_equal(wm.ledger(rows, by=by), wm.ledger(incidents, by=by))
    assert wm.ledger(rows).loc["total", "duplicate"] > 50
    for period in ("month", "financial year", "all"):
        expected = wm.count_incidents(incidents, district, by_period=period)
        pd.testing.assert_frame_equal(wm.count_incidents(rows, district, by_period=period), expected)


def test_the_losses_are_said(files, district):
    with pytest.warns(UnmatchedIncidentsWarning, match="Outside every ward"):
        wm.join.count_files(files, district)


def test_coordinates_that_are_no_numbers_short_rows_and_old_types(files, district):
    lines = files[0].read_text(encoding="utf-8").splitlines()
    header, cells = lines[0].split(","), lines[5].split(",")
    cells[header.index("Longitude")], cells[header.index("Crime type")] = "west", "Violent crime"
    lines[5] = ",".join(cells)
    lines[6] = ",".join(lines[6].split(",")[:-2])
    files[0].write_text("\n".join(lines), encoding="utf-8")
    with pytest.warns(RepairWarning):
        rows = wm.join.count_files(files, district)
    with pytest.warns(RepairWarning):
        incidents = by_rows(files, district)
    pd.testing.assert_frame_equal(wm.ledger(rows), wm.ledger(incidents))
    assert wm.ledger(rows).loc["Violence and sexual offences", "invalid"] == 1


def test_other_encodings_are_read_as_read_incidents_reads_them(files, district):
    files[0].write_bytes(files[0].read_bytes().replace(b"Burglary", b"Burgl\xe4ry"))
    with pytest.warns(RepairWarning, match="Windows-1252"):
        rows = wm.join.count_files(files, district)
    with pytest.warns(RepairWarning, match="Windows-1252"):
        incidents = by_rows(files, district)
    assert "Burgläry" in wm.ledger(rows).index
    pd.testing.assert_frame_equal(wm.ledger(rows), wm.ledger(incidents))


def test_an_archive_is_counted_in_place_and_what_are_no_incidents_left_out(files, district, tmp_path):
    whole = wm.join.count_files(files, district)
    archive = tmp_path / "download.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for file in files:
            out.write(file, f"{file.name[:7]}/{file.name}")
        out.writestr("2018-01/2018-01-demo-outcomes.csv", "Crime ID,Outcome type\n")
        out.writestr("notes.txt", "nothing")
    with pytest.warns(
        LeftOutWarning, match=r"hold no incidents: 2 files(.|\n)*download.zip/notes.txt(.|\n)*outcomes.csv"
    ):
        rows = wm.join.count_files(archive, district)
    pd.testing.assert_frame_equal(rows, whole)


def test_a_broken_member_of_an_archive_is_left_out_when_asked(files, district, tmp_path):
    archive = tmp_path / "download.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as out:
        for file in files:
            out.write(file, file.name)
    archive.write_bytes(archive.read_bytes().replace(b"Burglary", b"burglarY", 1))
    with pytest.raises(InputError, match=r"'2018-01-demo-street.csv' in the archive(.|\n)*CRC"):
        wm.join.count_files(archive, district)
    with pytest.warns(LeftOutWarning, match="Left out: 1 broken file"):
        assert wm.join.count_files(archive, district, skip_broken=True)["rows"].sum() == 2_000


# Alignment ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_neither_blocks_nor_slices_nor_wards_in_another_order_change_the_table(
    files, district, monkeypatch, newline
):
    for file in files:
        file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8", newline=newline)
    whole = wm.join.count_files(files, district)
    monkeypatch.setattr(text, "BLOCK", 9_000)
    monkeypatch.setattr(kept_counts, "_SLICE", 100)
    monkeypatch.setattr("wardmap.join.streamed_counts._MERGE_AT", 10)
    pd.testing.assert_frame_equal(wm.join.count_files(reversed(files), district.iloc[::-1]), whole)


def test_quoted_line_ends_are_not_cut(files, district, monkeypatch):
    frame = pd.read_csv(files[0])
    frame["Location"] = 'On or near "The Green",\nBurton'
    frame.to_csv(files[0], index=False)
    monkeypatch.setattr(text, "BLOCK", 8_000)
    rows = wm.join.count_files(files, district)
    pd.testing.assert_frame_equal(wm.ledger(rows), wm.ledger(by_rows(files, district)))


@pytest.mark.parametrize("damage", ["shorter", "gone", "null", "bytes"])
def test_a_damaged_folder_is_counted_anew(files, district, tmp_path, damage):
    kept = tmp_path / "kept"
    whole = wm.join.count_files(files, district, resume_in=kept)
    numbers, notes = next(kept.glob("numbers-*")), kept / "done.jsonl"
    if damage == "shorter":
        numbers.write_bytes(numbers.read_bytes()[:-16])
    elif damage == "gone":
        numbers.unlink()
    elif damage == "null":
        notes.write_text('null\n1\n{"a": 1}\n{"a": {"tally": ["x", 0, 1], "runs": []}}\n', encoding="utf-8")
    else:
        notes.write_bytes(b"\xff\xfe\x00" + notes.read_bytes())
    pd.testing.assert_frame_equal(wm.join.count_files(files, district, resume_in=kept), whole)
    pd.testing.assert_frame_equal(wm.join.count_files(files, district, resume_in=kept), whole)


def test_packed_files_are_counted(files, district):
    whole = wm.join.count_files(files, district)
    for file in files:
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    pd.testing.assert_frame_equal(wm.join.count_files(files[0].parent, district), whole)


def test_counting_goes_on_where_it_stopped(files, district, tmp_path, monkeypatch):
    whole = wm.join.count_files(files, district)
    kept = tmp_path / "kept"
    good = files[2].read_bytes()
    files[2].write_bytes(b"broken")
    with pytest.raises(InputError, match="2018-03"):
        wm.join.count_files(files, district, resume_in=kept)
    files[2].write_bytes(good)
    read = []
    real = file_counts.text_blocks
    monkeypatch.setattr(file_counts, "text_blocks", lambda member: read.append(member.path) or real(member))
    pd.testing.assert_frame_equal(wm.join.count_files(files, district, resume_in=kept), whole)
    assert read == [files[2]]
    with (kept / "done.jsonl").open("a", encoding="utf-8") as done:
        done.write('{"cut off in the mid')  # as when the machine is switched off
    os.utime(files[0], ns=(1, 1))  # a file that changed, and other wards, are counted anew
    wm.join.count_files(files, district, resume_in=kept)
    assert read == [files[2], files[0]]
    wm.join.count_files(files, district.iloc[1:], resume_in=kept)
    assert len(read) == 5


@pytest.mark.parametrize("suffix", ["", " Welsh: Pŵllheli"])
def test_large_jobs_count_as_small_ones_do(files, district, monkeypatch, suffix):
    """The compiled reader takes two of the files; the third has quotes, and goes the other way."""
    for file in files[:2]:
        written = file.read_text(encoding="utf-8").replace('"', "").replace("Crime, ", "Crime ")
        written = written.replace("collision, ", "collision ").replace("On or near", f"On or near{suffix}")
        file.write_text(written, encoding="utf-8")
    whole = wm.join.count_files(files, district)
    taken = []
    real = street._compiled
    monkeypatch.setattr(street, "_compiled", lambda text, **how: taken.append(real(text, **how)) or taken[-1])
    monkeypatch.setattr(streamed_counts, "COMPILED_FROM", 0)
    pd.testing.assert_frame_equal(wm.join.count_files(files, district), whole)
    assert sum(rows is not None for rows in taken) == 2
    files[1].write_bytes(files[1].read_bytes().replace(b"2015-", b"201x-"))
    with pytest.warns(LeftOutWarning, match=r"Left out: 1 broken file(.|\n)*not written as YYYY-MM"):
        wm.join.count_files(files, district, skip_broken=True)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_files(files, district, tmp_path, monkeypatch):
    """Four times the rows, with their own identifiers, and not a tenth more memory at the peak."""
    monkeypatch.setattr(kept_counts, "_SLICE", 2_000)
    header, body = files[0].read_text(encoding="utf-8").split("\n", 1)
    peaks = []
    for copies in (8, 32):
        folder = tmp_path / f"{copies}"
        folder.mkdir()
        for copy in range(copies):
            new = "\n".join(
                f"{copy}-{line}" if line[0] != "," else line for line in body.splitlines() if line
            )
            (folder / f"{copy:03d}-street.csv").write_text(f"{header}\n{new}\n", encoding="utf-8")
        tracemalloc.start()
        wm.join.count_files(folder, district)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


@pytest.mark.real_data
def test_the_police_files_of_four_months(shared_data):
    wards = wm.read_wards(shared_data / "boundaries" / "staffordshire_wards_2013.gpkg")
    files = sorted((shared_data / "police").glob("*/*-street.csv"))
    rows, incidents = wm.join.count_files(files, wards), by_rows(files, wards)
    for by in ("theme", "month"):
        pd.testing.assert_frame_equal(wm.ledger(rows, by=by), wm.ledger(incidents, by=by))
    pd.testing.assert_frame_equal(
        wm.count_incidents(rows, wards, by_period="month"),
        wm.count_incidents(incidents, wards, by_period="month"),
    )

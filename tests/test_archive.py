"""ZIP archives read in place: what is taken, what is left out, what is refused."""

import zipfile

import pytest

import wardmap as wm
from wardmap.errors import InputError, LeftOutWarning
from wardmap.formats import archive

STREET = "2018-03/2018-03-avon-and-somerset-street.csv"


@pytest.fixture
def make(tmp_path):
    """Write an archive of the given members and return its path."""

    def write(*members, compression=zipfile.ZIP_DEFLATED):
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w", compression) as file:
            for name, data in members:
                file.writestr(name, data)
        return path

    return write


@pytest.mark.parametrize(
    "name", ["../../2018-03/2018-03-a-street.csv", "/etc/passwd", "..\\x.csv", "readme.txt"]
)
def test_other_names_are_left_out_and_said(make, street_rows, name):
    path = make((STREET, street_rows.to_csv(index=False)), (name, "a,b\n1,2\n"))
    with pytest.warns(LeftOutWarning, match="not named as police files are: 1 file"):
        assert len(wm.read_incidents(path)) == len(street_rows)


def test_an_archive_without_police_files_is_an_error(make):
    with pytest.raises(InputError, match=r"(?s)no file of data.police.uk.*notes.txt"):
        wm.read_incidents(make(("notes.txt", "x")))


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("MAX_MEMBERS", 0, "it holds 1 files"),
        ("MAX_BYTES", 10, "unpacked it would be"),
        ("MAX_MEMBER_BYTES", 10, "street.csv' would be"),
        ("MAX_RATIO", 1, "times its size"),
    ],
)
def test_an_archive_beyond_the_limits_is_refused_unread(make, monkeypatch, limit, value, reason):
    path = make((STREET, "Crime ID,Month\n" * 5000))
    monkeypatch.setattr(archive, limit, value)
    with pytest.raises(InputError, match=rf"(?s)was not read.*{reason}"):
        wm.read_incidents(path)


def test_archives_in_archives_are_refused(make):
    with pytest.raises(InputError, match=r"another archive: 'inner\.ZIP'"):
        wm.read_incidents(make((STREET, "x"), ("inner.ZIP", "PK")))


def test_two_members_of_one_name_are_refused(make):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = make((STREET, "x"), (STREET, "y"))
    with pytest.raises(InputError, match="more than one file of a name"):
        wm.read_incidents(path)


def test_a_member_whose_header_lies_about_its_size_is_an_error(make, street_rows):
    data = street_rows.to_csv(index=False).encode()
    path = make((STREET, data), compression=zipfile.ZIP_STORED)
    raw = path.read_bytes().replace(len(data).to_bytes(4, "little"), (len(data) - 50).to_bytes(4, "little"))
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"cannot be unpacked|not a readable ZIP"):
        wm.read_incidents(path)


def test_a_broken_archive_is_an_error(tmp_path):
    path = tmp_path / "download.zip"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    with pytest.raises(InputError, match="not a readable ZIP archive"):
        wm.read_incidents(path)

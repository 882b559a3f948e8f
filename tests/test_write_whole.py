"""Files and folders appear whole, or the old ones stay: also when a run is killed in the middle."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from wardmap.errors import InputError
from wardmap.page.write_whole import whole_file, whole_folder

KILLED = 9


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def killed(code, *, at):
    """Run code in a process that ends, without a word, at the nth time it would move or write something."""
    end = f"""
import os, pathlib
left = {at}
def ending(real):
    def step(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os._exit({KILLED})
        return real(*args, **kwargs)
    return step
for name in ("rename", "replace", "write_bytes"):
    setattr(pathlib.Path, name, ending(getattr(pathlib.Path, name)))
from pathlib import Path
from wardmap.page.write_whole import whole_file, whole_folder
"""
    done = subprocess.run([sys.executable, "-c", end + code], check=False, cwd=REPOSITORY)
    assert done.returncode in (0, KILLED)
    return done.returncode == KILLED


def write(folder, mark, files=("a.txt", "b.txt")):
    with whole_folder(folder) as draft:
        for name in files:
            whole_file(draft / name, mark)


# --- a file


def test_a_file_is_there_whole_and_alone_in_folders_made_for_it(tmp_path):
    path = tmp_path / "new" / "folder" / "a.csv"
    assert whole_file(path, "Tŷ\r\n") == path
    assert path.read_bytes() == "Tŷ\r\n".encode()
    assert names(path.parent) == ["a.csv"]
    whole_file(path, b"\x00\x01")
    assert path.read_bytes() == b"\x00\x01"


def test_a_file_has_the_rights_that_files_have_here(tmp_path):
    (tmp_path / "usual").write_text("x")
    whole_file(tmp_path / "a", "x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = whole_file(tmp_path / "a", "old")

    def fail(self, *_):
        if step == "write_bytes":
            self.write_text("ne")
        raise OSError("disk full")

    monkeypatch.setattr(Path, step, fail)
    with pytest.raises(OSError, match="disk full"):
        whole_file(path, "new")
    assert contents(tmp_path) == {"a": "old"}


def test_a_run_that_is_killed_leaves_the_old_file_and_the_next_one_clears_up(tmp_path):
    path = whole_file(tmp_path / "a", "old")
    assert killed(f"whole_file(Path({str(path)!r}), 'new')", at=2)
    assert path.read_text() == "old"
    assert len(names(tmp_path)) == 2
    whole_file(path, "newer")
    assert contents(tmp_path) == {"a": "newer"}


def test_only_drafts_of_the_same_file_are_cleared(tmp_path):
    others = [".a.csv.7.draft", ".b.7.draft", ".a.x.draft", ".a..draft", "a.7.draft", ".a.7.draft.txt"]
    for name in others:
        (tmp_path / name).write_text("mine")
    (tmp_path / ".a.7.draft").write_text("left")
    whole_file(tmp_path / "a", "x")
    assert names(tmp_path) == sorted([*others, "a"])


# --- a folder


def test_a_folder_is_there_whole_and_alone(tmp_path):
    write(tmp_path / "new" / "out", "1")
    assert contents(tmp_path / "new" / "out") == {"a.txt": "1", "b.txt": "1"}
    assert names(tmp_path / "new") == ["out"]


def test_files_of_the_same_names_are_replaced_and_others_stay(tmp_path):
    out = tmp_path / "out"
    write(out, "1")
    (out / "notes.docx").write_text("mine")
    (out / "deep" / "er").mkdir(parents=True)
    (out / "deep" / "er" / "x").write_text("mine")
    (out / "link").symlink_to("nowhere")
    out.chmod(0o750)
    same = (out / "notes.docx").stat().st_ino
    write(out, "2", ["a.txt", "c.txt"])
    assert contents(out) == {"a.txt": "2", "b.txt": "1", "c.txt": "2", "notes.docx": "mine"}
    assert (out / "notes.docx").stat().st_ino == same
    assert (out / "deep" / "er" / "x").read_text() == "mine"
    assert (out / "link").readlink() == Path("nowhere")
    assert stat.S_IMODE(out.stat().st_mode) == 0o750
    assert names(tmp_path) == ["out"]


def test_others_are_copied_where_a_file_cannot_have_two_names(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("not on this disk")

    monkeypatch.setattr(os, "link", refuse)
    out = tmp_path / "out"
    write(out, "1")
    (out / "notes").write_text("mine")
    write(out, "2")
    assert contents(out) == {"a.txt": "2", "b.txt": "2", "notes": "mine"}


def test_folders_within_are_joined(tmp_path):
    out = tmp_path / "out"
    (out / "in").mkdir(parents=True)
    (out / "in" / "old").write_text("1")
    with whole_folder(out) as draft:
        (draft / "in").mkdir()
        (draft / "in" / "new").write_text("2")
    assert contents(out / "in") == {"old": "1", "new": "2"}


def test_an_error_while_it_is_written_leaves_the_old_folder_as_it_was(tmp_path):
    out = tmp_path / "out"
    write(out, "1")
    with pytest.raises(FileNotFoundError), whole_folder(out) as draft:
        whole_file(draft / "a.txt", (tmp_path / "missing").read_text())
    assert contents(out) == {"a.txt": "1", "b.txt": "1"}
    assert names(tmp_path) == ["out"]


def test_where_the_new_one_cannot_be_put_the_old_one_comes_back(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write(out, "1")
    real = Path.rename

    def fail(self, target):
        if self.name.endswith(".draft"):
            raise OSError("in use")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="in use"):
        write(out, "2")
    assert contents(out) == {"a.txt": "1", "b.txt": "1"}
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("at", range(1, 8))
def test_a_run_that_is_killed_leaves_one_edition_and_the_next_one_clears_up(tmp_path, at):
    out = tmp_path / "out"
    write(out, "1")
    (out / "notes").write_text("mine")
    code = f"""
with whole_folder(Path({str(out)!r})) as draft:
    whole_file(draft / 'a.txt', '2')
    whole_file(draft / 'b.txt', '2')
"""
    ended = killed(code, at=at)
    assert ended == (at <= 6)  # two writes, each moved, and the two moves of the folder
    if out.exists():
        there = contents(out)
        assert there.pop("notes") == "mine"
        assert set(there.values()) in ({"1"}, {"2"})
    else:
        assert at == 6
    write(out, "3")
    assert contents(out) == {"a.txt": "3", "b.txt": "3", "notes": "mine"}
    assert names(tmp_path) == ["out"]


def test_a_folder_by_the_name_of_a_file_is_never_replaced(tmp_path):
    out = tmp_path / "out"
    write(out, "1")
    (out / "c.txt").mkdir()
    (out / "c.txt" / "x").write_text("mine")
    with pytest.raises(InputError, match=r"c\.txt' is a folder, where a file is to be written"):
        write(out, "2", ["a.txt", "c.txt"])
    assert contents(out) == {"a.txt": "1", "b.txt": "1"}
    assert (out / "c.txt" / "x").read_text() == "mine"
    with pytest.raises(InputError, match=r"a\.txt' is a file, where a folder"), whole_folder(out) as draft:
        (draft / "a.txt").mkdir()
    assert names(tmp_path) == ["out"]


def test_a_file_cannot_be_written_into(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match="is a file"):
        write(tmp_path / "out", "1")


def test_the_folder_that_one_works_in_is_left_alone(tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    for target in (Path(), Path(".."), tmp_path):
        with pytest.raises(InputError, match=r"working folder(.|\n)*wardmap-out"):
            write(target, "1")
    write(Path("wardmap-out"), "1")
    assert names(tmp_path / "deep") == ["wardmap-out"]


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    write(tmp_path / "real", "1")
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link", "2")
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real") == {"a.txt": "2", "b.txt": "2"}

"""resolve_wards: names to codes, and never a guess."""

import pytest

import wardmap as wm
from wardmap.errors import InputError


@pytest.fixture
def district():
    """Return the practice district, whose wards include Burton, and Town in Uttoxeter."""
    return wm.read_wards(wm.demo.wards_file())


def test_burton_town_is_answered_with_both_candidates(district):
    with pytest.raises(
        InputError,
        match=r"is meant by 1 name(.|\n)*'Burton Town' could be Burton \(E05006922.*Town \(E05006933",
    ):
        wm.read.resolve_wards(district, ["Anglesey", "Burton Town", "Shobnall"])


def test_names_and_codes_in_any_case_and_order(district):
    assert wm.read.resolve_wards(district, ["shobnall", "E05006918", "Tutbury & Outwoods", " Burton "]) == [
        "E05006930", "E05006918", "E05006934", "E05006922",
    ]  # fmt: skip


def test_all_doubts_are_named_at_once_with_those_most_alike(district):
    with pytest.raises(
        InputError, match=r"2 names(.|\n)*'Anglsey' could be Anglesey .*\n.*'Stappenhill' could be Stapenhill"
    ):
        wm.read.resolve_wards(district, ["Anglsey", "Burton", "Stappenhill"])


def test_a_name_that_two_wards_have_is_answered_with_their_districts(wards):
    twice = wards.assign(ward_name=["Abbey", "Abbey", "Moor", "Dale", "D'Arcy"], district=list("ABCDE"))
    with pytest.raises(InputError, match=r"Abbey \(E05000001, A\) or Abbey \(E05000002, B\)"):
        wm.read.resolve_wards(twice, ["Abbey"])
    assert wm.read.resolve_wards(twice, ["d’arcy"]) == ["E05000005"]

"""The tree of errors and warnings, and the shape of a message."""

import ast
import inspect
import operator
import pickle
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import wardmap as wm
from wardmap import cli, errors
from wardmap.read.wards.read_wards import read_wards


def test_every_error_and_warning_hangs_on_its_root():
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if kind.__module__ == errors.__name__ and issubclass(kind, BaseException):
            assert issubclass(kind, errors.WardmapError | errors.WardmapWarning)
            assert kind.__name__ in (errors.__doc__ or "")


def test_people_can_catch_what_they_already_catch():
    assert issubclass(errors.MissingColumnError, KeyError)
    assert issubclass(errors.InputError, ValueError)
    assert issubclass(errors.AlignmentError, ValueError)
    assert issubclass(errors.TooFewWardsError, ValueError)


def test_a_message_has_a_headline_facts_and_a_mend():
    error = errors.InputError("It is wrong.", "value: 7", "limit: 5", mend="use 5")
    assert str(error) == "It is wrong.\n  value: 7\n  limit: 5\n  Mend it: use 5"
    assert (error.headline, error.facts, error.mend) == ("It is wrong.", ("value: 7", "limit: 5"), ("use 5",))


@pytest.mark.parametrize(
    "kind",
    [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.Message)][1:],
)
def test_every_kind_keeps_its_parts_and_goes_to_another_process(kind):
    if not issubclass(kind, BaseException):
        return
    use = errors.Use("read_incidents", "crs", "EPSG:27700")
    given = kind(
        "It is wrong.", "one", "two", "three", mend=("say it:", use, ", or leave it."), note="or not."
    )
    for one in (given, pickle.loads(pickle.dumps(given))):  # noqa: S301 - our own bytes
        assert type(one) is kind
        assert one.facts == ("one", "two", "three")
        assert one.mend == ("say it:", use, ", or leave it.")
        assert str(one).splitlines()[-2:] == [
            '  Mend it: say it: wm.read_incidents(..., crs="EPSG:27700"), or leave it.',
            "  Note: or not.",
        ]


def test_a_mend_is_written_as_python_and_its_place_for_the_user_is_filled():
    columns = errors.Use("read_incidents", "columns", {"easting": "...", "northing": 'the "N"'})
    assert str(columns) == (r'wm.read_incidents(..., columns={"easting": "...", "northing": "the \"N\""})')
    assert str(errors.Use("read_wards", "code").filled("WD24CD")) == 'wm.read_wards(..., code="WD24CD")'
    assert str(errors.Use("join.count_files", "skip_broken", value=True)) == (
        "wm.join.count_files(..., skip_broken=True)"
    )


def test_a_warning_keeps_its_parts():
    with pytest.warns(errors.RepairWarning) as caught:
        errors.warn(errors.RepairWarning, "It was mended.", "value: 7", note="nothing else.")
    assert caught[0].message.headline == "It was mended."
    assert caught[0].message.facts == ("value: 7",)
    assert caught[0].category is errors.RepairWarning


def test_of_many_facts_the_first_are_shown_and_the_rest_counted():
    assert errors.first_lines(["a", "b"]) == ["a", "b"]
    assert errors.first_lines([str(n) for n in range(2000)])[-2:] == ["7", "and 1,992 more"]


def test_long_lists_are_cut_and_counted():
    assert errors.listed(range(3)) == "'0', '1', '2'"
    assert errors.listed(range(2000)).endswith("'7' and 1,992 more")
    assert [errors.counted(n, "ward") for n in (0, 1, 2048)] == ["0 wards", "1 ward", "2,048 wards"]


def test_a_warning_points_at_the_line_of_the_user():
    bow_tie = gpd.GeoDataFrame(
        {"ward_code": ["a"], "name": ["A"]},
        geometry=[shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])],
        crs=4326,
    )
    with pytest.warns(errors.RepairWarning) as caught:
        read_wards(bow_tie)
    assert caught[0].filename == __file__


HOUSE = Path(errors.__file__).parent


def uses():
    """Yield every mend that the house states as data: its file, the verb and the argument."""
    for path in HOUSE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Use" and len(node.args) > 1:
                verb, argument = (
                    getattr(a, "value", constants.get(getattr(a, "id", ""))) for a in node.args[:2]
                )
                if isinstance(verb, str) and path.name != "errors.py":
                    yield path.name, verb, argument


@pytest.mark.parametrize(("file", "verb", "argument"), sorted(set(uses())))
def test_a_mend_names_a_verb_and_an_argument_that_there_are(file, verb, argument):
    found = operator.attrgetter(verb)(wm)
    assert argument in inspect.signature(found).parameters, file


def test_an_option_of_the_command_line_gives_an_argument_that_there_is():
    for verb, argument in cli._OPTIONS:
        assert argument in inspect.signature(getattr(wm, verb)).parameters

"""plan_themes: the plan's themes in a source's own types, or the reason why not."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap.errors import InputError
from wardmap.themes import Flagged, is_asb, is_crime, is_violence, with_all_crime


@pytest.fixture
def extract():
    """Return six rows of an extract with two flags."""
    return pd.DataFrame(
        {
            "theme": pd.Categorical(
                ["Common assault", "Violence with injury", "Burglary", "ASB - nuisance", "Burglary", "Drugs"]
            ),
            "domestic_abuse": pd.array([True, False, False, True, True, False], dtype="boolean"),
            "public_place": pd.array([False, True, None, True, False, False], dtype="boolean"),
            "source": "own.csv",
        }
    )


def test_all_crime_never_includes_anti_social_behaviour(extract):
    themes = wm.read.plan_themes(extract, ["all crime", "ASB", "violence", "domestic abuse"])
    assert themes["all crime"] == ("Burglary", "Common assault", "Drugs", "Violence with injury")
    assert themes["ASB"] == ("ASB - nuisance",)
    assert themes["violence"] == ("Common assault", "Violence with injury")
    assert themes["domestic abuse"] == Flagged(("domestic_abuse",), themes["all crime"])
    assert "ASB - nuisance" not in with_all_crime(extract["theme"])["all crime"]


def test_police_files_cannot_tell_domestic_abuse(street_rows):
    with pytest.raises(InputError, match=r"'domestic abuse': the flag(.|\n)*publishes no flags"):
        wm.read.plan_themes(wm.read_incidents(street_rows), ["domestic abuse"])


def test_a_flag_that_some_rows_do_not_record_cannot_make_a_theme(extract):
    with pytest.raises(InputError, match=r"'public_place' is not recorded(.|\n)*'own.csv'"):
        wm.read.plan_themes(extract, ["public place violence"])


def test_themes_without_a_type_say_what_there_is(extract):
    with pytest.raises(InputError, match=r"'ASB': no type is(.|\n)*'Burglary'"):
        wm.read.plan_themes(extract[extract["theme"] == "Burglary"], ["ASB"])
    with pytest.raises(
        InputError, match=r"no theme 'violent'(.|\n)*plan_themes\(\.\.\., names=\[\"violence\"\]\)"
    ):
        wm.read.plan_themes(extract, ["violent"])


def test_killed_or_seriously_injured_are_collisions_or_casualties_and_named():
    crashes = pd.DataFrame(
        {"theme": ["Road collision, fatal", "Road collision, slight", "Road collision, serious"]}
    )
    people = pd.DataFrame({"theme": ["Road casualty, killed", "Road casualty, slightly injured"]})
    assert wm.read.plan_themes(crashes, ["road safety: KSI"]) == {
        "road safety: KSI collisions": ("Road collision, fatal", "Road collision, serious")
    }
    assert wm.read.plan_themes(people, ["road safety: KSI"]) == {
        "road safety: KSI casualties": ("Road casualty, killed",)
    }
    with pytest.raises(InputError, match="would be added up"):
        wm.read.plan_themes(pd.concat([crashes, people]), ["road safety: KSI"])
    with pytest.raises(InputError, match="no road collisions"):
        wm.read.plan_themes(people[:0], ["road safety: KSI"])


@pytest.mark.parametrize(
    ("kind", "asb", "violence", "crime"),
    [
        ("Anti-social behaviour", True, False, False),
        ("antisocial behaviour (environmental)", True, False, False),
        ("ASB", True, False, False),
        ("Asbestos dumping", False, False, True),
        ("Road collision, killed or seriously injured", False, False, False),
        ("Violence and sexual offences", False, True, True),
        ("Sexual offences", False, False, True),
        ("Assault with injury", False, True, True),
        ("Robbery", False, False, True),
    ],
)
def test_types_are_told_by_their_words(kind, asb, violence, crime):
    assert (is_asb(kind), is_violence(kind), is_crime(kind)) == (asb, violence, crime)


@pytest.mark.filterwarnings("ignore::wardmap.errors.WardmapWarning")
def test_flagged_themes_are_counted_row_by_row(wards, incidents):
    marked = incidents.assign(
        domestic_abuse=pd.array([True, True, False, True, True, True, True, True], dtype="boolean"),
        alcohol=pd.array([True, False, True, False, True, True, True, True], dtype="boolean"),
    )
    assigned = wm.assign_wards(marked, wards)
    themes = {
        "all": ["Anti-social behaviour", "Burglary", "Robbery"],
        "domestic abuse": Flagged(("domestic_abuse",)),
        "both": Flagged(("domestic_abuse", "alcohol"), ("Burglary",)),
    }
    table = wm.count_incidents(assigned, wards, by_period="all", themes=themes)
    placed = assigned[assigned["ward_code"].notna()]
    counts = table.groupby(level="theme")["incidents"].sum()
    assert counts["all"] == len(placed)
    assert counts["domestic abuse"] == placed["domestic_abuse"].sum()
    both = placed["domestic_abuse"] & placed["alcohol"] & (placed["theme"] == "Burglary")
    assert counts["both"] == both.sum() == 1
    with pytest.raises(InputError, match="no row is of type 'Arson'"):
        wm.count_incidents(assigned, wards, themes={"fire": Flagged(("alcohol",), ("Arson",))})
    with pytest.raises(InputError, match="'hate' is not recorded for 8 rows"):
        wm.count_incidents(assigned, wards, themes={"hate": Flagged(("hate",))})

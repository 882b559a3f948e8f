"""ward_map: what it refuses, what it draws, and what it says about it."""

import html
import itertools
import json
import re
import string

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Point, Polygon, box

from wardmap import style
from wardmap.errors import (
    AlignmentError,
    CRSError,
    DuplicateWardError,
    GeometryError,
    InputError,
    MissingColumnError,
    MixedMethodsWarning,
)
from wardmap.maps.district_map import ward_map
from wardmap.maps.packed_shapes import pack, simplify
from wardmap.provenance import Source

NAMES = ["Abbey", "Bridge", "Castle", "Dove", "Elm"]
CODES = pd.Index([f"E0500000{n}" for n in range(1, 6)], name="ward_code")


@pytest.fixture
def wards():
    squares = [box(400_000 + 1_000 * n, 300_000, 401_000 + 1_000 * n, 301_000) for n in range(5)]
    return gpd.GeoDataFrame(
        {
            "ward_name": NAMES,
            "district": "Practice",
            "vintage": pd.Categorical(["2013, schematic boundaries for practice"] * 5),
            "halo": False,
        },
        geometry=squares,
        index=CODES,
        crs=27700,
    )


@pytest.fixture
def table():
    rate = [4.0, 10.0, 25.0, 5.0, np.nan]
    one = pd.DataFrame(
        {
            "ward_name": NAMES,
            "incidents": [4, 10, 25, 5, 1],
            "population": [1000.0, 1000.0, 1000.0, 1000.0, np.nan],
            "rate": rate,
            "rate_lower": [1.1, 4.8, 16.2, 1.6, np.nan],
            "rate_upper": [10.2, 18.4, 36.9, 11.7, np.nan],
            "ratio": [0.4, 1.0, 2.5, 0.5, np.nan],
            "status": pd.Categorical(["Below", "Similar", "Above", "Similar", None]),
            "priority": pd.Categorical(["none", "watch", "priority", "none", "none"]),
            "reason": ["low", "near", "high and many", "low", "no population"],
            "rate_method": pd.Categorical(["Incidents per 1,000 residents, Byar."] * 5),
        },
        index=CODES,
    )
    return pd.concat(
        {("all crime", "2017"): one, ("all crime", "2018"): one, ("Burglary", "2018"): one},
        names=["theme", "period", "ward_code"],
    )


def page(drawn):
    return drawn.get_root().render()


def data(drawn):
    found = re.search(r'<script type="application/json" id="wm-data">(.*?)</script>', page(drawn), re.DOTALL)
    return json.loads(found[1])


def layer(drawn, theme=0, period=-1):
    return data(drawn)["themes"][theme]["layers"][period]


def words(drawn):
    body = page(drawn).split("<body>")[1]
    return html.unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", body, flags=re.DOTALL))


# inputs


def test_a_map_of_other_wards_is_refused_by_name(table, wards):
    with pytest.raises(AlignmentError, match="in the table, without a shape: 'E05000005'"):
        ward_map(table, wards.iloc[:4])
    with pytest.raises(AlignmentError, match="with a shape, not in the table: 'E05000001'"):
        ward_map(table.drop("E05000001", level="ward_code"), wards)


def test_an_unknown_theme_or_period_names_those_there_are(table, wards):
    with pytest.raises(InputError, match=r"no theme 'Burglaries'\.\n.*nearest first: 'Burglary'"):
        ward_map(table, wards, theme="Burglaries")
    with pytest.raises(InputError, match="nearest first: '2018', '2017'"):
        ward_map(table, wards, period="2028")


def test_several_themes_without_all_crime_need_a_choice(table, wards):
    table = table.rename(index={"all crime": "Robbery"}, level="theme")
    with pytest.raises(InputError, match="'Robbery', 'Burglary'"):
        ward_map(table, wards)
    assert "Burglary, 2018" in words(ward_map(table.loc[["Burglary"]], wards))


def test_an_unknown_value_names_the_columns_of_numbers(table, wards):
    with pytest.raises(MissingColumnError, match="nearest first: rate"):
        ward_map(table, wards, value="rates")
    with pytest.raises(MissingColumnError, match=r"Mend it: table = wm\.compare"):
        ward_map(table.drop(columns="ratio"), wards, value="ratio")


def test_words_cannot_be_put_into_classes(table, wards):
    with pytest.raises(InputError, match="does not hold numbers"):
        ward_map(table, wards, value="reason")


@pytest.mark.parametrize("breaks", [[], [5, 5], [9, 1], [1, 2, 3, 4, 5], [np.nan], [np.inf]])
def test_limits_that_make_no_classes_are_refused(table, wards, breaks):
    with pytest.raises(InputError, match="one to four limits"):
        ward_map(table, wards, breaks=breaks)


def test_a_date_outside_the_slider_is_refused_by_name(table, wards):
    with pytest.raises(InputError, match="no period '2031'"):
        ward_map(table, wards, period=["2017", "2031"])
    with pytest.raises(InputError, match="at least one theme and one period"):
        ward_map(table, wards, period=[])


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        (None, "null"),
        (Polygon(), "empty"),
        (Point(400_000, 300_000), "not a polygon"),
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "not valid"),
    ],
)
def test_a_ward_that_cannot_be_drawn_is_named(table, wards, shape, problem):
    shapes = wards.geometry.to_numpy().copy()
    shapes[2] = shape
    with pytest.raises(GeometryError, match=f"{problem}\\.\n  wards: 'E05000003 Castle'"):
        ward_map(table, wards.set_geometry(gpd.GeoSeries(shapes, index=wards.index, crs=27700)))


def test_a_missing_crs_is_refused_with_the_line_that_mends_it(table, wards):
    with pytest.raises(CRSError, match=r"wards = wards.set_crs\(27700\)"):
        ward_map(table, wards.set_crs(None, allow_override=True))
    with pytest.raises(CRSError, match=r"wards = wards.set_crs\(4326\)"):
        ward_map(table, wards.to_crs(4326).set_crs(None, allow_override=True))


def test_one_code_on_two_rows_is_refused(table, wards):
    with pytest.raises(DuplicateWardError, match="E05000001"):
        ward_map(table, pd.concat([wards, wards.iloc[:1]]))


def test_sources_must_be_sources(table, wards):
    with pytest.raises(InputError, match="must be a wardmap Source"):
        ward_map(table, wards, sources=["ONS"])


def test_an_empty_table_is_refused(table, wards):
    with pytest.raises(InputError, match="no rows"):
        ward_map(table.iloc[:0], wards)


# outputs


def test_the_default_is_all_crime_in_the_last_period(table, wards):
    assert "All crime, 2018: Practice" in words(ward_map(table, wards))


def test_the_priority_ward_comes_first_and_no_data_last(table, wards):
    drawn = ward_map(table, wards)
    assert [ward["name"] for ward in data(drawn)["wards"]] == ["Castle", "Bridge", "Dove", "Abbey", "Elm"]
    assert layer(drawn)["flags"] == {"priority": [0], "watch": [1], "none": [2, 3, 4]}
    assert layer(drawn)["codes"][-1] == -1


def test_every_ward_says_count_rate_interval_and_flag(table, wards):
    drawn = ward_map(table, wards)
    said = zip(data(drawn)["facts"], layer(drawn)["facts"], strict=True)
    castle = {fact["label"]: wards_say[0] for fact, wards_say in said}
    assert castle == {
        "Incidents": "25",
        "Population": "1,000",
        "Rate": "25.0 (16.2 to 36.9)",
        "Rate ratio": "2.50",
        "Status": "Above",
        "Flag": "Priority",
    }
    assert layer(drawn)["reasons"][0] == "high and many"


def test_the_legend_counts_every_ward_once(table, wards):
    legend = re.search(r'<section class="wm-legend".*?<h3>', page(ward_map(table, wards)), re.DOTALL)[0]
    counts = [int(n) for n in re.findall(r'class="wm-count" data-counts="[^"]*">(\d+) ward', legend)]
    assert sum(counts) == 5
    assert "No data" in legend
    assert "url(#wm-hatch-1)" in legend


def test_the_table_below_has_the_same_numbers(table, wards):
    below = re.search(r"<table.*</table>", page(ward_map(table, wards)), re.DOTALL)[0]
    rows = re.findall(r"<tr.*?</tr>", below)
    assert len(rows) == 6
    assert "25.0 (16.2 to 36.9)" in html.unescape(rows[1])
    assert 'scope="row"' in rows[1]


def test_a_column_without_a_number_is_drawn_as_no_data(table, wards):
    assert set(layer(ward_map(table.assign(rate=np.nan), wards))["codes"]) == {-1}
    assert "5 wards" in words(ward_map(table.assign(rate=np.nan), wards))


def test_infinite_values_are_in_no_class_and_counted(table, wards):
    table.loc[pd.IndexSlice[:, :, "E05000003"], "ratio"] = np.inf
    drawn = ward_map(table, wards, value="ratio")
    assert layer(drawn)["codes"].count(-4) == 1
    assert "Not finite" in words(drawn)
    assert "∞" in words(drawn)


def test_any_numeric_column_can_be_mapped(table, wards):
    drawn = ward_map(table.assign(harm=[1.25] * len(table)), wards, value="harm")
    assert data(drawn)["facts"][0]["label"] == "harm"
    assert layer(drawn)["facts"][0][0] == "1.25"


def test_flags_and_statuses_are_classes_of_their_own(table, wards):
    drawn = ward_map(table, wards, value="priority")
    assert layer(drawn)["codes"] == [2, 1, 0, 0, 0]
    assert layer(ward_map(table, wards, value="status"))["codes"] == [2, 1, 0, 1, -1]


def test_not_testable_suppressed_and_no_data_are_told_apart(table, wards):
    tested = pd.Categorical(["hot spot", "not testable", "not distinguishable", "hot spot", "hot spot"] * 3)
    hidden = [False, False, True, False, False] * 3
    z = [2.5, np.nan, 1.0, np.nan, 0.1] * 3
    drawn = ward_map(table.assign(gi_z=z, gi_class=tested, suppressed=hidden), wards, value="gi_z")
    codes = dict(zip([ward["name"] for ward in data(drawn)["wards"]], layer(drawn)["codes"], strict=True))
    assert [codes[name] for name in ("Bridge", "Castle", "Dove")] == [-2, -3, -1]
    assert all(said in words(drawn) for said in ("No data", "Not testable", "Suppressed"))


def test_given_limits_are_the_limits_of_every_layer(table, wards):
    drawn = ward_map(table, wards, theme=["all crime", "Burglary"], period="2018", breaks=[5, 10])
    assert layer(drawn)["codes"] == layer(drawn, 1)["codes"] == [2, 2, 1, 0, -1]
    assert words(drawn).count("5.0 to under 10.0") == 2


def test_periods_share_their_classes_and_the_geometry_is_sent_once(table, wards):
    table = table.sort_index()
    table.loc[("all crime", "2017"), "rate"] = [25.0, 24.0, 4.0, 10.0, 9.0]
    drawn = ward_map(table, wards, period=["2017", "2018"])
    assert layer(drawn, 0, 1)["codes"] == [4, 3, 1, 0, -1]  # 4 and 5, 9 and 10, 24 and 25: equally near
    assert layer(drawn, 0, 0)["codes"] == [0, 4, 3, 4, 2]
    assert page(drawn).count('"rings"') == 5
    assert "the same in every period" in words(drawn)
    assert page(drawn).count('<section class="wm-legend"') == 1


def test_each_theme_has_its_legend_and_only_the_first_is_shown(table, wards):
    drawn = ward_map(table, wards, theme=["Burglary", "all crime"], period="2018")
    assert "Burglary, 2018: Practice" in words(drawn)
    legends = re.findall(r'<section class="wm-legend"[^>]*>', page(drawn))
    assert [" hidden>" in legend for legend in legends] == [False, True]


def test_a_bare_table_of_counts_is_enough(table, wards):
    drawn = ward_map(table[["incidents"]], wards, value="incidents")
    assert data(drawn)["wards"][0]["name"] == "Castle"
    assert "priority" not in data(drawn)["views"]


def test_halo_wards_are_drawn_and_not_reported(table, wards):
    wards["halo"] = [False, False, False, False, True]
    drawn = ward_map(table, wards)
    assert len(data(drawn)["halo"]) == 1
    assert "Elm" not in words(drawn)


def test_areas_are_outlined_named_and_reached_by_a_button(table, wards):
    areas = gpd.GeoDataFrame(
        {"ward_codes": [["E05000002", "E05000003"]]},
        geometry=[wards.geometry.iloc[1:3].union_all()],
        index=pd.Index(["Town"], name="area"),
        crs=27700,
    )
    drawn = ward_map(table, wards, areas=areas)
    assert data(drawn)["areas"][0]["name"] == "Town"
    assert 'data-view="area-0"' in page(drawn)
    with pytest.raises(CRSError, match=r"areas = areas\.set_crs"):
        ward_map(table, wards, areas=areas.set_crs(None, allow_override=True))


def test_other_crs_give_the_same_place(table, wards):
    here, there = (data(ward_map(table, w))["views"]["district"] for w in (wards, wards.to_crs(4326)))
    assert np.allclose(here, there, atol=2e-5)


def test_the_input_is_unchanged(table, wards):
    before_table, before_wards = table.copy(), wards.copy()
    ward_map(table, wards)
    pd.testing.assert_frame_equal(table, before_table)
    assert wards.equals(before_wards)


def test_the_order_of_rows_does_not_matter(table, wards):
    mixed = ward_map(table.sample(frac=1, random_state=1), wards.iloc[::-1])
    assert data(mixed)["wards"][0] == data(ward_map(table, wards))["wards"][0]
    assert page(mixed) == page(ward_map(table, wards))


def test_the_past_of_each_ward_is_on_board_even_with_one_period_shown(table, wards):
    table = table.sort_index()
    table.loc[("all crime", "2017"), "rate"] = [1.0, 2.0, 3.04, np.inf, np.nan]
    trend = data(ward_map(table, wards))["trend"]
    assert trend["label"] == "Rate"
    assert trend["themes"][0]["periods"] == ["2017", "2018"]
    names = [ward["name"] for ward in data(ward_map(table, wards))["wards"]]
    values = dict(zip(names, trend["themes"][0]["values"], strict=True))
    assert values["Castle"] == [3.0, 25.0]
    assert values["Dove"] == [None, 5.0]
    assert trend["themes"][0]["lower"][0] == [16.2, 16.2]
    assert data(ward_map(table, wards, theme="Burglary"))["trend"] is None
    assert data(ward_map(table, wards, value="priority"))["trend"] is None


def test_rank_interval_change_and_scan_are_told_where_the_table_has_them(table, wards):
    more = table.assign(
        rank_lower=[1.0, 2.0, 1.0, 3.0, np.nan] * 3,
        rank_upper=[3.0, 4.0, 1.0, 5.0, np.nan] * 3,
        change=[1.1] * 15,
        scan_cluster=pd.array([None, 1, 1, None, None] * 3, dtype="Int64"),
        scan_p=[None, 0.01, 0.01, None, None] * 3,
    )
    drawn = ward_map(more, wards)
    facts = zip([f["label"] for f in data(drawn)["facts"]], layer(drawn)["facts"], strict=True)
    said = {label: of_wards[0] for label, of_wards in facts}
    assert said["Rank by rate"] == "1 to 1"
    assert said["Change"] == "1.10"
    assert said["Cluster (scan)"] == "cluster 1, p 0.010"


# geometry


@pytest.mark.parametrize("crs", [27700, 4326])
def test_simplified_neighbours_still_meet(crs):
    rng = np.random.default_rng(0)
    y = np.linspace(0, 4_000, 300)
    border = np.column_stack([2_000 + 30 * rng.random(300), y])
    left = Polygon([(0, 0), *border, (0, 4_000)])
    right = Polygon([*border, (4_000, 4_000), (4_000, 0)])
    wards = gpd.GeoDataFrame(
        {"ward_name": ["L", "R"]},
        geometry=[left, right],
        index=pd.Index(["a", "b"], name="ward_code"),
        crs=27700,
    )
    simple = simplify(wards.to_crs(crs))
    assert shapely.get_num_coordinates(simple.geometry).sum() < 606 / 4
    assert shapely.coverage_is_valid(simple.geometry.to_numpy())
    points = [{tuple(point) for ring in unpacked(p)[0] for point in ring} for p in pack(simple.geometry)]
    assert len(points[0] & points[1]) >= 2


def test_packed_rings_unpack_to_the_same_shape():
    shape = shapely.MultiPolygon([box(-1.5, 52, -1.4, 52.1), box(0, 50, 3, 53).difference(box(1, 51, 2, 52))])
    rings = unpacked(pack([shape])[0])
    again = shapely.MultiPolygon([(part[0], part[1:]) for part in rings])
    assert again.normalize().equals_exact(shape.normalize(), 1e-9)


def unpacked(packed):
    alphabet = {letter: digit for digit, letter in enumerate(string.ascii_letters + string.digits + "-.")}
    alphabet |= {
        letter: digit for digit, letter in enumerate(string.ascii_uppercase + string.ascii_lowercase)
    }

    def ring(letters):
        steps, number, place = [], 0, 0
        for letter in letters:
            number += (alphabet[letter] & 31) << place
            place += 5
            if alphabet[letter] < 32:
                steps.append(-(number + 1) // 2 if number & 1 else number // 2)
                number = place = 0
        return (np.cumsum(np.reshape(steps, (-1, 2)), axis=0) / 1e5).tolist()

    return [[ring(letters) for letters in part] for part in packed]


# classes


def test_classes_are_cut_where_the_values_leave_gaps():
    values = pd.Series([1.0, 1.1, 1.2, 9.0, 9.1])
    classes = style.value_classes(values, k=2)
    assert classes.labels == ("1.0 to 1.2", "9.0 to 9.1")
    assert classes.of(values) == [0, 0, 0, 1, 1]


def spread(class_of):
    """Return the sum of squares within classes, of values by their class."""
    values = pd.Series(class_of.index, index=class_of.to_numpy())
    return sum(((group - group.mean()) ** 2).sum() for _, group in values.groupby(level=0))


def fewest_spread(values, k):
    """Return the least sum of squares that any cut into `k` classes has, by trying all."""
    cuts = itertools.combinations(range(1, len(values)), k - 1)
    bounds = ((0, *cut, len(values)) for cut in cuts)
    return min(
        sum(np.var(values[low:high]) * (high - low) for low, high in itertools.pairwise(bound))
        for bound in bounds
    )


@pytest.mark.parametrize("decimals", [0, 1])
@pytest.mark.parametrize(
    ("centre", "width"), [(0, 10), (1_000_000, 30), (-1_000_000, 30), (0, 300_000)], ids=str
)
def test_natural_breaks_leave_the_least_spread_within_classes(centre, width, decimals):
    rng = np.random.default_rng(1)
    for number in (5, 6, 9, 12, 12, 12):
        values = pd.Series(np.round(rng.normal(centre, width, number), decimals))
        classes = style.value_classes(values, decimals=decimals)
        class_of = pd.Series(classes.of(values), index=values).groupby(level=0).first()
        k = min(5, len(class_of))
        assert len(classes.labels) == k
        best = fewest_spread(sorted(class_of.index), k)
        assert spread(class_of) == pytest.approx(best, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    "values", [[5.0], [3.0, 3.0, 3.0], [1.0, 2.0], list(range(2_000)), [0.0] * 90 + [1.0, 2.0]]
)
def test_every_finite_value_has_exactly_one_class(values):
    classes = style.value_classes(pd.Series(values, dtype=float))
    codes = classes.of(pd.Series(values, dtype=float))
    assert None not in codes
    assert set(codes) == set(range(len(classes.labels)))
    assert 1 <= len(classes.labels) <= 5
    assert codes == sorted(codes)


def test_values_that_look_alike_share_a_class():
    values = pd.Series([1.04, 0.96, 2.0])
    codes = style.value_classes(values, decimals=1).of(values)
    assert codes[0] == codes[1]


def test_a_limit_belongs_to_the_class_above_it():
    assert style.given_classes([5, 10]).of(pd.Series([4.9, 5.0, 9.99, 10.0, np.inf, None])) == [
        0, 1, 2, 2, None, None,
    ]  # fmt: skip
    assert style.ratio_classes().of(pd.Series([0.66, 0.67, 0.9, 1.1, 1.5])) == [0, 1, 2, 3, 4]


# provenance


def test_methods_sources_vintage_and_attribution_stand_on_the_page(table, wards):
    source = Source("Ward boundaries", vintage="2013", attribution="Contains OS data © Crown copyright 2013.")
    said = words(ward_map(table, wards, sources=[source]))
    for sentence in (
        "Incidents per 1,000 residents, Byar.",
        "method not recorded",
        "Ward boundaries, 2013. Contains OS data © Crown copyright 2013.",
        "Boundaries:  2013, schematic boundaries for practice",
        "natural breaks (Fisher-Jenks)",
    ):
        assert " ".join(sentence.split()) in " ".join(said.split())


def test_two_methods_in_one_column_are_announced(table, wards):
    mixed = ["one", "two", "one", "two", "one"] * 3
    with pytest.warns(MixedMethodsWarning, match="made in 2 ways"):
        drawn = ward_map(table.assign(rate_method=mixed), wards)
    assert "two" in words(drawn)


def test_methods_that_differ_between_layers_are_printed_without_a_warning(table, wards):
    sentences = ["one"] * 5 + ["two"] * 5 + ["one"] * 5
    drawn = ward_map(table.assign(rate_method=sentences), wards, period=["2017", "2018"])
    methods = re.search(r'id="wm-methods".*?</section>', page(drawn), re.DOTALL)[0]
    assert "<dd>one</dd><dd>two</dd>" in methods

"""assign_wards, ledger and count_incidents on Dask frames: lazy, exact, and safe from a lost worker."""

import os
import signal
import threading
import time

import cloudpickle
import pandas as pd
import pytest
import shapely

import wardmap as wm
from wardmap.errors import CRSError, InputError, MissingColumnError

dd = pytest.importorskip("dask.dataframe", reason="Dask is the extra wardmap[dask]")
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def district():
    return wm.read_wards(wm.demo.wards_file())


@pytest.fixture(scope="module")
def rows():
    """The practice district's incidents as plain columns: numbers, no points."""
    street = wm.demo.extract()
    return pd.DataFrame(
        {
            "x": pd.to_numeric(street["Longitude"]),
            "y": pd.to_numeric(street["Latitude"]),
            "theme": street["Crime type"],
            "date": pd.to_datetime(street["Month"]),
            "date_precision": "month",
            "duplicate": street["Crime ID"].notna() & street["Crime ID"].duplicated(),
        }
    )


@pytest.fixture(scope="module")
def expected(district):
    incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), district)
    return wm.count_incidents(incidents, district, by_period="month"), wm.ledger(incidents)


# Inputs ---------------------------------------------------------------------------------------------


def test_what_is_amiss_is_said_before_anything_is_computed(rows, district):
    frame = dd.from_pandas(rows, npartitions=2)
    with pytest.raises(MissingColumnError, match=r"no column 'x', 'duplicate'(.|\n)*rename"):
        wm.assign_wards(frame.drop(columns=["x", "duplicate"]), district)
    with pytest.raises(CRSError, match="wards do not say"):
        wm.assign_wards(frame, district.set_crs(None, allow_override=True))
    lookup = pd.DataFrame({"from_code": ["A1"], "to_code": ["E05006918"]})
    with pytest.raises(MissingColumnError, match="lsoa_code"):
        wm.assign_wards(frame, district, lookup=lookup)
    with pytest.raises(InputError, match="more than one row"):
        wm.assign_wards(frame.assign(lsoa_code="A1"), district, lookup=pd.concat([lookup, lookup]))


# Outputs --------------------------------------------------------------------------------------------


def test_nothing_is_read_until_it_is_counted(rows, district):
    read = []

    def load(part):
        read.append(part)
        return rows.iloc[:100]

    frame = wm.assign_wards(dd.from_map(load, range(3), meta=rows.iloc[:0]), district)
    assert read == []
    assert frame.dtypes.loc[["ward_code", "match"]].astype(str).tolist() == ["category", "category"]
    assert len(frame.compute(scheduler="synchronous")) == 300


def test_the_wards_are_one_node_of_the_graph(district):
    """Twenty times the partitions must not mean twenty copies of the wards."""

    def few(part):
        return pd.DataFrame({"x": [-1.6], "y": [52.8], "duplicate": [False], "part": [part]})

    def bytes_sent(partitions):
        frame = wm.assign_wards(dd.from_map(few, range(partitions), meta=few(0)), district)
        return sum(len(cloudpickle.dumps(task)) for task in frame.optimize().dask.values())

    a_copy = sum(map(len, shapely.to_wkb(district.geometry.to_numpy())))
    assert bytes_sent(2) > a_copy
    assert bytes_sent(40) - bytes_sent(2) < 38 * a_copy / 2


@pytest.mark.parametrize("partitions", [1, 7])
def test_counts_and_ledger_are_those_of_the_table(rows, district, expected, partitions):
    frame = wm.assign_wards(
        dd.from_pandas(rows.sample(frac=1, random_state=0), npartitions=partitions), district
    )
    pd.testing.assert_frame_equal(wm.ledger(frame), expected[1])
    pd.testing.assert_frame_equal(wm.count_incidents(frame, district, by_period="month"), expected[0])


def test_rows_without_a_point_go_to_the_ward_of_their_small_area(rows, district):
    lookup = pd.DataFrame({"from_code": ["A1"], "to_code": ["E05006918"]})
    frame = wm.assign_wards(
        dd.from_pandas(rows.assign(lsoa_code="A1"), npartitions=2), district, lookup=lookup
    )
    book = wm.ledger(frame).loc["total"]
    assert book["no_location"] == 0
    assert book["lookup"] == rows["x"].isna().sum()


def test_weights_are_added_up_beside_the_counts(rows, district):
    weighted = rows.assign(victims=rows.index % 3)
    lazy = wm.assign_wards(dd.from_pandas(weighted, npartitions=3), district)
    street = wm.assign_wards(wm.read_incidents(wm.demo.extract()), district)
    expected = wm.count_incidents(street.assign(victims=rows.index % 3), district, weights="victims")
    pd.testing.assert_frame_equal(wm.count_incidents(lazy, district, weights="victims"), expected)
    broken = wm.assign_wards(dd.from_pandas(weighted.assign(victims=-1.0), npartitions=3), district)
    with pytest.raises(InputError, match="cannot be added up"):
        wm.count_incidents(broken, district, weights="victims")


# A cluster ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_processes_and_one_killed_in_the_middle(rows, district, expected, tmp_path):
    begun = tmp_path / "begun"

    def load(part):
        if part == 10:
            begun.touch()
        time.sleep(0.05)
        return rows.iloc[part::40]

    frame = wm.assign_wards(dd.from_map(load, range(40), meta=rows.iloc[:0]), district)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        processes = client.run(os.getpid)
        assert len(set(processes.values())) == 2

        def kill_one():
            while not begun.exists():
                time.sleep(0.01)
            os.kill(next(iter(processes.values())), signal.SIGKILL)

        killer = threading.Thread(target=kill_one)
        killer.start()
        table = wm.count_incidents(frame, district, by_period="month")
        killer.join()
        assert set(client.run(os.getpid).values()) != set(processes.values())
    pd.testing.assert_frame_equal(table, expected[0])

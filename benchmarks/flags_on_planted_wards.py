"""How often do rules find wards that were planted? Prints the table of docs/methods/priority.md.

    python benchmarks/flags_on_planted_wards.py --districts 300

Every district has the practice district's wards, people and planted risks, and as many incidents as
asked for, drawn anew. A hit is one of the three planted wards (twice the borough together) among those
flagged; a false flag is any other ward among them. Districts with nothing planted have one risk
everywhere, so that every flag is false.
"""

import argparse

import numpy as np
import pandas as pd

import wardmap as wm
from wardmap import demo, schema

PLANTED = ["E05006918", "E05006922", "E05006930"]  # Anglesey, Burton, Shobnall
EVENTS = (8_000, 300, 60)


def simulated_table(events: int, districts: int, seed: int, *, planted: bool = True) -> pd.DataFrame:
    """Return a ward table with one period for each simulated district, every statistic in it."""
    wards = wm.read_wards(demo.wards_file())
    people = wm.read_population(demo.population_file())["population"].reindex(wards.index)
    risk = people * pd.Series(demo.PLANTED) if planted else people
    random = np.random.default_rng(seed)
    counts = random.multinomial(events, (risk / risk.sum()).to_numpy(), size=districts)
    periods = [f"{2000 + n}" for n in range(districts)]
    index = pd.MultiIndex.from_product([["all crime"], periods, wards.index], names=schema.WARD_TABLE.index)
    table = pd.DataFrame({"incidents": counts.ravel()}, index=index)
    table = wm.compare(wm.add_rates(table, people.to_frame()))
    return wm.scan(wm.gi_star(table, wm.neighbours(wards)), wards, replicates=999)


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """Return hits (mean share of the planted wards) and false flags (mean number of others), by rule."""
    three = wm.PriorityRule(max_wards=3)
    rules = {
        "the default rule": wm.flag_wards(table)["priority"] == "priority",
        "the same, three wards at most": wm.flag_wards(table, rule=three)["priority"] == "priority",
        "Gi* with FDR, q ≤ 0.05": (table["gi_q"] <= 0.05) & (table["gi_z"] > 0),
        "top three by rate": table["rate"].groupby(level="period").rank(ascending=False, method="first") <= 3,
        "scan cluster, p ≤ 0.05": table["scan_p"] <= 0.05,
        "above the rest (95 %)": table["status"] == "Above",
    }
    planted = table.index.get_level_values("ward_code").isin(PLANTED)
    districts = table.index.get_level_values("period").nunique()
    return pd.DataFrame(
        {
            name: {
                "hits": flagged[planted].mean(),
                "false flags": flagged[~planted].sum() / districts,
                "right of those flagged": flagged[planted].sum() / max(flagged.sum(), 1),
            }
            for name, flagged in rules.items()
        }
    ).T


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--districts", type=int, default=100)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    print(f"{asked.districts} districts at each number of events, seed {asked.seed}")
    for events in EVENTS:
        print(f"\n{events:,} events")
        found = scores(simulated_table(events, asked.districts, asked.seed))
        nothing = scores(simulated_table(events, asked.districts, asked.seed, planted=False))
        flags = nothing["false flags"] + 3 * nothing["hits"]  # of all 21 wards
        print(found.assign(**{"flags where nothing is planted": flags}).round(2).to_string())


if __name__ == "__main__":
    main()

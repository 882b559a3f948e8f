"""How often do rules find wards that were planted? Prints the tables of docs/methods/priority.md.

    python benchmarks/flags_on_planted_wards.py --editions 300

Every edition has the practice district's wards and people and twelve months of simulated counts, whose
variance is `phi` times a Poisson count's. With nothing planted every ward has the same risk, so that every
flag is false; otherwise the practice district's risks are planted (three wards at about twice the borough's
rate, four at 1.2 times). Every edition goes through `compare` and `flag_wards` as a user's table does.
"""

import argparse

import numpy as np
import pandas as pd

import wardmap as wm
from wardmap import demo, schema
from wardmap.rates.monthly_spread import COLUMNS
from wardmap.stats.dispersion import monthly_moments

PLANTED = ["E05006918", "E05006922", "E05006930"]  # Anglesey, Burton, Shobnall
PLAN = (2479, 290, 60, 682, 551, 62, 188, 791, 814, 1051, 195, 49, 321, 183)  # the plan's fourteen themes
SETTINGS = {
    "one theme, 8,000 events, φ 1": ((8000,), (1.0,)),
    "one theme, 8,000 events, φ 2": ((8000,), (2.0,)),
    "one theme, 300 events, φ 1": ((300,), (1.0,)),
    "one theme, 300 events, φ 2": ((300,), (2.0,)),
    "one theme, 60 events, φ 2": ((60,), (2.0,)),
    "fourteen themes, φ 1": (PLAN, (1.0,) * 14),
    "fourteen themes, φ 2": (PLAN, (2.0,) * 14),
    "fourteen themes, φ 1.2 to 2.5": (PLAN, tuple(np.linspace(1.2, 2.5, 14))),
}


def edition(
    people: pd.Series,
    risk: pd.Series,
    sizes: tuple[int, ...],
    phi: tuple[float, ...],
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return the ward table of one simulated year, as `count_incidents` and `add_rates` make it."""
    share = (people * risk / (people * risk).sum()).to_numpy()
    mean = np.multiply.outer(np.array(sizes, dtype=float), share)[..., None] / 12 * np.ones(12)
    extra = np.array(phi)[:, None, None] - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(extra > 0, random.gamma(mean / np.where(extra > 0, extra, 1)) * extra, mean)
    counts = random.poisson(rate)
    themes = [f"theme {n:02}" for n in range(len(sizes))]
    index = pd.MultiIndex.from_product([themes, ["2018"], people.index], names=schema.WARD_TABLE.index)
    moments = monthly_moments(counts)
    known = (
        moments.excess,
        moments.scale,
        moments.events,
        np.full(len(sizes), 12.0),
        np.full(len(sizes), 11.0),
    )
    table = pd.DataFrame({"incidents": counts.sum(axis=2).ravel(), "months": 12}, index=index)
    table["population"] = np.tile(people.to_numpy(), len(sizes))
    return table.assign(**{name: np.repeat(of, len(people)) for name, of in zip(COLUMNS, known, strict=True)})


def flags(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return which wards each rule flags."""
    found = wm.flag_wards(wm.compare(table))
    plain = wm.compare(table, dispersion=1)
    rate = table["incidents"] / table["population"]
    share = plain["incidents"].groupby(level="theme").transform("sum")
    order = plain["incidents"].groupby(level="theme").rank(ascending=False, method="first")
    ordered = (
        plain["incidents"].sort_values(ascending=False).groupby(level="theme").cumsum().reindex(plain.index)
    )
    volume = (ordered - plain["incidents"] < 0.5 * share) & (order > 0)
    first_edition = (
        (plain["status"] == "Above") & (plain["ratio"] >= 1.5) & volume & (plain["incidents"] >= 5)
    )
    return {
        "the rule (priority)": found["priority"] == "priority",
        "the rule (priority or watch)": found["priority"] != "none",
        "above at 95%, large, volume, Poisson (first edition)": first_edition,
        "top three by rate": rate.groupby(level="theme").rank(ascending=False, method="first") <= 3,
    }


def scores(setting: str, editions: int, seed: int, *, planted: bool) -> pd.DataFrame:
    """Return hits (mean share of the planted wards) and the share of editions with a false flag, by rule."""
    people = wm.read_population(demo.population_file())["population"].astype(float).sort_index()
    risk = pd.Series(demo.PLANTED).reindex(people.index) if planted else pd.Series(1.0, people.index)
    random, made = np.random.default_rng(seed), []
    for _ in range(editions):
        told = flags(edition(people, risk, *SETTINGS[setting], random))
        true = next(iter(told.values())).index.get_level_values("ward_code").isin(PLANTED) & planted
        made.append(
            {
                name: (flag[true].mean() if planted else np.nan, flag[~true].any(), flag[~true].sum())
                for name, flag in told.items()
            }
        )
    columns = ["hits", "editions with a false flag", "false flags"]
    return pd.DataFrame(
        {name: np.mean([one[name] for one in made], axis=0) for name in made[0]}, index=columns
    ).T


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--editions", type=int, default=100)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    print(f"{asked.editions} editions of each setting, seed {asked.seed}")
    for setting in SETTINGS:
        for planted in (False, True):
            print(f"\n{setting}; {'three wards planted' if planted else 'nothing planted'}")
            print(
                scores(setting, asked.editions, asked.seed, planted=planted).round(3).to_string(), flush=True
            )


if __name__ == "__main__":
    main()

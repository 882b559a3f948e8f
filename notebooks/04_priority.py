# %% [markdown]
# # From evidence to a decision
#
# Which wards does the partnership sign for, how sure is that, what will £100,000 do, and were last
# time's flags right? This page runs on the police's open data where it lies beside the repository,
# and on the practice district everywhere else. Every cell can be read aloud in a meeting.

# %%
from pathlib import Path

import pandas as pd

import wardmap as wm

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
REAL = SHARED.is_dir()
pd.set_option("display.width", 200, "display.max_columns", 20, "display.max_colwidth", 200)

# %% [markdown]
# ## The evidence
#
# Two periods: one to flag on, and one that the flags have not seen. The open files hold March 2018
# and October to December 2018, so there the first period is one month long. Rates are compared
# within a period, so the length does not matter; how sure they are does.

# %%
if REAL:
    wards = wm.read_wards(SHARED / "boundaries" / "east_staffordshire_wards_2013.geojson")
    rows = wm.read_incidents(str(SHARED / "police" / "*" / "*-staffordshire-street.csv"))
    people = wm.read_population(
        SHARED / "population" / "east_staffordshire_ward_facts.csv", column="pop_mid2017"
    )
    length, themes, first, second = "quarter", None, "2018 Q1", "2018 Q4"
else:
    wards = wm.read_wards(wm.demo.wards_file())
    rows = wm.read_incidents(wm.demo.extract())
    people = wm.read_population(wm.demo.population_file())
    length, themes, first, second = "financial year", wm.demo.THEMES, "2016/17", "2017/18"

incidents = wm.assign_wards(rows, wards)
table = wm.count_incidents(incidents, wards, by_period=length, themes=themes)
table = wm.compare(wm.add_rates(table, people))
table = wm.scan(wm.gi_star(table, wm.neighbours(wards)), wards, replicates=999)

# %% [markdown]
# ## The rule, agreed before anyone looks
#
# It prints as the sentence that is signed.

# %%
rule = wm.PriorityRule()
print(rule)

# %%
table = wm.flag_wards(wm.rank_stability(table, rule=rule), rule=rule)
year = table.loc[("all crime", first)]
print(year["priority_outcome"].iloc[0])
print("\n".join(year.sort_values("ratio", ascending=False)["reason"].head(8)))

# %% [markdown]
# ## How sure is the order?
#
# The ranks that each ward could have had by chance alone, and how often a second such period would
# flag it again. A ward whose interval spans half the district should not be called third.

# %%
print(
    year.sort_values("rank_expected")[
        ["ward_name", "incidents", "rank_lower", "rank_upper", "rank_top", "rank_again"]
    ].head(8).round(2).to_string()
)  # fmt: skip

# %% [markdown]
# ## Which wards hang on the rule?

# %%
rules = {
    "agreed": rule,
    "twice the rest": wm.PriorityRule(min_ratio=2),
    "stable": wm.PriorityRule(stable_only=True),
}
side = wm.priority.compare_rules(table, rules=rules).loc[("all crime", first)]
print(side.loc[~side["rules_agree"], ["ward_name", *rules]].to_string())

# %% [markdown]
# ## Were the flags right?
#
# Flagged on the first period, scored on the second. `ratio_expected` is what wards that are chosen
# for being high fall back to by themselves; only a fall beyond it could be anyone's doing.

# %%
scored = wm.priority.evaluate_flags(table, wards=wards, theme="all crime")
print(scored.loc[("all crime", first)].drop("evaluation_method").to_string())

# %%
changed = wm.priority.compare_editions(table, table, theme="all crime", last_period=first, this_period=second)
print(changed.loc[changed["change"] != "unflagged", ["ward_name", "change", "because"]].to_string())

# %% [markdown]
# ## The place-based area
#
# The plan names seven wards. The fewest wards that hang together and hold half of all crime are
# another set, and a smaller one: the plan's area is a choice, and says so.

# %%
seven = wm.place_area(
    wards, name="Place-based area", ward_codes=wm.demo.PLACE_BASED_AREA, table=table, period=second
)
fewest = wm.priority.grow_area(table, wards, wm.neighbours(wards), share=0.5, period=second)
areas = pd.concat([seven, fewest])
print(areas[["ward_names", "share_incidents", "share_population", "ratio_rest"]].round(2).to_string())

# %% [markdown]
# ## £100,000, in hundreds, over the seven wards
#
# The same money on three bases, and for the one that is chosen what chance in the counts could
# change. Nobody gets less than £5,000, and the last pound is spent.

# %%
bases = {"volume": "volume", "excess": "excess", "half and half": {"volume": 1, "equal": 1}}
options = {"unit": 100, "floor": 5_000, "ward_codes": wm.demo.PLACE_BASED_AREA, "period": second}
print(
    wm.priority.compare_allocations(table, budget=100_000, by=bases, **options)[
        ["ward_name", *bases]
    ].to_string()
)

# %%
money = wm.allocate(table, budget=100_000, by={"volume": 1, "equal": 1}, **options)
print(money.drop(columns="allocation_method").round(3).to_string())
print("in all:", money["allocation"].sum())

# %% [markdown]
# ## What would a plan reach?

# %%
reached = wm.priority.coverage(incidents, wards, ward_codes=wm.demo.PLACE_BASED_AREA)
print(reached.loc[["Anti-social behaviour", "all crime"], ["incidents", "reached", "share_reached"]].round(2))

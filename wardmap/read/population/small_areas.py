"""From people by small area to people by ward, through a lookup that gives each area to one ward."""

import pandas as pd

from wardmap.errors import IncompleteWarning, InputError, Use, counted, listed, warn
from wardmap.read import columns as habits

_AREA, _CODE = Use("read_population", "area"), Use("read_population", "code")


def to_wards(
    people: pd.Series, lookup: pd.DataFrame, *, code: str | None, area: str | None, names: tuple[str, str]
) -> tuple[pd.Series, str]:
    """Return people by ward, and in words how they were added up.

    `people` is by small area. Only wards of the lookup are returned; one with an area whose people
    are not known is null, because the sum would be too low.
    """
    area_column = habits.find_column(
        lookup, ("from_code", *habits.SMALL_AREA), area if area in lookup else None, "small area", _AREA
    )
    code_column = habits.find_column(lookup, ("to_code", *habits.WARD_CODE), code, "ward code", _CODE)
    areas = habits.clean_codes(lookup[area_column])
    wards = habits.clean_codes(lookup[code_column])
    _refuse_two_wards(areas, wards, names[1])
    ward_of = pd.Series(wards.to_numpy(), index=areas).groupby(level=0).first()
    strangers = people.index.difference(ward_of.index)
    found = people.reindex(ward_of.index)
    unknown = ward_of.index[found.isna()]
    if len(unknown):
        warn(
            IncompleteWarning,
            f"Without people in {names[0]}: {counted(len(unknown), 'small area')} of {names[1]}.",
            f"areas: {listed(unknown)}",
            f"wards, whose sum is not known: {listed(sorted(ward_of[unknown].unique()))}",
            mend="take people and lookup of one set of small areas: of 2011, or of 2021.",
        )
    by_ward = found.groupby(ward_of).agg(lambda values: values.sum(skipna=False))
    share = found.sum() / people.sum() if people.sum() else 0.0
    return by_ward, (
        f"summed from {len(ward_of):,} small areas by the best fit of {names[1]}, "
        f"which holds {100 * share:.1f}% of the people on file"
        f"{f'; {len(strangers):,} areas are not in it' if len(strangers) else ''}"
    )


def _refuse_two_wards(areas: pd.Series, wards: pd.Series, name: str) -> None:
    blank = areas.isna() | wards.isna()
    if blank.any():
        raise InputError(
            f"{counted(int(blank.sum()), 'row')} of {name} without an area or a ward.",
            f"rows: {listed(areas.index[blank])}",
            mend="take them out.",
        )
    pairs = pd.DataFrame({"area": areas, "ward": wards}).drop_duplicates()
    twice = pairs["area"][pairs["area"].duplicated()]
    if len(twice):
        raise InputError(
            f"In more than one ward: {counted(len(twice), 'small area')} of {name}.",
            f"areas: {listed(twice)}",
            mend="take the best-fit lookup, which gives each area to one ward.",
        )

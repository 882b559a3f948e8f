"""Whether codes are those of wards: the first three characters of a British code say what an area is."""

import geopandas as gpd
import pandas as pd

from wardmap.errors import NotWardsWarning, Use, counted, first_lines, listed, warn

WARDS = ("E05", "W05", "S13", "N08")
"""Wards, and the electoral divisions and wards that unitary authorities and the other nations have."""

_OTHERS = {
    "county electoral divisions, which several wards share": ("E36", "E58"),
    "districts": ("E06", "E07", "E08", "E09", "W06", "S12", "N09"),
    "parishes or communities": ("E04", "W04"),
    "output areas": ("E00", "W00", "S00", "N00"),
    "small areas (LSOA, data zone)": ("E01", "W01", "S01"),
    "middle areas (MSOA, intermediate zone)": ("E02", "W02", "S02"),
}


def warn_of_other_areas(wards: gpd.GeoDataFrame) -> None:
    """Warn of British codes that are not those of wards; codes of other countries are taken as they are."""
    codes = wards.index.astype(str)
    british = codes[codes.str.fullmatch(r"[EWSN]\d{8}")]
    others = british[~british.str[:3].isin(WARDS)]
    if len(others):
        warn(
            NotWardsWarning,
            "Some areas are not wards, by their codes.",
            f"{counted(len(others), 'area')} of {len(wards):,}",
            *first_lines(
                [f"{kind}: {listed(others[others.str[:3] == kind[:3]], 4)}" for kind in _kinds(others)]
            ),
            f"codes of wards begin with {', '.join(WARDS[:-1])} or {WARDS[-1]}",
            mend=(
                "read a layer of wards, or name the column that has their codes:",
                Use("read_wards", "code"),
            ),
            note="where these areas are what you mean, the population must be theirs too.",
        )


def _kinds(codes: pd.Index) -> list[str]:
    """Return each beginning with what it stands for, where that is known."""
    kind_of = {start: kind for kind, starts in _OTHERS.items() for start in starts}
    return [f"{start} {kind_of.get(start, 'of another kind')}" for start in sorted(set(codes.str[:3]))]

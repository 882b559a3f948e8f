"""How to read the main columns, in the words that stand at the foot of a page."""

READING = {
    "rate": (
        "Incidents set against the people who live in the ward, usually for each 1,000 of them; the "
        "method says which. The range in brackets is its interval: small counts give wide ones, and "
        "wards whose intervals largely overlap may not differ. Town centres draw people who live "
        "elsewhere, so a high rate there is not the risk of each resident."
    ),
    "ratio": (
        "The ward's rate over that of its benchmark: 2 is twice as high, 1 is the same. The status is "
        "Above or Below only where the whole interval lies on one side of 1."
    ),
    "gi": (
        "Whether high values gather in a ward and its neighbours more than chance would bring about. "
        "A small q says that few wards with as strong a sign are there by chance."
    ),
    "priority": (
        "Priority and Watch follow the agreed rule, applied to the numbers in the table. The reason "
        "stands beside each ward, also where it is not flagged."
    ),
}

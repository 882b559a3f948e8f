"""How to read the numbers of a page, how they were made, and where they come from."""

from collections.abc import Iterable, Mapping, Sequence

from wardmap.page.rendering import Finished, render
from wardmap.provenance import Source

Term = dict[str, object]

_READING = {
    "rate": (
        "Rate",
        "Incidents set against the people who live in the ward, usually for each 1,000 of them; the method",
        "says which. The range in brackets is its interval: small counts give wide ones, and wards whose",
        "intervals largely overlap may not differ. Town centres draw people who live elsewhere, so a high",
        "rate there is not the risk of each resident.",
    ),
    "ratio": (
        "Rate ratio",
        "The ward's rate divided by that of its benchmark: 2 is twice as high, 1 is the same. The status is",
        "Above or Below only where the whole interval lies on one side of 1.",
    ),
    "gi": (
        "Cluster test",
        "Whether high values lie together, in a ward and its neighbours, more than chance would explain.",
        "A small q means that few of the wards with a result as strong as this one are there by chance.",
    ),
    "priority": (
        "Flags",
        "Priority and Watch follow the agreed rule, applied to the numbers in the table. The reason stands",
        "beside each ward, also where it is not flagged.",
    ),
}
"""For each column group the name that readers know, and then the lines of what is said of it."""


def term(name: str, *sentences: str) -> Term:
    """Return a name and the sentences that explain it."""
    return {"name": name, "sentences": list(sentences)}


def reading(groups: Iterable[str]) -> list[Term]:
    """Return how to read the column groups that are shown, as far as there is something to say."""
    shown = set(groups)
    return [term(name, " ".join(lines)) for group, (name, *lines) in _READING.items() if group in shown]


def methods(sentences: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> list[Term]:
    """Return how each column group was made, under the label that it has on the page."""
    return [term(labels.get(group, group), *said) for group, said in sentences.items()]


def words(how_to_read: Sequence[Term], made: Sequence[Term], sources: Sequence[Source]) -> Finished:
    """Return the three columns of words that stand below maps and reports."""
    return render(
        "page/templates/words.html",
        reading=how_to_read,
        made=made,
        sources=[source.sentence() for source in sources],
    )

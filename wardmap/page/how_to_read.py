"""How to read the numbers of a page, how they were made, and where they come from."""

from collections.abc import Iterable, Mapping, Sequence

from wardmap import schema
from wardmap.page.rendering import Finished, render
from wardmap.provenance import Source

Term = dict[str, object]


def term(name: str, *sentences: str) -> Term:
    """Return a name and the sentences that explain it."""
    return {"name": name, "sentences": list(sentences)}


def reading(groups: Iterable[str]) -> list[Term]:
    """Return how to read the column groups that are shown, as the dictionary of columns says it."""
    shown = set(groups)
    return [
        term(column.label, column.reading)
        for column in schema.WARD_TABLE.columns
        if column.reading and column.name.removesuffix("_class") in shown
    ]


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

"""The words below a page: how to read what is shown, how it was made, where it comes from."""

from tests.test_rendering import Reader
from wardmap.page import how_to_read
from wardmap.provenance import Source


def test_only_what_is_shown_is_explained():
    assert [term["name"] for term in how_to_read.reading(["population", "ratio", "gi"])] == [
        "Rate ratio", "Cluster test (Gi*)",
    ]  # fmt: skip
    assert how_to_read.reading(["population"]) == []


def test_methods_stand_under_their_labels_with_every_sentence():
    made = how_to_read.methods({"rate": ["One.", "Two."], "gi": ["Three."]}, {"rate": "Rate"})
    page = how_to_read.words([], made, [Source("Wards <2013>")])
    said = [words.strip() for words in Reader(page).said if words.strip()]
    assert said == [
        "How to read this page", "How the numbers were made", "Rate", "One.", "Two.", "gi", "Three.",
        "Sources", "Wards <2013>.",
    ]  # fmt: skip
    assert "No sources were given." in how_to_read.words([], made, [])

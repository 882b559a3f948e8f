"""Data never becomes code, whatever characters it has."""

import html
import json
import unicodedata
from html.parser import HTMLParser

import jinja2
import pytest
from branca.element import Figure
from hypothesis import given
from hypothesis import strategies as st

from wardmap.maps.offline import Raw
from wardmap.page.safe_text import clean, island, text

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "{% x %}",
    "{%",
    "{# x #}",
    "${1}",
    "`${1}`",
    "</script><script>document.title='x'</script>",
    "<!--<script>",
    "&lt;b&gt;",
    "\"quoted\" 'twice'",
    "\\u003c",
    "\u2028\u2029",
    "שלום \u202egnirts",
    "Tŷ-croes, Ŵ",
    "=1+1",
)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.read, self.title = [], "", None

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.title = dict(attrs).get("title", self.title)

    def handle_data(self, data):
        self.read += data


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_reads_back_as_the_same_characters(value):
    reader = _Reader()
    reader.feed(f'<p title="{text(value)}">{text(value)}</p>')
    reader.close()
    assert reader.tags == ["p"]
    assert reader.read == reader.title == value


@given(st.text())
def test_any_text_reads_back_as_it_was_cleaned(value):
    assert html.unescape(text(value)) == clean(value)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn"))))
def test_printable_text_is_never_changed(value):
    assert clean(value) == value


@given(st.text())
def test_text_leaves_nothing_for_any_language(value):
    allowed = set(" .,-()/:;&#")
    assert all(char in allowed or char.isalnum() for char in text(value))


def test_what_cannot_stand_in_a_page_is_replaced_visibly():
    assert clean("a\x00b\ud800c\ufffed\x9fe") == "a�b�c�d�e"
    assert clean("two\r\nlines\tand a tab") == "two lines and a tab"


def test_letters_of_every_language_stay_readable():
    assert text("Tŷ-croes, Ŵ") == "Tŷ-croes, Ŵ"


def test_values_that_are_not_text_are_written_out():
    assert text(2013) == "2013"


@pytest.mark.parametrize("value", HOSTILE)
def test_an_island_is_one_script_of_data(value):
    reader = _Reader()
    reader.feed(island({value: [value]}, "x") + "<p>")
    assert reader.tags == ["script", "p"]
    assert json.loads(reader.read) == {value: [value]}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_an_island_reads_back(data):
    reader = _Reader()
    reader.feed(island({"data": data}, "x"))
    reader.close()
    assert json.loads(reader.read) == {"data": _cleaned(data)}


@given(st.text())
def test_an_island_is_ascii_without_markup_or_template(value):
    inner = (
        island([value], "x").removeprefix('<script type="application/json" id="x">').removesuffix("</script>")
    )
    assert inner.isascii()
    assert not set(inner) & set("<>&'`{}%#$")


def test_an_island_refuses_what_json_cannot_say():
    with pytest.raises(ValueError, match="JSON"):
        island({"rate": float("inf")}, "x")


@given(st.text())
def test_a_page_of_text_means_nothing_to_jinja(value):
    page = f"<p>{text(value)}</p>{island([value], 'x')}"
    assert jinja2.Template(page).render() == page


def test_raw_is_not_parsed_as_a_template():
    figure = Figure()
    figure.html.add_child(Raw("{{ 7 * 7 }} {% x %}"))
    assert "{{ 7 * 7 }} {% x %}" in figure.render()


def _cleaned(data):
    if isinstance(data, list):
        return [_cleaned(item) for item in data]
    return clean(data) if isinstance(data, str) else data


def test_the_hostile_list_is_printable():
    for value in HOSTILE:
        assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in value)

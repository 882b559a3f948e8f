"""Templates: what stands in them is markup, what is put into them is text, whatever it says of itself."""

import html
import re
from html.parser import HTMLParser

import jinja2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta
from markupsafe import Markup

from tests.browser.conftest import HOSTILE, make_map
from tests.conftest import REPOSITORY
from tests.test_first_second import loaded
from wardmap.maps.offline import Raw
from wardmap.page import how_to_read
from wardmap.page.legend import Entry, filled, hatches, signs
from wardmap.page.rendering import Finished, _house, render
from wardmap.page.safe_text import clean

TEMPLATES = sorted((REPOSITORY / "wardmap").rglob("*.html"))
VALUE = "\ue000"  # stands for whatever a template puts in


def made(source, **values):
    """Render a template given as text, with values as `render` would give them to it."""
    return _house().from_string(source).render(values)


class Reader(HTMLParser):
    """What a browser reads: tags with their attributes, and all text outside of scripts and styles."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.said = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, data):
        self.said.append(data)


def words(name):
    return how_to_read.words([how_to_read.term(name, name)], [], [])


# --- data is text


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_reads_back_and_is_nothing_else(value):
    page = words(value)
    assert [tag for tag, _ in Reader(page).tags] == [tag for tag, _ in Reader(words("plain")).tags]
    assert Reader(page).said.count(clean(value)) == 2
    assert jinja2.Template(page).render() == page


@given(st.text(min_size=1))
def test_any_text_reads_back_and_means_nothing_to_jinja(value):
    page = signs([Entry(value, filled("#ffffff"), counts=value)])
    assert [html.unescape(found) for found in re.findall("<bdi>(.*?)</bdi>", page, re.DOTALL)] == [
        clean(value)
    ]
    assert dict(Reader(page).tags[-1][1])["data-counts"] == clean(value)
    assert jinja2.Template(page).render() == page.removesuffix("\n")


@pytest.mark.parametrize("at", range(0, len(HOSTILE) - 20, 7))
def test_a_map_of_hostile_names_is_a_map_of_plain_ones_with_other_text(at):
    body = {}
    for names in (HOSTILE[at : at + 21], [f"Ward {n}" for n in range(21)]):
        page = make_map(names, theme=names[0], period=names[1], said=names[2])
        page = page.get_root().render()
        body[names[0]] = page[page.index("<body>") : page.index('<script type="application/json"')]
        assert not re.search(r"\{[{%#]", body[names[0]])
    hostile, plain = (
        sorted((tag, [name for name, _ in attrs]) for tag, attrs in Reader(each).tags)
        for each in body.values()
    )
    assert hostile == plain


class Pretender(str):
    """Text that claims to be safe HTML."""

    __slots__ = ()

    def __html__(self):
        return str(self)


@pytest.mark.parametrize("kind", [Markup, Pretender, np.str_])
def test_text_that_calls_itself_markup_is_text(kind):
    page = words(kind("<b>{{7*7}}</b>"))
    assert "<b>" not in page
    assert Reader(page).said.count("<b>{{7*7}}</b>") == 2


def test_what_is_no_plain_value_is_refused():
    class Anything:
        def __html__(self):
            return "<b>"

    for value in (Anything(), iter("ab"), b"x"):
        with pytest.raises(TypeError, match=r"text, numbers and lists .* not"):
            words(value)


@pytest.mark.parametrize(
    ("value", "said"), [(21, "21"), (0.5, "0.5"), (np.int64(7), "7"), (-1, "-1"), (np.float64(2.5), "2.5")]
)
def test_numbers_are_written_out(value, said):
    assert Reader(words(value)).said.count(said) == 2


def test_only_what_the_house_finished_goes_in_as_it_is():
    assert made("{{ part }}", part=Finished("<b>{{</b>")) == "<b>{{</b>"
    assert isinstance(hatches(), Finished)
    assert render("page/templates/document.html", title="", look=hatches(), head=hatches(), body=hatches())


# --- what a template cannot do


@pytest.mark.parametrize("undoing", ["safe", "e", "escape", "forceescape", "tojson", "xmlattr", "join"])
def test_no_filter_undoes_it(undoing):
    with pytest.raises(jinja2.TemplateAssertionError, match="No filter"):
        made("{{ x|" + undoing + " }}", x="<b>")


def test_turning_escaping_off_turns_nothing_off():
    assert made("{% autoescape false %}{{ x }}{% endautoescape %}", x="<b>{{") == "&#60;b&#62;&#123;&#123;"


def test_text_joined_to_markup_is_not_let_through():
    with pytest.raises(ValueError, match="not made safe"):
        made("{% macro m() %}<b>{% endmacro %}{{ m() ~ x }}", x="{{ 7 * 7 }}")


def test_a_value_that_was_not_given_is_an_error_and_so_is_one_that_says_nothing():
    with pytest.raises(jinja2.UndefinedError, match="reading"):
        render("page/templates/words.html", made=[], sources=[])
    for nothing in (None, True):
        with pytest.raises(TypeError, match="not to show"):
            made("{{ x }}", x=nothing)


# --- the templates themselves


def test_there_are_templates():
    assert len(TEMPLATES) >= 5


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_values_stand_in_text_or_in_quoted_attributes_that_run_nothing(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"=\s*\{\{", source), "an attribute without quotes"
    assert not re.search(r"<(script|style)[^>]*>(?!\s*\{\{ look \}\}</style>)", source), "no place for values"
    for tag, attrs in Reader(re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", VALUE, source))).tags:
        assert VALUE not in tag
        for name, value in attrs:
            assert VALUE not in name
            assert not name.startswith("on")
            if VALUE in (value or "") and name in ("href", "src"):
                assert path.name == "map_set.html"  # its own file names, and pictures that it drew
            assert name != "style", "the policy lets no inline style in"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_join_no_text_and_use_no_filter(path):
    tree = _house().parse(path.read_text(encoding="utf-8"))
    used = (jinja2.nodes.Concat, jinja2.nodes.Filter, jinja2.nodes.Mod, jinja2.nodes.EvalContextModifier)
    assert list(tree.find_all(used)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_template_of_a_room_takes_in_nothing_of_another(path):
    rooms = {path.relative_to(REPOSITORY / "wardmap").parts[0], "page"}
    tree = _house().parse(path.read_text(encoding="utf-8"))
    assert {name.split("/")[0] for name in meta.find_referenced_templates(tree)} <= rooms


# --- when and how it reaches folium


def test_jinja2_waits_for_the_first_page():
    modules = "wardmap.page.document, wardmap.page.legend, wardmap.page.how_to_read, wardmap.page.write_whole"
    assert loaded(f"import {modules}, wardmap.hotspots.graph.ward_graph_page", ["jinja2"]) == []
    assert loaded("from wardmap.page.legend import hatches\nhatches()", ["jinja2"]) == ["jinja2"]


def test_folium_reads_nothing_of_it_again():
    page = make_map(["{{7*7}}"] + [f"Ward {n}" for n in range(20)])
    assert isinstance(page._above, Finished)
    root = page.get_root()
    assert all(isinstance(child, Raw) for child in root.header._children.values())
    assert "{{" not in page._above
    assert Reader(page._above).said.count("Ward 3") == 0  # names of the search box are attributes
    assert "Because {{7*7}}" in Reader(page._below).said

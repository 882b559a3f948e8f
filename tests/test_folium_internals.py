"""What the safe page relies on inside folium and branca: when one of these fails, read 0004 first."""

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, Link, MacroElement
from jinja2 import Template
from xstatic.pkg import leaflet

from wardmap.maps.offline import Raw


def test_a_map_lives_in_a_figure_that_can_be_exchanged():
    drawn, figure = folium.Map(tiles=None), Figure()
    figure.add_child(drawn)
    assert drawn.get_root() is figure
    assert list(figure._children.values()) == [drawn]


def test_a_figure_has_three_parts_with_ordered_children():
    figure = Figure()
    for part in (figure.header, figure.html, figure.script):
        assert isinstance(part, Element)
        part.add_child(Raw("one"), name="one")
        part.add_child(Raw("two"), name="two")
        part.add_child(Raw("three"), name="one")
        assert list(part._children)[-2:] == ["one", "two"]
        assert "three" in part.render()


def test_a_macro_element_writes_into_the_parts_of_its_figure():
    class Mark(MacroElement):
        _template = Template(
            "{% macro header(this, kwargs) %}H{% endmacro %}"
            "{% macro html(this, kwargs) %}B{% endmacro %}"
            "{% macro script(this, kwargs) %}S{% endmacro %}"
        )

    figure = Figure()
    figure.add_child(Mark())
    figure.render()
    parts = (figure.header, figure.html, figure.script)
    assert [list(part._children.values())[-1].render() for part in parts] == ["H", "B", "S"]


def test_what_a_macro_writes_is_still_parsed_a_second_time():
    class Mark(MacroElement):
        _template = Template("{% macro html(this, kwargs) %}{{ '{{ 7 * 7 }}' }}{% endmacro %}")

    figure = Figure()
    figure.add_child(Mark())
    assert "49" in figure.render()  # the reason why no data of ours goes through an element


def test_an_element_is_named_by_its_kind_and_a_random_id():
    element = folium.Circle([52, -1])
    assert len(element._id) == 32
    assert element.get_name() == f"circle_{element._id}"
    element._name, element._id = "WardMap", "wards"
    assert element.get_name() == "ward_map_wards"


def test_links_to_files_are_links_with_a_url():
    for link in (JavascriptLink("https://example.org/a.js"), CssLink("https://example.org/a.css")):
        assert isinstance(link, Link)
        assert link.url.startswith("https://example.org/")


def test_a_map_brings_its_links_from_two_lists():
    drawn = folium.Map(tiles=None)
    assert dict(drawn.default_js)["leaflet"].endswith("leaflet@1.9.3/dist/leaflet.js")
    drawn.default_js, drawn.default_css = [], []
    drawn.get_root().render()
    assert not [child for child in drawn.get_root().header._children.values() if isinstance(child, Link)]


def test_the_leaflet_that_we_carry_is_the_one_that_folium_wants():
    assert dict(folium.Map.default_js)["leaflet"].split("@")[1].startswith("1.9.3/")
    assert leaflet.VERSION == "1.9.3"

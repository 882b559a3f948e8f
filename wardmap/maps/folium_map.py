"""A folium map whose page is wardmap's own."""

from typing import TYPE_CHECKING, Any, cast

import folium
from folium.template import Template

from wardmap import style
from wardmap.maps.contents import Plan
from wardmap.maps.offline import Page, Raw
from wardmap.maps.page_data import page_data
from wardmap.maps.page_text import page_text
from wardmap.maps.picture import Picture
from wardmap.page.safe_text import island

if TYPE_CHECKING:
    from branca.element import Figure


class WardMap(folium.Map):
    """A folium map whose page is wardmap's own: offline, under a policy, with data kept out of templates.

    folium elements can be added to it. `map.save` and the notebook show the same safe page.
    """

    # Only the map's fixed name passes through this template.
    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<div class="folium-map" id="{{ this.get_name() }}"></div>'
        "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = wardmap.open("{{ this.get_name() }}");'
        "{% endmacro %}"
    )

    def __init__(self, plan: Plan) -> None:
        super().__init__(tiles=None)
        self.default_js, self.default_css = [], []  # Leaflet is in the page; nothing else is needed
        self._name, self._id = "WardMap", "wards"
        self._above, below = page_text(plan)
        self._below = f"{below}\n{island(page_data(plan), 'wm-data')}"
        host = plan.tiles.host if plan.tiles else None
        Page(plan.headline(plan.opened), _variables(), Picture(plan), host).add_child(self)

    def render(self, **kwargs: Any) -> str:
        """Render the map between the parts of its page, which folium collects there."""
        page = cast("Figure", self.get_root())
        page.html.add_child(Raw(self._above), name="wardmap_above")
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        page.html.add_child(Raw(self._below), name="wardmap_below")
        return ""


def _variables() -> str:
    return f":root {{ --wm-priority: {style.PRIORITY}; --wm-watch: {style.WATCH}; --wm-area: {style.AREA}; }}"

"""A whole page: its title, its look, and a policy that forbids what is not in it."""

import re

import pytest

from tests.test_rendering import Reader
from wardmap.errors import InputError
from wardmap.page.document import document
from wardmap.page.rendering import Finished


def policy(page):
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    return dict(rule.strip().split(" ", 1) for rule in found.split(";"))


def test_a_page_without_scripts_lets_none_in():
    rules = policy(document("Burton", Finished("<p>x</p>")))
    assert rules.pop("style-src").count("sha256-") == 1
    assert rules == {
        "default-src": "'none'", "script-src": "'none'", "img-src": "data:", "base-uri": "'none'",
        "form-action": "'none'",
    }  # fmt: skip


def test_it_lets_its_own_scripts_and_one_host_in():
    head = Finished("<script>let a = 1;\r\n</script>")
    rules = policy(document("Burton", Finished("<p>x</p>"), head=head, host="tile.example.org"))
    # printf 'let a = 1;\n' | openssl dgst -sha256 -binary | base64
    assert rules["script-src"] == "'sha256-3smTKsMnFX9i0OGCm4n/7GAEzudwCR3kiBveN8jVUAk='"
    assert rules["img-src"] == "data: https://tile.example.org"


def test_it_has_a_language_a_title_and_its_body():
    page = document("</title><script>{{7*7}}", Finished("<p>words</p>"))
    tags = [tag for tag, _ in Reader(page).tags]
    assert tags == ["html", "head", "meta", "meta", "meta", "title", "style", "body", "p"]
    assert Reader(page).tags[0][1] == [("lang", "en-GB")]
    assert "</title><script>{{7*7}}" in Reader(page).said
    assert "{{" not in page


@pytest.mark.parametrize(
    "part", ['<img src="a.png">', '<script src="https://example.org/a.js"></script>', '<link href="a.css">']
)
def test_what_asks_for_a_file_is_refused_and_named(part):
    with pytest.raises(InputError, match=r"asks for files(.|\n)*files: '[\w:/.]*a\.(png|js|css)"):
        document("Burton", Finished(part))

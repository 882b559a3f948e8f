"""A whole page in one file that asks for nothing, under a policy that forbids it to."""

import base64
import hashlib
from html.parser import HTMLParser

from wardmap.errors import InputError, listed
from wardmap.page.rendering import Finished, own_file, render

_CHARSET = '<meta charset="utf-8">'
_NOTHING = Finished()


def document(title: str, body: Finished, *, head: Finished = _NOTHING, host: str | None = None) -> str:
    """Return a page in English with its title, the look of the house, and its policy.

    Parameters
    ----------
    title
        The title: text from data may be in it.
    body, head
        The page, and what stands in its head beside the title: its own `style` and `script` elements.
    host
        The one host that the page may ask for pictures, such as map tiles.

    Raises
    ------
    InputError
        Something in the page asks for a file.

    Examples
    --------
    >>> page = document("Wards <b>", render("page/templates/words.html", reading=[], made=[], sources=[]))
    >>> "default-src 'none'" in page, "<b>" in page
    (True, False)
    """
    look = own_file("page/templates/document.css")
    page = render("page/templates/document.html", title=title, look=look, head=head, body=body)
    # Browsers read every line break as \n before they hash a script.
    return with_policy(page.replace("\r\n", "\n").replace("\r", "\n"), host)


def with_policy(page: str, host: str | None) -> str:
    """Return a page with the policy in its head that allows its own scripts and styles, and one host."""
    found = _Scan()
    found.feed(page)
    found.close()
    if found.requests:
        raise InputError(
            "The page asks for files from the internet, which would leave a hole when it is opened offline.",
            f"files: {listed(found.requests)}",
            mend="leave out the element that asks for them.",
        )
    policy = (
        f"default-src 'none'; script-src {_hashes(found.scripts)}; style-src {_hashes(found.styles)}; "
        f"img-src data:{f' https://{host}' if host else ''}; base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(_CHARSET, f"{_CHARSET}\n{meta}", 1)


def _hashes(contents: list[str]) -> str:
    digests = [hashlib.sha256(content.encode("utf-8")).digest() for content in contents]
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests) or "'none'"


class _Scan(HTMLParser):
    """Read a page as a browser does: its inline scripts and styles, and what it would ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.requests: list[str] = []
        self._into: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        asked = given.get("href", "") if tag == "link" else given.get("src", "")
        if asked and not asked.startswith("data:"):
            self.requests.append(asked)
        self._into = None
        if tag == "style":
            self._into = self.styles
        elif tag == "script" and given.get("type", "text/javascript") != "application/json":
            self._into = self.scripts
        if self._into is not None:
            self._into.append("")

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._into = None

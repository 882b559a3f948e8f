"""Every public signature stands in docs/signatures.md, so that a change of a word is seen."""

from tests.conftest import REPOSITORY
from tests.signatures import as_markdown, verbs


def test_the_page_of_signatures_is_printed_from_the_rooms():
    page = (REPOSITORY / "docs" / "signatures.md").read_text(encoding="utf-8")
    assert page == as_markdown(), "run: python -m tests.signatures > docs/signatures.md"


def test_every_verb_takes_its_options_by_name():
    """At most four tables or labels come first; no verb takes what it does not name."""
    for room, name, parameters in verbs():
        kinds = [parameter.kind for parameter in parameters]
        assert not any(kind in (kind.VAR_KEYWORD, kind.VAR_POSITIONAL) for kind in kinds), f"{room}.{name}"
        first = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
        assert len(first) <= 4 or name in ("PriorityRule", "DisclosureRule", "Release"), (
            f"{room}.{name}: {first}"
        )

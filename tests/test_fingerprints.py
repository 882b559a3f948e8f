"""Fingerprints of identifiers: what numpy makes of their bytes is what plain arithmetic makes of them."""

from hypothesis import given
from hypothesis import strategies as st

from wardmap.formats.fingerprints import FACTOR, SEED, fingerprints


def by_hand(text):
    data = text.encode("utf-8", "surrogatepass")
    mixed = int(SEED) ^ len(data)
    for at in range(0, len(data), 8):
        mixed = (mixed ^ int.from_bytes(data[at : at + 8], "little")) * int(FACTOR) % 2**64
        mixed ^= mixed >> 32
    return mixed


@given(st.lists(st.text(max_size=40), max_size=6))
def test_a_fingerprint_is_what_arithmetic_makes_of_the_bytes(texts):
    assert fingerprints(texts).tolist() == [by_hand(text) for text in texts]


def test_a_hundred_thousand_identifiers_have_as_many_fingerprints():
    names = [f"{number:x}" for number in range(100_000)]
    assert len(set(fingerprints(names).tolist())) == 100_000
    assert len({print_ >> 32 for print_ in fingerprints(names[:3_000]).tolist()}) == 3_000

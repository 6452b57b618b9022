"""What kind of network an autonomous system is, by its number or its organisation's name.

The rules are data: `enrichment/data/network_kinds.toml` says how they are read.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources

KINDS = ("isp", "mobile", "hosting", "vpn", "relay", "corporate", "education")
_SEPARATORS = re.compile("[^0-9a-z&]+")


_KEY = 3  # first letters by which a name is found


@dataclass(frozen=True)
class Rules:
    """Kinds by number, and the kinds' names in the order in which they are asked."""

    numbers: dict[int, str]
    names: tuple[tuple[str, tuple[str, ...]], ...]

    @cached_property
    def _by_beginning(self) -> dict[str, list[tuple[int, str]]]:
        """Return place of the kind in the order, and name, by how the name begins."""
        found: dict[str, list[tuple[int, str]]] = {}
        for order, (_, names) in enumerate(self.names):
            for name in names:
                found.setdefault(name[:_KEY], []).append((order, name))
        return found

    def kind(self, number: int | None, organisation: str | None) -> str | None:
        """Return the kind of the network, or null where no rule knows it."""
        if number is not None and number in self.numbers:
            return self.numbers[number]
        words = plain_words(organisation or "")
        names = self._by_beginning
        # One walk over the words, not one for each of some five hundred names.
        beginnings = [words[at : at + _KEY] for at in range(len(words) - _KEY + 1)]
        fitting = [
            order
            for beginning in names.keys() & beginnings
            for order, name in names[beginning]
            if name in words
        ]
        return self.names[min(fitting)][0] if fitting else None


def plain_words(text: str) -> str:
    """Return `text` in lower case without accents, its words between single spaces."""
    ascii_text = text.lower()
    if not ascii_text.isascii():
        decomposed = unicodedata.normalize("NFKD", ascii_text)
        ascii_text = decomposed.encode("ascii", "ignore").decode()
    return f" {_SEPARATORS.sub(' ', ascii_text).strip()} "


def parse(text: str) -> Rules:
    """Read rules written as in `network_kinds.toml`; an unknown kind is a ValueError."""
    numbers: dict[int, str] = {}
    names = []
    for entry in tomllib.loads(text)["kind"]:
        kind = entry["name"]
        if kind not in KINDS:
            raise ValueError(f"network kind {kind!r} is none of {', '.join(KINDS)}")
        for number in entry["numbers"]:
            numbers.setdefault(number, kind)
        if short := [name for name in entry["names"] if len(name) < _KEY]:
            raise ValueError(f"name {short[0]!r} of {kind} has less than {_KEY} letters")
        names.append((kind, tuple(entry["names"])))
    return Rules(numbers, tuple(names))


@cache
def shipped_rules() -> Rules:
    """Return the rules that ship with Antipode."""
    folder = resources.files("enrichment.data")
    return parse(folder.joinpath("network_kinds.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=200_000)
def kind(number: int | None, organisation: str | None) -> str | None:
    """Return isp, mobile, hosting, vpn, relay, corporate or education; null where unknown."""
    return shipped_rules().kind(number, organisation)

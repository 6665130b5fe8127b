from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from bresim.analysis.comparison import verdict
from bresim.analysis.keys import english
from bresim.analysis.patterns import PATTERNS
from bresim.columns.events import CAUSES, EVENTS
from bresim.common.errors import InputError
from bresim.common.text import CATALOGUES, capital, language
from bresim.governance import words
from bresim.parameters import PARAMETERS

NL, EN = language("nl"), language("en")
SOURCE = Path(__file__).parents[2] / "src"


def test_numbers() -> None:
    assert NL.number(1234.56) == "1.234,6"
    assert EN.number(1234.56) == "1,234.6"
    assert NL.number(-0.04) == "0,0"
    assert NL.number(-1.5) == "−1,5"
    assert NL.number(None) == NL.number(float("nan")) == NL.number(float("inf")) == "–"


def test_signed_and_points() -> None:
    assert NL.points(0.0321) == "+3,2"
    assert NL.points(-0.0321) == "−3,2"
    assert NL.points(0.0001) == NL.points(-0.0001) == "0,0"
    assert NL.points(None) == "–"
    assert NL.points_range(-0.01, 0.02) == "−1,0 tot +2,0"
    assert EN.points_range(-0.01, 0.02) == "−1.0 to +2.0"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.0, 0.0, "0,0"),  # nothing twice is nothing
        (0.0002, 0.0013, "0,0 tot +0,1"),  # and so it is not called better
        (-0.0004, 0.0, "0,0"),
        (-1e-9, 1e-9, "0,0"),
        (0.0101, 0.0103, "+1,0"),
        (float("nan"), float("nan"), "–"),
    ],
)
def test_an_interval_has_one_precision_and_never_contradicts_its_verdict(low: float, high: float, text: str) -> None:
    assert NL.points_range(low, high) == text
    assert verdict((low + high) / 2, low, high) == (1 if text == "+1,0" else 0)


@settings(deadline=None)
@given(st.floats(-0.02, 0.02), st.floats(0.0, 0.01))
def test_a_difference_is_called_one_if_and_only_if_the_page_shows_so(mean: float, half: float) -> None:
    bounds = [NL.points(mean - half), NL.points(mean + half)]
    shown = 1 if bounds[0].startswith("+") else -1 if bounds[1].startswith("−") else 0
    assert verdict(mean, mean - half, mean + half) == shown
    assert not shown or NL.points(mean) != "0,0"


def test_percent_never_rounds_to_certainty() -> None:
    assert NL.percent(0.321) == "32%"
    assert NL.percent(0.3215, 1) == "32,2%"
    assert (NL.percent(0.0), NL.percent(1.0)) == ("0%", "100%")
    assert (NL.percent(0.002), NL.percent(0.998)) == ("<1%", ">99%")
    assert NL.percent(0.0002, 1) == "<0,1%"
    assert NL.percent(float("nan")) == "–"


def test_words() -> None:
    assert [NL.numeral(n) for n in (0, 1, 12, 13, 1200)] == ["geen", "één", "twaalf", "13", "1.200"]
    assert [EN.numeral(n) for n in (0, 1, 12, 13)] == ["none", "one", "twelve", "13"]
    assert NL.join(["a"]) == "a"
    assert NL.join(["a", "b", "c"]) == "a, b en c"
    assert EN.join(["a", "b"]) == "a and b"
    assert capital("één ontwerp") == "Eén ontwerp"
    assert capital("") == ""


def test_quarters() -> None:
    assert NL.quarter("2024-Q1") == "1e kwartaal 2024"
    assert EN.quarter("2033-Q4") == "4th quarter 2033"
    assert NL.quarter(None) == "–"


def test_unknown_language_says_what_is_known() -> None:
    with pytest.raises(InputError, match="lang: 'de' is not a language of bresim"):
        language("de")


def catalogue() -> Catalog:
    with (CATALOGUES / "nl.po").open("rb") as file:
        return read_po(file, locale="nl")


def messages() -> set[str]:
    """Every message in the code: what Babel finds, what it misses in f-strings, parameters, patterns, events."""
    found = {english(parameter) for parameter in PARAMETERS.values()}
    found |= {text for pattern in PATTERNS for text in (pattern.statement, pattern.text)}
    found |= {kind.sentence for kind in (*EVENTS, *CAUSES)}
    found |= words.texts()
    options = {"trimmed": "true"}
    methods = [("**.py", "python"), ("**.j2", "jinja2")]
    for _file, _line, message, _comments, _context in extract_from_dir(
        SOURCE, methods, options_map={"**.j2": options}, strip_comment_tags=True
    ):
        found.add(message if isinstance(message, str) else message[0])
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in {"_", "said"}
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


def test_every_message_is_translated() -> None:
    dutch = catalogue()
    known = {m.id if isinstance(m.id, str) else m.id[0]: m for m in dutch if m.id}
    assert sorted(messages() - set(known)) == [], "translate these in src/bresim/locale/nl.po"
    assert sorted(set(known) - messages()) == [], "these are no longer in the code"
    for message in known.values():
        texts = [message.string] if isinstance(message.string, str) else message.string
        assert all(texts), message.id
        assert not message.fuzzy, message.id


def test_translations_keep_their_fields() -> None:
    fields = re.compile(r"\{[a-z_]+\}|%\([a-z_]+\)s")
    for message in catalogue():
        if message.id:
            sources = [message.id] if isinstance(message.id, str) else message.id
            texts = [message.string] if isinstance(message.string, str) else message.string
            for source, text in zip(sources, texts, strict=True):
                assert set(fields.findall(text)) == set(fields.findall(source)), source

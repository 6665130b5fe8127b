"""The guides for educators say what the page says: names, scenes, steps, minutes, and the numbers of the model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments import lessons
from tests.fixtures.guides import ENGLISH, GUIDES, ROOT, SHORT, known, literals, steps, terms, texts_of

ALL = [SHORT, *GUIDES]
#: The guides of each lesson: Dutch and English.
PAIRS = [
    ("les_50", "lesson_50"), ("les_90", "lesson_90"), ("workshop_nl", "workshop_en"), ("werkblad_50", "worksheet_50"),
    ("werkblad_90", "worksheet_90"), ("werkblad_workshop", "worksheet_workshop"),
]  # fmt: skip
MINUTES = {"les_50": 50, "lesson_50": 50, "les_90": 90, "lesson_90": 90, "workshop_nl": 90, "workshop_en": 90}
#: Headings of the workshop begin with their number.
_NUMBERED = re.compile(r"^\d\. ")


def _guide(name: str) -> str:
    return (lessons.GUIDES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_what_is_bold_stands_on_the_page(path: Path) -> None:
    for lang, text in texts_of(path).items():
        assert [term for term in terms(text) if not known(lang).fullmatch(term)] == [], lang
        assert [line for line in text.splitlines() if line.count("**") % 2] == [], "a name goes on on the next line"


def test_a_text_of_the_page_is_matched_as_a_whole_in_its_language() -> None:
    assert known("nl").fullmatch("Vertel door: een kwartaal verder")
    assert known("nl").fullmatch("Akkoord na 4 kwartalen, met 16 deelnemers. U bent er een van.")  # gaps are filled
    assert known("nl").fullmatch("afwezig (0%)")
    for other in ("Vertel door", "vertel door: een kwartaal verder", "Tell it on: one quarter further", "Landgraaf!"):
        assert not known("nl").fullmatch(other)
    assert known("en").fullmatch("Tell it on: one quarter further")


def test_literals_of_typescript() -> None:
    source = 'const a = { b: "one \\"two\\"", c: (n) => `x ${n === 1 ? "a}" : `b${n}`} years.` }; // "not me"\n'
    found = [re.compile(pattern) for pattern in literals(source)]
    assert len(found) == 2
    assert found[0].fullmatch('one "two"')
    assert found[1].fullmatch("x 12 years.")
    assert not found[1].fullmatch("x 12 years")


def test_every_part_scene_and_step_of_the_page_is_in_a_guide() -> None:
    """A part that the page gets and a scene that it loses change the lessons."""
    story = (ROOT / "page" / "src" / "texts" / "nl.ts").read_text(encoding="utf-8").partition("story: {")[2]
    titles = re.findall(r'^      title: "(.+)",$', story, re.MULTILINE)
    assert len(titles) == 7
    clicked = {term for step in steps(_guide("les_50")) for term in step.terms}
    assert [title for title in titles[1:] if f"Verder: {title} →" not in clicked] == []
    asked = {term for term in terms(_guide("workshop_nl")) if _NUMBERED.match(term)}
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "page" / "src").rglob("*.ts"))
    shown = {text for text in re.findall(r'"(\d\. [^"]+)"', texts) if known("nl").fullmatch(text)}
    assert asked == shown
    assert len(shown) >= 5


def test_the_table_of_shocks_has_those_of_the_draw() -> None:
    source = (ROOT / "page" / "src" / "ui" / "workshop" / "shocks.ts").read_text(encoding="utf-8")
    [drawn] = re.findall(r"^const DRAWN = \[(.+)\];$", source, re.MULTILINE)
    assert tuple(re.findall(r'"(\w+)"', drawn)) == lessons.DRAWN


@pytest.mark.parametrize("name", MINUTES)
def test_the_minutes_add_up(name: str) -> None:
    text = _guide(name)
    rows = [int(minutes) for minutes in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]
    assert sum(rows) == MINUTES[name]
    parts = [int(minutes) for minutes in re.findall(r"^## .*\((\d+) (?:minuten|minutes)\)$", text, re.MULTILINE)]
    assert parts == rows, "headings and timetable"


@pytest.mark.parametrize(("dutch", "english"), PAIRS)
def test_both_languages_say_the_same(dutch: str, english: str) -> None:
    texts = _guide(dutch), _guide(english)
    for shape in (r"^#+ ", r"^\|", r"^\d\. ", r"<!-- figures: (\w+) -->", r"()_{10,}"):
        one, other = (re.findall(shape, text, re.MULTILINE) for text in texts)
        assert one == other, shape
    one, other = ([(step.kind, len(step.terms), step.value) for step in steps(text)] for text in texts)
    assert one == other
    assert all(len(text.splitlines()) < 210 for text in texts)


def test_every_guide_has_its_pair_and_the_short_guide_leads_to_it() -> None:
    assert sorted(path.stem for path in GUIDES) == sorted(name for pair in PAIRS for name in pair)
    dutch, english = texts_of(SHORT).values()
    assert ENGLISH in SHORT.read_text(encoding="utf-8")
    for text, at in ((dutch, 0), (english, 1)):
        for pair in PAIRS:
            assert f"(educator/{pair[at]}.md)" in text


@pytest.mark.slow
def test_the_numbers_are_those_of_the_model() -> None:
    assert lessons.stale() == [], "run python -m experiments.lessons --write"
    used = {match["name"] for path in GUIDES for match in lessons.PART.finditer(path.read_text(encoding="utf-8"))}
    assert used == set(lessons.TABLES)


def test_a_changed_number_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lessons.TABLES, "worlds", lambda w: f"| {w('Founded')} | 1 |\n")
    old = "before\n<!-- figures: worlds -->\n\n| Opgericht | 2 |\n\nmade\n<!-- end figures -->\nafter"
    new = lessons.render(old, "nl")
    assert "| Opgericht | 1 |" in new
    assert new.startswith("before\n")
    assert new.endswith("\nafter")
    assert lessons.render(new, "nl") == new
    earlier = re.sub(r"bresim \S+,", "bresim 0.0.1,", new)
    assert earlier != new
    assert lessons.render(earlier, "nl") == earlier, "numbers that still hold keep the version they were made with"

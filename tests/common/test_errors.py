"""Messages about bad input: in English by themselves, and in the language of the call."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

import bresim
from bresim.cli import failures
from bresim.cli.failures import listed, spoken
from bresim.common.errors import BresimError, InputError, Problem, Series, inside, nearest, said
from bresim.common.text import language, told, translated
from bresim.config.defaults import default_language

NL, EN = language("nl"), language("en")


def test_a_message_is_text_and_can_be_said_again() -> None:
    message = said("'{value}' is more than one value", value="a{b},c")
    assert message == "'a{b},c' is more than one value"
    assert translated(message, NL) == "'a{b},c' is meer dan één waarde"
    assert translated(message, EN) == message
    again = pickle.loads(pickle.dumps(InputError(Problem("x", message, nearest("a", ["ab"])))))
    assert told(again.problems[0], NL) == "x: 'a{b},c' is meer dan één waarde; bedoelt u 'ab'?"
    assert translated("as it came from a library", NL) == "as it came from a library"


def test_what_is_put_together_is_translated_in_its_parts() -> None:
    whole = said("{remedy} (or give the path of a file that ends in .yaml)", remedy=nearest("hstory", ["history"]))
    assert translated(whole, NL) == "bedoelt u 'history'? (of geef het pad van een bestand dat eindigt op .yaml)"
    either = said("{one}, or {other}", one=said("must be a number"), other=said("must be text"))
    assert translated(either, NL) == "moet een getal zijn, of moet tekst zijn"
    several = Series([said("is empty"), "as it came"])
    many = said("'{out}' holds another sweep: {differences}", out="x", differences=several)
    assert many == "'x' holds another sweep: is empty, as it came"
    assert translated(pickle.loads(pickle.dumps(many)), NL) == "in 'x' staat een andere sweep: is leeg, as it came"


def test_the_place_is_translated_too() -> None:
    place = inside(said("{file} line {line}", file="towns.csv", line=3), "population")
    problem = Problem(place, said("is missing"))
    assert str(problem) == "towns.csv line 3: population: is missing"
    assert told(problem, NL) == "towns.csv regel 3: population: ontbreekt"
    assert str(Problem("", said("is missing"), said("add it"))) == "is missing; add it"


def test_an_error_that_is_one_sentence_can_be_said_again() -> None:
    error = pickle.loads(pickle.dumps(BresimError(said("{name} is not installed", name="Dask"))))
    assert str(error) == "Dask is not installed"
    assert translated(error.args[0], NL) == "Dask is niet geïnstalleerd"


def test_the_language_is_that_of_the_call_else_the_default() -> None:
    assert spoken(["lang=en", "seed=1"]).code == "en"
    assert spoken(["lang=en", "lang=nl"]).code == "nl"
    assert spoken(["++lang=en"]).code == spoken(["lang='en'"]).code == spoken([], "en").code == "en"
    assert spoken(["lang=fr"]).code == spoken([]).code == failures.default_language()
    assert default_language() == "nl"


@pytest.mark.parametrize(
    ("overrides", "found"),
    [
        (["replicats=3"], "replicats: onbekende sleutel van 'bresim compare'; bedoelt u 'replicates'?"),
        (["scenario=austerty"], "scenario: onbekend: scenario 'austerty'; bedoelt u 'austerity'?"),
        (["designs=[regiobureua]"], "designs: onbekende samenwerkingsvorm 'regiobureua'; bedoelt u 'regiobureau'?"),
        (["measures.monitorin=1"], "measures.monitorin: onbekende sleutel"),
        (["measures.monitoring=2"], "measures.monitoring: 2 is niet toegestaan; mag hoogstens 1 zijn"),
        (["replicates=many"], "replicates: 'many' is niet toegestaan; moet een heel getal zijn"),
        (["designs=[nowhere.yaml]"], "nowhere.yaml: kan niet worden gelezen (No such file or directory)"),
        (["designs=status_quo,regiobureau"], "designs: 'status_quo,regiobureau' is meer dan één waarde; een lijst is"),
        (["parameters.trust_gain=9"], "parameters.trust_gain: 9 valt buiten de grenzen; toegestaan: "),
        (["regiobureau"], "'regiobureau': heeft niet de vorm SLEUTEL=WAARDE"),
        (["designs=[regiobureau,regiobureau]"], "designs: 'regiobureau' staat er 2 keer in"),
    ],
)
def test_what_an_adviser_meets_is_in_dutch(
    overrides: list[str], found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        bresim.load("compare", overrides)
    (line,) = listed(caught.value.problems, NL)
    assert line.startswith(found)
    english = re.compile(r"\b(is not|is more|must|unknown|did you|known|allowed|give|write|cannot|check)\b")
    assert not english.search(line.replace(found.split(":")[0], ""))
    assert english.search(str(caught.value)), "by itself it is English"

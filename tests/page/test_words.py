"""Of a wrong design a page says what Python says, in the same words, in both languages."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import node
import pytest
from web_page import Page

from bresim import load
from bresim.common.errors import InputError, Problem
from bresim.common.text import language, told
from bresim.config.files import check_file
from bresim.config.fits import check_designs
from bresim.governance.library import inspect_design
from bresim.page.messages import SENTENCES
from bresim.region import Region, load_region

PAGE = Path(__file__).resolve().parents[2] / "page" / "src"
HEAD = "label_nl: a\nlabel_en: b\n"
#: The region of the files: eight municipalities.
REGION = "teaching"
#: Kind of mistake → a file that has it.
WRONG = {
    "a misspelt field": "payoff: {bindng: 0.3}",
    "a field that nothing looks like": "payoff: {zzz: 0.3}",
    "a misspelt section": "pay_off: {binding: 0.3}",
    "a share above 1": "payoff: {binding: 3}",
    "a share above 1, not whole": "payoff: {binding: 3.0}",
    "a share below 0": "payoff: {binding: -0.25}",
    "a word for a share": "payoff: {binding: much}",
    "no value": "payoff: {binding: }",
    "no number": "payoff: {binding: .nan}",
    "a part of a whole number": "scope: {max_open: 2.5}",
    "too few": "scope: {max_open: 0}",
    "a word for a flag": "boundary: {beside: perhaps}",
    "an unknown word": "position: {partners: tables}",
    "a number for a word": "scope: {successor_if: 3}",
    "an unknown group": "boundary: {eligible: centers}",
    "a municipality for a group": "boundary: {eligible: Molenkade}",
    "an unknown municipality": "position: {board: [Atlantis, Molenkade]}",
    "a name twice": "boundary: {eligible: [Molenkade, Molenkade]}",
    "all but, in the wrong place": "boundary: {eligible: [Molenkade, all but]}",
    "all but nobody": "boundary: {eligible: [all but]}",
    "an empty list": "position: {board: []}",
    "a list of numbers": "scope: {themes: [1, 2]}",
    "an unknown theme": "scope: {themes: [housng]}",
    "a board that is not there": "choice: {pooled_by: board, services_by: board}",
    "seats on a board that is not there": "position: {board_partners: 2, board_province: 1}",
    "too many members": "boundary: {min_members: 30}",
    "a province beside the region": "boundary: {beside: true}\npayoff: {steering: 0.5, cofunding: 0.1}",
    "too much at once": "scope: {max_open: 30}",
    "an unknown successor": "scope: {successor: regiobureu}",
    "an unknown design": "payoff: {binding: {as: regiobureu}}",
    "two judgements": "payoff: {binding: {as: regiobureau, value: 0.3}}",
    "a judgement without a value": "payoff: {binding: {range: [0.1, 0.2], evidence: judgement}}",
    "no evidence": "payoff: {binding: {value: 0.3, range: [0.1, 0.5]}}",
    "evidence of no kind": "payoff: {binding: {value: 0.3, evidence: inferd}}",
    "a quote without its source": "payoff: {binding: {value: 0.3, evidence: quoted}}",
    "a range beside its value": "payoff: {binding: {value: 0.3, range: [0.4, 0.5], evidence: judgement}}",
    "a range beyond what can be": "payoff: {binding: {value: 0.3, range: [0.1, 1.5], evidence: judgement}}",
    "half a range": "payoff: {binding: {value: 0.3, range: [0.1], evidence: judgement}}",
    "a range of three": "payoff: {binding: {value: 0.3, range: [0.1, 0.3, 0.4], evidence: judgement}}",
    "a range of a word": "position: {partners: {value: table, range: [0, 1], evidence: judgement}}",
    "a range from none": "scope: {term_quarters: {value: 12, range: [0, 20], evidence: judgement}}",
    "a judgement with an unknown key": "payoff: {binding: {value: 0.3, rnge: [0.1, 0.5], evidence: judgement}}",
    "a section that is a number": "payoff: 3",
    "a section that is empty": "payoff:",
    "a section that is a list": "payoff: [binding, 'it''s']",
    "a value in a list": "payoff: {binding: [0.3]}",
    "text that is a number": "source: 2024",
    "several": "payoff: {binding: 2, sanktion: 1}\nscope: {max_open: much}\nboundary: {min_members: 50}\nfoo: 1",
}


def problems(file: Path, region: Region) -> list[Problem]:
    """What Python finds wrong with a design's file, as `bresim run governance=FILE` does without the rest of a job."""
    try:
        check_file("governance", file)
    except InputError as error:
        wrong = list(error.problems)
    else:
        wrong = []
    found = inspect_design(file)
    check_designs([found], region, wrong)
    return list(InputError(wrong).problems)


def compare(page: Page, folder: Path, texts: dict[str, bytes]) -> list[tuple[str, str, list[str], list[str]]]:
    """(file, language, what Python says, what the page says) for each; texts by name of their file."""
    region = load_region(page.worlds[REGION, "history"].region)
    page.laid(folder)
    files = [{"name": name, "text": base64.b64encode(text).decode()} for name, text in texts.items()]
    (folder / "files.json").write_text(json.dumps(files))
    (folder / "own").mkdir()
    found = []
    for (name, text), said in zip(texts.items(), node.answer("words.mjs", folder, REGION), strict=True):
        file = folder / "own" / name
        file.write_bytes(text)
        wrong = problems(file, region)
        for lang in ("nl", "en"):
            wanted = [told(one, language(lang)).replace(f"{file.parent}/", "") for one in wrong]
            found.append((name, lang, wanted, said[lang]))
    return found


def test_a_wrong_design_is_told_in_the_words_of_python(page: Page, tmp_path: Path) -> None:
    kinds = {f"kind_{at}.yaml": kind for at, kind in enumerate(WRONG)}
    for name, lang, wanted, said in compare(
        page, tmp_path, {name: (HEAD + WRONG[kind]).encode() for name, kind in kinds.items()}
    ):
        assert wanted, f"Python finds nothing wrong with {kinds[name]}"
        assert said == wanted, f"{kinds[name]} ({lang})"


def test_the_command_says_so_too(tmp_path: Path) -> None:
    """All at once where a page is asked for with the file; so the comparison above is with what a user reads."""
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + WRONG["several"])
    with pytest.raises(InputError) as caught:
        load("page", [f"designs=[{file}]", f"region={REGION}"])
    assert list(caught.value.problems) == problems(file, load_region(REGION))


def test_a_wrong_file_is_told_in_the_words_of_python(page: Page, tmp_path: Path) -> None:
    """Without the reason that a parser gives, which is its own, and the folder of examples, which a page has not."""
    texts = {
        "not_closed.yaml": b"label_nl: [", "twice.yaml": b"label_nl: a\nlabel_nl: b", "list.yaml": b"- a",
        "empty.yaml": b"", "regiobureau.yaml": HEAD.encode(), "own.yaml": (HEAD + "name: regiobureau").encode(),
        "latin.yaml": "label_nl: café".encode("latin-1"), "Not A Name.yaml": HEAD.encode(),
        "no_label.yaml": b"label_nl: a", "empty_label.yaml": b"label_nl: ''\nlabel_en: 3",
    }  # fmt: skip

    def bare(told: list[str]) -> list[str]:
        return [re.sub(r"(\d+, \w+ \d+ )?\(.*\)|; \w+ .*configs.*", "", one) for one in told]

    for name, lang, wanted, said in compare(page, tmp_path, texts):
        assert wanted, name
        assert bare(said) == bare(wanted), f"{name} ({lang})"


def test_a_file_of_more_than_plain_values_is_refused_as_python_does(page: Page, tmp_path: Path) -> None:
    deep = "{a: " * 31 + "1" + "}" * 31
    texts = {
        "tag.yaml": "payoff: {binding: !!float 0.3}",
        "tag_of_a_mapping.yaml": "payoff: !!map\n  binding: 0.3",
        "own_tag.yaml": "payoff: {binding: &here !mine 0.3}",
        "interpolation.yaml": "payoff: {binding: '${oc.env:HOME}'}",
        "interpolated_key.yaml": "payoff: {'${x}': 0.3}",
        "in_a_list.yaml": "position: {board: [Molenkade, '${x}']}",
        "many.yaml": f"source: [{', '.join(['1'] * 10_000)}]",
        "nearly_many.yaml": f"source: [{', '.join(['1'] * 9_990)}]",
        "multiplied.yaml": f"source: &a [{', '.join(['1'] * 4_000)}]\nfoo: *a\nbar: *a",
        "deep.yaml": f"source: {deep}",
        "of_itself.yaml": "source: &a [*a]",
        "no_word.yaml": "payoff: {~: 3}",
        "long_key.yaml": f"{'k' * 201}: 1",
        "long_name.yaml": f"name: {'a' * 61}",
        "long_number.yaml": "scope: {max_open: 99999999999999999999}",
        "unseen.yaml": 'source: "a\\u0007b"',
        f"{'b' * 61}.yaml": "payoff: {binding: 0.3}",
    }  # fmt: skip
    for name, lang, wanted, said in compare(
        page, tmp_path, {name: (HEAD + text).encode() for name, text in texts.items()}
    ):
        assert wanted, name
        assert said == wanted, f"{name} ({lang})"


def test_what_python_takes_the_page_takes(page: Page, tmp_path: Path) -> None:
    texts = {
        "plain.yaml": "payoff: {binding: 0.4}",
        "lenient.yaml": "payoff: {binding: '0.4', sanction: true}\nboundary: {beside: yes}\nscope: {max_open: 4.0}",
        "judged.yaml": "payoff: {binding: {as: regiobureau}, sanction: {value: 0, range: [0, 1], evidence: judgement}}",
        "named.yaml": "name: other\ncompare: no\nboundary: {eligible: [all but, Molenkade]}",
    }
    for name, lang, wanted, said in compare(
        page, tmp_path, {name: (HEAD + text).encode() for name, text in texts.items()}
    ):
        assert wanted == said == [], f"{name} ({lang})"


def test_the_sentences_are_those_of_python_and_the_page_uses_all() -> None:
    python = "".join(
        path.read_text("utf-8")
        for path in (PAGE.parents[1] / "src" / "bresim").rglob("*.py")
        if path.name != "messages.py"
    )
    python = re.sub(r'"\s+"', "", python)
    assert [one for one in SENTENCES if f'"{one}"' not in python] == []
    page = "".join(path.read_text("utf-8") for path in PAGE.rglob("*.ts"))
    said = set(re.findall(r'\bsaid\("((?:[^"\\]|\\.)*)"', page))
    assert said - set(SENTENCES) == set()
    assert [one for one in SENTENCES if f'"{one}"' not in page] == []

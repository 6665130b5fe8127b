"""Designs and measures are data: the shipped ones load, a bad file says everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from bresim.common.errors import InputError
from bresim.governance import (
    compile_design,
    design_names,
    inspect_design,
    load_design,
    measures,
    shipped_designs,
    successor_of,
    with_measures,
)
from bresim.governance.compile import DTYPE, FIELDS, NUMBERS, RAMPS
from bresim.governance.schema import RULE_TYPES
from bresim.governance.words import FIELD_LABELS, WORD_LABELS, meaning
from tests.model.worlds import changed, region_named

HEAD = "label_nl: Mijn ontwerp\nlabel_en: My design\n"


def written(folder: Path, text: str, name: str = "my_design.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", design_names())
@pytest.mark.parametrize("region", ["zuid_limburg", "teaching"])
def test_every_shipped_design_loads_and_compiles(name: str, region: str) -> None:
    design, place = load_design(name), region_named(region)
    institution = compile_design(design, place)
    assert institution.values.shape == (len(FIELDS),)
    assert np.isfinite(institution.values).all()
    assert institution.eligible.sum() >= design.boundary.min_members
    assert not (institution.board & ~institution.eligible).any()
    assert not (institution.board & institution.rotation).any()
    assert design.label_nl
    assert design.label_en
    assert design.source
    if design.scope.successor:
        load_design(design.scope.successor)


def test_the_designs_of_the_comparison() -> None:
    assert shipped_designs()[0] == "status_quo"
    assert set(shipped_designs()) == {
        "status_quo", "regiobureau", "coalition_of_the_willing", "provincial_steering", "provincial_steering_mandated",
        "lobby_construct", "lead_municipality", "joint_arrangement", "pooled_programme", "regio_deal",
        "regio_deal_continued", "verkenning_regiobureau",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "successor", "condition", "own"),
    [
        ("verkenning_regiobureau", "regiobureau", "agreed", {}),
        ("verkenning_lobby_construct", "lobby_construct", "agreed", {}),
        # the province stands ready, by what is agreed with it on the way (BRE 4.2.3)
        (
            "verkenning_provincial_steering",
            "provincial_steering_mandated",
            "not_agreed",
            {"steering": 0.3},
        ),
    ],
)
def test_a_chain_is_the_exploration_and_what_follows(
    name: str, successor: str, condition: str, own: dict[str, float]
) -> None:
    """The same exploration, on the same draws of the codings: a copy that drifts away would not be noticed."""
    base, chain = load_design("verkenning"), load_design(name)
    assert (chain.scope.successor, chain.scope.successor_if) == (successor, condition)
    base = changed(base, "payoff", **own)
    assert changed(chain, "scope", successor=None, successor_if="always", successor_agreements=1) == base.model_copy(
        update={field: getattr(chain, field) for field in type(base).model_fields if field not in RULE_TYPES}
    )
    for path, coding in base.codings.items():
        if path in {f"payoff.{field}" for field in own}:
            continue
        copied = chain.codings[path]
        assert (copied.range, copied.evidence, copied.source) == (coding.range, coding.evidence, coding.source), path
        assert copied.origin == (coding.origin or "verkenning"), path


def test_the_condition_of_a_successor_as_numbers() -> None:
    base, place = load_design("verkenning_regiobureau"), region_named("zuid_limburg")
    for condition, flags in (("always", (0.0, 0.0)), ("agreed", (1.0, 0.0)), ("not_agreed", (0.0, 1.0))):
        values = compile_design(changed(base, "scope", successor_if=condition), place).values
        record = dict(zip(FIELDS, values.tolist(), strict=True))
        assert (record["successor_if_agreed"], record["successor_if_not_agreed"]) == flags
        assert record["successor_agreements"] == 2.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scope: {successor_if: agred}", "scope.successor_if: 'agred' is not allowed; .*did you mean 'agreed'"),
        ("scope: {sucessor_if: agreed}", "scope.sucessor_if: unknown key; did you mean 'successor_if'"),
        ("scope: {successor_agreements: 0}", "scope.successor_agreements: 0 is not allowed"),
    ],
)
def test_a_condition_that_does_not_exist(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_design(written(tmp_path, HEAD + text + "\n"))


def test_a_successor_that_does_not_exist() -> None:
    with pytest.raises(InputError, match=r"scope\.successor: unknown design 'regiobureu'.*did you mean 'regiobureau'"):
        successor_of(changed(load_design("verkenning"), "scope", successor="regiobureu"))


def test_numbers_land_in_their_own_field() -> None:
    values = compile_design(load_design("regio_deal"), region_named("zuid_limburg")).values
    record = dict(zip(FIELDS, values.tolist(), strict=True))
    design = load_design("regio_deal")
    for section, field in NUMBERS:
        assert record[field] == float(getattr(getattr(design, section), field)), field
    assert (record["partner_weight"], record["partner_seats"]) == (0.8, 0.0)
    assert len(set(FIELDS)) == len(FIELDS) == len(RAMPS) == len(DTYPE)
    ramps = dict(zip(FIELDS, RAMPS, strict=True))
    assert ramps["coordination"] == ramps["binding"] == 1.0
    assert ramps["quota"] == ramps["steering"] == 0.0


def test_what_follows_the_regio_deal_is_for_the_ten_that_chose_it() -> None:
    deal, after = load_design("regio_deal"), load_design("regio_deal_successor")
    assert load_design("regio_deal_continued").scope.successor == after.name
    assert after.boundary.eligible == deal.boundary.eligible == "regio_deal"
    assert after.boundary.beside


def test_the_regio_deal_has_its_bodies() -> None:
    institution = compile_design(load_design("regio_deal"), region_named("zuid_limburg"))
    assert institution.board.sum() == 3
    assert institution.rotation.sum() == 7
    assert institution.eligible.sum() == 10


@pytest.mark.parametrize(("strength", "binding", "revocable"), [(0.0, 0.1, 1.0), (0.5, 0.5, 0.6), (1.0, 0.9, 0.2)])
def test_a_measure_moves_its_fields_by_its_strength(strength: float, binding: float, revocable: float) -> None:
    base = load_design("status_quo")
    moved = with_measures(base, [(measures()["binding_agreements"], strength)])
    assert moved.payoff.binding == pytest.approx(binding)
    assert moved.choice.revocable == pytest.approx(revocable)
    assert moved.information == base.information
    assert (strength == 0.0) == (moved == base)


def test_measures_stack_and_whole_numbers_stay_whole() -> None:
    base = load_design("status_quo")  # eight themes at once
    chosen = [(measures()["letting_go"], 0.5), (measures()["monitoring"], 1.0)]
    both = with_measures(base, chosen)
    assert both.scope.max_open == round(8 + 0.5 * (3 - 8))
    assert isinstance(both.scope.max_open, int)
    assert both.information.monitoring == 1.0
    assert with_measures(base, []) == base


@pytest.mark.parametrize("name", list(measures()))
def test_every_measure_keeps_every_shipped_design_valid(name: str) -> None:
    for design in shipped_designs():
        for strength in (0.3, 1.0):
            moved = with_measures(load_design(design), [(measures()[name], strength)])
            compile_design(moved, region_named("zuid_limburg"))


@pytest.mark.parametrize("name", list(measures()))
@pytest.mark.parametrize("design", shipped_designs())
def test_a_measure_never_works_backwards(name: str, design: str) -> None:
    """It raises what it raises and lowers what it lowers, also where a design already goes further."""
    measure = measures()[name]
    assert set(measure.lowers) <= set(measure.targets)
    old, new = load_design(design), with_measures(load_design(design), [(measure, 1.0)])
    for path, target in measure.targets.items():
        section, field = path.split(".")
        before, after = getattr(getattr(old, section), field), getattr(getattr(new, section), field)
        expected = min(before, target) if path in measure.lowers else max(before, target)
        assert after == pytest.approx(expected), path


def test_a_region_without_a_steering_group_says_so() -> None:
    region = region_named("zuid_limburg")
    bare = replace(region, groups={name: group for name, group in region.groups.items() if name != "steering_group"})
    with pytest.raises(InputError, match=r"position\.board: the region 'zuid_limburg' has no group 'steering_group'"):
        compile_design(changed(load_design("regio_deal"), "boundary", eligible="all"), bare)


def _masks(**given: object) -> tuple[list[str], list[str]]:
    """Who is eligible and who is on the board."""
    region = region_named("zuid_limburg")
    design = changed(load_design("status_quo"), "boundary", eligible=given.get("eligible", "all"))
    design = changed(design, "position", board=given.get("board", "none"))
    made = compile_design(design, region)
    assert (made.rotation == made.eligible & ~made.board).all()
    return tuple([name for name, marked in zip(region.names, mask, strict=True) if marked]
                 for mask in (made.eligible, made.board))  # fmt: skip


def test_who_takes_part_and_decides_by_name() -> None:
    region = region_named("zuid_limburg")
    everyone = list(region.names)
    rest = [name for name in everyone if name not in ("Vaals", "Beek")]
    assert _masks(eligible=["Beek", "Vaals"]) == (["Vaals", "Beek"], []), "in the order of the region"
    assert _masks(eligible=["all but", "Vaals", "Beek"])[0] == rest
    assert _masks(board=["Beek", "Vaals"]) == (everyone, ["Vaals", "Beek"])
    assert _masks(board=["all but", *everyone[2:]]) == (everyone, everyone[:2])
    eligible = ["all but", "Vaals"]
    assert _masks(eligible=eligible, board=["Vaals", "Beek"])[1] == ["Beek"], "as far as it is eligible"
    assert _masks(eligible=eligible, board=["all but", "Beek"])[1] == [
        n for n in everyone if n not in ("Vaals", "Beek")
    ]
    assert _masks(eligible=eligible, board=["Vaals"])[1] == []
    named = [name for name, marked in zip(everyone, region.groups["regio_deal"], strict=True) if marked]
    assert _masks(eligible=named) == _masks(eligible="regio_deal")


def test_a_file_with_names_says_all_that_is_wrong(tmp_path: Path) -> None:
    region = region_named("zuid_limburg")
    text = HEAD + "position: {board: [Maastrict, tripool]}\nboundary: {eligible: [all but, Vals]}\n"
    with pytest.raises(InputError) as caught:
        compile_design(load_design(written(tmp_path, text)), region, "mine.yaml")
    for words in (
        "mine.yaml: boundary.eligible: the region 'zuid_limburg' has no municipality 'Vals'; did you mean 'Vaals'?",
        "mine.yaml: position.board: the region 'zuid_limburg' has no municipality 'Maastrict'; did you mean",
        "mine.yaml: position.board: the region 'zuid_limburg' has no municipality 'tripool'; that is a group: write",
    ):
        assert any(str(problem).startswith(words) for problem in caught.value.problems), words
    assert len(caught.value.problems) == 3
    everyone = ", ".join(region.names)
    nobody = load_design(written(tmp_path, HEAD + f"boundary: {{eligible: [all but, {everyone}]}}\n"))
    with pytest.raises(InputError, match=r"boundary\.eligible: 'all but' leaves nobody; leave out fewer"):
        compile_design(nobody, region)


PROVINCIAL = {
    "payoff.steering": 0.5, "payoff.mandate": 0.5, "payoff.cofunding": 0.5, "aggregation.imposition": 0.5,
    "choice.services_by": "province",
}  # fmt: skip


@pytest.mark.parametrize("path", PROVINCIAL)
def test_the_province_has_no_role_beside_the_region(path: str) -> None:
    section, _, field = path.partition(".")
    region = region_named("zuid_limburg")
    free = load_design("regiobureau")
    assert compile_design(changed(free, "boundary", beside=True), region).beside, (
        "without a role of the province it may"
    )
    role = changed(free, section, **{field: PROVINCIAL[path]})
    assert not compile_design(role, region).beside
    with pytest.raises(InputError) as caught:
        compile_design(changed(role, "boundary", beside=True), region)
    (problem,) = caught.value.problems
    assert problem.where == f"design 'regiobureau': {path}"
    assert "the province has a role in the region's own arena only" in problem.what
    assert problem.remedy == "leave it out, or set boundary.beside: false"


def test_all_problems_of_a_file_at_once(tmp_path: Path) -> None:
    text = HEAD + "payof: {}\npayoff: {bindng: 0.4, sanction: 1.5}\nscope: {max_open: many, execution: .nan}\n"
    with pytest.raises(InputError) as caught:
        load_design(written(tmp_path, text))
    shown = str(caught.value)
    assert len(caught.value.problems) == 5
    for expected in (
        "payof: unknown key; did you mean 'payoff'?", "payoff.bindng: unknown key; did you mean 'binding'?",
        "payoff.sanction: 1.5 is not allowed", "scope.max_open: 'many' is not allowed", "scope.execution",
        "my_design.yaml",
    ):  # fmt: skip
        assert expected in shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("- a\n- b\n", "is not a mapping"),
        ("label_nl: [\n", "is not valid YAML at line 2"),
        ("label_nl: Alleen\n", "label_en: is missing"),
        (HEAD + "position: {board: king}\n", "position.board: 'king' is not allowed"),
        (HEAD + "boundary: {min_members: 0}\n", "boundary.min_members: 0 is not allowed"),
        (HEAD + "choice: {pooled_capacity: 0.6}\n", "choice.pooled_capacity: 0.6 is not allowed"),
        (HEAD + "payoff: {binding: -0.1}\n", "payoff.binding: -0.1 is not allowed"),
        (HEAD + "codings: 3\n", "codings: 3 is not a mapping"),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_design(written(tmp_path, text))
    assert message in str(caught.value)
    assert "my_design" in str(caught.value)


def test_what_is_wrong_hides_nothing_else(tmp_path: Path) -> None:
    """A value that could be a word or a list is refused twice; the rest of its section is still looked at."""
    text = "position: {board: 3, board_partners: 2}\npayoff: {binding: {value: 0.5, evidence: gues}, steering: 0.3}\n"
    found = inspect_design(written(tmp_path, HEAD + text))
    assert len(found.problems) == 2
    assert found.design is not None
    assert (found.design.position.board_partners, found.design.payoff.steering) == (2, 0.3)
    assert (found.design.position.board, found.design.payoff.binding) == ("none", 0.5)


def test_an_unknown_design_or_file() -> None:
    with pytest.raises(InputError, match=r"unknown design 'regio_del'.*did you mean 'regio_deal'"):
        load_design("regio_del")
    with pytest.raises(InputError, match="cannot be read"):
        load_design("nowhere/my_design.yaml")


@pytest.mark.parametrize(
    ("section", "values", "message"),
    [
        ("boundary", {"eligible": "centre"}, "no group 'centre'; did you mean 'centres'"),
        ("boundary", {"min_members": 17}, "17 members are needed, 16 municipalities are eligible"),
        ("scope", {"themes": ("helth",)}, "unknown theme 'helth'; did you mean 'health'"),
    ],
)
def test_what_the_region_does_not_have(section: str, values: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        compile_design(changed(load_design("status_quo"), section, **values), region_named("zuid_limburg"))


def test_every_field_and_word_has_a_name() -> None:
    """What a reader sees instead of a key; of a field that can be names or a design, only its fixed words."""
    fields = {
        f"{section}.{name}": info for section, one in RULE_TYPES.items() for name, info in one.model_fields.items()
    }
    assert list(FIELD_LABELS) == list(fields)
    assert len(set(FIELD_LABELS.values())) == len(fields), "two fields of one name"
    assert all(meaning(path) for path in fields)
    for path, info in fields.items():
        words = {word for word in get_args(info.annotation) if isinstance(word, str)}
        assert words <= set(WORD_LABELS.get(path, {})), path

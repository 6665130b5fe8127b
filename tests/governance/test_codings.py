"""Codings: what a value rests on, told in the file, drawn from its range alike wherever it is asked for."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bresim
from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.governance import (
    Coding,
    Design,
    Measure,
    Readings,
    compile_design,
    design_names,
    load_design,
    measures,
    read_values,
    with_measures,
)
from bresim.governance.codings import POINT, coding_of, value_of
from bresim.governance.compile import FIELDS, PLACES
from tests.model.worlds import changed, region_named

HEAD = "label_nl: Mijn ontwerp\nlabel_en: My design\n"
REGION = region_named("zuid_limburg")


def readings(*numbers: int, seed: int = 1) -> Readings:
    return Readings(np.full(len(numbers), seed), np.array(numbers))


def values(design: Design, how: Readings, *moves: tuple[Measure, float]) -> dict[str, np.ndarray]:
    """Field → its values (C,)."""
    institution = compile_design(with_measures(design, moves), REGION)
    return dict(zip(FIELDS, read_values(institution, design, moves, how).T, strict=True))


def written(folder: Path, text: str) -> Path:
    path = folder / "my_design.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


# --- draws -----------------------------------------------------------------------------------------------------------


def test_a_draw_by_hand() -> None:
    """Draw 5 of a field is the sixth number of a Philox stream keyed by the seed and the field's name."""
    name = int.from_bytes(hashlib.sha256(b"regiobureau.payoff.binding").digest()[:8], "big")
    unit = np.random.Generator(np.random.Philox(key=np.array([1, name], dtype=np.uint64))).random(6)[5]
    drawn = values(load_design("regiobureau"), readings(5))["binding"]
    assert drawn == pytest.approx(0.3 + unit * 0.4, abs=1e-15)


def test_a_draw_is_the_same_whatever_else_is_drawn() -> None:
    design = load_design("regiobureau")
    alone, many = values(design, readings(9)), values(design, readings(3, 9, POINT, 100_000, 0))
    assert all(alone[field][0] == many[field][1] for field in FIELDS)
    assert (many["binding"][3] != many["binding"][[0, 1, 2, 4]]).all()
    other = values(design, readings(9, seed=2))
    assert other["binding"] != alone["binding"]


def test_draws_fill_their_range_evenly_and_fields_are_independent() -> None:
    drawn = values(load_design("regiobureau"), readings(*range(4000)))
    for field, low, high in (("binding", 0.3, 0.7), ("monitoring", 0.45, 0.75)):
        unit = (drawn[field] - low) / (high - low)
        assert 0.0 <= unit.min() < 0.01
        assert 0.99 < unit.max() < 1.0
        assert unit.mean() == pytest.approx(0.5, abs=4 * np.sqrt(1 / 12 / 4000))
        assert unit.var() == pytest.approx(1 / 12, abs=0.005)
    assert abs(np.corrcoef(drawn["binding"], drawn["monitoring"])[0, 1]) < 4 / np.sqrt(4000)
    assert all((drawn["max_open"] == number).mean() == pytest.approx(0.25, abs=0.03) for number in (3, 4, 5, 6))
    assert set(drawn["max_open"]) == {3.0, 4.0, 5.0, 6.0}


def test_what_has_no_range_stays_as_it_is() -> None:
    drawn = values(load_design("regio_deal"), readings(0, 1, 2))
    assert drawn["term_quarters"].tolist() == [16.0] * 3
    assert drawn["rotating_seats"].tolist() == [1.0] * 3
    assert drawn["partner_weight"].tolist() == [0.8] * 3


def test_at_the_point_everything_is_as_in_the_file() -> None:
    for name in design_names():
        design = load_design(name)
        institution = compile_design(design, REGION)
        for how in (readings(POINT), readings(4, POINT)):  # by itself, and beside a draw
            assert read_values(institution, design, (), how)[-1].tolist() == institution.values.tolist()


def test_a_judgement_taken_over_has_the_draws_of_the_other_design() -> None:
    how = readings(*range(20))
    quo, granted, alone = (
        values(load_design(name), how) for name in ("status_quo", "provincial_steering_mandated", "provincial_steering")
    )
    assert granted["quota"].tolist() == quo["quota"].tolist()
    assert granted["steering"].tolist() == alone["steering"].tolist()
    assert granted["revocable"].tolist() != alone["revocable"].tolist()
    assert len(set(quo["quota"])) > 1


def test_a_measure_moves_what_is_drawn_by_what_is_drawn() -> None:
    """new = old + strength x (target - old), all three as read; by hand, and at the point as the file says."""
    design, measure, how = load_design("status_quo"), measures()["binding_agreements"], readings(7, POINT)
    old = values(design, how)["binding"]
    name = int.from_bytes(hashlib.sha256(b"measure binding_agreements.payoff.binding").digest()[:8], "big")
    unit = np.random.Generator(np.random.Philox(key=np.array([1, name], dtype=np.uint64))).random(8)[7]
    moved = values(design, how, (measure, 0.5))["binding"]
    assert moved[0] == pytest.approx(old[0] + 0.5 * (0.7 + 0.3 * unit - old[0]), abs=1e-15)
    assert moved[1] == with_measures(design, [(measure, 0.5)]).payoff.binding


def test_a_value_that_was_changed_is_certain() -> None:
    """The range in the file is of the value in the file: else a change in Python, or a measure, would be drawn away."""
    design, how = load_design("status_quo"), readings(0, 1, 2)
    moved = with_measures(design, [(measures()["binding_agreements"], 1.0)])
    assert values(moved, how)["binding"].tolist() == [moved.payoff.binding] * 3
    copy = design.model_copy(update={"payoff": design.payoff.model_copy(update={"binding": 0.9})})
    assert values(copy, how)["binding"].tolist() == [0.9] * 3
    same = design.model_copy(update={"payoff": design.payoff.model_copy()})
    for name, drawn in values(design, how).items():
        assert values(same, how)[name].tolist() == drawn.tolist()
        if name != "binding":
            assert values(copy, how)[name].tolist() == drawn.tolist(), name
    assert len(set(values(design, how)["binding"].tolist())) == 3


def test_a_design_read_back_has_the_same_draws() -> None:
    design, how = load_design("regiobureau"), readings(0, 1, 2)
    back = Design.model_validate(design.model_dump())
    assert {name: drawn.tolist() for name, drawn in values(back, how).items()} == {
        name: drawn.tolist() for name, drawn in values(design, how).items()
    }


@pytest.mark.parametrize("name", list(measures()))
def test_measures_at_the_point_are_those_of_the_design(name: str) -> None:
    for strength in (0.3, 1.0):
        moves = ((measures()[name], strength),)
        for design in map(load_design, design_names()):
            moved = compile_design(with_measures(design, moves), REGION)
            beside = read_values(moved, design, moves, readings(1, POINT))[1]
            assert beside.tolist() == moved.values.tolist()


def test_ways_to_read() -> None:
    assert [coding_of(given) for given in ("drawn", "point", 7, "7", np.int64(3))] == ["drawn", "point", 7, 7, 3]
    for given in ("fixed", -1, 1.5, True, None, 2**31):
        with pytest.raises(ValueError, match="write drawn, point, or the number of a draw, from 0"):
            coding_of(given)


# --- shipped ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", design_names())
def test_every_shipped_choice_says_what_it_rests_on(name: str) -> None:
    """A field that differs from no rule at all has evidence; a number that is not certain has a range with room."""
    design = load_design(name)
    neutral = Design(name="neutral", label_nl="-", label_en="-")
    for section in ("boundary", "position", "choice", "aggregation", "information", "payoff", "scope"):
        for field in type(getattr(design, section)).model_fields:
            path = f"{section}.{field}"
            if value_of(design, path) != value_of(neutral, path):
                assert path in design.codings, path
    for path, coding in design.codings.items():
        assert coding.source, path
        if coding.evidence == "judgement" and path in PLACES:
            assert coding.range is not None, path


@pytest.mark.parametrize("name", design_names())
def test_every_shipped_range_can_be_run(name: str) -> None:
    """At either end of all ranges the design is one that could be in a file."""
    design = load_design(name)
    for end in (0, 1):
        extreme = design
        for path, coding in design.codings.items():
            if coding.range is not None:
                section, _, field = path.partition(".")
                number = coding.range[end]
                whole = isinstance(value_of(design, path), int)
                extreme = changed(extreme, section, **{field: int(number) if whole else number})
        compile_design(extreme, REGION)


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_file_without_ranges_is_certain(tmp_path: Path) -> None:
    design = load_design(written(tmp_path, "payoff: {binding: 0.4}\n"))
    assert design.codings == {}
    assert len(set(values(design, readings(*range(9)))["binding"])) == 1


def test_a_file_says_what_a_value_rests_on(tmp_path: Path) -> None:
    text = (
        "payoff:\n  binding: {value: 0.4, range: [0.2, 0.6], evidence: quoted, source: here}\n"
        "  steering: {as: provincial_steering}\n"
        "position: {board: {value: centres, evidence: judgement}}\n"
    )
    design = load_design(written(tmp_path, text))
    assert (design.payoff.binding, design.payoff.steering, design.position.board) == (0.4, 0.7, "centres")
    assert design.codings["payoff.binding"].model_dump() == {
        "evidence": "quoted", "source": "here", "range": (0.2, 0.6), "origin": ""
    }  # fmt: skip
    assert design.codings["payoff.steering"].origin == "provincial_steering"
    assert design.codings["position.board"].range is None
    again = Design.model_validate(design.model_dump(mode="json"))  # what a manifest holds
    assert again == design


BINDING = r"payoff\.binding"


@pytest.mark.parametrize(
    ("binding", "message"),
    [
        (
            "{value: 0.4, range: [0.5, 0.6], evidence: judgement}",
            r"\.range: \[0\.5, 0\.6\] does not hold the value 0\.4",
        ),
        ("{value: 0.4, range: [0.6, 0.2], evidence: judgement}", r"\.range: \[0\.6, 0\.2\] does not hold"),
        ("{value: 0.4, range: [0.2, 1.5], evidence: judgement}", r"\.range: 1\.5 is not allowed; must be at most 1"),
        ("{value: 0.4, range: [0.2], evidence: judgement}", r"\.range"),
        ("{value: 0.4, range: [0.2, 0.5]}", r"\.evidence: is missing"),
        ("{value: 0.4, evidence: guessed}", r"\.evidence: 'guessed' is not allowed; .*'quoted'"),
        ("{value: 0.4, evidence: quoted}", r"\.source: is missing; 'quoted' names a passage"),
        ("{value: 0.4, evidence: judgement, rnge: [0, 1]}", r"\.rnge: unknown key; did you mean 'range'"),
        ("{range: [0, 1], evidence: judgement}", r"\.value: is missing"),
        ("{value: 1.4, evidence: judgement}", r": 1\.4 is not allowed; must be at most 1"),
        ("{as: regio_del}", r"\.as: unknown design 'regio_del'; did you mean 'regio_deal'"),
        ("{as: regio_deal, range: [0, 1]}", r": has both 'as' and 'range'"),
    ],
)
def test_a_bad_coding_says_what_is_wrong(tmp_path: Path, binding: str, message: str) -> None:
    with pytest.raises(InputError, match=BINDING + message) as caught:
        load_design(written(tmp_path, f"payoff: {{binding: {binding}}}\n"))
    assert "my_design.yaml" in str(caught.value)


def test_an_unknown_field_taken_over(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"payoff\.bindng: unknown key; did you mean 'binding'"):
        load_design(written(tmp_path, "payoff: {bindng: {as: regio_deal}}\n"))


@pytest.mark.parametrize(
    ("section", "field", "entry", "message"),
    [
        ("position", "board", "{value: centres, range: [0, 1]", "'centres' is no number, so it has no range"),
        ("aggregation", "adoption_quota", "{value: 0.5, range: [0, 0.7]", "holds 0, which means none"),
        ("scope", "max_open", "{value: 5, range: [2.5, 7]", r"2\.5 is not allowed; must be a whole number"),
    ],
)
def test_a_range_that_fits_no_field(tmp_path: Path, section: str, field: str, entry: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"{section}\.{field}\.range: .*{message}"):
        load_design(written(tmp_path, f"{section}: {{{field}: {entry}, evidence: judgement}}}}\n"))


def test_a_reading_asks_for_no_more_members_than_there_are() -> None:
    design = load_design("regio_deal")  # of ten
    wide = {**design.codings, "boundary.min_members": Coding(evidence="judgement", range=(2, 20))}
    drawn = values(design.model_copy(update={"codings": wide}), readings(*range(200)))["min_members"]
    assert drawn.min() == 2.0
    assert drawn.max() == 10.0


def test_all_problems_of_codings_at_once(tmp_path: Path) -> None:
    text = "payoff:\n  binding: {value: 0.4, range: [0.5, 0.6], evidence: quoted}\n  sanction: {as: nobody}\n"
    with pytest.raises(InputError) as caught:
        load_design(written(tmp_path, text))
    assert len(caught.value.problems) == 3


def test_an_override_is_certain() -> None:
    def binding(*overrides: str) -> Any:
        config = bresim.load("run", ["governance=regiobureau", *overrides])
        return config.design.payoff.binding, config.design.codings.get("payoff.binding")

    assert binding()[1] is not None
    assert binding("governance.payoff.binding=0.9") == (0.9, None)


def test_a_copy_has_the_draws_of_the_original_but_for_what_is_changed(tmp_path: Path) -> None:
    text = (configs_dir() / "governance" / "regiobureau.yaml").read_text(encoding="utf-8")
    changed_text = text.replace("lobby: {value: 0.6, range: [0.4, 0.8]", "lobby: {value: 0.6, range: [0.5, 0.7]")
    assert changed_text != text
    path = tmp_path / "my_bureau.yaml"
    path.write_text(changed_text, encoding="utf-8")
    how = readings(*range(9))
    mine, original = values(load_design(path), how), values(load_design("regiobureau"), how)
    assert [field for field in FIELDS if mine[field].tolist() != original[field].tolist()] == ["lobby"]
    assert load_design(path).codings["payoff.binding"].origin == "regiobureau"
    assert load_design(path).codings["information.lobby"].origin == ""

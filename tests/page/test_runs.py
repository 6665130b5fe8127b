"""A single run in a page is that of Python: series, initiatives, events, changes, votes, and their sentences."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import node
import pandas as pd
import pytest
from web_page import Page

from bresim.columns.events import CAUSES
from bresim.columns.runs import BALLOT_TERMS
from bresim.config.schema import ModelConfig
from bresim.kernel import draws
from bresim.model import RegionModel
from bresim.results import Result
from bresim.runner import step

#: (region, scenario, design, founding, replicate): with votes, a term and successor, imposition, and a design beside.
RUNS = (
    ("zuid_limburg", "history", "regiobureau", "vote", 7),
    ("zuid_limburg", "water_crisis", "regio_deal_continued", "at_once", 123),
    ("teaching", "austerity", "provincial_steering", "at_once", 3),
    ("teaching", "history", "coalition_of_the_willing", "vote", 61),
)


def python(page: Page, region: str, scenario: str, design: str, founding: Any, replicate: int) -> tuple[Result, Any]:
    """The run by Mesa, and all outcomes at its end."""
    config: ModelConfig = page.worlds[region, scenario]
    model = RegionModel(config, replicate=replicate, design=design, founding=founding)
    while model.running:
        model.step()
    return model.result(), model.outcomes()


def request_of(page: Page, region: str, scenario: str, design: str, founding: str, replicate: int) -> dict[str, Any]:
    config = page.worlds[region, scenario]
    return {
        "region": region, "scenario": scenario, "undercurrent": config.undercurrent.model_dump(), "seed": config.seed,
        "design": design, "founding": founding, "replicate": replicate,
    }  # fmt: skip


def asked(page: Page, folder: Path, runs: list[dict[str, Any]]) -> Any:
    (page.laid(folder) / "runs.json").write_text(json.dumps(runs))
    return node.answer("runs.mjs", folder)


def same(mine: Mapping[str, list[float | None]], table: pd.DataFrame, columns: list[str]) -> None:
    """Columns of floats that are the same in every bit; what is not known is null in JSON."""
    for name in columns:
        wanted = [None if math.isnan(value) else value for value in table[name].tolist()]
        assert mine[name] == wanted, name


def missing(value: Any) -> Any:
    return None if value is None or value != value else value


@pytest.fixture(scope="module")
def pairs(page: Page, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, Result, dict[str, float]]]:
    """Each run by the page and by Python."""
    whole = [{"choices": [], "quarters": 7}, {"choices": [], "quarters": 100}]
    runs = [{"request": request_of(page, *run), "steps": whole} for run in RUNS]
    mine = asked(page, tmp_path_factory.mktemp("runs"), runs)
    return [(one, *python(page, *run)) for one, run in zip(mine, RUNS, strict=True)]


def test_numbers_over_time(pairs: list[tuple[Any, Result, dict[str, float]]]) -> None:
    for mine, result, outcomes in pairs:
        assert mine["quarters"] == 60
        same(mine["series"], result.series, list(mine["series"]))
        same(mine["municipalities"], result.municipalities, list(mine["municipalities"]))
        same(mine["capacity"], result.capacity, list(mine["capacity"]))
        assert {*mine["municipalities"]} > {"trust_given", "fte_own", "public_value_local"}
        assert mine["outcomes"] == {name: missing(value) for name, value in outcomes.items()}


def test_trust_and_grievance_of_all_pairs(pairs: list[tuple[Any, Result, dict[str, float]]]) -> None:
    for mine, result, _ in pairs:
        names = list(dict.fromkeys(result.municipalities["municipality"]))
        size = len(names)
        at = [
            (quarter * size + names.index(source)) * size + names.index(target)
            for quarter, source, target in result.dyads[["quarter", "source", "target"]].itertuples(index=False)
        ]
        for quantity in ("trust", "grievance"):
            assert [mine[quantity][place] for place in at] == result.dyads[quantity].tolist()


def test_initiatives(pairs: list[tuple[Any, Result, dict[str, float]]]) -> None:
    for mine, result, _ in pairs:
        assert len(mine["initiatives"]) == len(result.initiatives) > 20
        themes, arenas = (list(result.initiatives[name].cat.categories) for name in ("theme", "arena"))
        names = list(dict.fromkeys(result.municipalities["municipality"]))
        for one, row in zip(mine["initiatives"], result.initiatives.to_dict("records"), strict=True):
            assert (themes[one["theme"]], arenas[one["arena"]]) == (row["theme"], row["arena"])
            assert ";".join(names[i] for i in one["members"]) == row["members"]
            assert [one[name] for name in ("opened", "agreed", "ended")] == [
                missing(row[name]) for name in ("opened", "agreed", "ended")
            ]
            assert one["state"] == row["outcome"]
            for name in ("eligible", "coerced", "imposed", "funded", "inherited"):
                assert one[name] == row[name]


def test_events_and_their_sentences(pairs: list[tuple[Any, Result, dict[str, float]]]) -> None:
    for mine, result, _ in pairs:
        assert len(mine["events"]) == len(result.events) > 200
        for one, row in zip(mine["events"], result.events.to_dict("records"), strict=True):
            assert (one["quarter"], one["kind"]) == (row["quarter"], row["event"])
            assert one["amount"] == (missing(row["size"]) if missing(row["fte"]) is None else row["fte"])
            for lang in ("nl", "en"):
                assert one["sentence"][lang] == row[f"sentence_{lang}"].partition(": ")[2]


def test_changes_of_trust_and_their_sentences(pairs: list[tuple[Any, Result, dict[str, float]]]) -> None:
    for mine, result, _ in pairs:
        names = list(dict.fromkeys(result.municipalities["municipality"]))
        assert len(mine["changes"]) == len(result.trust_changes) > 200
        for one, row in zip(mine["changes"], result.trust_changes.to_dict("records"), strict=True):
            assert (one["quarter"], one["quantity"], one["cause"]) == (row["quarter"], row["quantity"], row["cause"])
            assert (names[one["source"]], names[one["target"]]) == (row["source"], row["target"])
            assert one["change"] == row["change"]
            for lang in ("nl", "en"):
                assert one["sentence"][lang] == row[f"sentence_{lang}"].partition(": ")[2]
        assert {cause.quantity for cause in CAUSES} == {one["quantity"] for one in mine["changes"]}


def test_numbers_in_sentences_are_rounded_as_in_python(tmp_path: Path) -> None:
    numbers = [
        0.125, 0.375, -0.125, 2.675, 0.595, 0.285, 1.005, 0.0, 0.115, 12.345, 7.875,
        0.5, -0.005, 1e-9, 0.994999, 1e6 + 0.625,
        *(at / 1000 for at in range(1000)),
    ]  # fmt: skip
    (tmp_path / "numbers.json").write_text(json.dumps(numbers))
    assert node.answer("rounded.mjs", tmp_path) == [round(number, 2) + 0.0 for number in numbers]


def test_votes(pairs: list[tuple[Any, Result, dict[str, float]]]) -> None:
    voted = 0
    for mine, result, _ in pairs:
        assert len(mine["votes"]) == len(result.votes)
        voted += len(mine["votes"])
        for one, row in zip(mine["votes"], result.votes.to_dict("records"), strict=True):
            assert (one["quarter"], one["question"], one["chance"]) == (row["quarter"], row["question"], row["chance"])
            assert (one["yes"], one["carried"]) == (row["yes"], row["carried"])
            assert one["terms"] == [missing(row[term.name]) for term in BALLOT_TERMS]
    assert voted > 20


def chosen_by_python(page: Page, run: tuple[Any, ...], quarter: int, choices: list[dict[str, Any]]) -> Result:
    """The run in which these choices take the place of draws in one quarter: written for the Mesa model."""
    region, scenario, design, founding, replicate = run

    def opening(s: Any, w: Any, p: Any, t: int) -> None:
        themes = s.phase.shape[1]
        for choice in choices if t == quarter else []:
            a, k, i = choice["arena"], choice["theme"], choice["municipality"]
            joins = choice["decision"] in ("join", "stay", "wait", "withdraw")
            draw, stream = (s.draws_commit, draws.COMMIT) if joins else (s.draws_delivery, draws.DELIVER)
            if s.drawn[stream, a * themes + k] != t:
                draws.fill(s.key, stream, t, a * themes + k, draw[a, k])
                s.drawn[stream, a * themes + k] = t
            if joins:
                turns = s.committed[a, k, i] != (choice["decision"] in ("join", "stay"))
                draw[a, k, i] = 0.0 if turns else 1.0
            else:
                draw[a, k, i] = 0.0 if choice["decision"] == "keep" else 1.0
        step.opening(*model._boxes, model._parameters, t)

    config = page.worlds[region, scenario]
    model = RegionModel(config, replicate, design, {"agenda": opening}, founding)
    while model.running:
        model.step()
    return model.result()


def test_choices_are_taken_by_the_model(page: Page, tmp_path: Path) -> None:
    """Who joins or waits, keeps or breaks, is decided by the choice; all else follows the rules."""
    request, quarter = request_of(page, *RUNS[0]), 24
    begun = [{"choices": [], "quarters": quarter}]
    before = asked(page, _folder(tmp_path, "before"), [{"request": request, "steps": begun}])[0]
    talks = [seat for seat in before["seats"] if seat["phase"] == "negotiating"]
    due = [seat for seat in before["seats"] if seat["due"]]
    assert talks
    assert due
    inside = [_choice(seat, "stay" if seat["committed"] else "join") for seat in talks]
    outside = [_choice(seat, "withdraw" if seat["committed"] else "wait") for seat in talks]
    chosen = {
        "in": [*inside, *(_choice(seat, "keep") for seat in due)],
        "out": [*outside, *(_choice(seat, "break") for seat in due)],
        "none": list[dict[str, Any]](),
    }
    runs = [
        {"request": request, "steps": [*begun, {"choices": choices, "quarters": 36}]} for choices in chosen.values()
    ]
    made = dict(zip(chosen, asked(page, _folder(tmp_path, "after"), runs), strict=True))
    for name, choices in chosen.items():
        result = chosen_by_python(page, RUNS[0], quarter, choices)
        same(made[name]["series"], result.series, list(made[name]["series"]))
        assert [(one["quarter"], one["kind"]) for one in made[name]["events"]] == [
            (row["quarter"], row["event"]) for row in result.events.to_dict("records")
        ]
    asked_of = {(seat["arena"], seat["theme"], seat["municipality"]) for seat in talks}
    joined = {name: _count(one, "joined", quarter, asked_of) for name, one in made.items()}
    assert joined["in"] > joined["none"] >= joined["out"] == 0
    taken = {name: dict(zip(map(str, choices), made[name]["taken"], strict=True)) for name, choices in chosen.items()}
    assert sum(taken["in"][str(choice)] for choice in inside if choice["decision"] == "join") == joined["in"]
    assert all(taken["out"][str(choice)] for choice in outside if choice["decision"] == "wait")
    assert sum(taken["out"].values()) > 0.9 * len(chosen["out"])
    assert made["in"]["series"] != made["none"]["series"] != made["out"]["series"]


def test_no_choice_is_no_difference(page: Page, tmp_path: Path) -> None:
    """Quarter by quarter, all at once, and with a choice for a seat that is not there: the same run."""
    request = request_of(page, *RUNS[2])
    idle = {"municipality": 0, "arena": 0, "theme": 0, "decision": "keep"}
    runs = [
        [{"choices": [], "quarters": 60}],
        [{"choices": [], "quarters": 1}] * 60,
        [{"choices": [idle], "quarters": 1}, {"choices": [], "quarters": 59}],
    ]
    one, *others = asked(page, tmp_path, [{"request": request, "steps": steps} for steps in runs])
    assert others[1].pop("taken") == [False]
    for other in others:
        assert {**other, "taken": []} == one


def _folder(path: Path, name: str) -> Path:
    (path / name).mkdir()
    return path / name


def _choice(seat: Mapping[str, Any], decision: str) -> dict[str, Any]:
    return {"municipality": seat["municipality"], "arena": seat["arena"], "theme": seat["theme"], "decision": decision}


def _count(run: Mapping[str, Any], kind: str, quarter: int, seats: set[tuple[int, int, int]]) -> int:
    """Events of this kind in this quarter at these seats (arena, theme, municipality), not in talks that begin now."""
    return sum(
        event["kind"] == kind
        and event["quarter"] == quarter
        and (event["arena"], event["theme"], event["municipality"]) in seats
        for event in run["events"]
    )

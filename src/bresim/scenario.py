"""A scenario: what happens around the region, whatever its governance. Data in ``configs/scenario/*.yaml``.

Events up to the present are the same in every scenario; ``from_policy_start`` says what is different
afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bresim.common.calendar import quarter_number
from bresim.common.errors import InputError, Problem, inside, nearest, said
from bresim.common.paths import configs_dir
from bresim.common.validation_messages import LONGEST_NAME, NAME_PATTERN, QUARTER_PATTERN, problems_of
from bresim.common.yaml_files import read_mapping


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(_Frozen):
    """One dated event. ``size`` is the height of a shock or window, or the province's stance."""

    kind: Literal["shock", "window", "municipal_election", "provincial_election", "province_stance"]
    quarter: str = Field(pattern=QUARTER_PATTERN)
    theme: str | None = Field(None, description="a theme, or 'all'; for shocks and windows")
    size: float = Field(1.0, ge=0.0, le=1.0, allow_inf_nan=False)
    source: str = ""


class FromPolicyStart(_Frozen):
    """Factors (1 = as before) and changes that hold from policy start."""

    shocks: float = Field(1.0, ge=0.0, le=20.0, allow_inf_nan=False, description="factor on the chance of shocks")
    windows: float = Field(
        1.0, ge=0.0, le=20.0, allow_inf_nan=False, description="factor on the chance of funding windows"
    )
    turnover: float = Field(1.0, ge=0.0, le=20.0, allow_inf_nan=False, description="factor on turnover of aldermen")
    capacity_change: float = Field(
        0.0, ge=-0.9, le=1.0, allow_inf_nan=False, description="change of execution capacity, reached at the horizon"
    )
    population_change: float = Field(
        0.0,
        ge=-0.9,
        le=1.0,
        allow_inf_nan=False,
        description="change of the number of inhabitants, reached at the horizon; capacity follows it by its exponent",
    )
    severity_change: float = Field(
        0.0,
        ge=-0.9,
        le=1.0,
        allow_inf_nan=False,
        description="change of the severity of themes, reached at the horizon",
    )


#: Kind of event → what it is. The size of a shock, window or stance is in [0, 1].
EVENTS: Mapping[str, str] = {
    "shock": "a shock on a theme, of this size",
    "window": "a funding window for a theme, of this height",
    "municipal_election": "municipal elections",
    "provincial_election": "provincial elections",
    "province_stance": "the province's stance is set to this value",
}
#: What a scenario can set → the arrays of ``state.World`` that it fills.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "events.shock": ("shock",),
    "events.window": ("window",),
    "events.municipal_election": ("election",),
    "events.provincial_election": ("provincial_election",),
    "events.province_stance": ("province_stance",),
    "from_policy_start.shocks": ("shock_factor",),
    "from_policy_start.windows": ("window_factor", "window"),
    "from_policy_start.turnover": ("turnover_factor",),
    "from_policy_start.capacity_change": ("capacity_factor",),
    "from_policy_start.population_change": ("population_factor",),
    "from_policy_start.severity_change": ("severity_factor",),
}


def field_info(name: str) -> dict[str, Any]:
    """Meaning, range and default of one of ``FIELDS``, as in a JSON schema."""
    section, _, field = name.partition(".")
    if section == "from_policy_start":
        return dict(FromPolicyStart.model_json_schema()["properties"][field])
    sized = {} if "election" in field else {"type": "number", "minimum": 0.0, "maximum": 1.0}
    return {"description": EVENTS[field], **sized}


class ScenarioFile(_Frozen):
    """A scenario file."""

    name: str = Field(max_length=LONGEST_NAME, pattern=NAME_PATTERN)
    label_nl: str
    label_en: str
    description_nl: str = ""
    description_en: str = ""
    history: str | None = Field(None, description="scenario whose events also hold")
    events: tuple[Event, ...] = ()
    opens: tuple[str, ...] = Field(
        (), description="arenas of the region, closed by default, that are there in this scenario"
    )
    from_policy_start: FromPolicyStart = FromPolicyStart()


@dataclass(frozen=True)
class Scenario:
    """A scenario as arrays over T quarters and K themes; see ``state.World`` for their meaning."""

    name: str
    label_nl: str
    label_en: str
    description_nl: str
    description_en: str
    events: tuple[Event, ...]
    start: int  # number of the first quarter, see common.calendar
    opens: tuple[str, ...]  # arenas of the region that it opens, those the region does not have included
    shock: NDArray[np.float64]
    window: NDArray[np.float64]
    election: NDArray[np.bool_]
    provincial_election: NDArray[np.bool_]
    province_stance: NDArray[np.float64]
    shock_factor: NDArray[np.float64]
    window_factor: NDArray[np.float64]
    turnover_factor: NDArray[np.float64]
    capacity_factor: NDArray[np.float64]
    population_factor: NDArray[np.float64]
    severity_factor: NDArray[np.float64]


def scenario_names(search: Sequence[Path] = ()) -> list[str]:
    """Names of all scenarios found in the shipped and the given folders."""
    return sorted({path.stem for folder in (configs_dir(), *search) for path in (folder / "scenario").glob("*.yaml")})


def read_scenario(source: str | Path | Mapping[str, Any]) -> ScenarioFile:
    """Read a scenario by name, by path, or from an already composed mapping; all its problems at once."""
    where: str
    if isinstance(source, Mapping):
        content, where = dict(source), said("scenario '{name}'", name=source.get("name", "?"))
    else:
        path = Path(source)
        if path.suffix not in {".yaml", ".yml"}:
            path = configs_dir() / "scenario" / f"{source}.yaml"
            if source not in scenario_names():
                raise InputError(
                    Problem(
                        "scenario",
                        said("unknown scenario '{name}'", name=source),
                        nearest(str(source), scenario_names()),
                    )
                )
        content, where = {"name": path.stem, **read_mapping(path)}, str(path)
    problems = []
    history = content.get("history")
    if isinstance(history, str) and history not in scenario_names():
        what = said(
            "unknown scenario '{name}': it is one of the shipped scenarios, not a file of your own", name=history
        )
        problems.append(Problem(inside(where, "history"), what, nearest(history, scenario_names())))
    try:
        file = ScenarioFile.model_validate(content)
    except ValidationError as error:
        raise InputError([*problems_of(error, where, ScenarioFile), *problems]) from None
    if problems:
        raise InputError(problems)
    return file


class _Dated(NamedTuple):
    """Events by quarter, as the fields of ``Scenario`` with these names."""

    shock: NDArray[np.float64]
    window: NDArray[np.float64]
    election: NDArray[np.bool_]
    provincial_election: NDArray[np.bool_]
    province_stance: NDArray[np.float64]


def _laid_out(events: Sequence[Event], first: int, quarters: int, themes: Sequence[str]) -> _Dated:
    """Put events that fall in the run in their quarter; of several shocks or windows on a theme the highest counts.

    A theme that the region does not have is passed over.
    """
    dated = _Dated(
        shock=np.zeros((quarters, len(themes))),
        window=np.zeros((quarters, len(themes))),
        election=np.zeros(quarters, dtype=np.bool_),
        provincial_election=np.zeros(quarters, dtype=np.bool_),
        province_stance=np.full(quarters, -1.0),
    )
    for event in events:
        t = quarter_number(event.quarter) - first
        if not 0 <= t < quarters:
            continue
        if event.kind in {"shock", "window"}:
            row = (dated.shock if event.kind == "shock" else dated.window)[t]
            hit = [event.theme in ("all", theme) for theme in themes]
            row[hit] = np.maximum(row[hit], event.size)
        elif event.kind == "municipal_election":
            dated.election[t] = True
        elif event.kind == "provincial_election":
            dated.provincial_election[t] = True
        else:
            dated.province_stance[t] = event.size
    return dated


def _unknown_themes(file: ScenarioFile, themes: Sequence[str], where: str | None) -> list[Problem]:
    """Events of a scenario of the user's own that are about no theme of the region."""
    if _is_shipped(file.name):
        return []
    return [
        Problem(
            where or said("scenario '{name}'", name=file.name),
            said("unknown theme '{name}'", name=event.theme),
            nearest(str(event.theme), ["all", *themes]),
        )
        for event in file.events
        if event.kind in {"shock", "window"} and event.theme not in ("all", *themes)
    ]


def load_scenario(
    source: str | Path | Mapping[str, Any],
    *,
    start: str,
    quarters: int,
    policy_start: int,
    themes: Sequence[str],
    where: str | None = None,
) -> Scenario:
    """Lay a scenario out over ``quarters`` from ``start`` (2019-Q1); ``policy_start`` is a quarter index.

    ``where`` is the file of the scenario, if it is the user's own.
    """
    file = read_scenario(source)
    events, opens = list(file.events), file.opens
    if file.history is not None:
        history = read_scenario(file.history)
        events, opens = [*history.events, *events], (*history.opens, *opens)
    if problems := _unknown_themes(file, themes, where):
        raise InputError(problems)
    first = quarter_number(start)
    dated = _laid_out(events, first, quarters, themes)
    policy = np.arange(quarters) >= policy_start
    after = file.from_policy_start
    # with less money than usual, windows announced for later do not come either
    dated.window[policy] *= min(1.0, after.windows)
    # changes that build up linearly, from none at policy start to all at the horizon
    share = np.clip((np.arange(quarters) - policy_start + 1) / max(1, quarters - policy_start), 0.0, 1.0)
    return Scenario(
        name=file.name,
        label_nl=file.label_nl,
        label_en=file.label_en,
        description_nl=file.description_nl,
        description_en=file.description_en,
        events=tuple(events),
        start=first,
        opens=opens,
        **dated._asdict(),
        shock_factor=np.where(policy, after.shocks, 1.0),
        window_factor=np.where(policy, after.windows, 1.0),
        turnover_factor=np.where(policy, after.turnover, 1.0),
        capacity_factor=1.0 + after.capacity_change * share,
        population_factor=1.0 + after.population_change * share,
        severity_factor=1.0 + after.severity_change * share,
    )


def _is_shipped(name: str) -> bool:
    """Shipped scenarios name themes of Zuid-Limburg; a region without the theme skips the event."""
    return name in scenario_names()

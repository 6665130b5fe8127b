"""The table of section 10 of docs/odd.md: what could favour a design by construction, and what that would give it.

python -m experiments.advantages            # prints the table
python -m experiments.advantages --write    # puts it into docs/odd.md

Each advantage that can be given back is given back to the design that it is about; the number is the change of direct
value at the end, with the same random draws. The others name the test that holds them.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bresim import parameters, plausible
from bresim.analysis.changes import Change, unchanged
from bresim.analysis.evidence import Batch, Sets, Setup
from bresim.analysis.search import fingerprint
from bresim.analysis.summary import mean_interval
from bresim.common.progress import Silent
from bresim.common.text import language
from bresim.config import load
from bresim.config.schema import PatternsConfig
from bresim.conventions import HEADLINE
from bresim.governance import Design, load_design
from bresim.governance.compile import DTYPE as INSTITUTION_DTYPE
from bresim.kernel.state import SUCCESSOR, World

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "odd.md"
BEGIN, END = "<!-- advantages: begin -->\n", "<!-- advantages: end -->"
#: Replicates of each parameter set of the plausible set.
REPLICATES = 4
spoken = language("en")


def _no_overlap(world: World) -> World:
    """Tables of the same municipalities share no money, need or partners."""
    return world._replace(overlaps=np.zeros_like(world.overlaps), window_shared=np.zeros_like(world.window_shared))


def _successor_at_once(world: World) -> World:
    """What follows a design needs no set-up."""
    values = world.institution_values.copy()
    records = values.view(INSTITUTION_DTYPE).reshape(values.shape[:2]).view(np.recarray)
    records["setup_quarters"][:, SUCCESSOR] = 0.0
    return world._replace(institution_values=values, institution=records)


@dataclass(frozen=True)
class Check:
    """An advantage that was looked for: what was done about it, and how to give it back to ``design``.

    ``fields`` are of the design (path to value), ``values`` parameters, ``change`` is of the world. Without any of them
    ``test`` holds what was done.
    """

    looked_at: str
    where: str
    done: str
    design: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    change: Change = unchanged
    test: str = ""


_SERVICES = (
    "coordination", "facilitation", "monitoring", "lobby", "escalation", "secretaries", "council", "celebration",
    "binding", "focus", "sounding", "review",
)  # fmt: skip
#: Services that ask no staff.
_FTE = {f"{service}_fte": 0.0 for service in _SERVICES}
_FREE = "they ask staff of bureau, members or board; the province supplies only while it acts, with the staff it has"
_SHARED = (
    "among tables of the same municipalities at the same scale a window is paid once, to the table that agrees first; "
    "they divide the work of partners, and what a municipality works on at one does not pull at the other"
)
_OWN = "its arena stands beside that of the region, which keeps the status quo"

CHECKS: tuple[Check, ...] = (
    Check("services without a supplier", "rules `services`, `load`", _FREE, "regiobureau", values=_FTE),
    Check("the same", "", "", "provincial_steering_mandated", values=_FTE),
    Check("services that hold where staff is short", "rules `load`, `services`",
          "they hold as far as there was staff for them last quarter; so does binding by the province",
          test="rules/test_services.py"),
    Check("an arena that is served first when staff is short", "rule `load`",
          "every arena gets the same part of what it asks", test="rules/test_load.py"),
    Check("services after an arena has ended", "rule `institution`", "services end with the arena",
          test="rules/test_institution.py"),
    Check("rules of an agreement that change under it", "rule `signing`",
          "binding, exit cost, sanction, the councils' decision, sharing of cost and freedom in how to act are those "
          "of the time when it was signed: a design makes nothing binding that was agreed before it",
          test="rules/test_signing.py"),
    Check("binding by a province that no longer acts", "rules `services`, `signing`",
          "what it adds to an agreement holds as far as it acts", test="rules/test_signing.py"),
    Check("a council's decision that it did not take", "rules `delivery`, `commitment`",
          "it counts for members whose own council agreed; that of a newcomer is asked too",
          test="rules/test_delivery.py"),
    Check("the first turn of an initiative, to take money and staff", "rule `turns`",
          "the order is drawn every quarter", test="rules/test_turns.py"),
    Check("likeness to municipalities that do not take part", "rule `institution`",
          "how mixed an arena is follows those that are eligible", test="rules/test_institution.py"),
    Check("full escalation of the Regio Deal, free", "`regio_deal`",
          'in part ("tot op zekere hoogte", RD 3), and it asks staff', "regio_deal", {"choice.escalation": 1.0}),
    Check("less execution in the lobby construct", "`lobby_construct`",
          "as in the status quo, which has no joint execution either; no shipped design sets `execution`",
          "lobby_construct", {"scope.execution": 0.5}),
    Check("a bureau that executes where execution is up to the municipalities", "`joint_arrangement`, rule `load`",
          "its staff does the services, and no more is asked of the members; how far it executes is a field with a "
          "range (`choice.bureau_executes`)", "joint_arrangement", {"choice.bureau_executes": 1.0}),
    Check("the same", "`regiobureau`, rule `load`", "it executes only in part", "regiobureau",
          {"choice.bureau_executes": 1.0}),
    Check("the same", "`pooled_programme`, rule `load`",
          "capacity is bundled for projects, so it executes for the most part, with a range; not at all:",
          "pooled_programme", {"choice.bureau_executes": 0.0}),
    Check("what came of Parkstad's arrangement, coded as its rules", "`joint_arrangement`",
          "say, binding and celebration are inferred or judged, with ranges down to the status quo; with the values "
          "that follow from what came of it:", "joint_arrangement",
          {"position.equal_say": 0.8, "payoff.binding": 0.6, "information.celebration": 0.4}),
    Check("provincial money that is set apart for later Regio Deals", "`provincial_steering_mandated`",
          "no shipped design has co-funding", "provincial_steering_mandated", {"payoff.cofunding": 0.1}),
    Check("services that a passage asks for, without saying what supplies them", "`provincial_steering_mandated`",
          "coordination, monitoring, binding and lobby are inferred, with ranges down to the status quo; at that end:",
          "provincial_steering_mandated",
          {"position.coordination": 0.1, "information.monitoring": 0.05, "payoff.binding": 0.1,
           "information.lobby": 0.2}),
    Check("how many initiatives may be open", "`regiobureau`",
          "five, inferred from a passage (“een paar onderwerpen”, BRE 4.2.2), with a range; with eight, as in the "
          "status quo:", "regiobureau", {"scope.max_open": 8}),
    Check("a vote that also binds those that were against", "rules `voting`, `institution`",
          "they take part, pay and count: *if founded* means with all sixteen; without the three smallest:",
          "regiobureau", {"boundary.eligible": ("all but", "Vaals", "Simpelveld", "Voerendaal")}),
    Check("dissenters bound in the joint arrangement", "`joint_arrangement`",
          "not bound: no passage says so, and no shipped design uses `binds_dissenters`", "joint_arrangement",
          {"aggregation.binds_dissenters": 1.0}),
    Check("programme money beside its dated window", "all designs",
          "only the windows of the scenario, the same for every design; no shipped design uses `programme_money`",
          "regio_deal", {"payoff.programme_money": 0.5}),
    Check("full value at the end for latecomers", "rule `value`", "they earn what is done while they take part",
          test="rules/test_value.py"),
    Check("full value for members that break their promise", "rules `milestones`, `value`",
          "they earn, and count, as far as they gave what they promised", test="rules/test_value.py"),
    Check("full value for a delay that was announced", "rule `milestones`",
          "a member misses what it lacked of its promise, whether it said so or not", test="rules/test_milestones.py"),
    Check("a voice of those bound against their vote", "rule `value`", "an agreement is shared by those that wanted it",
          test="rules/test_value.py"),
    Check("outvoted members that resent nothing", "rule `resentment`", "they do, the less they trust the majority",
          test="rules/test_resentment.py"),
    Check("a board that only takes away that centres have little say", "rule `board`",
          "without a board the centres are heard too, and the Middengebied is not", test="rules/test_board.py"),
    Check("a stick used at the first occasion", "rules `delivery`, `aggregation`",
          "for promises broken twice in a row, and once a year has passed without an agreement",
          test="rules/test_aggregation.py"),
    Check("a coalition that holds without a vote", "`coalition_of_the_willing`", "its first members vote",
          test="model/test_founding.py"),
    Check("steering that was not granted and that nobody decided on", "`provincial_steering`, rule `adoption`",
          "the province takes it on once more than half of the provincial council backs it",
          test="model/test_founding.py"),
    Check("founding mixed up with effect", "rules `adoption`, `voting`",
          "`founding=vote` and `at_once`, in the same futures", test="rules/test_adoption.py"),
    Check("a programme that ends or stays whatever it yields", "`pooled_programme`, rule `voting`",
          "no fixed term: the municipalities can dissolve it, for want of results and for what it costs; with a term "
          "of four years:", "pooled_programme", {"scope.term_quarters": 16}),
    Check("the ten of the Regio Deal in place of the sixteen", "`regio_deal`", _OWN, "regio_deal",
          {"boundary.beside": False}),
    Check("the Regio Deal for all sixteen, in place of the region's own table", "`regio_deal`", "the same",
          "regio_deal", {"boundary.beside": False, "boundary.eligible": "all"}),
    Check("money, need and partners used twice at overlapping tables", "rules `funding`, `agenda`, `effort`", _SHARED,
          "regio_deal", change=_no_overlap),
    Check("a bond of neighbours in arenas across subregions", "rule `interest`",
          "only where all members are of one subregion", test="test_world.py"),
    Check("grievance about talks that nobody broke off", "rule `aggregation`",
          "talks lapse when their arena ends, which is no deadlock", test="rules/test_aggregation.py"),
    Check("Parkstad's institution credited with its Regio Deal", "patterns P3c, P3d",
          "both sides are compared without second arenas", test="analysis/test_patterns.py"),
    Check("the successor of the Regio Deal for all sixteen", "`regio_deal_successor`", "it keeps the ten that chose it",
          test="governance/test_designs.py"),
    Check("a successor at full strength at once", "rule `institution`",
          "it is set up in its own time, from what the status quo has", "verkenning_regiobureau",
          change=_successor_at_once),
)  # fmt: skip


def with_fields(design: Design, fields: Mapping[str, object]) -> Design:
    """The design with the values of some fields, given by their paths."""
    for path, value in fields.items():
        section, _, name = path.partition(".")
        rules = getattr(design, section).model_copy(update={name: value})
        design = design.model_copy(update={section: rules})
    return design


def _setup(config: PatternsConfig, sets: Sets, values: Mapping[str, float]) -> Setup:
    changed = sets.values.copy()
    for name, value in values.items():
        changed[:, list(parameters.PARAMETERS).index(name)] = value
    return Setup(config, Sets(changed, sets.codings), 0, REPLICATES, Silent())


def _value(batch: Batch) -> np.ndarray:
    """Direct value at the end, (P,), mean over the replicates."""
    return np.asarray(batch.outcome(batch.variants[0], HEADLINE).mean(axis=1))


def gained(check: Check, sets: Sets) -> tuple[float, float, float]:
    """What the design would gain by the advantage: mean and 95 % interval over the parameter sets."""
    config = load("patterns", overrides=["seed=1"])
    assert isinstance(config, PatternsConfig)
    design = load_design(check.design)
    plain = _value(_setup(config, sets, {}).run([(check.design, design)], details=False))
    given = _setup(config, sets, check.values)
    changed = given.run([(check.design, with_fields(design, check.fields))], check.change, details=False)
    return mean_interval(_value(changed) - plain, np.arange(len(sets)))


def row(check: Check, sets: Sets) -> str:
    """A row of the table."""
    if check.test:
        number = f"[test](../tests/{check.test})"
    else:
        mean, low, high = gained(check, sets)
        number = f"`{check.design}` {spoken.points(mean)} ({spoken.points_range(low, high)})"
    return f"| {check.looked_at} | {check.where} | {check.done} | {number} |"


def made_of() -> str:
    """What the table was made of: the model, the plausible set and the checks."""
    checks = [{**vars(check), "change": check.change.__name__} for check in CHECKS]
    known = f"{fingerprint(seed=0, replicates=1)} {hashlib.sha256(plausible.TABLE.read_bytes()).hexdigest()} {checks}"
    return f"<!-- made of {hashlib.sha256(known.encode()).hexdigest()[:12]} -->\n"


def table(sets: Sets) -> str:
    """All rows, as Markdown."""
    head = "| looked at | where | what was done | what it would give, percentage points of direct value |"
    return "\n".join([head, "|---|---|---|---|", *(row(check, sets) for check in CHECKS)]) + "\n\n" + made_of()


def page(text: str, rows: str) -> str:
    """The page with the table in its place."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{rows}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    found = table(Sets.at_point(plausible.load().values))
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    else:
        print(found, end="")

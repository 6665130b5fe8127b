"""Jobs beside each other: what each is called, what differs between their configurations, and what is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bresim.analysis import between
from bresim.analysis.names import level_labels
from bresim.common.text import NOT_KNOWN, Language, capital
from bresim.config.schema import CompareConfig
from bresim.conventions import FOUNDINGS, REFERENCE, Founding
from bresim.governance import design_names, measures
from bresim.plots.view import View
from bresim.report import assumptions
from bresim.report.table import Cell, Line
from bresim.results import Result
from bresim.results.earlier import leaves
from bresim.results.manifest import result_keys

#: Most names in a label, and most keys of a design or scenario in a cell; of more only their number.
NAMED, KEYS_SHOWN = 2, 4
#: Keys of a design or scenario that are texts, or what a value rests on.
_TEXTS = ("label_", "description_", "passage", "source", "compare", "codings", "name")


@dataclass(frozen=True)
class Job:
    """A job among others: its ``label`` says how it differs from the first, in the reader's words."""

    label: str
    is_first: bool
    folder: Path
    result: Result
    language: Language

    @cached_property
    def view(self) -> View:
        """The job as a reader sees it."""
        return View(self.result, self.language)

    @property
    def config(self) -> CompareConfig:
        """Its configuration."""
        return self.view.config

    @property
    def quoted(self) -> str:
        """What a sentence calls it."""
        return self.language.gettext("the first comparison") if self.is_first else f"“{self.label}”"

    def under(self, founding: Founding) -> View:
        """All its designs under one founding."""
        return self.among(self.view.order, founding)

    def among(self, designs: Sequence[str], founding: Founding) -> View:
        """Only these designs, under one founding."""
        return View(_of_designs(self.result, designs), self.language, founding)


def _of_designs(result: Result, designs: Sequence[str]) -> Result:
    """The result with the rows of these designs in runs and summary."""
    kept = {}
    for name in ("runs", "summary"):
        table = getattr(result, name)
        kept[name] = table[table["design"].isin(designs)].assign(design=lambda rows: rows["design"].astype(str))
    return replace(result, **kept)


@dataclass(frozen=True)
class Jobs:
    """Several jobs about one region, in the order in which they were given."""

    jobs: tuple[Job, ...]
    language: Language

    @property
    def first(self) -> Job:
        """The job with which the others are compared."""
        return self.jobs[0]

    @cached_property
    def day(self) -> str:
        """The day on which the last of them was run; empty if that is not known."""
        return max(self.jobs, key=lambda job: str(job.result.manifest.get("started") or "")).view.day

    @cached_property
    def designs(self) -> list[str]:
        """Every design of any job, in the order of the first job that has it; the status quo last."""
        found = dict.fromkeys(design for job in self.jobs for design in job.under(self.main).order)
        return sorted(found, key=lambda design: design == REFERENCE)

    @cached_property
    def common(self) -> list[str]:
        """The designs that every job has."""
        return [design for design in self.designs if all(design in job.view.order for job in self.jobs)]

    @cached_property
    def foundings(self) -> list[Founding]:
        """The foundings that every job has, what designs do first."""
        return [founding for founding in FOUNDINGS[::-1] if all(founding in job.config.foundings for job in self.jobs)]

    @property
    def main(self) -> Founding:
        """The founding by which designs are ranked: if founded, where every job has that."""
        return self.foundings[0]

    @property
    def reference(self) -> str | None:
        """The status quo, if every job has it: gains are differences from it."""
        return REFERENCE if all(REFERENCE in job.view.order for job in self.jobs) else None

    @cached_property
    def names(self) -> dict[str, str]:
        """Display name of each design, by the first job that has it; measures of one job are not in them."""
        found: dict[str, str] = {}
        for job in self.jobs:
            found = {**{design.name: self.language.label(design) for design in job.config.designs}, **found}
        return found

    def quoted(self, design: str) -> str:
        """The name of a design in a sentence."""
        return self.language.gettext("the status quo") if design == REFERENCE else f"“{self.names[design]}”"

    def another_state(self, job: Job) -> bool:
        """Whether another state of the program made a job than the first."""
        return made_by(job.result) != made_by(self.first.result)

    def paired(self, job: Job) -> bool:
        """Whether a job has the same futures as the first, so that they can be compared future by future."""
        return not self.why_unpaired(job)

    def why_unpaired(self, job: Job) -> str:
        """Why the futures of a job are not those of the first; empty if they are."""
        _, one, two = self.language.gettext, self.first.config, job.config
        same = {
            _("another seed"): one.seed == two.seed,
            _("another number of futures"): one.replicates == two.replicates,
            _("other parameters"): (one.parameters, one.replicates_per_draw)
            == (two.parameters, two.replicates_per_draw),
            _("another reading of the designs"): one.coding == two.coding,
            _("another first quarter"): one.time.start == two.time.start,
            _("another state of the program"): not self.another_state(job),
        }
        different = [reason for reason, alike in same.items() if not alike]
        if not different and not between.same_futures(self.first.view.runs, job.view.runs):
            different = [_("other futures")]
        return self.language.join(different) if different else ""


def made_by(result: Result) -> tuple[object, object]:
    """The state of the sources that made a result: commit, and whether files differed from it."""
    git = result.manifest.get("git") or {}
    return git.get("commit"), git.get("changed")


def beside(results: Sequence[Result], folders: Sequence[Path], language: Language) -> Jobs:
    """The jobs with a label each: what the first is about, and in what the others differ from it.

    Those that would have the same label are told apart by their folders.
    """
    views = [View(result, language) for result in results]
    spoken: list[Callable[[View], str]] = [_scenario, _undercurrent, _measures, _own, _structure, _start, _founding]
    spoken += [_parameters, _coding, _seed, _futures]
    told = [[aspect(view) for view in views] for aspect in spoken]
    found = enumerate(zip(_labels(told, folders, language), folders, results, strict=True))
    jobs = tuple(Job(label, at == 0, folder, result, language) for at, (label, folder, result) in found)
    return Jobs(jobs, language)


def _labels(told: Sequence[Sequence[str]], folders: Sequence[Path], language: Language) -> list[str]:
    """A label for each job; ``told``: for each thing that can differ the words of every job."""
    telling = [texts for texts in told if len(set(texts)) > 1]
    plain = language.gettext("without measures") if len(telling) > 1 else None  # that goes without saying
    first = ", ".join(texts[0] for texts in telling if texts[0] and texts[0] != plain)
    others = (
        ", ".join(texts[at] for texts in telling if texts[at] and texts[at] != texts[0])
        for at in range(1, len(folders))
    )
    labels = [capital(label) for label in (first, *others)]
    if len(set(labels)) == len(labels) and all(labels):
        return labels
    names = [folder.name for folder in folders]
    if len(set(names)) < len(names):
        names = [str(folder) for folder in folders]
    return [f"{label} ({name})" if label else name for label, name in zip(labels, names, strict=True)]


def _scenario(view: View) -> str:
    return view.language.label(view.scenario)


def _undercurrent(view: View) -> str:
    level = level_labels(view.language).get(view.config.undercurrent.label, view.config.undercurrent.label)
    return view.language.gettext("undercurrent {level}").format(level=level)


def _measures(view: View) -> str:
    """The measures by name, of many their number."""
    _, known = view.language.gettext, measures()
    chosen = {name: strength for name, strength in view.config.measures.items() if strength}
    if not chosen:
        return _("without measures")
    if len(chosen) > NAMED:
        return _("with {count} measures").format(count=view.language.numeral(len(chosen)))
    listed = [
        _lowered(view.language.label(known[name]) if name in known else name)
        + ("" if strength == 1.0 else f" ({view.language.percent(strength)})")
        for name, strength in chosen.items()
    ]
    return _("with {listed}").format(listed=view.language.join(listed))


def _own(view: View) -> str:
    """The user's own designs; nothing without."""
    own = [view.name(design) for design in view.order if _is_own(design, view.config)]
    return view.language.gettext("with {listed}").format(listed=view.language.join(own)) if own else ""


def _lowered(name: str) -> str:
    """With a small first letter, as in the middle of a sentence; not what begins with an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _structure(view: View) -> str:
    changed = view.config.variant.changed
    if not changed:
        return view.language.gettext("model as shipped")
    return view.language.join(f"{name} = {option}" for name, option in changed.items())


def _start(view: View) -> str:
    start = view.language.quarter(view.config.time.policy_start)
    return view.language.gettext("from the {start}").format(start=start)


def _founding(view: View) -> str:
    _ = view.language.gettext
    texts = {"vote": _("as decided by vote"), "at_once": _("founded at once"), "both": _("founded both ways")}
    return texts[view.config.founding]


def _parameters(view: View) -> str:
    _, chosen = view.language.gettext, view.config.parameters
    own = chosen.own.name if chosen.own is not None else ""
    texts = {
        "plausible": _("plausible parameters"),
        "prior": _("full ranges"),
        "point": _("one set of parameters"),
        "own": _("parameter sets from {file}").format(file=own),
    }
    fixed = [f"{name} = {view.language.number(number, 3)}" for name, number in chosen.fixed.items()]
    return view.language.join([texts[chosen.source], *fixed])


def _coding(view: View) -> str:
    _ = view.language.gettext
    texts = {"drawn": _("several readings"), "point": _("one reading")}
    return texts.get(str(view.config.coding), _("reading {number}").format(number=view.config.coding))


def _seed(view: View) -> str:
    return view.language.gettext("seed {seed}").format(seed=view.config.seed)


def _futures(view: View) -> str:
    count = view.config.replicates
    return view.language.ngettext("{count} future", "{count} futures", count).format(
        count=view.language.number(count, 0)
    )


def differing(jobs: Jobs) -> list[Line]:
    """What differs between the jobs: a line for each thing that was chosen in another way, a cell for each job."""
    _ = jobs.language.gettext
    told = {term: texts for term, texts in _assumed(jobs).items() if len(set(texts)) > 1}
    told.update(_designs(jobs))
    for section, term in (("scenario", _("Scenario")), ("region", _("Region"))):
        if term not in told:  # their texts are the same; are their numbers?
            told.update(_values(term, [_section(job, section) for job in jobs.jobs], jobs.language))
    seeds = [str(job.config.seed) for job in jobs.jobs]
    if len(set(seeds)) > 1:
        told[_("Seed")] = seeds
    return [Line(term, "", tuple(_cells(texts, jobs))) for term, texts in told.items()]


def same(jobs: Jobs) -> assumptions.Facts:
    """(term, text) of what was chosen in the same way in all jobs."""
    return [(term, texts[0]) for term, texts in _assumed(jobs).items() if len(set(texts)) == 1]


def _assumed(jobs: Jobs) -> dict[str, list[str]]:
    """What each report says that it assumes, but for the designs, which have lines of their own."""
    facts = [dict(assumptions.assumed(job.view)) for job in jobs.jobs]
    return {term: [one[term] for one in facts] for term in facts[0] if term != jobs.language.gettext("Designs")}


def _cells(texts: Sequence[str], jobs: Jobs) -> list[Cell]:
    return [Cell(job.label, text, "word") for job, text in zip(jobs.jobs, texts, strict=True)]


def _designs(jobs: Jobs) -> dict[str, list[str]]:
    """Designs that some jobs lack, and designs of one name with other values."""
    _, told = jobs.language.gettext, {}
    partial = [design for design in jobs.designs if design not in jobs.common]
    if partial:
        told[_("Designs not in every comparison")] = [
            jobs.language.join(_named(design, job) for design in partial if design in job.view.order) or NOT_KNOWN
            for job in jobs.jobs
        ]
    for design in jobs.common:
        values = [_design(job, design) for job in jobs.jobs]
        term = _("Design {design}").format(design=jobs.quoted(design))
        told.update(_values(term, values, jobs.language))
    return told


def _named(design: str, job: Job) -> str:
    """The name of a design, and whether it is the user's own."""
    _, name = job.language.gettext, job.view.name(design)
    return _("{name} (own design)").format(name=name) if _is_own(design, job.config) else name


def _is_own(design: str, config: CompareConfig) -> bool:
    return f"designs.{design}" in config.files or design not in design_names()


def _design(job: Job, name: str) -> dict[str, Any]:
    return next(design for design in job.config.designs if design.name == name).model_dump(mode="json")


def _section(job: Job, section: str) -> dict[str, Any]:
    return dict(result_keys(job.config.model_dump(mode="json"))[section])


def _values(term: str, contents: Sequence[dict[str, Any]], language: Language) -> dict[str, list[str]]:
    """The keys that differ between contents, with the value of each job; nothing if none does."""
    flat = [dict(leaves(content)) for content in contents]
    keys = [key for key in sorted(set().union(*flat)) if len({str(one.get(key)) for one in flat}) > 1]
    if not keys:
        return {}
    told = [key for key in keys if not any(part.startswith(_TEXTS) for part in key.split("."))]
    if not told:  # only texts, or the ranges within which values are drawn
        return {term: [language.gettext("other texts or ranges")] * len(flat)}
    more = len(told) - KEYS_SHOWN
    tail = [language.gettext("and {count} more").format(count=language.numeral(more))] if more > 0 else []
    shown = told[:KEYS_SHOWN]
    return {term: ["; ".join([*(f"{key}: {_short(one.get(key), language)}" for key in shown), *tail]) for one in flat]}


def _short(value: Any, language: Language) -> str:
    if isinstance(value, bool) or value is None:
        return {None: NOT_KNOWN, True: language.gettext("yes"), False: language.gettext("no")}[value]
    if isinstance(value, int | float):
        digits = next(digits for digits in (0, 1, 2, 3) if digits == 3 or round(value, digits) == value)
        return language.number(float(value), digits)
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"

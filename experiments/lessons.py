"""The tables of numbers in docs/educator: what a class sees on the page, from the same runs as the page makes.

python -m experiments.lessons            # names the guides whose numbers are not those of the model
python -m experiments.lessons --write    # puts the model's numbers into them

A guide is a Markdown file with parts between ``<!-- figures: NAME -->`` and ``<!-- end figures -->``; NAME is one of
``TABLES``. The page and Python give the same bits (``tests/page/test_parity.py``), so Python makes the tables.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np

import bresim
from bresim import load, tabulate
from bresim.analysis.names import level_labels
from bresim.analysis.summary import mean_interval
from bresim.common.text import Language, language
from bresim.config.schema import PageConfig, Undercurrent
from bresim.conventions import FOUNDINGS, REFERENCE, UNDERCURRENT_PARTS
from bresim.governance import load_design
from bresim.governance import measures as shipped_measures
from bresim.page import checks
from bresim.region import load_region
from bresim.scenario import read_scenario

GUIDES = Path(__file__).resolve().parent.parent / "docs" / "educator"
PART = re.compile(r"(<!-- figures: (?P<name>\w+) -->\n).*?(<!-- end figures -->)", re.DOTALL)
#: Futures of a film, of a table of the story or the workshop, and of the sandbox.
FILM, STORY, SANDBOX = 20, 200, 1000
AT_ONCE, VOTE = (FOUNDINGS.index(name) for name in ("at_once", "vote"))
BUREAU = "regiobureau"
#: The designs that the lesson of 90 minutes compares, and those of the workshop's table.
COMPARED = ("coalition_of_the_willing", "joint_arrangement", "regio_deal", BUREAU)
HELD = (REFERENCE, "coalition_of_the_willing", "joint_arrangement", "pooled_programme", BUREAU)
COUNTS = ("agreements", "deadlocks", "completed")
#: The scenarios that the workshop draws from (`page/src/ui/workshop/shocks.ts`).
DRAWN = ("austerity", "political_turmoil", "province_withdraws")
LEVELS = ("absent", "mild", "report", "strong")
Knobs = tuple[float, float, float]
VALUE, REGIONAL = "public_value_direct", "public_value_regional"


@dataclass(frozen=True)
class Runs:
    """Outcomes of cases of one world over futures; ``config`` says how many futures share a parameter set."""

    config: PageConfig
    values: np.ndarray

    def column(self, outcome: str, design: str, founding: int, futures: int | None = None) -> np.ndarray:
        """One outcome of one case, (futures,); of the film one future of each parameter set, as the page has it."""
        names = [column.name for column in tabulate.outcomes_of(load_region(str(self.config.region["name"])))]
        at = [one.name for one in self.config.designs].index(design) * len(FOUNDINGS) + founding
        values = self.values[at, names.index(outcome)]
        if futures == FILM:
            values = values[:: self.config.replicates_per_draw]
        return np.asarray(values[:futures])

    def gap(self, outcome: str, design: str, founding: int, than: np.ndarray) -> tuple[float, float, float]:
        """Mean of the paired difference to ``than``, and its interval, as the page has them."""
        own = self.column(outcome, design, founding, len(than))
        sets = np.arange(len(than)) // self.config.replicates_per_draw
        return mean_interval(own - than, sets)


@functools.cache
def runs(
    designs: tuple[str, ...], knobs: Knobs, futures: int, measures: tuple[str, ...] = (), scenario: str = "history"
) -> Runs:
    """The first futures of Zuid-Limburg, with these measures at full strength."""
    config = load("page", [f"designs=[{','.join(designs)}]", f"scenario={scenario}"])
    assert isinstance(config, PageConfig)
    config = config.model_copy(update={"measures": dict.fromkeys(measures, 1.0)})
    undercurrent = Undercurrent(**dict(zip(UNDERCURRENT_PARTS, knobs, strict=True)))
    return Runs(config, checks.outcomes(config, undercurrent, 0, futures))


def knobs_of(level: str) -> Knobs:
    """The three sliders at one of the page's levels of the undercurrent."""
    at = Undercurrent.of_level(level)
    return at.parochialism, at.cleavage, at.negativity


def story(level: str) -> Runs:
    """What the story runs of the regional bureau."""
    return runs((REFERENCE, BUREAU), knobs_of(level), STORY)


@dataclass(frozen=True)
class Words:
    """How a guide writes: its language, and a few words by their English."""

    spoken: Language
    known: Mapping[str, str]

    def __call__(self, english: str) -> str:
        return self.known.get(english, english)

    def number(self, values: np.ndarray) -> str:
        """A mean to a tenth; half a tenth up, as browsers round."""
        return self.spoken.number(float(Decimal(repr(float(values.mean()))).quantize(Decimal("0.1"), ROUND_HALF_UP)))

    def gap(self, found: tuple[float, float, float]) -> str:
        """A difference in points with its interval, as the page writes it."""
        mean, low, high = (self.spoken.points(value) for value in found)
        return f"{mean} ({low} {self('to')} {high})"

    def design(self, name: str) -> str:
        """What the page calls a design."""
        return self.spoken.label(load_design(name))

    def measure(self, name: str) -> str:
        """What the page calls a measure."""
        return self.spoken.label(shipped_measures()[name])


DUTCH = {
    "to": "tot", "Without, 20": "Zonder, 20", "Strong, 20": "Sterk, 20", "Without, 200": "Zonder, 200",
    "Strong, 200": "Sterk, 200", "Outcome": "Uitkomst", "Founded": "Opgericht", "Agreements": "Akkoorden",
    "Deadlocks": "Patstellingen", "Completed": "Afgerond", "Regional value": "Regionale waarde", "of": "van de",
    "Undercurrent": "Onderstroom", "Founded, of 100": "Opgericht, van 100",
    "Value if founded": "Waarde als het er komt", "Value as decided": "Waarde zoals besloten", "Sliders": "Schuiven",
    "All at 0%": "Alles op 0%", "All at 100%": "Alles op 100%", "Own municipality first": "Eigen gemeente eerst",
    "Divide between town and country": "Kloof tussen stad en land",
    "Bad news weighs more": "Slecht nieuws telt zwaarder", "only": "alleen", "Promises kept": "Beloften nagekomen",
    "Design": "Samenwerkingsvorm", "Measures at 100%": "Maatregelen op 100%",
    "the first three": "de eerste drie samen", "if founded": "als het er komt", "chance": "kans",
    "as decided": "zoals besloten", "Shock": "Schok",
    "Value": "Waarde",
}  # fmt: skip
WORDS = {"nl": Words(language("nl"), DUTCH), "en": Words(language("en"), {})}


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def worlds(w: Words) -> str:
    """Scene 5 of the story: two worlds, in the film of 20 futures and in the table of 200."""
    cells: list[list[str]] = [
        [w(name)] for name in ("Founded", "Agreements", "Deadlocks", "Completed", "Regional value")
    ]
    for futures in (FILM, STORY):
        for name in ("absent", "strong"):
            of = functools.partial(story(name).column, design=BUREAU, founding=VOTE, futures=futures)
            founded = of("adopted")
            share = (
                f"{int(founded.sum())} {w('of')} {FILM}" if futures == FILM else w.spoken.percent(float(founded.mean()))
            )
            found = [
                share,
                *(w.number(of(outcome)) for outcome in COUNTS),
                w.spoken.percent(float(of(REGIONAL).mean())),
            ]
            for row, cell in zip(cells, found, strict=True):
                row.append(cell)
    return _table([w("Outcome"), *map(w, ("Without, 20", "Strong, 20", "Without, 200", "Strong, 200"))], cells)


def bureau(w: Words) -> str:
    """Scene 6 of the story: the regional bureau at every level of the undercurrent."""
    labels, rows = level_labels(w.spoken), []
    for name in LEVELS:
        one = story(name)
        founded = float(one.column("adopted", BUREAU, VOTE).mean())
        gaps = [one.gap(REGIONAL, BUREAU, at, one.column(REGIONAL, REFERENCE, at)) for at in (AT_ONCE, VOTE)]
        rows.append([labels[name], f"{100 * founded:.0f}", *map(w.gap, gaps)])
    return _table([w("Undercurrent"), w("Founded, of 100"), w("Value if founded"), w("Value as decided")], rows)


def parts(w: Words) -> str:
    """The sandbox: today's way of working with one slider of the undercurrent at 100%."""
    names = ("Own municipality first", "Divide between town and country", "Bad news weighs more")
    settings: list[tuple[str, Knobs]] = [(w("All at 0%"), (0.0, 0.0, 0.0))]
    for at, name in enumerate(names):
        own, divide, news = (float(at == one) for one in range(3))
        settings.append((f"{w('only')} {w(name)}", (own, divide, news)))
    settings.append((w("All at 100%"), (1.0, 1.0, 1.0)))
    rows = []
    for label, knobs in settings:
        of = functools.partial(runs((REFERENCE,), knobs, SANDBOX).column, design=REFERENCE, founding=VOTE)
        kept = float((1 - of("default_rate") - of("delay_rate")).mean())
        rows.append([label, *(w.number(of(outcome)) for outcome in COUNTS), w.spoken.percent(kept)])
    return _table([w("Sliders"), *map(w, ("Agreements", "Deadlocks", "Completed", "Promises kept"))], rows)


def designs(w: Words) -> str:
    """The sandbox: four designs with the undercurrent as in the report, and with a strong one."""
    labels, head, rows = level_labels(w.spoken), [w("Design")], [[w.design(design)] for design in COMPARED]
    for name in ("report", "strong"):
        head += [f"{labels[name]}: {w('if founded')}", w("chance"), w("as decided")]
        one = runs((REFERENCE, *COMPARED), knobs_of(name), SANDBOX)
        for row, design in zip(rows, COMPARED, strict=True):
            chance = w.spoken.percent(float(one.column("adopted", design, VOTE).mean()))
            founded, decided = (one.gap(VALUE, design, at, one.column(VALUE, REFERENCE, at)) for at in (AT_ONCE, VOTE))
            row += [w.gap(founded), chance, w.gap(decided)]
    return _table(head, rows)


def measures(w: Words) -> str:
    """The sandbox: what measures add to today's way of working, without anything that is founded."""
    first = ("binding_agreements", "monitoring", "equal_partnership")
    packages = [(name,) for name in (*first, "facilitation")]
    rows = [[w.measure(name)] for (name,) in packages] + [[w("the first three")]]
    labels, shown = level_labels(w.spoken), ("absent", "report", "strong")
    for name in shown:
        knobs = knobs_of(name)
        before = runs((REFERENCE,), knobs, SANDBOX).column(VALUE, REFERENCE, AT_ONCE)
        for row, package in zip(rows, [*packages, first], strict=True):
            measured = runs((REFERENCE,), knobs, SANDBOX, package)
            row.append(w.gap(measured.gap(VALUE, REFERENCE, AT_ONCE, before)))
    return _table([w("Measures at 100%"), *(labels[name] for name in shown)], rows)


def held(w: Words) -> str:
    """Step 4 of the workshop: completed plans of a few designs, as decided, at every level."""
    labels, rows = level_labels(w.spoken), [[w.design(design)] for design in HELD]
    for name in LEVELS:
        one = runs(HELD, knobs_of(name), STORY)
        for row, design in zip(rows, HELD, strict=True):
            row.append(w.number(one.column("completed", design, VOTE)))
    return _table([w("Design"), *(labels[name] for name in LEVELS)], rows)


def shocks(w: Words) -> str:
    """Step 3 of the workshop: the regional bureau with each scenario of the draw, undercurrent as in the report."""
    rows = []
    for name in ("history", *DRAWN):
        of = functools.partial(
            runs((BUREAU,), knobs_of("report"), STORY, scenario=name).column, design=BUREAU, founding=VOTE
        )
        value = w.spoken.percent(float(of(VALUE).mean()))
        rows.append([w.spoken.label(read_scenario(name)), *(w.number(of(outcome)) for outcome in COUNTS), value])
    return _table([w("Shock"), *map(w, ("Agreements", "Deadlocks", "Completed", "Value"))], rows)


TABLES: dict[str, Callable[[Words], str]] = {
    table.__name__: table for table in (worlds, bureau, parts, designs, measures, held, shocks)
}


def render(text: str, lang: str) -> str:
    """The guide with the numbers of the model. The version stays where no number changes."""

    def part(match: re.Match[str]) -> str:
        table = TABLES[match["name"]](WORDS[lang])
        if f"\n{table}" in match[0]:
            return match[0]
        made = {"nl": "Doorgerekend met", "en": "Computed with"}[lang]
        return f"{match[1]}{table}\n{made} bresim {bresim.__version__}, Zuid-Limburg.\n{match[3]}"

    return PART.sub(part, text)


def stale(*, write: bool = False) -> list[str]:
    """Guides whose numbers are not those of the model; with ``write`` they are brought up to date."""
    names = []
    for path in sorted(GUIDES.glob("*.md")):
        old = path.read_text(encoding="utf-8")
        new = render(old, language_of(path))
        if new != old:
            names.append(path.name)
            if write:
                path.write_text(new, encoding="utf-8")
    return names


def language_of(path: Path) -> str:
    """The language of a guide, by its name."""
    return "nl" if path.stem.startswith(("les_", "werkblad_")) or path.stem.endswith("_nl") else "en"


if __name__ == "__main__":
    written = "--write" in sys.argv[1:]
    found = stale(write=written)
    print(f"{'written' if written else 'stale'}: {', '.join(found) or 'none'}")

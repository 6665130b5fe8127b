"""Run the named experiments of configs/experiment/ and write docs/experiments/: ``python -m experiments.named``.

Each page has one picture and says what was found, in numbers computed from the runs. ``replicates=N`` for other sizes,
names of experiments for some of them. The runs themselves stay in results/experiments/, where a second call finds them.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from bresim import plausible
from bresim.analysis.search import fingerprint
from bresim.cli import main as bresim
from bresim.config import load
from bresim.plots.style import styled
from bresim.results.manifest import config_hash
from experiments import named_found, named_pictures
from experiments.pages import put

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "experiments"
RUNS = ROOT / "results" / "experiments"


@dataclass(frozen=True)
class Experiment:
    """A named experiment: its question, how it is drawn, and what is said of it."""

    title: str
    question: str
    draw: Callable[[pd.DataFrame], Figure]
    found: Callable[[pd.DataFrame], list[str]]
    limit: str
    table: Callable[[pd.DataFrame], str] | None = None


EXPERIMENTS = {
    "onderstroom_grid": Experiment(
        "The cube of the undercurrent",
        "Which design holds, whatever the strength of parochialism, cleavage and negativity?",
        named_pictures.undercurrent,
        named_found.undercurrent,
        "A dot is one combination of the three knobs, the black line the 95 % interval of the mean over them. The "
        "highest is not always significantly higher.",
    ),
    "capacity_load": Experiment(
        "Capacity and load",
        "Is execution capacity short, or are there too many tables?",
        named_pictures.capacity,
        named_found.capacity,
        "Cells hold direct value, % of what is attainable, ± half the 95 % interval of that mean. They share their "
        "random draws, so differences between them are more precise than their levels. Both axes span the prior of "
        "their parameter, so they say what matters within parametric uncertainty, not what a euro buys.",
    ),
    "number_of_parties": Experiment(
        "The number of parties",
        "Does it matter how many municipalities have to agree?",
        named_pictures.parties,
        named_found.parties,
        "Bars are 95 % intervals. "
        "The regions are invented: the standing collaborations are the same at every size, and the work of an "
        "initiative grows with its members, but for a fixed part that weighs more where there are few. It says nothing "
        "of merging real municipalities.",
    ),
    "acceptance_steering": Experiment(
        "Acceptance and provincial steering",
        "When does the threat of provincial steering help?",
        named_pictures.steering,
        named_found.steering,
        "Bars are 95 % intervals. "
        "The design is provincial_steering with its strength and mandate changed, all else as shipped.",
    ),
    "regio_deal_term": Experiment(
        "Term and continuation of the Regio Deal",
        "What is left of a Regio Deal when its term is over?",
        named_pictures.term,
        named_found.term,
        "Bars are 95 % intervals; both designs share their random draws, so differences between them are more precise "
        "than their levels. Value is that at the end of 2033; a term of eight years ends two years before it.",
    ),
    "thinning_designs": Experiment(
        "Thinning under every design",
        "Under which designs does ending standing collaborations that are not needed (“nee, tenzij”) pay?",
        named_pictures.thinning,
        named_found.thinning,
        "A line is the change to no thinning under the same design with the same random draws, the band its 95 % "
        "interval.",
    ),
    "perturb_fields": Experiment(
        "Every field perturbed",
        "Does the ranking rest on our reading of the sources?",
        named_pictures.perturb,
        named_found.perturb,
        "Dots: ranks over the readings, each with every coded field of every design drawn from its range; the larger, "
        "the more readings. Black: the rank with the values of the files. All have the same random draws.",
    ),
    "structural_variants": Experiment(
        "Structural variants",
        "Does the ranking rest on how the rules are built?",
        named_pictures.variants,
        named_found.variants,
        "Place of each design (1: highest mean of direct value) if founded at policy start, under one structural "
        "variant at a time; all have the same random draws. What a variant changes in the equations is in section 7 "
        "of the ODD.",
        named_found.variants_table,
    ),
    "set_back": Experiment(
        "One field set back",
        "Which single reading does a design rest on?",
        named_pictures.back,
        named_found.back,
        "The twenty largest changes, with their 95 % interval, same random draws. All other fields are as in the "
        "files; every design is founded at policy start.",
    ),
    "rule_types": Experiment(
        "One rule type set back",
        "What is each of Ostrom’s seven rule types worth in a design?",
        named_pictures.rule_types,
        named_found.rule_types,
        "Change, in percentage points, when all fields of a rule type that a design’s file codes have the status "
        "quo’s values, same random draws: below zero, the design rests on that rule type. In brackets, without "
        "colour: zero is in the 95 % interval. Grey: the design has no such field with another value. Every design "
        "is founded at policy start.",
        named_found.rule_types_table,
    ),
    "measures": Experiment(
        "One measure at a time",
        "What is each measure worth, under which design?",
        named_pictures.measures,
        named_found.measures,
        "Change, in percentage points, when one measure is taken at full strength beside a design, same random draws. "
        "In brackets, without colour: zero is in the 95 % interval. Every design is founded at policy start. A "
        "measure also moves what follows a design’s term, and the region’s own institution where a design stands "
        "beside it. This says nothing of several measures together.",
        named_found.measures_table,
    ),
}


@cache
def _model() -> str:
    """Digest of the model, as that of the plausible set, and the set itself."""
    return f"{fingerprint(seed=0, replicates=1)} {hashlib.sha256(plausible.TABLE.read_bytes()).hexdigest()}"


def made_of(name: str, overrides: Sequence[str] = ()) -> str:
    """A line near the end of an experiment's page: a digest of its configuration, the model and the plausible set."""
    config = load("sweep", overrides=[f"+experiment={name}", *overrides])
    return f"<!-- made of {hashlib.sha256(f'{config_hash(config)} {_model()}'.encode()).hexdigest()[:12]} -->\n"


def page(name: str, experiment: Experiment, runs: pd.DataFrame, overrides: Sequence[str] = ()) -> str:
    swept = runs.attrs["swept"]
    count = runs[swept].drop_duplicates().shape[0]
    found = "\n".join(f"- {line}" for line in experiment.found(runs))
    table = f"{experiment.table(runs)}\n\n" if experiment.table else ""
    keys = ", ".join(f"`{key}`" for key in swept)
    return (
        f"# {experiment.title}\n\n**{experiment.question}**\n\n![{experiment.title}]({name}.png)\n\n"
        f"*{experiment.limit}*\n\n## Found\n\n{table}{found}\n\n## How\n\n"
        f"{len(runs):,} runs: {count} points of {keys} × {runs['design'].nunique()} designs × "
        f"{runs['replicate'].nunique()} replicates, with the same random draws at every point (common random "
        f"numbers). {int(runs['failure'].notna().sum())} failed. Everything else is the default of `bresim sweep`; "
        f"parameters come from the plausible set.\n\n"
        f"```sh\nbresim sweep +experiment={name}              # configs/experiment/{name}.yaml\n"
        f"make experiments ARGS={name}                 # runs it and rewrites this page\n```\n\n"
        f"Levels depend on assumptions more than differences do; see "
        f"[what the model cannot say](../../README.md#what-the-model-cannot-say).\n\n"
        f"{made_of(name, overrides)}"
    )


def write(
    name: str, experiment: Experiment, runs: pd.DataFrame, to: Path = DOCS, overrides: Sequence[str] = ()
) -> None:
    """The page of an experiment and its picture."""
    with styled():
        figure = experiment.draw(runs)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", dpi=100, metadata={"Software": None})
    put(to, name, drawn, page(name, experiment, runs, overrides))


def main(arguments: Sequence[str]) -> int:
    overrides = [text for text in arguments if "=" in text]
    names = [text for text in arguments if "=" not in text] or list(EXPERIMENTS)
    unknown = [name for name in names if name not in EXPERIMENTS]
    if unknown:
        print(f"there is no experiment {unknown[0]}; known: {', '.join(EXPERIMENTS)}", file=sys.stderr)
        return 2
    for name in names:
        out = RUNS / name
        code = bresim(["sweep", f"+experiment={name}", "lang=en", f"out={out}", *overrides])
        if code:
            return code
        runs = pd.read_parquet(out / "runs.parquet")
        runs.attrs["swept"] = list(pd.read_parquet(out / "points.parquet").columns)
        write(name, EXPERIMENTS[name], runs, overrides=overrides)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

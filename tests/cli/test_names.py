"""``bresim help NAME`` as a user meets it: a process that answers at once, or says which name was meant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import bresim

from bresim.cli import names as command
from bresim.governance import design_names, measures
from bresim.parameters import PARAMETERS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "fragments"),
    [
        (
            "trust_gain",
            ("vertrouwen", "0.05", "0.03 to 0.07", "read by trust", "src/bresim/rules/trust.py", r"\tau_{ij}'"),
        ),
        ("payoff.binding", ("SMART", "0 to 1", "binding_agreements", "read by turnover", "read by commitment")),
        ("binding", ("payoff.binding: a field of a design",)),
        ("binding_agreements", ("a measure", "payoff.binding up to 0.9", "choice.revocable down to 0.2")),
        ("trust_mean", ("an outcome", "onderling vertrouwen", "more is better")),
        ("public_value_housing", ("directe waarde: wonen",)),
        ("from_policy_start.turnover", ("0 to 20", "read by turnover", "w.turnover_factor")),
        ("turnover", ("turnover: a rule", "from_policy_start.turnover: a field of a scenario")),
        ("stance", ("stance: a rule", "stance: a parameter", "read by initial")),
        ("regio_deal", ("a design", "Regio Deal", "RD", "configs/governance/regio_deal.yaml")),
        ("grievance", ("grievance: a rule", r"\rho_{ij}", "sources")),
    ],
)
def test_a_name_is_explained(tmp_path: Path, name: str, fragments: tuple[str, ...]) -> None:
    done = bresim("help", name, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [fragment for fragment in fragments if fragment not in done.stdout] == []


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    done = bresim("help", "trust_gian", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "bresim help: there is no 'trust_gian'; did you mean 'trust_gain'?\n"
    done = bresim("help", "zzz", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "bresim help: there is no 'zzz'; 'bresim help' lists the names\n"


def test_alone_it_lists_what_can_be_asked(tmp_path: Path) -> None:
    done = bresim("help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    words = set(done.stdout.replace(",", " ").split())
    assert {*PARAMETERS, *design_names(), *measures(), "payoff.binding", "trust_mean", "steering"} <= words
    assert "\n  help " in bresim("--help", cwd=tmp_path).stdout


def test_everything_that_is_listed_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    names = [name for kind in command._names().values() for name in kind]
    assert command.run(names) == 0
    out = capsys.readouterr().out
    assert [name for name in names if f"{name}: a" not in out] == []


def test_it_needs_no_compiler(tmp_path: Path) -> None:
    code = (
        "import sys; from bresim.cli import main; main(['help', 'trust_gain']);"
        "print(sorted({'numba', 'hydra', 'mesa', 'matplotlib', 'scipy'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"

"""``load`` beside other users of Hydra, in threads, and under ``python -O``."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd

import bresim

APP = """
import sys
import hydra
from hydra.core.hydra_config import HydraConfig
import bresim

@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(cfg):
    config = bresim.load("compare", ["replicates=2", f"seed={cfg.x}"])
    print(HydraConfig.get().job.name, HydraConfig.get().job.num, cfg.x, config.seed)

main()
"""


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=os.environ, capture_output=True, text=True, timeout=120
    )


def test_a_hydra_application_of_ones_own_keeps_its_job(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "config.yaml").write_text("x: 1\n")
    (tmp_path / "app.py").write_text(APP)
    done = run("app.py", "-m", "x=1,2", cwd=tmp_path)
    told = [line for line in done.stdout.splitlines() if line.startswith(("app", "compare"))]
    assert told == ["app 0 1 1", "app 1 2 2"], done.stderr
    assert len(list((tmp_path / "multirun").glob("*/*/*/app.log"))) == 2, "logs under the name of the application"


def test_threads_load_what_each_asked_for() -> None:
    found: dict[int, tuple[int, str]] = {}

    def one(seed: int) -> None:
        command = "compare" if seed % 2 else "run"
        config = bresim.load(command, [f"seed={seed}"])
        found[seed] = (config.seed, config.command)

    threads = [threading.Thread(target=one, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {seed: (seed, "compare" if seed % 2 else "run") for seed in range(8)}


def test_ranges_are_read_under_minus_o(tmp_path: Path) -> None:
    code = (
        "from bresim.cli import main; "
        "raise SystemExit(main(['run', '-m', 'seed=range(3)', 'parameters=point', 'region=teaching', 'out=x']))"
    )
    done = run("-O", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert pd.read_parquet(tmp_path / "x" / "runs.parquet")["seed"].tolist() == [0, 1, 2]

"""Imports point one way (docs/architecture.md); the contract is [tool.importlinter] in pyproject.toml."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(sys.argv[1:])"


def lint(root: Path, config: Path) -> subprocess.CompletedProcess[str]:
    """Run lint-imports on the sources below ``root``."""
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--config", str(config)],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_imports_point_one_way() -> None:
    done = lint(ROOT, ROOT / "pyproject.toml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_notices_what_it_is_for(tmp_path: Path) -> None:
    """Each forbidden import, planted in a package of the same shape, is named."""
    package = tmp_path / "src" / "bresim"
    for folder in ("", "kernel", "rules", "analysis", "runner"):
        (package / folder).mkdir(parents=True, exist_ok=True)
        (package / folder / "__init__.py").touch()
    for folder in ("kernel", "runner", "analysis"):  # their own contracts name modules
        for path in (ROOT / "src" / "bresim" / folder).glob("*.py"):
            (package / folder / path.name).touch()
    (package / "kernel" / "state.py").write_text("import bresim.rules.trust\n")
    (package / "rules" / "trust.py").write_text("")
    (package / "analysis" / "regret.py").write_text("import matplotlib\n")
    (package / "runner" / "ensemble.py").write_text("import mesa\n")
    (package / "model.py").write_text("import mesa\nimport solara\n")
    (package / "unplaced.py").write_text("")
    done = lint(tmp_path, ROOT / "pyproject.toml")
    assert done.returncode != 0
    for planted in (
        "bresim.kernel.state -> bresim.rules",
        "bresim.analysis.regret -> matplotlib",
        "bresim.runner.ensemble -> mesa",
        "bresim.model -> solara",
        "bresim.unplaced",
    ):
        assert planted in done.stdout, planted
    assert "bresim.model -> mesa" not in done.stdout

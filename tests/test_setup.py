"""Set-up: which Python it takes, when it works and when it does nothing, what it says when it cannot.

The interpreters here are small scripts that answer as a Python would and note what they were asked, so the
logic of tools/setup.sh is tested in no time and without a network. The real thing is what runs this suite.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("sh", "make", "dirname", "cat", "cksum", "mkdir", "rm", "cp", "chmod", "ls")

FAKE = """#!/bin/sh
case "$*" in
    *ensurepip*) echo "ok {version} {prefix}" ;;
    "-c import pip") ;;
    "-m venv "*)
        mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && : >"$3/pyvenv.cfg"
        echo venv >>"{log}" ;;
    "-m pip install "*) echo "pip $*" >>"{log}"; [ ! -e "{breaks}" ] ;;
    "-m bresim "*) echo "$*" ;;
esac
"""
OLD = "#!/bin/sh\necho 'is 3.10.13'\n"
BROKEN = "#!/bin/sh\necho 'pyenv: python3: command not found' >&2\nexit 127\n"

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS), reason="make and the POSIX tools are not all here"
)


class Project:
    """A copy of what set-up reads, with a PATH on which only chosen interpreters stand."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a project"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.breaks = folder / "pip-breaks"
        self.bin.mkdir(parents=True)
        (self.root / "tools").mkdir(parents=True)
        names = [
            "Makefile",
            "pyproject.toml",
            "tools/setup.sh",
            *(path.name for path in ROOT.glob("requirements*.lock")),
        ]
        for name in names:
            shutil.copy(ROOT / name, self.root / name)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))

    def add(self, name: str, text: str = FAKE, version: str = "3.11.7", prefix: str = "/usr") -> Path:
        path = self.bin / name
        filled = text.format(version=version, prefix=prefix, log=self.log, breaks=self.breaks) if text == FAKE else text
        path.write_text(filled)
        path.chmod(0o755)
        return path

    def make(self, *arguments: str, root: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / "make"), "--no-print-directory", *arguments],
            cwd=root or self.root, env={"PATH": str(self.bin), "HOME": str(self.root)},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def work(self) -> list[str]:
        """What was done since the last look: "venv" and one "pip ..." per call."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_the_fakes_answer_as_this_python_does() -> None:
    """The question that set-up asks, put to a real interpreter."""
    script = (ROOT / "tools/setup.sh").read_text()
    question = script.split('"$1" -c \'', 1)[1].split("' 2>/dev/null", 1)[0]
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True).stdout.split()
    assert answer == ["ok", ".".join(map(str, sys.version_info[:3])), *sys.base_prefix.split()]


def test_first_call_sets_up_and_second_does_nothing(project: Project) -> None:
    project.add("python3")
    first = project.make("setup")
    assert first.returncode == 0, first.stderr
    assert "3.11.7" in first.stdout
    work = project.work()
    assert work[0] == "venv"
    assert all("--require-hashes -r requirements" in line for line in work[1:-1])
    assert "--no-deps --editable ." in work[-1]
    second = project.make("setup")
    assert (second.returncode, second.stdout, second.stderr, project.work()) == (0, "", "", [])


def test_compare_hands_on_its_arguments(project: Project) -> None:
    project.add("python3")
    done = project.make("compare", "ARGS=scenario=water_crisis replicates=3")
    assert done.stdout.splitlines()[-1] == "-m bresim compare scenario=water_crisis replicates=3"


def test_dev_holds_core_but_not_the_other_way_round(project: Project) -> None:
    project.add("python3")
    project.make("setup")
    assert not any("requirements-dev.lock" in line for line in project.work())
    project.make("setup-dev")
    work = project.work()
    assert any("requirements-dev.lock" in line for line in work)
    assert "venv" not in work
    project.make("setup")
    assert project.work() == []


@pytest.mark.parametrize("broken", [BROKEN, OLD])
def test_an_interpreter_that_does_not_run_or_is_too_old_is_skipped(project: Project, broken: str) -> None:
    project.add("python3", broken)
    project.add("python3.11", BROKEN)
    project.add("python3.12", version="3.12.1")
    done = project.make("setup")
    assert done.returncode == 0, done.stderr
    assert "Python 3.12.1" in done.stdout


def test_no_interpreter_is_said_in_one_line(project: Project) -> None:
    project.add("python3", OLD)
    project.add("python3.13", BROKEN)
    done = project.make("setup")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode == 2
    assert len(lines) == 1
    assert "python3 is 3.10.13, python3.11 not found, python3.12 not found, python3.13 does not run" in lines[0]
    assert not (project.root / ".venv").exists()


@pytest.mark.parametrize("ready", [False, True])
def test_an_interpreter_asked_for_that_is_not_there_is_said_in_one_line(project: Project, ready: bool) -> None:
    project.add("python3")
    if ready:
        project.make("setup")
        project.work()
    done = project.make("setup", "PYTHON=/nonexistent")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode == 2
    assert len(lines) == 1
    assert "/nonexistent" in lines[0]
    assert project.work() == []


def test_another_python_asked_for_makes_the_environment_again(project: Project) -> None:
    project.add("python3")
    other = project.add("other", version="3.13.0", prefix="/opt")
    project.make("setup")
    project.work()
    project.make("setup", f"PYTHON={other}")
    assert project.work()[0] == "venv"
    project.make("setup")  # what is there stays, until another is asked for
    assert project.work() == []
    project.make("setup", "PYTHON=python3")
    assert project.work()[0] == "venv"


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "requirements.lock", "requirements-dev.lock", "requirements-build.lock"]
)
def test_a_changed_lock_is_installed_and_a_touched_one_is_not(project: Project, name: str) -> None:
    project.add("python3")
    project.make("setup")
    project.work()
    path = project.root / name
    os.utime(path)
    project.make("setup")
    assert project.work() == []
    path.write_text(path.read_text() + "\n# changed\n")
    project.make("setup")
    work = project.work()
    assert work
    assert "venv" not in work


def test_an_interrupted_set_up_leaves_no_stamp_and_starts_again(project: Project) -> None:
    project.add("python3")
    project.breaks.touch()
    failed = project.make("setup")
    assert failed.returncode == 2
    assert "did not finish" in failed.stderr
    assert not list((project.root / ".venv").glob(".bresim-core"))
    project.breaks.unlink()
    project.work()
    project.make("setup")
    assert project.work()[0] == "venv"


def test_a_failed_update_leaves_no_stamp(project: Project) -> None:
    project.add("python3")
    project.make("setup-dev")
    (project.root / "requirements.lock").write_text("# other\n")
    project.breaks.touch()
    assert project.make("setup-dev").returncode == 2
    assert not [*(project.root / ".venv").glob(".bresim-core"), *(project.root / ".venv").glob(".bresim-dev")]


def test_a_broken_environment_is_made_again(project: Project) -> None:
    project.add("python3")
    project.make("setup")
    project.work()
    (project.root / ".venv/bin/python").write_text(BROKEN)
    project.make("setup")
    assert project.work()[0] == "venv"


def test_an_environment_whose_python_was_upgraded_is_made_again(project: Project) -> None:
    project.add("python3")
    project.make("setup")
    project.work()
    inside = project.root / ".venv/bin/python"
    inside.write_text(inside.read_text().replace("3.11.7", "3.12.1"))
    project.make("setup")
    assert project.work()[0] == "venv"


def test_a_moved_project_gets_an_environment_of_its_own(project: Project, tmp_path: Path) -> None:
    project.add("python3")
    project.make("setup")
    project.work()
    moved = shutil.move(project.root, tmp_path / "moved")
    project.make("setup", root=Path(moved))
    assert project.work()[0] == "venv"


def test_an_environment_made_by_hand_is_used_not_removed(project: Project) -> None:
    python = project.add("python3")
    subprocess.run([python, "-m", "venv", project.root / ".venv"], check=True, env={"PATH": str(project.bin)})
    (project.root / ".venv/mine").touch()
    project.work()
    project.make("setup")
    assert "venv" not in project.work()
    assert (project.root / ".venv/mine").exists()


def test_a_folder_that_is_no_environment_is_left_alone(project: Project) -> None:
    project.add("python3")
    (project.root / ".venv").mkdir()
    (project.root / ".venv/mine").touch()
    done = project.make("setup")
    assert done.returncode == 2
    assert "is no virtual environment" in done.stderr
    assert (project.root / ".venv/mine").exists()

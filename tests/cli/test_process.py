"""The command line as a user meets it: a process with arguments, output and an exit code."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from command import Done, environment
from planted_jobs import job, written

from bresim.cli import interrupt

ROOT = Path(__file__).resolve().parents[2]
FAKE = Path(__file__).with_name("fake_bresim.py")
DESIGNS = "designs=[status_quo,regio_deal]"


def bresim(*arguments: str, cwd: Path, script: bool = True, **changes: str) -> Done:
    """Run the command with stand-ins for model and figures (``script``), or as it is."""
    program = [str(FAKE)] if script else ["-m", "bresim"]
    command = [sys.executable, *program, *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment(**changes), capture_output=True, text=True, timeout=120, check=False
    )


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_municipalities_by_name(tmp_path: Path) -> None:
    """In the user's own file and on the command line; what is wrong is said in a line each, without a traceback."""
    head = "label_nl: a\nlabel_en: a\n"
    (tmp_path / "mine.yaml").write_text(head + "boundary: {eligible: [all but, Vaals]}\nposition: {board: [Beek]}\n")
    own = ("run", "governance=mine.yaml", "out=made", "progress=off", "lang=en")
    done = bresim(*own, "governance.position.board=[Maastricht,Heerlen]", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = bresim(*own, "governance.boundary.eligible=[all but,Vals]", "governance.position.board=[Bek]", cwd=tmp_path)
    assert done.returncode == 2
    assert (
        "boundary.eligible: the region 'zuid_limburg' has no municipality 'Vals'; did you mean 'Vaals'?" in done.stderr
    )
    assert "position.board: the region 'zuid_limburg' has no municipality 'Bek'; did you mean 'Beek'?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_lists_the_commands(tmp_path: Path, arguments: list[str]) -> None:
    done = bresim(*arguments, cwd=tmp_path, script=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {command} " in done.stdout for command in ("compare", "run", "region", "patterns"))


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from bresim.cli import main; main(['--help']); main(['--version']);"
        "print(sorted({'numpy', 'pandas', 'numba', 'hydra', 'mesa', 'pydantic', 'yaml', 'rich'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version_and_unknown_command(tmp_path: Path) -> None:
    done = bresim("--version", cwd=tmp_path, script=False)
    assert done.returncode == 0
    assert done.stdout.startswith("bresim ")
    done = bresim("comprae", cwd=tmp_path, script=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "er is geen opdracht 'comprae'; bedoelt u 'compare'?" in done.stderr


def test_a_comparison_leaves_everything_in_out_and_nothing_else(tmp_path: Path) -> None:
    done = bresim("compare", DESIGNS, "replicates=4", "out=there", "lang=en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""  # no bar: stderr is no terminal
    assert files(tmp_path) == {
        f"there/{name}"
        for name in (
            "runs.parquet", "series.parquet", "municipalities.parquet", "summary.csv", "figures/value.svg",
            "report.html", "manifest.json",
        )
    }  # fmt: skip
    assert "Regio Deal organisation" in done.stdout
    assert "21.2" in done.stdout  # mean of the stand-in, in % with an English point
    assert "Results: there\n" in done.stdout
    manifest = json.loads((tmp_path / "there" / "manifest.json").read_text())
    assert manifest["finished"] is not None
    assert manifest["runs"] == len(pd.read_parquet(tmp_path / "there" / "runs.parquet")) == 8
    assert manifest["config_hash"] in (tmp_path / "there" / "report.html").read_text()


def test_bad_input_is_reported_at_once_without_traceback_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.txt").write_text("mine")
    done = bresim("compare", "replicates=0", "seed=-1", "out=taken", "lang=fr", cwd=tmp_path, script=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    for fragment in ("4 fouten", "replicates: 0", "seed: -1", "lang: 'fr'", "out: 'taken' bestaat al en is niet leeg"):
        assert fragment in done.stderr
    assert files(tmp_path) == {"taken/thesis.txt"}


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the system refuses in the middle of a table."""
    resource = pytest.importorskip("resource")
    command = [sys.executable, str(FAKE), "compare", "replicates=3000", "out=out", "figures=false", "report=false"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(PYTHONDONTWRITEBYTECODE="1"), capture_output=True, text=True,
        timeout=120, check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "de schijf is vol" in done.stderr
    assert list(tmp_path.iterdir()) == []


def _hears() -> None:
    """Take no signal as ignored, as in tests that run in the background or under ``nohup``."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in interrupt.OTHERS:
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def at_work(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A job in the middle of its work."""
    process = subprocess.Popen(
        [sys.executable, str(FAKE), "compare", DESIGNS, "replicates=2", "out=out"], cwd=tmp_path, text=True,
        env=environment(FAKE=request.param), stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_hears,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith("JOB")
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize(
    ("at_work", "sent"),
    [("sleep", signal.SIGINT), ("busy", signal.SIGINT), ("sleep", signal.SIGTERM), ("busy", signal.SIGHUP)],
    indirect=["at_work"],
)
def test_a_stop(at_work: subprocess.Popen[str], sent: signal.Signals, tmp_path: Path) -> None:
    """Within two seconds, also while compiled code does not let Python see the signal."""
    for _ in range(100):  # a busy machine takes its time
        time.sleep(0.2)
        if any(tmp_path.rglob(".partial-*")):
            break
    assert any(tmp_path.rglob(".partial-*"))
    start = time.monotonic()
    at_work.send_signal(sent)
    _, stderr = at_work.communicate(timeout=20)
    assert time.monotonic() - start < 2.5  # two seconds, and a little for a busy machine
    assert at_work.returncode == 128 + sent
    assert stderr == "bresim: afgebroken; bestanden die niet af waren, zijn verwijderd\n"
    assert list(tmp_path.iterdir()) == []


def test_a_process_ends_whatever_goes_wrong_while_it_cleans_up(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The main thread may be removing the same files."""

    def fails(*_: object) -> str:
        raise OSError("in use")

    def leave(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(interrupt, "_came", [signal.SIGHUP])
    monkeypatch.setattr(interrupt, "_say", str)
    monkeypatch.setattr("bresim.results.folder.discard_all", fails)
    monkeypatch.setattr("bresim.kernel.jit.remove_temporary", fails)
    monkeypatch.setattr(interrupt.os, "_exit", leave)
    with pytest.raises(SystemExit) as ended:
        interrupt.end(fails() for _ in range(1))
    assert ended.value.code == 128 + signal.SIGHUP
    assert capfd.readouterr().err.startswith("bresim: interrupted; unfinished files are removed")


def test_a_terminal_that_is_closed_does_not_stop_a_job_that_is_to_go_on(tmp_path: Path) -> None:
    """As ``nohup bresim …``."""
    process = subprocess.Popen(
        [sys.executable, str(FAKE), "compare", DESIGNS, "replicates=2", "out=out"], cwd=tmp_path, text=True,
        env=environment(FAKE="hang_up"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )  # fmt: skip
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (0, "")
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.parametrize("does", ["swallow", "swallow_crash"])
def test_ctrl_c_that_python_swallows(tmp_path: Path, does: str) -> None:
    """A job that ends before it is stopped does not report success, whatever kept it from seeing Ctrl-C."""
    command = [sys.executable, str(FAKE), "compare", DESIGNS, "replicates=2", "out=out"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(FAKE=does), capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert done.returncode == 130
    assert "afgebroken" in done.stderr
    assert "de opdracht was klaar voordat die kon worden gestopt" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "manifest.json").is_file() == (does == "swallow")  # complete tables stay


@pytest.mark.parametrize("at_work", ["sleep"], indirect=True)
def test_a_killed_job_leaves_nothing_that_looks_whole(at_work: subprocess.Popen[str], tmp_path: Path) -> None:
    at_work.kill()
    at_work.wait()
    assert all(path.name.startswith(".") for path in (tmp_path / "out").iterdir())
    done = bresim("compare", DESIGNS, "replicates=2", "out=out", "overwrite=true", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not any(tmp_path.rglob(".partial-*"))


def test_hydra_users_find_what_they_know(tmp_path: Path) -> None:
    done = bresim("run", "--cfg", "job", "governance=regio_deal", "seed=7", cwd=tmp_path, script=False)
    assert done.returncode == 0, done.stderr
    assert "seed: 7" in done.stdout
    assert "binding:" in done.stdout
    done = bresim("compare", "--help", cwd=tmp_path, script=False)
    assert done.returncode == 0
    assert "undercurrent: absent, mild, report, strong" in done.stdout
    assert "parameters: plausible, point, prior" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves(tmp_path: Path) -> None:
    command = f"{sys.executable} -m bresim compare --help | head -1"
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, str(FAKE), "compare", DESIGNS, "replicates=2", "out=out"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment(TERM="xterm"), stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 4096):
            seen += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait(timeout=60) == 0
    assert b"Runs" in seen


@pytest.mark.parametrize("command", ["compare", "run", "patterns", "region region=teaching"])
def test_a_reader_that_leaves_before_the_results(tmp_path: Path, command: str) -> None:
    """Quiet, the exit code of a closed pipe, and the results are there."""
    more = "replicates=2 figures=false" if command == "compare" else ""
    program = f"{sys.executable} {FAKE}" if "region" not in command else f"{sys.executable} -m bresim"
    shell = f"set -o pipefail; {program} {command} {more} out=out | sed -n '/^JOB/q;q'"
    done = subprocess.run(
        ["bash", "-c", shell], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) in {(141, ""), (0, "")}  # 0: all was written before the reader left
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_a_closed_pipe_is_no_failure(tmp_path: Path) -> None:
    receive, send = os.pipe()
    os.close(receive)
    command = [sys.executable, "-m", "bresim", "region", "region=teaching", "out=out"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), stdout=send, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(send)
    assert (done.returncode, done.stderr) == (141, "")
    assert (tmp_path / "out" / "region.csv").is_file()


@pytest.mark.parametrize(
    ("shell", "code", "said"),
    [
        ("{bresim} --help >/dev/full", 1, "de uitvoer kan niet worden geschreven"),
        ("{bresim} compare --help >/dev/full", 1, "de uitvoer kan niet worden geschreven"),
        ("{bresim} region region=teaching out=out >/dev/full", 1, "de resultaten staan compleet in out"),
        ("{bresim} region region=teaching out=out >&-", 0, ""),
        ("{bresim} compare replicates=0 2>&-", 2, ""),
        ("{bresim} compare replicates=0 2>/dev/full", 2, ""),
        ("{bresim} comprae 2>/dev/full", 2, ""),
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_streams_that_cannot_be_written(tmp_path: Path, shell: str, code: int, said: str) -> None:
    buffered = {name: value for name, value in environment().items() if name != "PYTHONUNBUFFERED"}  # as users have it
    line = shell.format(bresim=f"{sys.executable} -m bresim")
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=buffered, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == bool(said)
    assert (tmp_path / "out" / "region.csv").is_file() == ("region" in shell)


def test_a_terminal_without_our_signs(tmp_path: Path) -> None:
    done = bresim(
        "region", "region=teaching", "out=out", cwd=tmp_path, script=False, LC_ALL="C", PYTHONIOENCODING="ascii"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "klimaat en energie" in done.stdout
    assert "?" not in done.stdout


def test_ctrl_c_that_an_import_swallows(tmp_path: Path) -> None:
    """As may happen in the callback that ends each import; the job does not run on to a success."""
    started = """
import signal, sys
from bresim import cli

class Finalized:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

class Finder:
    def find_spec(self, name, *_):
        if name == "bresim.cli.application":
            Finalized()

sys.meta_path.insert(0, Finder())
sys.exit(cli.main(["region", "region=teaching", "out=out"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", started], cwd=tmp_path, env=environment(PYTHONWARNINGS=""), capture_output=True,
        text=True, timeout=120, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert done.returncode == 130
    assert "interrupted" in done.stderr or "afgebroken" in done.stderr  # the language may not be known yet
    assert "Traceback" not in done.stderr


def test_ctrl_c_while_the_folders_are_imported(tmp_path: Path) -> None:
    ended = (
        "import sys, types; sys.modules['bresim.results.folder'] = types.ModuleType('half');"
        "from bresim.cli import interrupt; interrupt.end()"
    )
    done = subprocess.run(
        [sys.executable, "-c", ended], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "bresim: interrupted; unfinished files are removed\n")


@pytest.mark.parametrize("after", [0.05, 0.3, 0.8])
def test_ctrl_c_before_the_job_begins(tmp_path: Path, after: float) -> None:
    """Also while what a command needs is imported; before Python runs any line of bresim the time is not ours."""
    started = (
        "import sys; from bresim import cli; print('ready', flush=True); sys.exit(cli.main(['region', 'out=out']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", started], cwd=tmp_path, text=True,
        env=environment(PYTHONWARNINGS=""),  # a file that was being read for an import may be left open
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert list(tmp_path.iterdir()) == []


def into_closed_pipe(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command whose reader has left before it begins."""
    own = [text for text in arguments if text == "-u"]
    receive, send = os.pipe()
    os.close(receive)
    try:
        return subprocess.run(
            [sys.executable, *own, "-m", "bresim", *arguments[len(own) :]],
            cwd=cwd, env=environment(), stdout=send, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    finally:
        os.close(send)


@pytest.mark.parametrize(
    "command",
    [
        "help", "help trust_gain", "-u help trust_gain", "results out", "-u results out", "results out check=true",
        "results out export=csv to=a.csv", "results --help", "report out other out=page lang=en", "report --help",
        "--version", "compare --help",
    ],
)  # fmt: skip
def test_a_closed_pipe_is_no_failure_where_no_job_runs(job_folder: Path, command: str) -> None:
    """Nothing is said, and what was to be written is there; ``-u``: Python writes each line at once."""
    done = into_closed_pipe(*command.split(), cwd=job_folder)
    assert (done.returncode, done.stderr) == (141, "")
    if "export" in command:
        assert len(pd.read_csv(job_folder / "a.csv")) == 3 * 2 * 40
        (job_folder / "a.csv").unlink()
    if "page" in command:
        assert {"report.html", "manifest.json"} <= files(job_folder / "page")
        shutil.rmtree(job_folder / "page")


@pytest.fixture(scope="module")
def job_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``out``, that a comparison left."""
    folder = tmp_path_factory.mktemp("job")
    calm = {"status_quo": 0.0, "regiobureau": 0.03, "joint_arrangement": 0.06}
    written(job(calm), folder / "out")  # named as a key is
    written(job({**calm, "regiobureau": 0.05}), folder / "other")
    return folder

"""The same numbers on Dask: within this process, on a scheduler elsewhere, and when a worker is killed."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from bresim.cli import main
from bresim.common.errors import BresimError, InputError, Problem
from bresim.common.paths import configs_dir
from bresim.results.store import SweepFolder, parts_of
from bresim.sweep.cluster import _no_scheduler, _payload, _same_job
from bresim.sweep.cluster import cluster as engine_cluster
from bresim.sweep.run import run
from tests.sweep.small import SMALL, job_of, rows_of

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
VARY = ("+vary.undercurrent.negativity=[0.0,0.5,1.0]", "+vary.measures.monitoring=[0.0,0.5,1.0]", "sweep.chunk=3")


class Cluster:
    """A scheduler and workers, each a process of its own, on loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        match = None
        for _ in range(600):  # it may be there before it is written
            match = re.search(r"tcp://127\.0\.0\.1:\d+", file.read_text() if file.is_file() else "")
            if match is not None:
                break
            time.sleep(0.1)
        if match is None:
            self.stop()
            pytest.fail("the scheduler says no address")
        self.address = match[0]

    def start(
        self, kind: str, *arguments: str, path: Path = ROOT / "src", cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(path)}
        with (self.folder / f"{kind}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + kind, *arguments],
                cwd=cwd or self.folder, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, *arguments: str, path: Path = ROOT / "src", cwd: Path | None = None) -> subprocess.Popen[bytes]:
        alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        return self.start("worker", self.address, *alone, *arguments, path=path, cwd=cwd)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.stop()


def test_a_killed_worker_costs_nothing_but_time(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Client

    run(job_of(*VARY, f"out={tmp_path / 'local'}"))
    workers = {name: cluster.worker("--name", name) for name in ("one", "two")}
    monkeypatch.setattr("bresim.sweep.cluster.AHEAD", 9)  # all that there is
    write, out = SweepFolder.write, tmp_path / "dask"
    held: list[str] = []
    with Client(cluster.address) as client:
        client.wait_for_workers(2, timeout=30)
        names = {worker: about["name"] for worker, about in client.scheduler_info()["workers"].items()}

        def written(self, *chunk):  # type: ignore[no-untyped-def]
            write(self, *chunk)
            if len(parts_of(out)) == 2:
                at_work = client.processing()
                busiest = max(names, key=lambda worker: len(at_work[worker]))
                held.extend(at_work[busiest])
                workers[names[busiest]].send_signal(signal.SIGKILL)
                assert workers[names[busiest]].wait(5) == -signal.SIGKILL

        monkeypatch.setattr(SweepFolder, "write", written)
        result = run(job_of(*VARY, "engine=dask", f"engine.scheduler={cluster.address}", f"out={out}"))
        assert len(client.scheduler_info()["workers"]) == 1
    assert any(key.startswith("bresim-chunk") for key in held)
    assert result.manifest["chunks"] == 18
    pd.testing.assert_frame_equal(rows_of(out), rows_of(tmp_path / "local"), check_exact=True)
    assert [part.path.name for part in parts_of(out)] == [part.path.name for part in parts_of(tmp_path / "local")]


def test_a_local_cluster_gives_the_same_and_another_engine_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(job_of(*VARY, f"out={out}"))
    names = [part.path.name for part in parts_of(out)]
    for part in parts_of(out)[2:]:
        part.path.unlink()
    command = [
        sys.executable,
        "-m",
        "bresim",
        "sweep",
        *SMALL,
        *VARY,
        "workers=1",
        "engine=dask",
        f"out={out}",
        "lang=en",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with socket.socket() as busy:
        with suppress(OSError):  # where another cluster has its pages: nothing is said about it
            busy.bind(("127.0.0.1", 8787))
            busy.listen()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 18 parts were there already" in done.stdout
    assert [part.path.name for part in parts_of(out)] == names


def ports() -> list[int]:
    """Ports on which this process listens, and a failure for one that other machines reach."""
    sockets = set()
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            sockets.add(str(path.readlink()))
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            local, state, socket_ = words[1], words[3], words[9]
            if state == "0A" and f"socket:[{socket_}]" in sockets:
                assert local.startswith("0100007F:"), local
                found.append(int(local.partition(":")[2], 16))
    return found


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="the system does not list its ports so")
def test_the_local_cluster_lets_nobody_else_in(tmp_path: Path) -> None:
    """No port of it speaks Dask, and what is there for browsers says nothing."""
    before = ports()
    job = job_of(*VARY, "engine=dask", "workers=2", f"out={tmp_path / 'out'}")
    with engine_cluster(job, lambda _: None):
        opened = [port for port in ports() if port not in before]
        for port in opened:
            assert _no_scheduler(f"tcp://127.0.0.1:{port}"), "a client got an answer"
            for path in ("", "health", "status", "info/main/workers.html", "json/counts.json"):
                with pytest.raises(urllib.error.HTTPError, match="404"):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10)
    assert ports() == before


def test_workers_that_come_later_get_work_too(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Client

    cluster.worker()
    monkeypatch.setattr("bresim.sweep.cluster.AHEAD", 2)
    submit, write = Client.submit, SweepFolder.write
    given: list[str] = []
    under_way: list[int] = []

    def submitted(self, function, *arguments, key, **options):  # type: ignore[no-untyped-def]
        given.extend([key] if key.startswith("bresim-chunk") else [])
        return submit(self, function, *arguments, key=key, **options)

    def written(self, *chunk):  # type: ignore[no-untyped-def]
        write(self, *chunk)
        under_way.append(len(given) - len(under_way))
        if len(under_way) == 3:
            cluster.worker()
            with Client(cluster.address) as client:
                client.wait_for_workers(2, timeout=30)

    monkeypatch.setattr(Client, "submit", submitted)
    monkeypatch.setattr(SweepFolder, "write", written)
    run(job_of(*VARY, "engine=dask", f"engine.scheduler={cluster.address}", f"out={tmp_path / 'out'}"))
    # as each part is written, chunks under way and the one just done: two for the first worker, then four for both
    assert under_way[:3] == [3, 3, 3]
    assert set(under_way[4:-5]) == {5}


def test_a_worker_of_another_version_that_comes_later_is_refused() -> None:
    job = job_of(*VARY)
    config, points, (version, model, name) = _payload(job)
    assert _same_job(config, points, (version, model, name)).identity == job.identity
    with pytest.raises(BresimError, match=r"a worker runs bresim .*, model .*; the sweep is of 0\.0\.1, model"):
        _same_job(config, points, ("0.0.1", model, name))
    with pytest.raises(BresimError, match=r"the tables of its region are not those of the sweep"):
        _same_job(config, points, (version, model, "another"))


def test_what_a_worker_finds_wrong_comes_back_as_it_was() -> None:
    error = InputError([Problem("region", "has no such file", "give another"), Problem("seed", "is negative")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_a_scheduler_without_workers_and_workers_of_another_version(
    tmp_path: Path, cluster: Cluster, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["sweep", *SMALL, *VARY, "engine=dask", f"engine.scheduler={cluster.address}", f"out={tmp_path / 'out'}"]
    monkeypatch.setattr("bresim.sweep.cluster.PATIENCE", 2)
    assert main(command) == 2
    assert "the scheduler has no workers after 2 s; start workers" in capfd.readouterr().err
    monkeypatch.setattr("bresim.sweep.cluster.PATIENCE", 8)
    cluster.worker()
    monkeypatch.setattr("bresim.sweep.cluster.bresim.__version__", "0.0.1")
    assert main(command) == 2
    assert "workers run another bresim than this one, 0.0.1" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "nothing within 1 s"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "what answers is not Dask"),
        (bytes([8]) + bytes(15), "what answers is not Dask"),
        ("refused", "Timed out trying to connect"),
    ],
)
def test_what_is_no_scheduler_is_reported_soon(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: object, told: str
) -> None:
    monkeypatch.setattr("bresim.sweep.cluster.PATIENCE", 1)
    open_: list[socket.socket] = []

    def serve(server: socket.socket) -> None:
        with suppress(OSError):  # the test is over
            while True:
                open_.append(server.accept()[0])
                if isinstance(answer, bytes):
                    open_[-1].sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        if answer == "refused":
            server.close()
        else:
            threading.Thread(target=serve, args=(server,), daemon=True).start()
        begun = time.monotonic()
        command = ["sweep", *SMALL, *VARY, "engine=dask", f"engine.scheduler={address}", f"out={tmp_path / 'out'}"]
        assert main(command) == 2
        assert time.monotonic() - begun < 10
    for connection in open_:
        connection.close()
    error = capfd.readouterr().err
    assert f"engine.scheduler: no scheduler answers at '{address}' ({told}" in error
    assert error.count("\n") == 1, error
    assert not (tmp_path / "out").exists()


def test_a_worker_that_knows_no_such_bresim_is_refused(
    tmp_path: Path, cluster: Cluster, capfd: pytest.CaptureFixture[str]
) -> None:
    from distributed import Client

    (tmp_path / "old" / "bresim").mkdir(parents=True)
    (tmp_path / "old" / "bresim" / "__init__.py").touch()
    cluster.worker(path=tmp_path / "old")
    command = ["sweep", *SMALL, *VARY, "engine=dask", f"out={tmp_path / 'out'}", "engine.scheduler="]
    assert main([*command[:-1], command[-1] + cluster.address]) == 2
    error = capfd.readouterr().err
    assert "workers run another bresim than this one" in error
    assert "No module named 'bresim.sweep'" in error
    assert "install the same version and model on every worker" in error
    with Client(cluster.address) as client:
        (worker,) = client.scheduler_info()["workers"]
    assert main([*command[:-1], command[-1] + worker]) == 2
    assert "(what answers is a Worker)" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_worker_with_other_tables_of_the_region_is_refused(
    tmp_path: Path, cluster: Cluster, capfd: pytest.CaptureFixture[str]
) -> None:
    tables = tmp_path / "there" / "zuid_limburg"
    shutil.copytree(configs_dir() / "region" / "zuid_limburg", tables)
    towns = tables / "municipalities.csv"
    text = towns.read_text(encoding="utf-8")
    assert text.count(",86936,") == 1
    towns.write_text(text.replace(",86936,", ",286936,"), encoding="utf-8")
    cluster.worker(cwd=tables.parent)
    command = ["sweep", *SMALL, *VARY, "engine=dask", f"engine.scheduler={cluster.address}", f"out={tmp_path / 'out'}"]
    assert main([text for text in command if not text.startswith("region=")]) == 2
    error = capfd.readouterr().err
    assert "workers would make other numbers: the tables of their region are not those here (tcp://127.0.0.1" in error
    assert not (tmp_path / "out").exists()
    assert main(command) == 0  # the tables of this region are the same there


def test_a_lost_scheduler_is_reported_and_another_engine_resumes(tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker()
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "bresim",
        "sweep",
        *SMALL,
        *VARY[:2],
        "replicates=400",
        "sweep.chunk=36",
        f"out={out}",
        "lang=en",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    there = ["engine=dask", f"engine.scheduler={cluster.address}"]
    process = subprocess.Popen([*command, *there], env=environment, stderr=subprocess.PIPE, text=True)
    while len(parts_of(out)) < 3 and process.poll() is None:
        time.sleep(0.01)
    cluster.processes[0].kill()
    _printed, told = process.communicate(timeout=60)
    assert process.returncode == 1, told
    assert f"bresim sweep: the Dask scheduler at {cluster.address} has gone" in told
    assert f"the same command with out={out} resumes" in told
    assert told.count("\n") == 2, told
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert len(rows_of(out)) == 9 * 2 * 400


def test_ctrl_c_in_a_terminal_is_reported_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    given = [*SMALL, *VARY[:2], "replicates=4000", "sweep.chunk=36", "engine=dask", f"out={out}"]
    command = [sys.executable, "-m", "bresim", "sweep", *given, "lang=en"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    while len(parts_of(out)) < 3 and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    _printed, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert f"the same command with out={out} resumes" in told

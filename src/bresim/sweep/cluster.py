"""The chunks of a sweep on Dask: on this machine, or on any cluster whose scheduler can be reached.

What a chunk needs is sent once, as text and bytes, and is held by a task of the graph; so if a worker dies, its chunks
are computed again elsewhere, with the same numbers.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

import bresim
from bresim.common.errors import BresimError, InputError, Problem, said
from bresim.config.own_sets import WHOLE
from bresim.config.schema import SweepConfig
from bresim.results.store import Chunk, encode
from bresim.sweep.compute import Advance, Engine, compute
from bresim.sweep.identity import model_hash
from bresim.sweep.job import SweepJob

if TYPE_CHECKING:
    from distributed import Client

#: Seconds to wait for a scheduler; with the start of bresim it must stay below ten.
PATIENCE = 5
#: How often a chunk is tried again after an error, as on a worker of another version. How many workers may die while
#: they compute it is set by the scheduler: Dask's `distributed.scheduler.allowed-failures`.
RETRIES = 5
#: Chunks under way for each thread of a worker: enough to keep it busy, few enough to keep memory flat.
AHEAD = 3

#: On this machine Dask's pages of information, which anybody logged in could read, are left empty.
NO_PAGES: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
HIDDEN = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}

#: Version of bresim, digest of its model, name of the sweep: with the same three, the same numbers come out.
Provenance = tuple[str, str, str]
#: What every chunk needs: the configuration, the points, and which model and sweep the numbers belong to.
Payload = tuple[str, bytes, Provenance]


@contextmanager
def cluster(job: SweepJob, advance: Advance) -> Iterator[Engine]:
    """An engine on the configuration's scheduler, or on a cluster within this process.

    That one listens on no port for clients or workers: a scheduler that does runs what anybody sends that is logged in
    on the machine.
    """
    try:
        import dask
        from distributed import Client, Scheduler, SpecCluster, Worker
    except ImportError:
        what = said("{name} is not installed", name="Dask")
        raise InputError(
            Problem(
                "engine", what, said("install it: pip install 'bresim[{extra}]'; or set engine=local", extra="dask")
            )
        ) from None
    address = job.config.engine.scheduler
    if address is None:
        with (
            dask.config.set(NO_PAGES),
            SpecCluster(
                scheduler={"cls": Scheduler, "options": {"protocol": "inproc://", **HIDDEN}},
                workers={0: {"cls": Worker, "options": {"nthreads": job.config.threads, **HIDDEN}}},
                silence_logs=logging.CRITICAL,
            ) as machine,
            Client(machine) as client,
        ):
            yield _engine(client, job, advance)
        return
    with _unlogged("distributed.client"), _client(address) as client:
        _check_workers(client, job)
        yield _engine(client, job, advance)


def _client(address: str) -> Client:
    from distributed import Client

    reason = _no_scheduler(address)
    if not reason:
        try:
            return Client(address, timeout=PATIENCE, name="bresim")
        except (OSError, ValueError) as error:
            reason = _first_line(error)
    what = said("no scheduler answers at '{address}' ({reason})", address=address, reason=reason)
    raise InputError(Problem("engine.scheduler", what, said("start one, or leave engine.scheduler out")))


def _no_scheduler(address: str) -> str:
    """The reason why an address has no scheduler; empty if it has one. A client of Dask would wait too long for it."""
    with _unlogged(), ThreadPoolExecutor(1) as thread:  # its own event loop: a notebook already runs one
        try:
            answer = thread.submit(asyncio.run, asyncio.wait_for(_identity(address), PATIENCE)).result()
        except TimeoutError:
            return f"nothing within {PATIENCE} s"
        except (OSError, ValueError, TypeError) as error:
            return _first_line(error)
        except Exception:  # whatever listens there may answer anything
            return "what answers is not Dask"
    return "" if "workers" in answer else f"what answers is a {answer.get('type')}"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


async def _identity(address: str) -> dict[str, Any]:
    """The answer of a scheduler or worker to "identity"."""
    from distributed import Security, rpc

    connection = Security().get_connection_args("client")
    async with rpc(address, timeout=PATIENCE / 2, connection_args=connection) as server:
        return dict(await server.identity())


@contextmanager
def _unlogged(name: str = "distributed") -> Iterator[None]:
    """Silence the tracebacks that Dask logs for an unreadable answer or a lost scheduler; we report these ourselves."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def version_here() -> tuple[str, str]:
    """Version of bresim in this process, and the digest of its model."""
    return bresim.__version__, model_hash()


def _name(version: Sequence[str]) -> str:
    return f"{version[0]}, model {version[1]}"


def _check_workers(client: Client, job: SweepJob) -> None:
    """Refuse workers that would make other numbers: of another bresim, or with other tables of the region."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        what = said("the scheduler has no workers after {patience} s", patience=PATIENCE)
        raise InputError(Problem("engine.scheduler", what, said("start workers: dask worker ADDRESS"))) from None
    ours = version_here()
    others = _differing(client.run(version_here, on_error="return"), ours, _name)
    if others:
        what = said("workers run another bresim than this one, {name} ({others})", name=_name(ours), others=others)
        raise InputError(Problem("engine.scheduler", what, said("install the same version and model on every worker")))
    others = _differing(client.run(_sweep_there, *_payload(job)[:2], on_error="return"), job.identity, lambda _: "")
    if others:
        what = said(
            "workers would make other numbers: the tables of their region are not those here ({others})", others=others
        )
        raise InputError(Problem("engine.scheduler", what, said("put the same files at the same path on every worker")))


def _differing(found: Mapping[str, Any], ours: Any, name: Callable[[Any], str]) -> str:
    """The first workers with an answer that differs from ours, as text."""
    others = []
    for worker, theirs in found.items():
        if isinstance(theirs, OSError):  # it has left meanwhile
            continue
        if isinstance(theirs, BaseException):  # it cannot answer
            others.append(f"{worker}: {theirs}")
        elif theirs != ours:
            others.append(f"{worker}: {name(theirs)}".removesuffix(": "))
    return "; ".join(sorted(others)[:3])


def _payload(job: SweepJob) -> Payload:
    return (
        job.config.model_dump_json(context={WHOLE: True}),
        encode(job.points, "points"),
        (*version_here(), job.identity),
    )


def _engine(client: Client, job: SweepJob, advance: Advance) -> Engine:
    from distributed import CancelledError
    from distributed.comm.core import CommClosedError

    def engine(chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, dict[str, bytes]]]:
        try:
            yield from _computed(client, job, advance, chunks)
        except (CancelledError, CommClosedError):  # only the scheduler cancels our tasks
            where = job.config.engine.scheduler or said("this machine")
            raise BresimError(said("the Dask scheduler at {where} has gone, or dropped the job", where=where)) from None

    return engine


def _computed(
    client: Client, job: SweepJob, advance: Advance, chunks: Sequence[Chunk]
) -> Iterator[tuple[Chunk, dict[str, bytes]]]:
    """Each chunk when a worker has computed it."""
    from distributed import KilledWorker, as_completed

    sent = client.submit(_received, _payload(job), key=f"bresim-job-{job.identity[:16]}")
    todo = iter(chunks)
    under_way: dict[str, Chunk] = {}

    def submit() -> Any:
        chunk = next(todo, None)
        if chunk is None:
            return None
        key = f"bresim-chunk-{chunk.name}"
        under_way[key] = chunk
        return client.submit(_work, sent, chunk, key=key, retries=RETRIES)

    def more() -> list[Any]:
        """Submit as many chunks as keep the current workers busy: on a cluster they join one by one."""
        wanted = AHEAD * max(1, sum(client.nthreads().values())) - len(under_way)
        return [future for _ in range(wanted) if (future := submit()) is not None]

    waiting = as_completed(more())
    for future in waiting:
        chunk = under_way.pop(future.key)
        try:
            tables = future.result()
        except KilledWorker as error:
            raise BresimError(said("the Dask cluster gave up a part of the sweep ({reason})", reason=error)) from None
        future.release()
        for added in more():
            waiting.add(added)
        advance(chunk.last - chunk.first)
        yield chunk, tables


def _received(payload: Payload) -> Payload:
    return payload


@lru_cache(maxsize=2)
def _job(config: str, points: bytes) -> SweepJob:
    return SweepJob(SweepConfig.model_validate_json(config), pd.read_parquet(io.BytesIO(points)))


def _sweep_there(config: str, points: bytes) -> str:
    """The identity of the sweep, computed in this process."""
    return _job(config, points).identity


def _same_job(config: str, points: bytes, provenance: Provenance) -> SweepJob:
    """The job, if this process would give the same numbers; a worker may have joined after the check of all workers."""
    if version_here() != provenance[:2]:
        raise BresimError(
            said(
                "a worker runs bresim {theirs}; the sweep is of {ours}",
                theirs=_name(version_here()),
                ours=_name(provenance),
            )
        )
    if _sweep_there(config, points) != provenance[2]:
        raise BresimError(
            said("a worker would make other numbers: the tables of its region are not those of the sweep")
        )
    return _job(config, points)


def _work(payload: Payload, chunk: Chunk) -> dict[str, bytes]:
    return compute(_same_job(*payload), chunk)

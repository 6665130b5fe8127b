"""The chunks of a sweep on the threads of this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from bresim.results.store import Chunk
from bresim.sweep.compute import Advance, Engine, compute
from bresim.sweep.job import SweepJob


@contextmanager
def threads(job: SweepJob, advance: Advance) -> Iterator[Engine]:
    """Threads of this process: each computes a chunk of its own in compiled code, outside the interpreter's lock."""

    def engine(chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, dict[str, bytes]]]:
        todo = iter(chunks)
        running: dict[Future[dict[str, bytes]], Chunk] = {}

        def start() -> None:
            chunk = next(todo, None)
            if chunk is not None:
                running[pool.submit(compute, job, chunk, advance)] = chunk

        for _ in range(job.config.threads + 1):  # one chunk more than threads, so that no thread waits for the writer
            start()
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                chunk = running.pop(future)
                start()
                yield chunk, future.result()

    with ThreadPoolExecutor(job.config.threads, thread_name_prefix="sweep") as pool:
        try:
            yield engine
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise

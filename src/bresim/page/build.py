"""The compiled model for web pages, made once and kept beside what was compiled for this machine."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import llvmlite  # type: ignore[import-untyped]
import numba

from bresim.common.errors import BresimError, said
from bresim.common.progress import Progress
from bresim.common.text import Language
from bresim.kernel.jit import CACHE_FOLDER, code_of, compiled_sources
from bresim.page.wasm import PLAIN, SIMD, check_backend, compile_wasm

#: Build → features of WebAssembly that it uses.
BUILDS = {"simd": SIMD, "plain": PLAIN}
#: What a module is made by, beside the sources of the model.
_MADE_BY = ("arguments.py", "entries.py", "linker.py", "lower.py", "wasm.py")


def digest() -> str:
    """Digest of what a module is made of and by: it names the file in which it is kept."""
    made = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__}".encode())
    for path in [*compiled_sources(), *(Path(__file__).parent / name for name in _MADE_BY)]:
        made.update(f"{path.name}\n{code_of(path)}".encode())
    return made.hexdigest()[:16]


def _kept(kind: str, build: str) -> Path:
    return CACHE_FOLDER / f"page-{digest()}-{kind}-{build}.wasm"


def modules(kinds: Sequence[str], progress: Progress, words: Language) -> dict[str, dict[str, bytes]]:
    """Kind of kernel → build → module. The plain build is made of one kind only, that which has all sizes.

    What is not kept yet is compiled: about a minute for each kind.
    """
    wanted = {kind: ["simd"] for kind in kinds} | {"any": ["simd", "plain"] if "any" in kinds else ["plain"]}
    missing = {kind: [one for one in builds if not _kept(kind, one).is_file()] for kind, builds in wanted.items()}
    if any(missing.values()):
        check_backend()
        progress.wait(words.gettext("Compiling the model for web pages (some minutes; it is kept for the next page)"))
    for kind, builds in missing.items():
        if builds:
            _make(kind, builds)
    return {kind: {build: _kept(kind, build).read_bytes() for build in builds} for kind, builds in wanted.items()}


def _make(kind: str, builds: Sequence[str]) -> None:
    """Compile these builds of a kind and keep them; a file is there as a whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        text, symbols = _lowered(kind, Path(folder))
    for build in builds:
        module = compile_wasm(text, symbols, BUILDS[build])
        path = _kept(kind, build)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(module)
        partial.replace(path)


def _lowered(kind: str, folder: Path) -> tuple[str, dict[str, str]]:
    """The model's code as LLVM's text, and the symbols of its entries, from a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NUMBA_DISABLE_JIT": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "bresim.page.lower", kind, str(folder)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise BresimError(
            said(
                "the model could not be compiled for web pages; with numba {numba} and llvmlite {llvmlite} it was not "
                "tried, or memory ran out (it takes half a gigabyte): {reason}",
                numba=numba.__version__, llvmlite=llvmlite.__version__,
                reason=(done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1],
            )
        )  # fmt: skip
    symbols = json.loads((folder / "entries.json").read_text(encoding="utf-8"))
    return (folder / "model.ll").read_text(encoding="utf-8"), symbols

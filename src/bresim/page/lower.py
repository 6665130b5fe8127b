"""Write the model's code before it is optimised, as LLVM's text: ``python -m bresim.page.lower KIND FOLDER``.

Run in a process of its own, as it turns off what makes Numba's code run here: optimisation, machine code and the cache.
"""

from __future__ import annotations

import os
import sys

os.environ |= {  # before Numba is imported: code for any machine, without assumptions about this one
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "NUMBA_OPT": "0",
    "NUMBA_LOOP_VECTORIZE": "0",
    "NUMBA_SLP_VECTORIZE": "0",
}

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numba.core import caching, codegen, cpu

# What is kept on disk is machine code; functions take these methods when they are defined.
caching.Cache.load_overload = lambda *_: None
caching.Cache.save_overload = lambda *_: None

#: Kind of kernel → a region for which it is made. "default" is for the sizes of that region only, "any" for all.
KINDS = {"default": "zuid_limburg", "any": "teaching"}


def _example(kind: str) -> dict[str, dict[str, Any]]:
    """Arguments of each entry for a kernel of this kind."""
    import bresim
    from bresim.page.arguments import arguments
    from bresim.plan import make_plan

    overrides = [f"region={KINDS[kind]}", "record=runs", "figures=false", "report=false"]
    return arguments(make_plan(bresim.load("compare", overrides), range(1)))


def _collect_only() -> None:
    """From now on functions are translated and collected, and nothing is linked, optimised or made to run."""

    def finished(library: Any) -> None:
        library._finalized = True

    # numba tells functions apart by what it calls: a new one each
    cpu.CPUContext.get_executable = lambda *_: [].append
    cpu.CPUContext.create_cpython_wrapper = lambda *_, **__: None
    cpu.CPUContext.create_cfunc_wrapper = lambda *_, **__: None
    codegen.CPUCodeLibrary.finalize = finished
    codegen.CPUCodeLibrary._optimize_functions = lambda *_: None


def _libraries(library: Any, seen: set[Any]) -> Iterator[Any]:
    """A library and all that it refers to, each once."""
    if library not in seen:
        seen.add(library)
        yield library
        for other in library._linking_libraries:
            yield from _libraries(other, seen)


def main(kind: str, folder: Path) -> None:
    """Write ``model.ll``, all of the model's code, and ``entries.json``: entry → its symbol."""
    example = _example(kind)
    _collect_only()
    from bresim.page.arguments import types_of
    from bresim.page.entries import ENTRIES

    symbols: dict[str, str] = {}
    seen: set[Any] = set()
    whole = None
    for name, function in ENTRIES.items():
        signature = types_of(example[name])
        function.compile(signature)
        compiled = function.overloads[signature]
        symbols[name] = compiled.fndesc.llvm_func_name
        for library in _libraries(compiled.library, seen):
            if whole is None:
                whole = library._final_module
            else:
                whole.link_in(library._final_module)
    (folder / "model.ll").write_text(str(whole))
    (folder / "entries.json").write_text(json.dumps(symbols))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

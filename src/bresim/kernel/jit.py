"""The one place that compiles: ``njit`` with a cache that is keyed by the sources it was made from.

Numba's own cache does not notice that a compiled helper in another file changed. So the cache lies in
a folder named after a hash of every compiled source file and of the compiler's version.
``fastmath`` stays off: results must be the same bits in the ensemble and in the Mesa model.
"""

from __future__ import annotations

import ast
import atexit
import fcntl
import hashlib
import io
import os
import platform
import shutil
import sys
import tempfile
import time
import tokenize
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import llvmlite.binding  # type: ignore[import-untyped]
import numba
import numba.core.config as numba_config
import numpy as np
from numba.core.compiler import Compiler

from bresim.common.errors import BresimError, said

#: The process that has imported this; one that is forked from it leaves its temporary cache alone.
_PROCESS = os.getpid()
_told: list[bool] = []
F = TypeVar("F", bound=Callable[..., Any])


#: What was compiled by other versions is removed when it was not used for so many days.
KEPT_DAYS = 30
#: Who holds the lock on this file writes in the cache; seconds that others wait, which takes milliseconds.
LOCK = ".lock"
PATIENCE = 60.0


def compiled_sources() -> list[Path]:
    """Files that compiled code is made from (a test holds that none is missing): kernel, rules, and what runs them."""
    package = Path(__file__).parents[1]
    names = ("changes", "cloning", "diary", "family", "logbook", "outcomes", "step")
    runner = (package / "runner" / f"{name}.py" for name in names)
    numbers = package / "columns" / "events.py"  # the order of what a diary notes is its code there
    return sorted([*(package / "kernel").glob("*.py"), *(package / "rules").glob("*.py"), *runner, numbers])


def code_of(path: Path) -> str:
    """The text of a source file without its docstrings, comments and empty lines, which no compiled code depends on."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            said_in = node.body[0]
            assert said_in.end_lineno is not None
            lines[said_in.lineno - 1 : said_in.end_lineno] = [""] * (said_in.end_lineno - said_in.lineno + 1)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        row, column = token.start
        if token.type == tokenize.COMMENT and lines[row - 1]:
            lines[row - 1] = lines[row - 1][:column]
    return "\n".join(line.rstrip() for line in lines if line.strip())


def source_hash() -> str:
    """Digest of the model's compiled code and of what makes its bits: the compiler, the kind of machine.

    Not the version of Python, which makes the same ones.
    """
    digest = hashlib.sha256(f"{numba.__version__} {platform.machine()}".encode())
    for path in compiled_sources():
        digest.update(f"{path.parent.name}/{path.name}\n{code_of(path)}".encode())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    """``$BRESIM_CACHE``, else the user's cache folder, else a temporary one when neither can be written."""
    try:
        caches = _caches()
        folder = (
            caches / f"compiled-{source_hash()}-{platform.python_version()}"
        )  # what is kept holds objects of Python
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _prune(caches)
        os.utime(folder)  # in use: see _prune
        with tempfile.TemporaryFile(dir=folder) as probe:  # also finds a full disk
            probe.write(bytes(4096))
        return folder
    except (OSError, RuntimeError):  # a user without a home, as a container may have, is a RuntimeError
        pass
    try:
        temporary = Path(tempfile.mkdtemp(prefix="bresim-compiled-"))
        TEMPORARY.append(temporary)
        atexit.register(remove_temporary)
        return temporary
    except OSError as error:
        raise BresimError(
            said(
                "compiled code can be kept neither in {folder} nor in a temporary folder ({reason}); make room, or "
                "name a folder in the environment variable BRESIM_CACHE",
                folder=folder,
                reason=error.strerror,
            )
        ) from None


#: The temporary cache of this process, if it has one.
TEMPORARY: list[Path] = []


def remove_temporary() -> None:
    """Remove the temporary cache: no later process looks for it."""
    owner = os.getpid()
    for folder in TEMPORARY if owner == _PROCESS else ():
        shutil.rmtree(folder, ignore_errors=True)


def tell_temporary() -> None:
    """Say once that what is compiled is not kept."""
    if TEMPORARY and not _told:
        _told.append(True)
        print(
            "bresim: compiled code cannot be kept, as the cache cannot be written, so each call compiles again (a "
            "minute or two); name a folder in the environment variable BRESIM_CACHE",
            file=sys.stderr,
        )


def _caches() -> Path:
    """Where compiled code of all versions is kept; home is looked for only if nothing else is named."""
    named = os.environ.get("BRESIM_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bresim"


def _prune(caches: Path) -> None:
    """Remove what earlier versions compiled and nobody used for ``KEPT_DAYS``; what cannot be removed stays."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for folder in caches.glob("compiled-*"):
        with suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)


CACHE_FOLDER = _cache_folder()
numba_config.CACHE_DIR = str(CACHE_FOLDER)
# A loop over 16 municipalities of which the compiler knows the number should go over several at once, not be written
# out one by one, which would come first.
llvmlite.binding.set_option("bresim", "-unroll-full-max-count=8")


def njit(function: F) -> F:
    """Compile to machine code without Python objects; releases the interpreter lock; cached on disk.

    Every caller gets a copy of it (a tenth faster: what the rules of a quarter all need is looked up once), so
    what is large and has several callers is ``called`` instead. Compiled code asks for no memory
    (``_nrt``): what a rule needs to note down has its place in ``State``.
    """
    return _compile(function, _Apart, forceinline=True)


def called(function: F) -> F:
    """As ``njit``, but compiled once and called, not copied."""
    return _compile(function, _Called, forceinline=False)  # else it is as its first caller


def within_caller(function: F) -> F:
    """As ``njit``, but optimised only as part of its caller: for what is large and itself only calls in an order."""
    return _compile(function, _Part, forceinline=True)


class _Apart(Compiler):
    """Numba's compiler, told that no two arrays which a function is given share memory if it writes to one of them.

    So loops need no check for overlap before they run on several municipalities at once. The author of a rule must keep
    to it: hand over rows of different arrays, never an array together with the state that holds it.
    """

    def __init__(self, typing: Any, target: Any, library: Any, args: Any, result: Any, flags: Any, names: Any) -> None:
        flags.noalias = True
        super().__init__(typing, target, library, args, result, flags, names)  # type: ignore[no-untyped-call]


class _Called(_Apart):
    """For ``called``: LLVM may not copy the function into a caller, where it would be rearranged for the worse."""

    def compile_extra(self, function: Any) -> Any:
        self.state.library = library = _library(self.state, function)
        add = library.add_ir_module

        def add_not_inlined(module: Any) -> None:
            for defined in module.functions:
                if not defined.is_declaration:
                    defined.attributes.add("noinline")
            add(module)

        library.add_ir_module = add_not_inlined
        return super().compile_extra(function)  # type: ignore[no-untyped-call]


class _Part(_Apart):
    """For ``within_caller``: on its own the function is only tidied up.

    To optimise the same code alone and again within every caller would double the time that compilation takes. Called
    alone, as by the Mesa model, such a function is a little slower; the bits are the same.
    """

    def compile_extra(self, function: Any) -> Any:
        self.state.library = library = _library(self.state, function)
        library._optimize_final_module = partial(_tidy, library)
        return super().compile_extra(function)  # type: ignore[no-untyped-call]


def _library(state: Any, function: Any) -> Any:
    """Where a function is compiled to, as Numba makes it."""
    library = state.targetctx.codegen().create_library(function.__qualname__)
    library.enable_object_caching()
    return library


def _tidy(library: Any) -> None:
    """Copy in what is to be copied in, and drop what nothing refers to any more."""
    builder = llvmlite.binding.create_pass_builder(
        library.codegen._tm, llvmlite.binding.create_pipeline_tuning_options()
    )
    passes = llvmlite.binding.create_new_module_pass_manager()
    passes.add_always_inliner_pass()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(library._final_module, builder)


def _compile(function: F, pipeline: type[Compiler], **options: Any) -> F:
    plain: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": False, "error_model": "numpy", "_nrt": False}
    compiled = numba.njit(**plain, **options, pipeline_class=pipeline)(function)
    if not numba_config.DISABLE_JIT:
        compiled._cache.save_overload = _if_there_is_room(compiled._cache.save_overload)
        compiled._cache.load_overload = _unless_damaged(compiled._cache)
    return cast(F, compiled)


def _if_there_is_room(save: Callable[..., None]) -> Callable[..., None]:
    """Compiled code that cannot be kept works all the same: say so once, and go on."""

    def attempt(*arguments: Any) -> None:
        tell_temporary()
        try:
            with _alone():
                save(*arguments)
        except OSError as error:
            if not _told:
                _told.append(True)
                print(
                    f"bresim: compiled code cannot be kept in {CACHE_FOLDER} ({error.strerror or error}), so the next "
                    "call compiles again; make room, or name another folder in the environment variable BRESIM_CACHE",
                    file=sys.stderr,
                )

    return attempt


@contextmanager
def _alone() -> Iterator[None]:
    """Within it no other process keeps compiled code; raises OSError if one does so for ``PATIENCE`` seconds.

    Numba gives each version of a function the next number that is free. Two processes at once, as jobs on regions of
    other sizes, would take the same one, and a third could be given the code of the other sizes. What is kept is
    compiled before, so that this is not entered twice.
    """
    CACHE_FOLDER.mkdir(parents=True, exist_ok=True)  # a user may have removed it
    with (CACHE_FOLDER / LOCK).open("wb") as file:
        _take(file)
        try:
            yield
        finally:
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_UN)  # also if a process that was forked meanwhile has the file too


def _take(file: IO[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
        except OSError:  # a disk without locks
            return None


def _unless_damaged(cache: Any) -> Callable[..., Any]:
    """Compiled code that cannot be read, as after a power cut, is made again: say so once, and go on."""
    load = cache.load_overload

    def attempt(*arguments: Any) -> Any:
        try:
            return load(*arguments)
        except Exception:  # reading what was damaged may raise anything
            _forget(cache)
            return None

    return attempt


def _forget(cache: Any) -> None:
    """Let a function be compiled again, whatever is kept of it."""
    if not _damaged:
        _damaged.append(True)
        print(
            f"bresim: compiled code in {CACHE_FOLDER} is damaged and is made again (a minute or two)", file=sys.stderr
        )
    with suppress(OSError), _alone():
        cache.flush()
        for left in Path(cache.cache_path).glob(f"{cache._impl.filename_base}.*.nbc"):
            left.unlink()  # else a process that is killed before it writes leaves the old code under a new number


_damaged: list[bool] = []


def is_compiled(function: Any, argument: Any) -> bool:
    """Whether a function was compiled before on this machine, from these very files, for arguments like ``argument``.

    True with compilation off.
    """
    if numba_config.DISABLE_JIT:
        return True
    kind = numba.typeof(argument)  # type: ignore[no-untyped-call]
    try:
        return any(kind in signature for signature, *_ in function._cache._cache_file._load_index())
    except Exception:  # as in _unless_damaged
        _forget(function._cache)
        return False


@njit
def copy_to(target: Any, source: Any) -> None:
    """Copy ``source`` into ``target`` of the same shape.

    Assigning to a slice checks the shapes and makes a message of them: memory that compiled rules do not ask for.
    """
    for index in np.ndindex(target.shape):
        target[index] = source[index]

"""From LLVM's text of the model to WebAssembly, with llvmlite alone: no other compiler."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import llvmlite  # type: ignore[import-untyped]
import llvmlite.binding as llvm  # type: ignore[import-untyped]

from bresim.common.errors import BresimError, said
from bresim.page.linker import link

#: What every browser of the last years has, and what the faster build needs beyond it.
PLAIN = "+bulk-memory,+bulk-memory-opt,+sign-ext,+nontrapping-fptoint,+mutable-globals"
SIMD = f"{PLAIN},+simd128"
_TRIPLE = "wasm32-unknown-unknown"


def _target() -> Any:
    """LLVM's WebAssembly; BresimError where llvmlite was built without it."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    try:
        return llvm.Target.from_triple(_TRIPLE)
    except RuntimeError:
        raise BresimError(
            said(
                "this llvmlite ({version}) was built without WebAssembly, so the model cannot be compiled for a web "
                "page; install the published one: pip install --force-reinstall --no-deps llvmlite=={version}",
                version=llvmlite.__version__,
            )
        ) from None


def check_backend() -> None:
    """BresimError, with what to do, if no module can be made here."""
    _target()


def _retargeted(text: str, layout: str) -> str:
    """The same code for another machine. It was made for one with addresses of 64 bits, which are cut off here."""
    text = re.sub(r"^target datalayout = .*$", f'target datalayout = "{layout}"', text, flags=re.MULTILINE)
    text = re.sub(r"^target triple = .*$", f'target triple = "{_TRIPLE}"', text, flags=re.MULTILINE)
    text = re.sub(r" common ((local_unnamed_addr )?global)", r" \1", text)  # WebAssembly knows no common symbols
    return re.sub(r'"target-(cpu|features)"="[^"]*"', "", text)


def _caller(name: str, symbol: str, parameters: list[str]) -> str:
    """A function ``name`` that calls ``symbol`` with what stands in a row of words, and returns its status.

    Of the parameters the first two are Numba's: where the result goes, and where an exception would.
    """
    lines, handed = [], ["ptr %result", "ptr %error"]
    for at, kind in enumerate(parameters[2:]):
        lines += [f"  %p{at} = getelementptr i64, ptr %words, i32 {at}", f"  %w{at} = load i64, ptr %p{at}"]
        if kind == "ptr":
            lines.append(f"  %a{at} = inttoptr i64 %w{at} to ptr")
        elif kind != "i64":
            raise BresimError(said("an entry of the model takes a {kind}, which no page hands over", kind=kind))
        handed.append(f"{kind} %{'a' if kind == 'ptr' else 'w'}{at}")
    return "\n".join([
        f'declare i32 @"{symbol}"({", ".join(parameters)})',
        f"define i32 @{name}(ptr %words, ptr %result) {{",
        "  %error = alloca ptr",
        *lines,
        f'  %status = call i32 @"{symbol}"({", ".join(handed)})',
        "  ret i32 %status",
        "}",
    ])  # fmt: skip


def _with_callers(text: str, symbols: Mapping[str, str], layout: str) -> llvm.ModuleRef:
    """The model's code in which only the entries can be called from outside."""
    module = llvm.parse_assembly(_retargeted(text, layout))
    for name, symbol in symbols.items():
        parameters = [str(parameter.type) for parameter in module.get_function(symbol).arguments]
        caller = llvm.parse_assembly(_caller(name, symbol, parameters))
        caller.triple, caller.data_layout = _TRIPLE, layout
        module.link_in(caller)
    for defined in (*module.functions, *module.global_variables):
        if not defined.is_declaration and defined.name not in symbols:
            defined.linkage = "internal"
    module.verify()
    return module


def compile_wasm(text: str, symbols: Mapping[str, str], features: str) -> bytes:
    """A module that exports the entries (``symbols``: entry → its symbol in ``text``) and imports memory and stack."""
    machine = _target().create_target_machine(
        cpu="generic", features=features, opt=3, reloc="static", codemodel="default"
    )
    module = _with_callers(text, symbols, str(machine.target_data))
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_interleaving = "simd" in features
    tuning.loop_unrolling = True
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    module.verify()
    return link(machine.emit_object(module), list(symbols))

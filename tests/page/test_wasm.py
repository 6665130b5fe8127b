"""The way from LLVM's text to WebAssembly, with small functions in place of the model."""

from __future__ import annotations

import llvmlite.binding as llvm
import pytest
from small_code import ADD, LAYOUT

from bresim.common.errors import BresimError
from bresim.page import wasm
from bresim.page.linker import link


def test_an_entry_is_exported_by_its_name() -> None:
    module = wasm.compile_wasm(LAYOUT + ADD, {"add": "add$1"}, wasm.PLAIN)
    assert module.startswith(b"\0asm\1\0\0\0")
    assert b"\x03add\0" in module
    assert b"add$1" not in module


def test_what_a_page_does_not_have_is_refused() -> None:
    call = ADD.replace("%sum = add i64 %read, %number", "%sum = call i64 @outside(i64 %read)")
    with pytest.raises(BresimError, match=r"needs what a page does not have: env\.outside"):
        wasm.compile_wasm(f"{LAYOUT}declare i64 @outside(i64)\n{call}", {"add": "add$1"}, wasm.PLAIN)


def test_data_are_refused() -> None:
    data = "@table = global [4 x i64] [i64 1, i64 2, i64 3, i64 5]\n"
    uses = ADD.replace(
        "%read = load i64, ptr %array", "%at = getelementptr i64, ptr @table, i64 %number\n  %read = load i64, ptr %at"
    )
    writes = uses.replace("ret i32 0", "store i64 7, ptr %at\n  ret i32 0")
    with pytest.raises(BresimError, match="has data of its own"):
        wasm.compile_wasm(LAYOUT + data + writes, {"add": "add$1"}, wasm.PLAIN)


def test_an_argument_that_no_page_hands_over_is_refused() -> None:
    with pytest.raises(BresimError, match="takes a double"):
        wasm.compile_wasm(
            LAYOUT
            + ADD.replace("i64 %number", "double %number").replace(
                "%sum = add i64 %read, %number", "%sum = add i64 %read, 1"
            ),
            {"add": "add$1"},
            wasm.PLAIN,
        )


def test_an_entry_that_is_missing_is_told() -> None:
    module = wasm.compile_wasm(LAYOUT + ADD, {"add": "add$1"}, wasm.PLAIN)
    with pytest.raises(BresimError, match="lacks other"):
        link(module, ["other"])


def test_no_object_is_no_module() -> None:
    with pytest.raises(BresimError, match="did not make a WebAssembly object"):
        link(b"\x7fELF", [])


def test_without_the_backend_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(triple: str) -> None:
        raise RuntimeError(f"No available targets are compatible with triple {triple!r}")

    monkeypatch.setattr(llvm.Target, "from_triple", absent)
    with pytest.raises(BresimError, match="pip install --force-reinstall --no-deps llvmlite=="):
        wasm.check_backend()

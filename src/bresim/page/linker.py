"""A linker for one WebAssembly object: it is a module already, but does not export its functions.

The format: https://webassembly.github.io/spec/core/binary/modules.html, and for the section ``linking``
https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bresim.common.errors import BresimError, said

_MAGIC = b"\0asm\1\0\0\0"
_CUSTOM, _IMPORT, _EXPORT, _DATA = 0, 2, 7, 11
#: The order that the specification asks for: type, import, function, table, memory, tag, global, export, start,
#: element, data count, code, data.
_ORDER = (1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11)
#: The only things that the model may need from outside: memory, and where the stack is.
NEEDED = {("env", "__linear_memory"), ("env", "__stack_pointer")}
_SYMBOLS = 8  # subsection of ``linking``
_FUNCTION, _DATA_SYMBOL, _SECTION = 0, 1, 3  # kinds of symbols
_UNDEFINED, _NAMED = 0x10, 0x40


class _Reader:
    """Numbers and names one after another."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        """An unsigned number of any length (LEB128)."""
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return result

    def part(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]

    def name(self) -> str:
        return self.part(self.number()).decode()

    @property
    def more(self) -> bool:
        return self.at < len(self.data)


def _number(value: int) -> bytes:
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    if not module.startswith(_MAGIC):
        raise BresimError(said("LLVM did not make a WebAssembly object"))
    reader = _Reader(module[len(_MAGIC) :])
    while reader.more:
        kind = reader.byte()
        yield kind, reader.part(reader.number())


def _imports(body: bytes) -> Iterator[tuple[str, str]]:
    reader = _Reader(body)
    for _ in range(reader.number()):
        yield reader.name(), reader.name()
        kind = reader.byte()
        if kind == 0:  # a function: its type
            reader.number()
        elif kind == 3:  # a global: type, whether it changes
            reader.part(2)
        else:  # a table (with the type of its elements) or a memory, with limits
            reader.part(1 if kind == 1 else 0)
            both = reader.number() & 1
            reader.number()
            if both:
                reader.number()


def _functions(body: bytes) -> dict[str, int]:
    """Name → number of every function that the object defines."""
    found: dict[str, int] = {}
    reader = _Reader(body)
    reader.number()  # version
    while reader.more:
        kind, part = reader.byte(), reader.part(reader.number())
        if kind == _SYMBOLS:
            found |= _symbols(_Reader(part))
    return found


def _symbols(reader: _Reader) -> Iterator[tuple[str, int]]:
    for _ in range(reader.number()):
        kind, flags = reader.byte(), reader.number()
        undefined = bool(flags & _UNDEFINED)
        if kind == _SECTION:
            reader.number()
        elif kind == _DATA_SYMBOL:
            reader.name()
            if not undefined:
                for _part in range(3):  # segment, offset, size
                    reader.number()
        else:
            index = reader.number()
            if not undefined or flags & _NAMED:
                name = reader.name()
                if kind == _FUNCTION and not undefined:
                    yield name, index


def link(module: bytes, exports: Sequence[str]) -> bytes:
    """The module with these functions exported, without what only linkers and debuggers read.

    BresimError if it needs anything but memory and stack, or data: then the rules have come to use something that the
    page does not give.
    """
    parts: list[tuple[int, bytes]] = []
    functions: dict[str, int] = {}
    for kind, body in _sections(module):
        if kind == _CUSTOM:
            reader = _Reader(body)
            if reader.name() == "linking":
                functions |= _functions(body[reader.at :])
        else:
            parts.append((kind, body))
    unexpected = sorted(name for kind, body in parts if kind == _IMPORT for name in set(_imports(body)) - NEEDED)
    if unexpected:
        names = ", ".join(".".join(name) for name in unexpected)
        raise BresimError(said("the compiled model needs what a page does not have: {names}", names=names))
    if any(kind == _DATA for kind, _ in parts):
        raise BresimError(said("the compiled model has data of its own, for which a page has no place"))
    missing = [name for name in exports if name not in functions]
    if missing:
        raise BresimError(said("the compiled model lacks {names}", names=", ".join(missing)))
    table = _number(len(exports)) + b"".join(
        _number(len(name)) + name.encode() + b"\0" + _number(functions[name]) for name in exports
    )
    parts.append((_EXPORT, table))
    parts.sort(key=lambda part: _ORDER.index(part[0]))
    return _MAGIC + b"".join(bytes([kind]) + _number(len(body)) + body for kind, body in parts)

"""The layers of imports in docs/architecture.md."""

from __future__ import annotations

import ast
import re
import tomllib

from tools.parts.markdown import ROOT, DocsError, code, table


def first_sentence(module: str) -> str:
    """What a module or package of bresim is: the first sentence of its docstring, as Markdown."""
    package = ROOT / "src" / "bresim" / module
    path = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not text:
        raise DocsError(f"{path.relative_to(ROOT)}: has no docstring")
    return re.split(r"\.(?=\s|$)", " ".join(text.split()), maxsplit=1)[0].replace("``", "`")


def layers() -> str:
    """The layers of the import contract in pyproject.toml, from the top down."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = [
        (number, code(module), first_sentence(module))
        for number, layer in enumerate(contracts["contracts"][0]["layers"], 1)
        for module in re.findall(r"\w+", layer)
    ]
    return table(("layer", "module", "what it is"), rows)

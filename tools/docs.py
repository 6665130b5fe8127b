"""Regenerate the generated parts of docs/*.md: ``python tools/docs.py``; ``--check`` exits 1 if a part is stale.

A generated part stands between ``<!-- generated:NAME -->`` and ``<!-- end -->``. Its text is made from the
code and the configuration by the function NAME in ``tools/parts/``, so a document cannot say something else than what
runs. Write around it, not in it.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from bresim.common.errors import BresimError  # noqa: E402
from tools.parts import architecture, columns, designs, model, submodels  # noqa: E402
from tools.parts.markdown import DocsError, comments  # noqa: E402

__all__ = ["GENERATORS", "PART", "DocsError", "comments", "main", "render", "stale"]

PART = re.compile(r"(<!-- generated:(?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

GENERATORS: dict[str, Callable[[], str]] = {
    function.__name__: function
    for function in (
        model.parameters, model.scenario_fields, model.state_arrays, model.streams, model.patterns, model.plausible_set,
        model.themes, submodels.submodels, submodels.quarter, submodels.governance_fields, submodels.partner_seats,
        columns.outcomes, columns.costs, columns.units, columns.windows, columns.table_list, columns.table_columns,
        designs.designs, designs.services, designs.other_designs, designs.unset_fields, designs.measure_table,
        designs.scenarios, designs.undercurrents, architecture.layers,
    )
}  # fmt: skip


def render(text: str, where: str) -> str:
    """``text`` with every generated part regenerated."""
    if text.count("<!-- generated:") != len(PART.findall(text)):
        raise DocsError(f"{where}: a generated part has no <!-- end -->")

    def part(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in GENERATORS:
            raise DocsError(f"{where}: there is no generated part '{name}'; there are {', '.join(GENERATORS)}")
        return f"{match[1]}\n{GENERATORS[name]()}\n\n{match[3]}"

    return PART.sub(part, text)


def stale(folder: Path = ROOT / "docs", *, write: bool = False) -> list[str]:
    """Documents whose generated parts are not what the code says; with ``write`` they are brought up to date."""
    names = []
    for path in sorted(folder.glob("*.md")):
        old = path.read_text(encoding="utf-8")
        new = render(old, path.name)
        if new != old:
            names.append(path.name)
            if write:
                path.write_text(new, encoding="utf-8")
    return names


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a part is stale")
    given = parser.parse_args(arguments)
    try:
        names = stale(write=not given.check)
    except (DocsError, BresimError) as error:
        print(f"docs: {error}", file=sys.stderr)
        return 1
    if given.check and names:
        print(f"docs: stale: {', '.join(names)}; run 'python tools/docs.py'", file=sys.stderr)
        return 1
    print(f"docs: {'wrote ' + ', '.join(names) if names else 'up to date'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

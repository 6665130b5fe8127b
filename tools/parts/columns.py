"""The columns of what a job leaves: docs/data_dictionary.md, and the outcomes in docs/odd.md."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bresim import columns
from tools.parts.markdown import code, table


def outcomes() -> str:
    """Every outcome column."""
    found = [column for column in columns.table_of("runs", "compare").columns if isinstance(column, columns.Outcome)]
    rows = ((code(o.name), o.unit, better(o), o.window, o.label_nl, o.meaning, o.null or "never") for o in found)
    return table(("column", "unit", "better", "window", "Dutch label", "meaning", "null if"), rows)


def better(column: columns.Column) -> str:
    """Whether more or less is better; empty if neither."""
    return {1: "more", -1: "less", 0: ""}[column.direction]


def costs() -> str:
    """Every outcome of cost."""
    return _columns(columns.COST_OUTCOMES)


def window(name: str) -> str:
    """A window as it stands in a table: nothing for none."""
    return "" if name == "none" else name


def heading(one: columns.Table) -> str:
    """The heading of a table: its file, and the command where several leave one of this name."""
    alone = [other.name for other in columns.TABLES].count(one.name) == 1
    return one.file if alone else f"{one.file} of {' and '.join(f'bresim {command}' for command in one.commands)}"


def link(one: columns.Table) -> str:
    """A link to the heading of a table, with the anchor that GitHub gives it."""
    anchor = re.sub(r"[^\w\- ]", "", heading(one)).replace(" ", "-")
    return f"[`{one.file}`](#{anchor})"


def units() -> str:
    """What a unit means."""
    return table(("unit", "meaning"), columns.UNITS.items())


def windows() -> str:
    """What a window means."""
    return table(("window", "meaning"), ((window(name), meaning) for name, meaning in columns.WINDOWS.items()))


def table_list() -> str:
    """Every table: which command leaves it, when, and what a row is."""
    rows = ((link(t), ", ".join(map(code, t.commands)), t.when, t.row) for t in columns.TABLES)
    return table(("file", "left by `bresim …`", "only with", "one row is"), rows)


def _meaning(column: columns.Column) -> str:
    label = f"**{column.label_en}** (*{column.label_nl}*): " if isinstance(column, columns.Outcome) else ""
    told = [f"{code(value)} ({meaning})" if meaning else code(value) for value, meaning in column.values]
    return label + column.meaning + (f": {', '.join(told)}" if told else "")


def _columns(shown: Sequence[columns.Column]) -> str:
    """A row a column, without what is empty in all of them."""
    head = ("column", "unit", "window", "better", "null if", "meaning")
    rows = [(code(c.name), c.unit, window(c.window), better(c), c.null or "never", _meaning(c)) for c in shown]
    told = [any(row[at] for row in rows) for at in range(len(head))]
    kept = [tuple(itertools.compress(cells, told)) for cells in (head, *rows)]
    return table(kept[0], kept[1:])


def table_columns() -> str:
    """Every column of every table; of a table that is like another one only those that it has besides."""
    parts = []
    for one in columns.TABLES:
        model = columns.table_of(one.like, "compare") if one.like else None
        shown = [column for column in one.columns if model is None or column not in model.columns]
        text = f"### {heading(one)}\n\nOne row is {one.row}."
        if model is not None:
            text += f" The columns of {link(model)}" + (", and:" if shown else ".")
        if shown:
            text += "\n\n" + _columns(shown)
        parts.append(f"{text}\n\n{one.note}" if one.note else text)
    return "\n\n".join(parts)

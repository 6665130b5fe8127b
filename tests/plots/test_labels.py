"""A label of a user is text in every figure, whatever signs it holds."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import pytest

from bresim.plots import draw_all
from bresim.results import Result

#: Signs that begin something in a mark-up that figures or terminals may read: mathematics, formats, hidden entries.
LABELS = ("$x_1$", "$\\q$", "a[/b]c", "[variant]", "_hidden", "\\$5", "{0}%s", "<b>&")


def test_labels_are_text_in_every_figure(tmp_path: Path) -> None:
    import synthetic_result

    names = tuple(synthetic_result.LABELS)[: len(LABELS)]
    plain: Result = synthetic_result.result(designs=names, replicates=10)
    designs = tuple(
        design.model_copy(update={"label_nl": label, "label_en": label})
        for design, label in zip(plain.config.designs, LABELS, strict=True)  # type: ignore[attr-defined]
    )
    result = replace(plain, config=plain.config.model_copy(update={"designs": designs}))
    seen: set[str] = set()
    for figure in draw_all(result, tmp_path, "en"):
        drawn = html.unescape(figure.svg.read_text(encoding="utf-8"))
        seen |= {label for label in LABELS if label in drawn}
    assert seen == set(LABELS)


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_text_on_the_terminal(label: str, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table

    from bresim.cli.terminal import console

    table = Table(title=label)
    table.add_column(label)
    table.add_row(label)
    table.caption = f"[{label}]"
    console().print(table)
    console().print(label)
    assert capsys.readouterr().out.count(label) == 5

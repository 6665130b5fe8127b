"""``bresim region``: the region as the model sees it, beside what sources publish of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bresim.common import spreadsheet
from bresim.common.text import Language, language
from bresim.region import Region, published_figures
from bresim.region.statistics import shared_collaborations
from bresim.region.types import SCALES

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

#: Column or heading → (Dutch, English).
WORDS = {
    "title": ("{region}: het model naast wat gepubliceerd is", "{region}: the model beside what is published"),
    "figure": ("gegeven", "figure"),
    "published": ("gepubliceerd", "published"),
    "model": ("model", "model"),
    "difference": ("verschil", "difference"),
    "source": ("bron", "source"),
    "notes": ("Aantekeningen", "Notes"),
    "points": (
        "Verschillen van percentages zijn in procentpunten.",
        "Differences of percentages are in percentage points.",
    ),
    "sources": (
        "BRE: “Het Bestuurlijk Regionaal Ecosysteem”, 2023 (het rapport). RD: “Governance Regio Deal”, 2024.",
        "BRE: “Het Bestuurlijk Regionaal Ecosysteem”, 2023 (the report). RD: “Governance Regio Deal”, 2024.",
    ),
    "solutions": (
        "Wie aan welk verband deelneemt is deels gereconstrueerd: {count} oplossingen, waarvan er geen de echte is.",
        "Membership of the collaborations is partly reconstructed: {count} solutions, none of which is the real one.",
    ),
    "municipalities": ("Gemeenten", "Municipalities"),
    "themes": ("Opgaven", "Themes"),
    "municipality": ("gemeente", "municipality"),
    "theme": ("opgave", "theme"),
    "subregion": ("subregio", "subregion"),
    "role": ("rol", "role"),
    "centre": ("centrum", "centre"),
    "rural": ("landelijk", "rural"),
    "population": ("inwoners", "inhabitants"),
    "collaborations": ("verbanden", "collaborations"),
    "support": ("draagvlak", "support"),
    "orientation": ("gerichtheid", "orientation"),
    "severity": ("ernst: {subregion}", "severity: {subregion}"),
    "regional": ("regionaal", "regional"),
    "subregional": ("subregionaal", "subregional"),
    "money": ("centraal geld", "central money"),
    "network_title": ("Gedeelde samenwerkingsverbanden: {region}", "Shared collaborations: {region}"),
    "network_legend": ("gedeelde verbanden", "shared collaborations"),
    "more": ("Alle kolommen staan in de csv-bestanden.", "All columns are in the csv files."),
    "both": ("centrum, landelijk", "centre, rural"),
}


def describe(region: Region, out: Path, lang: str, boundaries: Path | str | None = None) -> list[Path]:
    """Write the region beside the published figures, and the network picture, into ``out``.

    Leaves ``region.csv`` (the figures), ``region_municipalities.csv`` and ``region_themes.csv`` (what the
    model reads), and ``figures/network.svg`` and ``.png``. Returns their paths.
    """
    from bresim.plots.network import draw_network
    from bresim.plots.view import source

    spoken = language(lang)
    tables = {
        "region": published_figures(region, lang),
        "region_municipalities": municipality_table(region),
        "region_themes": theme_table(region),
    }
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in tables.items():
        path = out / f"{name}.csv"
        spreadsheet.write_csv(table, path)
        paths.append(path)
    weights = shared_collaborations(region).mean(axis=0)
    pictures = draw_network(
        region,
        weights,
        title=_word("network_title", spoken, region=spoken.label(region)),
        legend=_word("network_legend", spoken),
        path_stem=out / "figures" / "network",
        boundaries=boundaries,
        lang=lang,
        source=source(spoken.label(region)),
    )
    return [*paths, *pictures]


def municipality_table(region: Region) -> pd.DataFrame:
    """One row a municipality: what the model reads of it. Shares in [0, 1]; ``instability`` per quarter."""
    import pandas as pd

    numbers = (
        "population", "centre", "rural", "border", "latitude", "longitude", "council_seats", "local_party_share",
        "instability", "support", "orientation", "acceptance",
    )  # fmt: skip
    return pd.DataFrame(
        {
            "municipality": region.names,
            "subregion": [region.subregion_labels[index] for index in region.subregion],
            **{name: getattr(region, name) for name in numbers},
            "collaborations": region.memberships.sum(axis=1).mean(axis=0),
            "neighbours": [";".join(np.array(region.names)[row]) for row in region.neighbours],
        }
    )


def theme_table(region: Region) -> pd.DataFrame:
    """One row a theme: what the model reads of it, and where that comes from. All shares in [0, 1]."""
    import pandas as pd

    shares = ("indirect_share", "money", "contention", "economic", "societal", "water_board", "border")
    return pd.DataFrame(
        [
            {
                "theme": theme.name,
                "label_nl": theme.label_nl,
                "label_en": theme.label_en,
                "weight": theme.weight,
                **{f"severity_{key}": theme.severity[key] for key in region.subregions},
                **dict(zip(SCALES, theme.scale_share, strict=True)),
                **{name: getattr(theme, name) for name in shares},
                "source": theme.source,
            }
            for theme in region.themes
        ]
    )


def show(console: Console, region: Region, lang: str) -> None:
    """Print the region beside the published figures: three tables and the notes. All that a file says is text."""
    from rich.text import Text

    spoken = language(lang)
    figures, towns, themes = published_figures(region, lang), municipality_table(region), theme_table(region)
    notes: list[str] = []
    heads = [_word(name, spoken) for name in ("figure", "published", "model", "difference", "source")]
    shown = _table(_word("title", spoken, region=spoken.label(region)), heads, last_is_words=True)
    for row in figures.to_dict("records"):
        figure, note, unit = Text(str(row["figure"])), str(row["note"]), str(row["unit"])
        if note:
            if note not in notes:
                notes.append(note)
            figure.append(f" ({notes.index(note) + 1})", style="dim")
        low, high = (_value(row[name], unit, spoken) for name in ("model_low", "model_high"))
        shown.add_row(
            figure,
            _value(row["published"], unit, spoken),
            low if low == high else f"{low} – {high}",
            _value(row["difference"], unit, spoken, signed=True),
            str(row["source"]),
        )
    console.print(_uncut(shown), crop=False)
    if ((figures["unit"] == "share") & figures["difference"].notna()).any():
        console.print(_word("points", spoken), highlight=False)
    if figures["source"].str.contains(r"\b(?:BRE|RD)\b").any():
        console.print(_word("sources", spoken), highlight=False)
    if notes:
        console.print(Text(_word("notes", spoken), style="bold"))
    for number, note in enumerate(notes, start=1):
        console.print(Text.assemble(" ", (f"({number})", "dim"), f" {note}"))
    if len(region.memberships) > 1:
        console.print(_word("solutions", spoken, count=len(region.memberships)), highlight=False)
    console.print()
    console.print(_uncut(_towns(towns, spoken)), crop=False)
    console.print(_uncut(_themes(region, themes, spoken)), crop=False)
    console.print(_word("more", spoken), highlight=False)


def _table(heading: str, columns: list[str], words: int = 1, last_is_words: bool = False) -> Table:
    """An empty table; the first ``words`` columns hold words, the rest numbers."""
    from rich.table import Table

    made = Table(title=heading, title_justify="left", title_style="bold", header_style="bold")
    for index, column in enumerate(columns):
        wordy = index < words or (last_is_words and index == len(columns) - 1)
        made.add_column(column, justify="left" if wordy else "right")
    return made


def _uncut(table: Table) -> Table:
    """The table with every column at least as wide as its longest word, so that a narrow one wraps and cuts nothing."""
    for column in table.columns:
        texts = [str(column.header), *map(str, column.cells)]
        column.min_width = max(len(word) for text in texts for word in [*text.split(), ""])
    return table


def _narrow(heading: str) -> str:
    """A heading with each word on a line of its own: seven columns of words do not fit beside each other."""
    return heading.replace(" ", "\n").replace("-", "-\n")


def _towns(towns: pd.DataFrame, spoken: Language) -> Table:
    shares = ["support", "orientation"]
    heads = ["municipality", "subregion", "role", "population", "collaborations", *shares]
    made = _table(_word("municipalities", spoken), [_word(head, spoken) for head in heads], 3)
    for row in towns.to_dict("records"):
        role = {(True, True): "both", (True, False): "centre", (False, True): "rural"}.get(
            (row["centre"], row["rural"])
        )
        made.add_row(
            row["municipality"],
            row["subregion"],
            _word(role, spoken) if role else "",
            spoken.number(row["population"], 0),
            spoken.number(row["collaborations"], 0),
            *(spoken.number(row[name], 2) for name in shares),
        )
    return made


def _themes(region: Region, themes: pd.DataFrame, spoken: Language) -> Table:
    numbers = [*(f"severity_{key}" for key in region.subregions), "regional", "subregional", "money"]
    heads = [
        _word("theme", spoken),
        *(_word("severity", spoken, subregion=label) for label in region.subregion_labels),
        *(_word(name, spoken) for name in ("regional", "subregional", "money")),
    ]
    made = _table(_word("themes", spoken), [_narrow(head) for head in heads])
    for row in themes.to_dict("records"):
        label = row["label_nl"] if spoken.code == "nl" else row["label_en"]
        made.add_row(label, *(spoken.number(row[name], 2) for name in numbers))
    return made


def _word(name: str, spoken: Language, **values: object) -> str:
    return WORDS[name][0 if spoken.code == "nl" else 1].format(**values)


def _value(value: float, unit: str, spoken: Language, signed: bool = False) -> str:
    """A figure in its unit; a dash if there is none."""
    if unit == "share":
        if signed:
            return spoken.points(value)
        return spoken.percent(value, 1)
    digits = 1 if unit == "mean" or (unit == "count" and np.isfinite(value) and value != round(value)) else 0
    return spoken.signed(value, digits) if signed else spoken.number(value, digits)

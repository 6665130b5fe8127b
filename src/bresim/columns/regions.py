"""Tables of ``bresim region``: the region as the model sees it."""

from __future__ import annotations

from dataclasses import replace

from bresim.columns.keys import MUNICIPALITY, SUBREGION, THEME
from bresim.columns.schema import Column, Table

_NOT_PUBLISHED = "no source publishes it"


def _share(name: str, meaning: str) -> Column:
    return Column(name, "share", meaning)


REGION = Table(
    "region", ("region",), "a figure, as the model has it and as it is published",
    (
        Column("statistic", "name", "which figure"),
        Column("subject", "name", "what it is about: a municipality, a pair `A;B`, a subregion, a group or a legal form", null="it is about the whole region"),
        Column("figure", "text", "both in words, in the language of the job"),
        Column("unit", "name", "unit of the numbers in this row", values=(("count", ""), ("share", "from 0 to 1"), ("mean", ""), ("inhabitants", ""))),
        Column("published", "number", "the published figure", null=_NOT_PUBLISHED),
        Column("model", "number", "the figure in the model; mean over the membership solutions"),
        Column("model_low", "number", "the least over the membership solutions"),
        Column("model_high", "number", "the most over the membership solutions"),
        Column("difference", "number", "`model` minus `published`", null=_NOT_PUBLISHED),
        Column("source", "text", "where it is published", null=_NOT_PUBLISHED),
        Column("note", "text", "remark, in the language of the job", null="there is none"),
    ),
    suffix="csv",
)
REGION_MUNICIPALITIES = Table(
    "region_municipalities", ("region",), "a municipality, as the model reads it",
    (
        MUNICIPALITY,
        SUBREGION,
        Column("population", "count", "inhabitants"),
        Column("centre", "flag", "whether it is a centre municipality"),
        Column("rural", "flag", "whether it is one of the Middengebied"),
        _share("border", "share of its border that is a national border"),
        Column("latitude", "degrees", "latitude"),
        Column("longitude", "degrees", "longitude"),
        Column("council_seats", "count", "seats in its council"),
        _share("local_party_share", "share of these seats held by local parties"),
        _share("instability", "probability per quarter that an alderman leaves early"),
        _share("support", "support of its council for regional collaboration, at the start"),
        _share("orientation", "how favourable it is to working at the scale of the region"),
        _share("acceptance", "its acceptance of provincial steering, at the start"),
        Column("collaborations", "number", "standing collaborations that it is a member of; mean over the membership solutions"),
        Column("neighbours", "text", "neighbouring municipalities, separated by `;`", null="it has none"),
    ),
    suffix="csv",
)
REGION_THEMES = Table(
    "region_themes", ("region",), "a theme, as the model reads it",
    (
        replace(THEME, meaning="theme: the name by which configuration and results call it"),
        Column("label_nl", "text", "its Dutch name"),
        Column("label_en", "text", "its English name"),
        _share("weight", "its share of public value"),
        _share("severity_<subregion>", "how severe it is in the subregion; here called as in the region file, not as in `public_value_<subregion>`"),
        _share("supraregional", "share of its value that lies at the supraregional scale; the model counts it as regional"),
        _share("regional", "share of its value that lies at the regional scale"),
        _share("subregional", "share of its value that lies at the subregional scale"),
        _share("local", "share of its value that lies at the local scale"),
        _share("indirect_share", "share of its value that strategy and lobby yield; only execution yields the rest"),
        _share("money", "its propensity for central money"),
        _share("contention", "how contested choices on it are"),
        _share("economic", "how much of the work economic partners can take on"),
        _share("societal", "how much of the work societal partners can take on"),
        _share("water_board", "how much of the work the water board can take on"),
        _share("border", "how far it is a cross-border theme"),
        Column("source", "text", "where the numbers come from"),
    ),
    suffix="csv",
)

TABLES = (REGION, REGION_MUNICIPALITIES, REGION_THEMES)

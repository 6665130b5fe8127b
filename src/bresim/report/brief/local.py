"""The page of a municipality in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bresim.analysis.comparison import above_zero, below_zero
from bresim.brief.rows import rows as rows_of
from bresim.brief.runs import MEASURED
from bresim.conventions import REFERENCE
from bresim.governance import compile_design
from bresim.report.brief.sheets import Sheet
from bresim.report.brief.tables import local_values, municipality
from bresim.report.brief.words import Words, tenths


@dataclass(frozen=True)
class Local:
    """A municipality: what it means for it, and its table."""

    name: str
    anchor: str
    sentences: tuple[str, ...]
    sheet: Sheet
    values: Sheet


def local(words: Words, name: str) -> Local:
    """The page of a municipality."""
    at = list(words.brief.region.names).index(name)
    sentences = [
        _now(words, name),
        _gains(words, name),
        _package(words, name),
        _vote(words, name),
        _absent(words, name),
        _takes_part(words, at),
    ]
    told = tuple(text for text in sentences if text)
    return Local(name, f"municipality-{at}", told, municipality(words, name), local_values(words, name))


def locals_of(words: Words) -> list[Local]:
    """The pages that were asked for: one, or all in the order of their names."""
    chosen = words.brief.config.municipality
    return [local(words, name) for name in ([chosen] if chosen else sorted(words.brief.region.names))]


def _now(words: Words, name: str) -> str:
    """What it has if nothing changes."""
    table, _, language = words.brief.municipalities, words._, words.language
    row = table[(table["municipality"] == name) & (table["design"] == REFERENCE)].iloc[0]
    due = float(row["pledges"])
    text = _(
        "If nothing changes, {value} of what is attainable in {name} is realised by the end of {end}. In the model, "
        "not measured: it trusts the others for {given} on average, and they trust it for {received}."
    ).format(
        name=name,
        end=words.end,
        value=language.percent(row["value"], 1),
        given=language.percent(row["trust_given"]),
        received=language.percent(row["trust_received"]),
    )
    if due:
        kept = 1.0 - (float(row["delays"]) + float(row["defaults"])) / due
        text += " " + _("It keeps {kept} of its promises in time.").format(kept=language.percent(kept))
    return text


def _gains(words: Words, name: str) -> str:
    """Which design brings it most, and under which it loses."""
    table, _, language = words.brief.municipalities, words._, words.language
    mine = table[(table["municipality"] == name) & (table["design"] != REFERENCE)].sort_values("gain", ascending=False)
    founded = mine[mine["design"] != MEASURED]
    if founded.empty:
        return ""
    clear = founded[founded["low"].map(above_zero)]
    if len(clear):
        top, most = clear.iloc[0], founded["gain"].map(tenths).nlargest(2).to_list()
        text = (
            _("Most is realised there with {design}, if it is founded: {points} percentage points ({low} to {high}).")
            if tenths(top["gain"]) == most[0] > min(most)
            else _("With {design}, if it is founded, it gains {points} percentage points ({low} to {high}).")
        ).format(
            design=words.quoted(str(top["design"])),
            points=language.points(top["gain"]),
            low=language.points(top["low"]),
            high=language.points(top["high"]),
        )
    else:
        text = _("No way of working together yields clearly more for it than now.")
    losing = mine[mine["high"].map(below_zero)]
    if len(losing):
        listed = language.join(words.quoted(str(one)) for one in losing["design"])
        text += " " + _("It loses with {designs}.").format(designs=listed)
    else:
        text += " " + _("It clearly loses with none.")
    return text + _loses_at(words, name)


def _loses_at(words: Words, name: str) -> str:
    """At which scales it loses with the design that is explained."""
    table, _, language = words.brief.local_values, words._, words.language
    mine = table[(table["municipality"] == name) & (table["design"] == words.brief.explained)]
    losing = mine[mine["what"].str.startswith("scale:") & mine["high"].map(below_zero)]
    if losing.empty:
        return ""
    listed = language.join(
        f"{words.scale_or_theme(row['what'])} ({language.points(row['gain'])})" for row in rows_of(losing)
    )
    return " " + _("With {design} less is realised at one scale: {listed}.").format(
        design=words.quoted(str(words.brief.explained)), listed=listed
    )


def _package(words: Words, name: str) -> str:
    """What the recommended package of measures brings it."""
    table, _, language, found = words.brief.package_local, words._, words.language, words.brief.recommended
    if table.empty or found is None:
        return ""
    row = table[table["municipality"] == name].iloc[0]
    text = (
        _("Without founding anything, {measures} bring it {points} percentage points ({low} to {high}).")
        if above_zero(row["low"])
        else _("Without founding anything, {measures} do not clearly bring it more than now ({low} to {high}).")
    )
    return text.format(
        measures=words.measures(str(found["parts"]).split(";")),
        points=language.points(row["gain"]),
        low=language.points(row["low"]),
        high=language.points(row["high"]),
    )


def _vote(words: Words, name: str) -> str:
    """What it thinks of founding the design that is explained."""
    votes, _, language = words.brief.votes, words._, words.language
    mine = votes[(votes["municipality"] == name) & (votes["design"] == words.brief.explained)] if len(votes) else votes
    if not len(mine):
        return ""
    row = mine.iloc[0]
    text = _("The chance that it votes for founding {design} is {chance}.").format(
        design=words.quoted(str(words.brief.explained)), chance=language.percent(row["chance"])
    )
    if isinstance(row["against"], str):
        text += " " + _("What weighs most against it: {reason}.").format(reason=words.reason_against(row["against"]))
    if isinstance(row["measure"], str) and round(row["with_measure"], 2) > round(row["chance"], 2):
        text += " " + _("With {measure} that chance is {chance}.").format(
            measure=words.inside(row["measure"]), chance=language.percent(row["with_measure"])
        )
    return text


def _absent(words: Words, name: str) -> str:
    """What the region loses without it."""
    table, _ = words.brief.absence, words._
    mine = table[(table["who"] == name) & (table["kind"] == "municipality")] if len(table) else table
    if not len(mine) or not np.isfinite(mine.iloc[0]["change"]):
        return ""
    row = mine.iloc[0]
    if above_zero(row["low"]):
        text = _("If it stays out of {design}, the region realises {points} percentage points more.")
    elif below_zero(row["high"]):
        text = _("If it stays out of {design}, the region realises {points} percentage points less.")
    else:
        text = _("If it stays out of {design}, the value for the region does not clearly change.")
    told = text.format(
        design=words.quoted(str(words.brief.explained)), points=words.language.number(abs(100.0 * row["change"]))
    )
    return f"{told} {_own(words, row)}"


def _own(words: Words, row: pd.Series) -> str:
    """What it changes for itself by staying out."""
    _ = words._
    if above_zero(row["own_low"]):
        text = _("It would itself have {points} percentage points more than if it took part.")
    elif below_zero(row["own_high"]):
        text = _("It would itself have {points} percentage points less than if it took part.")
    else:
        text = _("For itself that does not clearly change anything.")
    return text.format(points=words.language.number(abs(100.0 * row["own"])))


def _takes_part(words: Words, at: int) -> str:
    """In which designs it does not take part."""
    region, _ = words.brief.region, words._
    out = [
        words.quoted(design.name)
        for design in words.brief.config.designs
        if not compile_design(design, region).eligible[at]
    ]
    return _("It does not take part in {designs}.").format(designs=words.language.join(out)) if out else ""


def who_takes_part(words: Words) -> list[tuple[str, str]]:
    """(design, names) of every design in which not all municipalities take part."""
    region, found = words.brief.region, []
    for design in words.brief.config.designs:
        eligible = compile_design(design, region).eligible
        if not eligible.all():
            names = sorted(name for name, one in zip(region.names, eligible, strict=True) if one)
            count = words.language.numeral(len(names))
            told = words._("{count} municipalities: {names}.").format(count=count, names=words.language.join(names))
            found.append((words.design(design.name), told))
    return found

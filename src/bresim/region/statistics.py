"""Figures of a region that sources publish too: one function each, from the arrays that the model uses.

A figure that depends on memberships has one value for every membership solution, (S,); the others have one value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bresim.region.types import Bools, Floats, Region

Subject = Literal["", "municipality", "pair", "subregion", "group", "legal_form"]

#: Legal form → (Dutch, English).
FORM_LABELS = {
    "coordination": ("afstemming", "coordination"),
    "network": ("netwerkconstructie", "network"),
    "private_body": ("zelfstandige private organisatie", "private body"),
    "wgr_body": ("zelfstandige organisatie Wgr", "body under the Wgr"),
}
#: Group that the shipped designs know → (Dutch, English).
GROUP_LABELS = {
    "centres": ("centrumgemeenten", "centre municipalities"),
    "tripool": ("Tripool", "Tripool"),
    "middengebied": ("Middengebied", "Middengebied"),
    "steering_group": ("regiegroep", "steering group"),
    "regio_deal": ("Regio Deal", "Regio Deal"),
}


@dataclass(frozen=True)
class Statistic:
    """One figure. ``{subject}`` in a label is what it is about."""

    unit: Literal["count", "share", "mean", "inhabitants"]
    subject: Subject
    label_nl: str
    label_en: str
    compute: Callable[[Region, str], Floats]


def subjects(region: Region, kind: Subject) -> dict[str, tuple[str, str]]:
    """What a statistic of this kind may be about: key → (Dutch, English) label."""
    if kind == "municipality":
        return {name: (name, name) for name in region.names}
    if kind == "pair":
        return {f"{a};{b}": (f"{a} – {b}", f"{a} – {b}") for a in region.names for b in region.names if a != b}
    if kind == "subregion":
        return {key: (label, label) for key, label in zip(region.subregions, region.subregion_labels, strict=True)}
    if kind == "group":
        return {key: GROUP_LABELS.get(key, (key.replace("_", " "),) * 2) for key in region.groups}
    if kind == "legal_form":
        return dict(FORM_LABELS)
    return {"": ("", "")}


def _one(value: float) -> Floats:
    return np.array([value], dtype=np.float64)


def _flag(region: Region, attribute: str) -> Bools:
    return np.array([bool(getattr(work, attribute)) for work in region.collaborations], dtype=np.bool_)


def _inside(region: Region) -> Bools:
    """(S, C, N) memberships of the collaborations that stay within the region."""
    return np.asarray(region.memberships[:, ~_flag(region, "external")])


def _exactly(region: Region, members: Bools) -> Floats:
    """(S,) internal collaborations with exactly these members."""
    return np.asarray((_inside(region) == members).all(axis=2).sum(axis=1), dtype=np.float64)


def _at(region: Region, name: str) -> int:
    return region.names.index(name)


def _of(region: Region, key: str) -> Bools:
    return np.asarray(region.subregion == region.subregions.index(key))


def shared_collaborations(region: Region) -> Floats:
    """(S, N, N) collaborations that two municipalities share; on the diagonal those of one."""
    members = region.memberships.astype(np.float64)
    return np.asarray(np.einsum("sci,scj->sij", members, members))


def _shared_apart(region: Region) -> Floats:
    """(S, pairs) shared collaborations of every pair."""
    above = np.triu_indices(region.size, k=1)
    return shared_collaborations(region)[:, above[0], above[1]]


def _exclusive(region: Region, key: str) -> Floats:
    return _exactly(region, _of(region, key))


def _other_internal(region: Region, _: str) -> Floats:
    known = _exactly(region, np.ones(region.size, dtype=np.bool_))
    if len(region.subregions) > 1:
        known = known + sum(_exclusive(region, key) for key in region.subregions)
    return np.asarray(_inside(region).shape[1] - known)


def _form_share(region: Region, form: str) -> Floats:
    forms = [work.legal_form for work in region.collaborations]
    return _one(forms.count(form) / max(len(forms), 1))


def _pair(region: Region, pair: str) -> Floats:
    a, b = pair.split(";")
    return np.asarray(shared_collaborations(region)[:, _at(region, a), _at(region, b)])


def _members_mean(region: Region, _: str) -> Floats:
    inside = _inside(region)
    return np.asarray(inside.sum(axis=(1, 2)) / max(inside.shape[1], 1), dtype=np.float64)


def _of_municipality(region: Region, name: str, outside: bool = False) -> Floats:
    rows = region.memberships[:, _flag(region, "external")] if outside else region.memberships
    return np.asarray(rows[:, :, _at(region, name)].sum(axis=1), dtype=np.float64)


def _of_subregion(region: Region, key: str) -> Floats:
    return np.asarray(region.memberships.sum(axis=1)[:, _of(region, key)].mean(axis=1), dtype=np.float64)


def _resignations(region: Region, _: str) -> Floats:
    """Aldermen who leave early in 24 quarters, if they leave one by one at the region's chances."""
    return _one(float(-24.0 * np.log1p(-region.instability).sum()))


def _support(region: Region, _: str) -> Floats:
    return _one(float(np.average(region.support, weights=region.council_seats)))


def _crossing(region: Region, _: str) -> Floats:
    return _one(sum("cross_border" in work.themes for work in region.collaborations))


#: Name → figure. The order is that of the table.
STATISTICS: dict[str, Statistic] = {
    "municipalities": Statistic("count", "", "gemeenten", "municipalities", lambda r, _: _one(r.size)),
    "population": Statistic("inhabitants", "", "inwoners", "inhabitants", lambda r, _: _one(r.population.sum())),
    "population_mean": Statistic(
        "inhabitants", "", "inwoners per gemeente", "inhabitants per municipality",
        lambda r, _: _one(r.population.mean())
    ),
    "population_of": Statistic(
        "inhabitants", "municipality", "inwoners van {subject}", "inhabitants of {subject}",
        lambda r, name: _one(r.population[_at(r, name)]),
    ),
    "population_share": Statistic(
        "share", "municipality", "aandeel in de bevolking: {subject}", "share of the population: {subject}",
        lambda r, name: _one(r.population[_at(r, name)] / r.population.sum()),
    ),
    "group_size": Statistic(
        "count", "group", "gemeenten: {subject}", "municipalities: {subject}",
        lambda r, key: _one(r.groups[key].sum()),
    ),
    "group_population": Statistic(
        "inhabitants", "group", "inwoners: {subject}", "inhabitants: {subject}",
        lambda r, key: _one(r.population[r.groups[key]].sum()),
    ),
    "council_seats": Statistic("count", "", "raadszetels", "council seats", lambda r, _: _one(r.council_seats.sum())),
    "border_municipalities": Statistic(
        "count", "", "gemeenten aan de landsgrens", "municipalities on the national border",
        lambda r, _: _one((r.border > 0.0).sum()),
    ),
    "aldermen_resigned": Statistic(
        "count", "", "wethouders die voortijdig opstappen, per zes jaar", "aldermen who leave early, in six years",
        _resignations
    ),
    "council_support": Statistic(
        "share", "", "draagvlak in de raden (gewogen naar zetels)", "support in the councils (weighted by seats)",
        _support
    ),
    "collaborations": Statistic(
        "count", "", "samenwerkingsverbanden", "collaborations", lambda r, _: _one(len(r.collaborations))
    ),
    "internal": Statistic(
        "count", "", "interne samenwerkingsverbanden", "internal collaborations",
        lambda r, _: _one((~_flag(r, "external")).sum()),
    ),
    "external": Statistic(
        "count", "", "externe samenwerkingsverbanden", "external collaborations",
        lambda r, _: _one(_flag(r, "external").sum()),
    ),
    "congruence": Statistic(
        "share", "", "congruentie (aandeel intern)", "congruence (share internal)",
        lambda r, _: _one((~_flag(r, "external")).sum() / max(len(r.collaborations), 1)),
    ),
    "with_all": Statistic(
        "count", "", "interne verbanden met alle gemeenten", "internal ones with all municipalities",
        lambda r, _: _exactly(r, np.ones(r.size, dtype=np.bool_)),
    ),
    "exclusive": Statistic(
        "count", "subregion", "interne verbanden met precies {subject}", "internal ones with exactly {subject}",
        _exclusive
    ),
    "other_internal": Statistic(
        "count", "", "overige interne verbanden", "other internal ones", _other_internal
    ),
    "members_mean_internal": Statistic(
        "mean", "", "gemeenten per intern verband", "municipalities per internal collaboration", _members_mean
    ),
    "collaborations_mean": Statistic(
        "mean", "subregion", "verbanden per gemeente: {subject}", "collaborations per municipality: {subject}",
        _of_subregion
    ),
    "collaborations_of": Statistic(
        "count", "municipality", "verbanden van {subject}", "collaborations of {subject}", _of_municipality
    ),
    "external_of": Statistic(
        "count", "municipality", "externe verbanden van {subject}", "external collaborations of {subject}",
        lambda r, name: _of_municipality(r, name, outside=True),
    ),
    "pair_most": Statistic(
        "count", "", "meeste gedeelde verbanden van twee gemeenten", "most collaborations shared by two municipalities",
        lambda r, _: np.asarray(_shared_apart(r).max(axis=1)),
    ),
    "pair_least": Statistic(
        "count", "", "minste gedeelde verbanden van twee gemeenten",
        "fewest collaborations shared by two municipalities",
        lambda r, _: np.asarray(_shared_apart(r).min(axis=1)),
    ),
    "pair_shared": Statistic(
        "count", "pair", "gedeelde verbanden: {subject}", "shared collaborations: {subject}", _pair,
    ),
    "legal_form_share": Statistic("share", "legal_form", "rechtsvorm: {subject}", "legal form: {subject}", _form_share),
    "with_province": Statistic(
        "count", "", "verbanden met de provincie", "collaborations with the province",
        lambda r, _: _one(_flag(r, "province").sum()),
    ),
    "with_water_board": Statistic(
        "count", "", "verbanden met het waterschap", "collaborations with the water board",
        lambda r, _: _one(_flag(r, "water_board").sum()),
    ),
    "mandatory": Statistic(
        "count", "", "verplichte verbanden", "mandatory collaborations", lambda r, _: _one(_flag(r, "mandatory").sum())
    ),
    "cross_border": Statistic(
        "count", "", "grensoverschrijdende verbanden", "cross-border collaborations", _crossing
    ),
}  # fmt: skip

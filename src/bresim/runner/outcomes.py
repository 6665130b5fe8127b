"""From the state of a run to its outcomes; sees only ``State`` and ``World``. Names, units and meaning: ``columns``."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bresim.columns import RUN_OUTCOMES, STATE_OUTCOMES
from bresim.columns.runs import CAPACITY_USE, MUNICIPALITY_OUTCOMES
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import called, njit, within_caller
from bresim.kernel.state import (
    BUREAU,
    COLLABORATIONS,
    ECONOMIC,
    EXECUTION,
    LOCAL,
    MEETINGS,
    OWN,
    REGIONAL,
    SOCIETAL,
    SUBREGIONAL,
)

#: Outcomes of the state, also kept every quarter; those known only at the end of a run; those of a municipality.
STATE_DTYPE = np.dtype([(outcome.name, np.float64) for outcome in STATE_OUTCOMES])
END_DTYPE = np.dtype([(outcome.name, np.float64) for outcome in RUN_OUTCOMES])
MUNICIPALITY_DTYPE = np.dtype([(column.name, np.float64) for column in MUNICIPALITY_OUTCOMES])
#: Capacity of a municipality in a quarter, in fte, and what it went to.
CAPACITY_DTYPE = np.dtype([(column.name, np.float64) for column in CAPACITY_USE])


class RunRows(NamedTuple):
    """The outcomes of R runs as records, over the memory of the table (R, columns) of ``blank_rows``; two or more."""

    state: np.ndarray  # (R,) record of STATE_DTYPE
    themes: np.ndarray  # (R, K)
    subregions: np.ndarray  # (R, subregions)
    end: np.ndarray  # (R,) record of END_DTYPE


def blank_rows(runs: int, columns: int, themes: int) -> tuple[np.ndarray, RunRows]:
    """A table (R, columns as in ``columns.run_outcomes``) of NaN, and its rows as named records, which write to it.

    The records have two rows or more: of a single one NumPy takes every part for contiguous, which is another type to
    the compiler, and the whole model would be compiled once more for it.
    """
    table = np.full((max(2, runs), columns), np.nan)
    first = len(STATE_OUTCOMES)
    last = columns - len(RUN_OUTCOMES)
    rows = RunRows(
        table[:, :first].view(STATE_DTYPE)[:, 0].view(np.recarray),
        table[:, first : first + themes],
        table[:, first + themes : last],
        table[:, last:].view(END_DTYPE)[:, 0].view(np.recarray),
    )
    return table[:runs], rows


@njit
def _share(part, total):
    """``part`` of ``total``, in [0, 1]; NaN where there is nothing to have a part of."""
    return clip(part / total) if total > 0.0 else math.nan


@njit
def _at_scale(weights, realised, scale):
    """(realised, attainable) value at one scale; ``weights`` and ``realised`` are (K, scales, N)."""
    themes, _, size = weights.shape
    part = 0.0
    total = 0.0
    for k in range(themes):
        for i in range(size):
            part += weights[k, scale, i] * realised[k, scale, i]
            total += weights[k, scale, i]
    return part, total


@within_caller
def _public_value(s, w, row):
    """Realised shares of direct and indirect value, in all and by scale."""
    weights, realised = w.attainable_direct, s.direct
    regional, regional_total = _at_scale(weights, realised, REGIONAL)
    subregional, subregional_total = _at_scale(weights, realised, SUBREGIONAL)
    local, local_total = _at_scale(weights, realised, LOCAL)
    row.public_value_direct = clip(regional + subregional + local)
    row.public_value_regional = _share(regional, regional_total)
    row.public_value_subregional = _share(subregional, subregional_total)
    row.public_value_local = _share(local, local_total)
    weights, realised = w.attainable_indirect, s.indirect
    regional, regional_total = _at_scale(weights, realised, REGIONAL)
    subregional, subregional_total = _at_scale(weights, realised, SUBREGIONAL)
    row.public_value_indirect = clip(regional + subregional) if regional_total + subregional_total > 0.0 else math.nan
    row.public_value_regional_indirect = _share(regional, regional_total)
    row.public_value_subregional_indirect = _share(subregional, subregional_total)


@within_caller
def _pairs(s, w, row):
    """Mean trust and grievance over pairs of municipalities."""
    size = s.trust.shape[0]
    trust = 0.0
    grievance = 0.0
    across = 0.0
    pairs = 0.0
    for i in range(size):
        for j in range(size):
            if i != j:
                trust += s.trust[i, j]
                grievance += s.grievance[i, j]
                across += s.trust[i, j] * w.divided[i, j]
                pairs += w.divided[i, j]
    row.trust_mean = trust / (size * (size - 1.0))
    row.trust_centre_rural = across / pairs if pairs > 0.0 else math.nan
    row.grievance_mean = grievance / (size * (size - 1.0))


@within_caller
def _urgency(s, row):
    """Mean urgency, and how far municipalities differ in it."""
    themes, size = s.urgency.shape
    total = 0.0
    spread = 0.0
    for k in range(themes):
        mean = 0.0
        for i in range(size):
            mean += s.urgency[k, i] / size
        variance = 0.0
        for i in range(size):
            variance += (s.urgency[k, i] - mean) * (s.urgency[k, i] - mean) / size
        total += mean / themes
        spread += math.sqrt(variance) / themes
    row.urgency_mean = clip(total)
    row.urgency_spread = spread


@njit
def state_outcomes(s, w, row):
    """Fill ``row``, a record of ``STATE_DTYPE``, from the state as it is."""
    _public_value(s, w, row)
    _pairs(s, w, row)
    _urgency(s, row)
    size = s.support.shape[0]
    support = 0.0
    accepted = 0.0
    slack = 0.0
    load = 0.0
    for i in range(size):
        support += s.support[i] / size
        accepted += s.acceptance[i] / size
        slack += s.slack[i] / s.capacity[i] / size
        load += s.load[i] / size
    row.support_mean = clip(support)
    row.province_acceptance = clip(accepted)
    row.partner_trust_economic = s.partner[ECONOMIC]
    row.partner_trust_societal = s.partner[SOCIETAL]
    row.slack_mean = clip(slack)
    row.load_mean = clip(load)


@within_caller
def _direct_of_theme(s, w, k):
    """Realised share of the direct value attainable in theme k."""
    part = 0.0
    total = 0.0
    for scale in range(LOCAL + 1):
        for i in range(s.support.shape[0]):
            part += w.attainable_direct[k, scale, i] * s.direct[k, scale, i]
            total += w.attainable_direct[k, scale, i]
    return _share(part, total)


@within_caller
def _direct_of_subregion(s, w, subregion, group):
    """Realised share of the direct value attainable in one subregion; ``subregion`` (N,) int."""
    part = 0.0
    total = 0.0
    for i in range(subregion.shape[0]):
        if subregion[i] == group:
            for k in range(s.urgency.shape[0]):
                for scale in range(LOCAL + 1):
                    part += w.attainable_direct[k, scale, i] * s.direct[k, scale, i]
                    total += w.attainable_direct[k, scale, i]
    return _share(part, total)


@njit
def _direct_of_municipality(s, w, i, themes, scales):
    """Realised share of the direct value attainable in municipality ``i`` in these ranges; NaN where nothing is."""
    part = 0.0
    total = 0.0
    for k in themes:
        for scale in scales:
            part += w.attainable_direct[k, scale, i] * s.direct[k, scale, i]
            total += w.attainable_direct[k, scale, i]
    return _share(part, total)


@njit
def gini(values):
    """Gini coefficient of non-negative ``values`` (N,): mean absolute difference over twice the mean."""
    total = 0.0
    gaps = 0.0
    for i in range(values.shape[0]):
        total += values[i]
        for j in range(values.shape[0]):
            gaps += abs(values[i] - values[j])
    return gaps / (2.0 * values.shape[0] * total) if total > 0.0 else 0.0


@within_caller
def _distribution(s, w, shares, row):
    """How direct value is spread over municipalities in which any is attainable; ``shares`` (N,) is working memory."""
    worst = 1.0
    known = 0
    for i in range(shares.shape[0]):
        share = _direct_of_municipality(s, w, i, range(s.urgency.shape[0]), range(LOCAL + 1))
        if not math.isnan(share):
            shares[known] = share
            worst = min(worst, share)
            known += 1
    row.public_value_worst_municipality = worst
    row.public_value_gini = clip(gini(shares[:known]))


@within_caller
def _counted(s, row):
    """What was counted over the policy window, and when the design was founded."""
    counts, region = s.counts, s.region
    row.agreements = counts.agreements
    row.deadlocks = counts.deadlocks
    row.completed = counts.completed
    row.failed = counts.failed
    row.imposed = counts.imposed
    row.promises = counts.pledges
    row.default_rate = counts.defaults / counts.pledges if counts.pledges > 0 else math.nan
    row.delay_rate = counts.delays / counts.pledges if counts.pledges > 0 else math.nan
    row.enforced = counts.enforced
    row.quarters_to_agreement = counts.quarters_waited / counts.agreements if counts.agreements > 0 else math.nan
    row.quarters_to_first_result = counts.first_result if counts.first_result >= 0 else math.nan
    row.mandatory_delivery = counts.mandatory_done / counts.mandatory_due if counts.mandatory_due > 0 else math.nan
    row.adopted = 1.0 if region.adopted else 0.0
    row.adopted_quarter = region.adopted_quarter if region.adopted else math.nan
    row.refused = region.refusals
    row.dissolved = 1.0 if region.dissolved else 0.0
    row.dissolved_quarter = region.dissolved_quarter if region.dissolved else math.nan
    row.followed = 1.0 if region.followed else 0.0


@called
def run_outcomes(s, w, subregion, shares, rows, r):
    """Fill row ``r`` of ``rows`` (``RunRows``) with all outcomes of a finished run.

    ``subregion`` (N,) int, ``shares`` (N,) working memory.
    """
    state_outcomes(s, w, rows.state[r])
    for k in range(rows.themes.shape[1]):
        rows.themes[r, k] = _direct_of_theme(s, w, k)
    for group in range(rows.subregions.shape[1]):
        rows.subregions[r, group] = _direct_of_subregion(s, w, subregion, group)
    _distribution(s, w, shares, rows.end[r])
    _counted(s, rows.end[r])


@within_caller
def _value_of_municipality(s, w, i, row, by_theme):
    """Realised shares of the direct value of municipality ``i``: in all, by scale, and by theme (K,)."""
    themes, scales = range(by_theme.shape[0]), range(LOCAL + 1)
    row.public_value_direct = _direct_of_municipality(s, w, i, themes, scales)
    row.public_value_regional = _direct_of_municipality(s, w, i, themes, range(REGIONAL, REGIONAL + 1))
    row.public_value_subregional = _direct_of_municipality(s, w, i, themes, range(SUBREGIONAL, SUBREGIONAL + 1))
    row.public_value_local = _direct_of_municipality(s, w, i, themes, range(LOCAL, LOCAL + 1))
    for k in themes:
        by_theme[k] = _direct_of_municipality(s, w, i, range(k, k + 1), scales)


@within_caller
def _fte_of_municipality(s, i, row, quarters):
    """Mean of what the capacity of municipality ``i`` went to over so many quarters; NaN over none."""
    over = quarters if quarters > 0 else math.nan
    row.fte_collaborations = s.spent[COLLABORATIONS, i] / over
    row.fte_meetings = s.spent[MEETINGS, i] / over
    row.fte_bureau = s.spent[BUREAU, i] / over
    row.fte_execution = s.spent[EXECUTION, i] / over
    row.fte_own = s.spent[OWN, i] / over


@njit
def municipality_outcomes(s, w, t, table, by_theme):
    """Fill ``table`` (N,), records of ``MUNICIPALITY_DTYPE``, and ``by_theme`` (N, K) at the end of quarter ``t``.

    ``by_theme`` is the realised share of the direct value of each theme. ``note_capacity`` comes before it.
    """
    themes, size = w.severity.shape
    for i in range(size):
        row = table[i]
        _value_of_municipality(s, w, i, row, by_theme[i])
        _fte_of_municipality(s, i, row, t + 1 - w.policy_start)
        part = 0.0
        total = 0.0
        for k in range(themes):
            for scale in range(REGIONAL, SUBREGIONAL + 1):
                part += w.attainable_indirect[k, scale, i] * s.indirect[k, scale, i]
                total += w.attainable_indirect[k, scale, i]
        row.public_value_indirect = _share(part, total)
        given = 0.0
        received = 0.0
        grievance = 0.0
        for j in range(size):
            if j != i:
                given += s.trust[i, j]
                received += s.trust[j, i]
                grievance += s.grievance[j, i]
        row.trust_given = given / (size - 1.0)
        row.trust_received = received / (size - 1.0)
        row.grievance_received = grievance / (size - 1.0)
        row.support = s.support[i]
        row.slack = s.slack[i] / s.capacity[i]
        row.load = s.load[i]
        urgency = 0.0
        for k in range(themes):
            urgency += s.urgency[k, i] / themes
        row.urgency = clip(urgency)
        row.agreements = s.agreements[i]
        row.pledges = s.pledged[i]
        row.delays = s.delayed[i]
        row.defaults = s.defaulted[i]


@njit
def _uses(s, i):
    """What the capacity of municipality ``i`` went to this quarter, in the order of ``State.spent``; it adds up.

    Where standing collaborations and meetings ask more than there is, they take all of it in that order.
    """
    taken = s.load[i] * s.capacity[i]
    collaborations = min(s.standing[i], taken)
    bureau = max(0.0, s.capacity[i] - taken - s.slack[i])
    return collaborations, taken - collaborations, bureau, s.used[i], max(0.0, s.slack[i] - s.used[i])


@called
def capacity_use(s, table):
    """Fill ``table`` (N,), records of ``CAPACITY_DTYPE``, with what capacity went to this quarter."""
    for i in range(s.capacity.shape[0]):
        row = table[i]
        row.capacity = s.capacity[i]
        row.collaborations, row.meetings, row.bureau, row.execution, row.own = _uses(s, i)


@called
def note_capacity(s, w, t):
    """Add what capacity went to in quarter ``t`` to what it went to in the policy window."""
    if t < w.policy_start:
        return
    for i in range(s.capacity.shape[0]):
        collaborations, meetings, bureau, execution, own = _uses(s, i)
        s.spent[COLLABORATIONS, i] += collaborations
        s.spent[MEETINGS, i] += meetings
        s.spent[BUREAU, i] += bureau
        s.spent[EXECUTION, i] += execution
        s.spent[OWN, i] += own

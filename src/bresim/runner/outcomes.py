"""From the state of a run to its outcomes; sees only ``State`` and ``World``. Names and units: ``columns``."""

from __future__ import annotations

import math

from bresim.columns import RUN_OUTCOMES, STATE_OUTCOMES
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import called, njit
from bresim.kernel.state import (
    ADOPTED,
    ADOPTED_QUARTER,
    FIRST_RESULT,
    LOCAL,
    N_AGREEMENTS,
    N_COMPLETED,
    N_DEADLOCKS,
    N_DEFAULTS,
    N_FAILED,
    N_IMPOSED,
    N_MANDATORY_DONE,
    N_MANDATORY_DUE,
    N_PLEDGES,
    REGIONAL,
    SUBREGIONAL,
    SUM_WAIT,
)

N_STATE = len(STATE_OUTCOMES)
N_RUN = len(RUN_OUTCOMES)
#: Columns per municipality at the end of a run.
MUNICIPALITY_COLUMNS = (
    "public_value_direct",
    "public_value_indirect",
    "trust_given",
    "trust_received",
    "grievance_received",
    "support",
    "slack",
    "load",
    "urgency",
    "pledges",
    "defaults",
)


@njit
def _realised(s, w, row):
    """Realised shares of direct and indirect value, in all and by scale (row 0..6)."""
    themes, size = w.severity.shape
    got = 0.0
    for scale in range(LOCAL + 1):
        part = 0.0
        total = 0.0
        for k in range(themes):
            for i in range(size):
                part += w.attainable_direct[k, scale, i] * s.direct[k, scale, i]
                total += w.attainable_direct[k, scale, i]
        got += part
        row[2 + scale] = clip(part / total) if total > 0.0 else math.nan
    row[0] = clip(got)
    got = 0.0
    for scale in range(LOCAL):
        part = 0.0
        total = 0.0
        for k in range(themes):
            for i in range(size):
                part += w.attainable_indirect[k, scale, i] * s.indirect[k, scale, i]
                total += w.attainable_indirect[k, scale, i]
        got += part
        row[5 + scale] = clip(part / total) if total > 0.0 else math.nan
    row[1] = clip(got)


@njit
def state_outcomes(s, w, row):
    """Fill ``row`` (N_STATE,) with ``STATE_OUTCOMES`` of the state as it is."""
    themes, size = w.severity.shape
    _realised(s, w, row)
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
    row[7] = trust / (size * (size - 1.0))
    row[8] = across / pairs if pairs > 0.0 else math.nan
    row[9] = grievance / (size * (size - 1.0))
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
    row[10] = total
    row[11] = spread
    support = 0.0
    accepted = 0.0
    slack = 0.0
    load = 0.0
    for i in range(size):
        support += s.support[i] / size
        accepted += s.acceptance[i] / size
        slack += s.slack[i] / s.capacity[i] / size
        load += s.load[i] / size
    row[12] = clip(support)
    row[13] = clip(accepted)
    row[14] = s.partner[0]
    row[15] = s.partner[1]
    row[16] = clip(slack)
    row[17] = clip(load)


@njit
def _share_of(s, w, i):
    """Realised share of the direct value attainable in municipality ``i``."""
    part = 0.0
    total = 0.0
    for k in range(w.severity.shape[0]):
        for scale in range(LOCAL + 1):
            part += w.attainable_direct[k, scale, i] * s.direct[k, scale, i]
            total += w.attainable_direct[k, scale, i]
    return clip(part / total) if total > 0.0 else 0.0


@njit
def gini(values):
    """Gini coefficient of non-negative values; 0 when all are equal (or zero)."""
    total = 0.0
    gaps = 0.0
    for i in range(values.shape[0]):
        total += values[i]
        for j in range(values.shape[0]):
            gaps += abs(values[i] - values[j])
    return gaps / (2.0 * values.shape[0] * total) if total > 0.0 else 0.0


@called
def run_outcomes(s, w, subregion, groups, shares, row):
    """Fill ``row`` with all outcomes of a finished run, in the order of ``columns.run_outcomes``.

    ``subregion`` (N,) int, ``groups`` their number, ``shares`` (N,) scratch.
    """
    themes, size = w.severity.shape
    state_outcomes(s, w, row)
    at = N_STATE
    for k in range(themes):
        part = 0.0
        total = 0.0
        for scale in range(LOCAL + 1):
            for i in range(size):
                part += w.attainable_direct[k, scale, i] * s.direct[k, scale, i]
                total += w.attainable_direct[k, scale, i]
        row[at] = clip(part / total) if total > 0.0 else math.nan
        at += 1
    for group in range(groups):
        part = 0.0
        total = 0.0
        for i in range(size):
            if subregion[i] == group:
                for k in range(themes):
                    for scale in range(LOCAL + 1):
                        part += w.attainable_direct[k, scale, i] * s.direct[k, scale, i]
                        total += w.attainable_direct[k, scale, i]
        row[at] = clip(part / total) if total > 0.0 else math.nan
        at += 1
    worst = 1.0
    for i in range(size):
        shares[i] = _share_of(s, w, i)
        worst = min(worst, shares[i])
    row[at] = worst
    row[at + 1] = clip(gini(shares))
    row[at + 2] = s.counts[N_AGREEMENTS]
    row[at + 3] = s.counts[N_DEADLOCKS]
    row[at + 4] = s.counts[N_COMPLETED]
    row[at + 5] = s.counts[N_FAILED]
    row[at + 6] = s.counts[N_IMPOSED]
    row[at + 7] = s.counts[N_DEFAULTS] / s.counts[N_PLEDGES] if s.counts[N_PLEDGES] > 0.0 else math.nan
    row[at + 8] = s.counts[SUM_WAIT] / s.counts[N_AGREEMENTS] if s.counts[N_AGREEMENTS] > 0.0 else math.nan
    row[at + 9] = s.counts[FIRST_RESULT] if s.counts[FIRST_RESULT] >= 0.0 else math.nan
    row[at + 10] = (
        s.counts[N_MANDATORY_DONE] / s.counts[N_MANDATORY_DUE] if s.counts[N_MANDATORY_DUE] > 0.0 else math.nan
    )
    row[at + 11] = s.scalars[ADOPTED]
    row[at + 12] = s.scalars[ADOPTED_QUARTER] if s.scalars[ADOPTED] > 0.0 else math.nan


@njit
def municipality_outcomes(s, w, table):
    """Fill ``table`` (N, columns) with ``MUNICIPALITY_COLUMNS`` at the end of a run."""
    themes, size = w.severity.shape
    for i in range(size):
        table[i, 0] = _share_of(s, w, i)
        part = 0.0
        total = 0.0
        for k in range(themes):
            for scale in range(REGIONAL, SUBREGIONAL + 1):
                part += w.attainable_indirect[k, scale, i] * s.indirect[k, scale, i]
                total += w.attainable_indirect[k, scale, i]
        table[i, 1] = clip(part / total) if total > 0.0 else math.nan
        given = 0.0
        received = 0.0
        grievance = 0.0
        for j in range(size):
            if j != i:
                given += s.trust[i, j]
                received += s.trust[j, i]
                grievance += s.grievance[j, i]
        table[i, 2] = given / (size - 1.0)
        table[i, 3] = received / (size - 1.0)
        table[i, 4] = grievance / (size - 1.0)
        table[i, 5] = s.support[i]
        table[i, 6] = s.slack[i] / s.capacity[i]
        table[i, 7] = s.load[i]
        urgency = 0.0
        for k in range(themes):
            urgency += s.urgency[k, i] / themes
        table[i, 8] = urgency
        table[i, 9] = s.pledged[i]
        table[i, 10] = s.defaulted[i]

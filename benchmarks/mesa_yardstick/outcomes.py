"""What a run leaves: reporters for Mesa's DataCollector, and the outcomes known at the end. Names as bresim's."""

from __future__ import annotations

import math
from statistics import fmean

from benchmarks.mesa_yardstick.agents import clip, spread
from bresim.columns import RUN_OUTCOMES
from bresim.kernel.state import LOCAL, REGIONAL, SUBREGIONAL


def share_of(parts):
    """Realised over attainable, of pairs (attainable, realised share)."""
    parts = list(parts)
    total = sum(attainable for attainable, _ in parts)
    if total <= 0.0:
        return math.nan
    return clip(sum(attainable * realised for attainable, realised in parts) / total)


def direct(agents, themes, scales=(REGIONAL, SUBREGIONAL, LOCAL)):
    """Realised share of the direct value of some municipalities, themes and scales."""
    return share_of(
        (one.attainable_direct[theme][scale], one.direct[theme][scale])
        for one in agents
        for theme in themes
        for scale in scales
    )


def indirect(agents, themes, scales=(REGIONAL, SUBREGIONAL)):
    """Realised share of the indirect value of some municipalities, themes and scales."""
    return share_of(
        (one.attainable_indirect[theme][scale], one.indirect[theme][scale])
        for one in agents
        for theme in themes
        for scale in scales
    )


def trust_centre_rural(model):
    """Mean trust between centres and the Middengebied, both ways."""
    across = [
        trust
        for one in model.agents
        for other, trust in one.trust.items()
        if (one.centre and other.rural) or (one.rural and other.centre)
    ]
    return fmean(across) if across else math.nan


def gini(values):
    """Gini coefficient; 0 when all are equal."""
    total = sum(values)
    gaps = sum(abs(first - second) for first in values for second in values)
    return gaps / (2.0 * len(values) * total) if total > 0.0 else 0.0


#: Collected every quarter.
STATE = {
    "public_value_direct": lambda m: direct(m.agents, m.themes),
    "public_value_indirect": lambda m: indirect(m.agents, m.themes),
    "public_value_regional": lambda m: direct(m.agents, m.themes, [REGIONAL]),
    "public_value_subregional": lambda m: direct(m.agents, m.themes, [SUBREGIONAL]),
    "public_value_local": lambda m: direct(m.agents, m.themes, [LOCAL]),
    "public_value_regional_indirect": lambda m: indirect(m.agents, m.themes, [REGIONAL]),
    "public_value_subregional_indirect": lambda m: indirect(m.agents, m.themes, [SUBREGIONAL]),
    "trust_mean": lambda m: fmean([trust for one in m.agents for trust in one.trust.values()]),
    "trust_centre_rural": trust_centre_rural,
    "grievance_mean": lambda m: fmean([grievance for one in m.agents for grievance in one.grievance.values()]),
    "urgency_mean": lambda m: fmean([urgency for one in m.agents for urgency in one.urgency.values()]),
    "urgency_spread": lambda m: fmean([spread([one.urgency[theme] for one in m.agents]) for theme in m.themes]),
    "support_mean": lambda m: m.agents.agg("support", fmean),
    "province_acceptance": lambda m: m.agents.agg("acceptance", fmean),
    "partner_trust_economic": lambda m: m.partners.economic,
    "partner_trust_societal": lambda m: m.partners.societal,
    "slack_mean": lambda m: fmean([one.slack / one.capacity for one in m.agents]),
    "load_mean": lambda m: m.agents.agg("load", fmean),
}


def at_the_end(model, subregions):
    """Every outcome of a finished run, in the order of bresim's runs; ``subregions`` is their number."""
    series = model.datacollector.model_vars
    outcomes = [series[name][-1] for name in STATE]
    outcomes += [direct(model.agents, [theme]) for theme in model.themes]
    for subregion in range(subregions):
        outcomes.append(direct([one for one in model.agents if one.subregion == subregion], model.themes))
    shares = [share for one in model.agents if not math.isnan(share := direct([one], model.themes))]

    def ratio(part, total):
        return part / total if total else math.nan

    def known(value):
        return math.nan if value is None else value

    own = {
        "public_value_worst_municipality": min(shares),
        "public_value_gini": gini(shares),
        "agreements": model.agreements,
        "deadlocks": model.deadlocks,
        "completed": model.completed,
        "failed": model.failed,
        "imposed": model.imposed,
        "promises": model.pledges,
        "default_rate": ratio(model.defaults, model.pledges),
        "delay_rate": ratio(model.delays, model.pledges),
        "enforced": model.enforced,
        "quarters_to_agreement": ratio(model.waited, model.agreements),
        "quarters_to_first_result": known(model.first_result),
        "mandatory_delivery": ratio(model.mandatory_done, model.mandatory_due),
        "adopted": float(model.adopted_quarter is not None),
        "adopted_quarter": known(model.adopted_quarter),
        "refused": model.refusals,
        "dissolved": float(model.dissolved_quarter is not None),
        "dissolved_quarter": known(model.dissolved_quarter),
        "followed": float(model.followed),
    }
    return outcomes + [own[outcome.name] for outcome in RUN_OUTCOMES]

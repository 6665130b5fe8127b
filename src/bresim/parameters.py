"""Every parameter of the model: unit, default, range, prior and source, written once.

The docs' parameter table, the Hydra group ``parameters``, the priors of a sweep and the record that
the compiled rules read are all made from ``PARAMETERS``. Which rules read a parameter is derived (``bresim.rulebook``), not written here. A weight nobody
has measured is a parameter with a range and the source "judgement"; the range is then what we are prepared to defend.
Logit slopes are per unit of a quantity in [0, 1], centred where the rule says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Prior = Literal["uniform", "log_uniform"]


@dataclass(frozen=True)
class Parameter:
    """A model parameter: ``low`` and ``high`` bound its prior and what a user may set."""

    name: str
    unit: str
    default: float
    low: float
    high: float
    prior: Prior
    meaning: str
    source: str


def _p(
    name: str, unit: str, default: float, low: float, high: float, meaning: str, source: str,
    prior: Prior = "uniform",
) -> Parameter:
    return Parameter(name, unit, default, low, high, prior, meaning, source)


_JUDGEMENT = "judgement; a plausible set, not a point"

_ALL = (
    # --- shocks, funding, elections and turnover ----------------------------------------------------
    _p("shock_rate", "1/quarter", 0.006, 0.002, 0.015, "chance per theme that an unscheduled shock strikes",
       "Corona and the 2021 flood in five years over eight themes (BRE 3)"),
    _p("shock_size", "share", 0.7, 0.4, 0.95, "size of an unscheduled shock", _JUDGEMENT),
    _p("shock_persistence", "per quarter", 0.75, 0.5, 0.9, "share of a shock that is left a quarter later",
       _JUDGEMENT),
    _p("window_rate", "1/quarter", 0.09, 0.05, 0.14,
       "chance that a central funding window opens for a theme of propensity 1", "BRE 2.1 (focus areas 2022), 5.6"),
    _p("window_persistence", "per quarter", 0.88, 0.8, 0.95, "share of a funding window left a quarter later",
       "grants of about two years (BRE 5.6)"),
    _p("lobby_effect", "factor", 1.0, 0.3, 2.0, "how much full lobby strength raises the chance of a window",
       "BRE 2.1 (lack of overview hampers lobby), 4.2.2"),
    _p("indirect_effect", "factor", 0.8, 0.2, 1.5,
       "how much realised indirect value (a shared strategy) raises the chance of a window",
       "BRE 2.1 footnote 3: indirect value is a precondition (means, subsidy, representation)"),
    _p("turnover_base", "probability", 0.35, 0.2, 0.5, "chance that an election changes the aldermen",
       _JUDGEMENT),
    _p("turnover_local", "probability", 0.25, 0.05, 0.4, "extra chance where local parties hold all seats",
       "BRE 5.3 (local parties), 2.3"),
    _p("turnover_pull", "share", 0.4, 0.2, 0.6,
       "share of the trust above its institutional baseline that falls away at a turnover, and chance that a commitment is dropped",
       "BRE 4.2.1: aldermen change, mayors stay"),
    _p("resignation_share", "share", 0.25, 0.15, 0.5,
       "weight of one alderman leaving early, relative to a change of all aldermen", "one of three to six aldermen (BRE 5.2)"),
    _p("election_jolt", "share", 0.10, 0.03, 0.2, "largest change of council support at an election",
       "BRE 2.3 (dynamics around elections)"),
    _p("campaign_effect", "factor", 0.25, 0.0, 0.5,
       "how much parochialism rises in an election quarter and the one before", "BRE 2.3"),
    _p("exit_rate", "probability", 0.15, 0.05, 0.35,
       "chance that a municipality leaves an unbound agreement at a turnover", "BRE 4.1 (non-commitment)"),
    _p("turbulence_step", "share", 0.25, 0.05, 0.5, "largest change of the province's stance at its election",
       "BRE 2.1 (a changing province)"),
    _p("shock_jolt", "share", 0.5, 0.2, 0.9, "share of what is missing to full urgency that a shock of size 1 brings at once",
       "BRE 3 (a common enemy unites); judgement"),
    # --- urgency ------------------------------------------------------------------------------------
    _p("urgency_rate", "1/quarter", 0.35, 0.15, 0.6, "speed at which urgency moves to its target", _JUDGEMENT),
    _p("urgency_influence", "share", 0.25, 0.05, 0.5, "weight of trusted others in urgency (xi)",
       "Friedkin & Johnsen 1990"),
    _p("urgency_relief", "share", 0.5, 0.1, 0.9, "how far realised value takes away severity", _JUDGEMENT),
    # --- capacity and load --------------------------------------------------------------------------
    _p("capacity_scale", "fte", 3.0, 2.0, 4.5, "capacity for regional work of a municipality of 10,000",
       "BRE 5.6 gives no fte; judgement: some 30 hours a week for each of three or four domains"),
    _p("capacity_exponent", "exponent", 1.12, 1.06, 1.18, "growth of capacity with population (gamma)",
       "BRE 5.6: small municipalities cannot supply"),
    _p("collaboration_fte", "fte", 0.023, 0.016, 0.03, "work that a light collaboration asks of a member of 10,000 inhabitants",
       "BRE 2.1, 4.1 (administrative load); judgement"),
    _p("collaboration_exponent", "exponent", 0.75, 0.6, 0.9,
       "growth with population of the work of a collaboration or table",
       "BRE 2.1 (centres do most of the work), 4.1 (crowding is felt by all); judgement"),
    _p("body_load", "factor", 1.4, 1.0, 2.0, "work of a body (private or WGR) relative to a light form", _JUDGEMENT),
    _p("table_fte", "fte", 0.03, 0.015, 0.05, "work of sitting at one open table, for a member of 10,000 inhabitants",
       "BRE 2.1 (three times the same people)"),
    _p("thinning_reach", "share", 0.4, 0.2, 0.6, "share of voluntary collaborations that full thinning ends",
       "BRE 4.1, 4.2.2 ('nee, tenzij'); judgement"),
    _p("merging_saving", "share", 0.35, 0.15, 0.55, "share of table and voluntary work that merging saves",
       "RD 1 and 4; judgement"),
    # --- founding and steering ----------------------------------------------------------------------
    _p("adopt_base", "logit", 1.2, 0.3, 2.2, "inclination to found a new design", "window of opportunity (BRE 3), broad need for improvement (BRE 4.1)"),
    _p("adopt_trust", "logit", 1.2, 0.4, 2.2, "weight of trust (x2 around 1/2)", _JUDGEMENT),
    _p("adopt_support", "logit", 1.0, 0.3, 1.8, "weight of council support (x2 around 1/2)", "BRE 2.3, 5.7"),
    _p("adopt_orientation", "logit", 1.2, 0.4, 2.2, "weight of regional orientation (x2 around 1/2)", "BRE 2.1"),
    _p("adopt_autonomy", "logit", 1.6, 0.6, 2.8, "weight of lost autonomy for a fully parochial municipality",
       "BRE 2.3, 5.7 (councils defend autonomy)"),
    _p("adopt_say", "logit", 1.0, 0.3, 2.0, "weight of unequal say for a municipality that is not heard", "BRE 2.3"),
    _p("adopt_interval", "quarters", 4.0, 2.0, 8.0, "quarters between attempts to found the design",
       _JUDGEMENT),
    _p("mandate_patience", "quarters", 4.0, 3.0, 8.0,
       "quarters without regional agreement after which the province steers without mandate, or imposes with one", "BRE 4.2.3 (a year)"),
    # --- services: staff asked for each municipality at full strength -------------------------------
    _p("coordination_fte", "fte", 0.15, 0.05, 0.3, "staff that full coordination asks for each municipality", "RD 3 (programmabureau); judgement"),
    _p("facilitation_fte", "fte", 0.08, 0.03, 0.16, "staff that full facilitation asks for each municipality", "BRE 4.2.2 (a guide and a team); judgement"),
    _p("monitoring_fte", "fte", 0.06, 0.02, 0.12, "staff that full monitoring asks for each municipality", "BRE 4.2.3; RD 3; judgement"),
    _p("lobby_fte", "fte", 0.10, 0.03, 0.2, "staff that full lobby asks for each municipality", "RD 3 (fund raising, lobby, public affairs); judgement"),
    _p("escalation_fte", "fte", 0.04, 0.01, 0.08, "staff that full escalation asks for each municipality", "RD 3; judgement"),
    _p("secretaries_fte", "fte", 0.06, 0.02, 0.12, "staff that the secretaries' coordination of capacity asks for each municipality", "BRE 4.2.3; judgement"),
    _p("council_fte", "fte", 0.06, 0.02, 0.12, "staff that full information of councils, or a group of councillors, asks for each municipality",
       "BRE 4.2.1 (regiogriffier); RD 1; judgement"),
    _p("binding_fte", "fte", 0.06, 0.02, 0.12, "staff that fully binding agreements ask for each municipality: to make them hard and to guard them",
       "BRE 4.1 (agreements laid down hard); judgement"),
    _p("focus_fte", "fte", 0.05, 0.02, 0.1, "staff that a full focus on cross-border themes asks for each municipality", "BRE 4.2.3; judgement"),
    _p("sounding_fte", "fte", 0.02, 0.005, 0.04, "staff that a full sounding board asks for each municipality", "RD 3; judgement"),
    _p("review_fte", "fte", 0.06, 0.02, 0.12, "staff that a full review of collaborations, or merging them, asks for each municipality",
       "BRE 4.2.2 (the secretaries' review); judgement"),
    _p("celebration_fte", "fte", 0.02, 0.005, 0.04, "staff that full celebration asks for each municipality", _JUDGEMENT),
    _p("province_staff", "fte", 2.5, 1.0, 6.0, "staff that the province has for services to the region", "BRE 2.1 (a facilitating province); judgement"),
    _p("ungranted_reach", "share", 0.4, 0.15, 0.7, "how far the province gets without a mandate, by the legal route", "BRE 4.2.3; judgement"),
    # --- agenda -------------------------------------------------------------------------------------
    _p("open_rate", "1/quarter", 0.5, 0.3, 0.8, "rate at which a theme of urgency 1 is put on the agenda",
       _JUDGEMENT),
    _p("cooldown", "quarters", 6.0, 3.0, 10.0, "quarters before a deadlocked or failed theme can reopen", _JUDGEMENT),
    # --- joining and withdrawing --------------------------------------------------------------------
    _p("subregional_bond", "share", 0.4, 0.2, 0.6,
       "share of parochialism and of the divide that does not hold within the own subregion", "BRE 2.1 (more bond is felt in the subregions)"),
    _p("join_base", "logit", 0.1, -0.2, 0.4, "inclination to join", "logit choice (McFadden 1974)"),
    _p("join_urgency", "logit", 1.7, 1.0, 2.5, "weight of urgency", "BRE 3: shared urgency"),
    _p("join_interest", "logit", 3.0, 2.2, 4.0, "weight of effective interest", "BRE 3: shared interest"),
    _p("join_trust", "logit", 3.0, 2.2, 3.8, "weight of trust in the others (x2 around 1/2)", "BRE 3: trust"),
    _p("join_room", "logit", 2.0, 1.0, 3.0, "how much a municipality holds back that has no room for what is asked",
       "BRE 5.6, 4.2.3 (secretaries confront aldermen with what choices mean for capacity); judgement"),
    _p("join_rally", "logit", 2.0, 1.0, 3.0, "weight of a common shock on the theme", "BRE 3 (a common enemy unites)"),
    _p("join_record", "logit", 2.5, 1.3, 3.7, "weight of what the arena completed together before", "BRE 2.1 (flywheel)"),
    _p("join_support", "logit", 0.8, 0.3, 1.4, "weight of council support (x2 around 1/2)", "BRE 2.3"),
    _p("join_money", "logit", 4.0, 3.0, 5.0, "weight of central money", "BRE 2.1: means as oil"),
    _p("join_facilitation", "logit", 0.6, 0.1, 1.2, "weight of an independent process guide", "BRE 4.2.2"),
    _p("join_orientation", "logit", 0.6, 0.2, 1.2, "weight of orientation, regional arenas only", "BRE 2.1"),
    _p("join_binding", "logit", 0.8, 0.3, 1.4, "deterrence by binding where support is low", "BRE 4.2.2"),
    _p("join_threat", "logit", 1.5, 1.0, 2.2, "weight of the shadow of hierarchy where accepted",
       "Scharpf 1997; BRE 4.2.3"),
    _p("join_reactance", "logit", 1.6, 1.0, 2.4, "reactance against steering where not accepted",
       "Brehm 1966; Frey & Jegen 2001"),
    _p("join_peers", "logit", 0.8, 0.0, 1.6, "weight of the share already committed (around 1/2)",
       "threshold model, Granovetter 1978"),
    _p("join_opt_out", "logit", 0.5, 0.1, 1.0, "pull of freedom in how to act", "RD 3"),
    _p("join_say", "logit", 2.4, 1.4, 3.4, "weight of unequal say, times the divide", "BRE 2.3"),
    _p("pace", "1/quarter", 1.1, 0.85, 1.4, "rate at which a municipality that sits at no other table decides", _JUDGEMENT),
    _p("crowding", "per table", 0.1, 0.06, 0.14, "how much one more table slows down deciding at each",
       "BRE 2.1, 4.1 (asked too much; municipalities get stuck); judgement"),
    _p("facilitation_pace", "factor", 0.35, 0.1, 0.6, "how much facilitation speeds up deciding", "BRE 4.2.2"),
    _p("revoke", "1/quarter", 0.06, 0.02, 0.12, "chance to withdraw an unbound commitment before agreement",
       "BRE 4.1"),
    # --- agreement ----------------------------------------------------------------------------------
    _p("patience", "quarters", 8.0, 6.0, 11.0, "quarters of negotiation before deadlock", _JUDGEMENT),
    _p("ratify_base", "logit", 0.8, 0.2, 1.6, "inclination of a council to ratify", _JUDGEMENT),
    _p("ratify_support", "logit", 1.5, 0.6, 2.5, "weight of council support (x2 around 1/2)", "RD 3; BRE 5.7"),
    # --- a council's weight, in founding and joining ------------------------------------------------
    _p("council_local", "share", 0.2, 0.0, 0.5,
       "how much more a council's support weighs where local parties hold all seats than where they hold half", "BRE 5.3; judgement"),
    # --- keeping a promise --------------------------------------------------------------------------
    _p("deliver_base", "logit", -0.3, -0.6, 0.0, "inclination to keep a promise", "logit choice (McFadden 1974)"),
    _p("deliver_trust", "logit", 3.0, 2.0, 4.0, "weight of trust in fellow members (x2 around 1/2)", "BRE 3"),
    _p("deliver_interest", "logit", 2.1, 1.4, 2.8, "weight of effective interest", "BRE 3"),
    _p("deliver_urgency", "logit", 0.9, 0.4, 1.5, "weight of urgency", "BRE 3"),
    _p("mandatory_slack", "logit", 0.8, 0.4, 1.4, "weight of free capacity where the law obliges", "BRE 5.6"),
    _p("deliver_record", "logit", 1.6, 0.8, 2.4, "weight of what the arena completed together before", "BRE 2.1 (flywheel)"),
    _p("deliver_say", "logit", 3.0, 2.0, 4.0, "weight of having little say, times the divide", "BRE 2.3 (no equal partnership)"),
    _p("deliver_threat", "logit", 1.0, 0.5, 1.6, "weight of the shadow of hierarchy where accepted", "BRE 4.1; Scharpf 1997"),
    _p("deliver_reactance", "logit", 1.0, 0.5, 1.6, "reactance against steering where not accepted", "Frey & Jegen 2001"),
    _p("deliver_binding", "logit", 1.3, 0.7, 1.9, "weight of binding agreements", "BRE 4.1: no hard agreements"),
    _p("deliver_monitoring", "logit", 0.9, 0.5, 1.4, "weight of monitoring", "BRE 4.1, 4.2.3"),
    _p("deliver_sanction", "logit", 0.5, 0.1, 1.0, "weight of losing influence", "BRE 4.2.3"),
    _p("deliver_money", "logit", 1.2, 0.6, 1.8, "weight of central money", "BRE 2.1"),
    _p("deliver_ratified", "logit", 0.5, 0.1, 1.0, "weight of a council that decided on the means", "RD 3"),
    _p("deliver_coerced", "logit", 1.0, 0.5, 1.8, "loss for a member that was bound against its vote", "Frey & Jegen 2001"),
    # --- work done ----------------------------------------------------------------------------------
    _p("work", "quarters", 0.65, 0.4, 1.05, "work of an initiative, in quarters of its members' whole starting capacity",
       _JUDGEMENT, "log_uniform"),
    _p("work_fixed", "fte quarters", 14.0, 6.0, 22.0, "work of an initiative whatever its size",
       "economies of scale; judgement"),
    _p("plan_longest", "quarters", 11.0, 9.0, 13.0, "quarters of the slowest plan that is agreed",
       "programmes of two to four years (BRE 5.6, RD 4); judgement"),
    _p("plan_shortest", "quarters", 4.0, 3.0, 6.0, "quarters of the fastest plan that is agreed", "quick wins within a year (BRE 4.2.3); judgement"),
    _p("promise_share", "share", 0.4, 0.2, 0.6, "share of its free capacity that a municipality promises to one more initiative", _JUDGEMENT),
    _p("milestone_quarters", "quarters", 4.0, 2.0, 6.0, "quarters between milestones",
       "RD 3 (year plan of each alliance)"),
    _p("milestone_tolerance", "share", 0.25, 0.1, 0.4, "share of a promise that may be missing without being held against a member",
       _JUDGEMENT),
    _p("announce", "share", 0.75, 0.5, 0.95, "chance that a delay is said in time, without monitoring",
       "BRE 4.2.1 (be open, so that others are not surprised); judgement"),
    _p("capital_work", "factor", 7.0, 5.0, 9.0,
       "extra work of a theme that depends on central money, while there is none",
       "BRE 2.1 (where there is no central money, themes are left lying)"),
    _p("work_absent", "share", 0.25, 0.05, 0.5, "share of the absentees' work that falls on the members",
       "RD 1: problems shift if not tackled together"),
    _p("transaction_cost", "per member", 0.06, 0.03, 0.10, "cost of one more member without coordination (chi)",
       "Williamson 1985; Feiock 2013 (ICA)"),
    _p("trust_cost", "share", 0.3, 0.0, 0.6, "share of transaction cost that full trust among the members takes away, and that full distrust adds",
       "Klok, Denters, Boogers & Sanders 2018 (trust matters for cost); the size is a judgement"),
    _p("homogeneity_gain", "share", 0.6, 0.3, 0.9, "share of transaction cost that municipalities of one kind avoid",
       "BRE 2.1 (Parkstad: one kind of municipalities); Feiock 2007 (ICA)"),
    _p("autonomy_gain", "share", 0.35, 0.1, 0.6, "share of transaction cost that autonomous alliances avoid", "RD 3"),
    _p("opt_out_loss", "share", 0.2, 0.05, 0.4, "effort lost because members act in different ways", _JUDGEMENT),
    _p("bureau_efficiency", "factor", 1.25, 0.8, 1.7, "work per fte in a shared bureau relative to at home",
       "BRE 2.1 (Parkstad), 4.2.2; can be below 1"),
    _p("capacity_coordination_gain", "factor", 0.3, 0.1, 0.6,
       "extra effort when the secretaries coordinate capacity", "BRE 4.2.3"),
    _p("home_first", "share", 0.5, 0.3, 0.7, "share of slack a fully parochial municipality keeps at home", "BRE 2.3"),
    _p("stake_elsewhere", "share", 0.55, 0.35, 0.75,
       "share of what regional action brings that lands in other municipalities, which a parochial one does not count",
       "BRE 2.3, 4.1 (regional interest set against own interest); judgement"),
    _p("money_effort", "factor", 2.0, 1.2, 2.8, "extra work paid by a full funding window", "BRE 2.1"),
    _p("partner_effort", "share", 0.2, 0.08, 0.32, "work of fully trusting partners, share of the members' capacity",
       "BRE 2.2; RD 1"),
    _p("overrun", "quarters", 12.5, 11.0, 14.0, "quarters of execution before an initiative fails", _JUDGEMENT),
    # --- value --------------------------------------------------------------------------------------
    _p("closure", "share", 0.19, 0.12, 0.26, "share of what remains that a completed initiative closes (phi)",
       _JUDGEMENT),
    _p("coverage_exponent", "exponent", 1.3, 1.0, 1.8, "how sharply value falls when members are missing (eta)",
       "RD 1: temporary shift of problems"),
    _p("spillover", "share", 0.3, 0.05, 0.6, "share of the value that reaches non-members", "Olson 1965"),
    _p("partial", "share", 0.5, 0.2, 0.8, "share of the value of its progress that a failed initiative leaves",
       _JUDGEMENT),
    _p("agreement_closure", "share", 0.34, 0.22, 0.46, "share of remaining indirect value that an agreement closes",
       "BRE 2.1: champion of strategy"),
    _p("erosion_direct", "1/quarter", 0.004, 0.001, 0.01, "rate at which realised direct value wears off", _JUDGEMENT),
    _p("erosion_indirect", "1/quarter", 0.012, 0.004, 0.025, "rate at which strategies age", "BRE 2.1 (visions follow visions)"),
    _p("local_rate", "1/quarter", 0.003, 0.0005, 0.006, "share of remaining local value that full slack closes",
       _JUDGEMENT),
    _p("mandatory_rate", "1/quarter", 0.0008, 0.0002, 0.002,
       "share of remaining regional value that delivered mandatory collaborations close on top of what they already keep up", "BRE 2.1"),
    _p("mandatory_delivery_base", "logit", 2.2, 1.4, 3.0, "inclination to deliver where the law obliges", "BRE 2.1, box"),
    # --- trust --------------------------------------------------------------------------------------
    _p("baseline_trust", "share", 0.25, 0.18, 0.32, "institutional trust between two municipalities far apart",
       _JUDGEMENT),
    _p("baseline_subregion", "share", 0.08, 0.0, 0.16, "extra within a subregion", "BRE 2.1: shared history and culture"),
    _p("baseline_record", "share", 0.5, 0.3, 0.7, "extra between members of a subregion, per track record of its arena at the start",
       "BRE 2.1 (a longer history of collaboration: \"meer gunnen\")"),
    _p("baseline_contact", "share", 0.10, 0.0, 0.2, "extra per share of collaborations in common (max = 1)",
       "BRE 5.1, Figuur 6"),
    _p("baseline_divide", "share", 0.35, 0.2, 0.5, "loss over a full divide between centre and Middengebied", "BRE 2.3"),
    _p("baseline_rivalry", "share", 0.12, 0.0, 0.25, "loss between rival centres at a full divide", "BRE 2.1, 2.3"),
    _p("trust_councils", "share", 0.12, 0.04, 0.2, "extra between municipalities whose councils are both fully involved",
       "BRE 4.2.1 (contact between councils); Boogers, Denters & Sanders 2015"),
    _p("trust_noise", "share", 0.08, 0.02, 0.15, "largest deviation of starting trust from its baseline", _JUDGEMENT),
    _p("trust_gain", "share", 0.05, 0.03, 0.07, "trust gained by a promise kept at a milestone, share of what is left to gain",
       _JUDGEMENT),
    _p("trust_loss_ratio", "factor", 2.0, 1.3, 3.0, "a default weighs this many times a kept promise (lambda)",
       "Slovic 1993 gives no number; judgement"),
    _p("trust_return", "1/quarter", 0.012, 0.004, 0.03, "return of trust to its institutional baseline", _JUDGEMENT),
    _p("trust_ceiling", "share", 0.5, 0.3, 0.8, "how far grievance lowers the ceiling of trust (omega)", "Slovic 1993"),
    _p("trust_grievance", "share", 0.45, 0.3, 0.6, "how far grievance, own or heard of, lowers the baseline of trust",
       "BRE 2.3 (bad examples are repeated)"),
    _p("trust_completion", "share", 0.14, 0.08, 0.2, "trust gained among members by what is completed together, share of what is left to gain",
       "BRE 4.2.1 (trust grows by booking results)"),
    _p("trust_failure", "share", 0.06, 0.0, 0.12, "share of trust among members lost by a failure", "BRE 2.3; judgement"),
    _p("record_gain", "share", 0.12, 0.06, 0.2, "track record gained by a completed initiative, share of what is left to gain",
       "BRE 2.1 (flywheel); judgement"),
    _p("record_decay", "1/quarter", 0.008, 0.003, 0.015, "rate at which a track record fades", _JUDGEMENT),
    _p("start_executing", "share", 0.15, 0.05, 0.25, "chance that a theme is in execution in an arena when the run begins",
       "BRE 2.1, 5.6; judgement"),
    _p("start_negotiating", "share", 0.6, 0.4, 0.8, "chance that a theme that is not, is under negotiation", "BRE 5.6; judgement"),
    _p("start_members", "share", 0.75, 0.5, 0.95, "chance that a municipality is a member of what was under way", _JUDGEMENT),
    _p("visibility", "share", 0.45, 0.2, 0.7, "share of what becomes of promises that others see without monitoring", "BRE 3: no overview"),
    _p("claiming", "share", 0.8, 0.6, 1.0, "share of a success claimed as personal at full negativity", "BRE 2.3"),
    # --- grievance ----------------------------------------------------------------------------------
    _p("grievance_start", "share", 0.75, 0.5, 1.0, "starting grievance at full negativity over a divide",
       "BRE 2.3 (history of mergers); judgement"),
    _p("grievance_rate", "share", 0.06, 0.03, 0.1, "grievance left by a seen default", _JUDGEMENT),
    _p("grievance_decay", "1/quarter", 0.04, 0.02, 0.08, "rate of forgetting without negativity", _JUDGEMENT),
    _p("grievance_memory", "share", 0.7, 0.4, 0.9, "how far full negativity slows down forgetting", "BRE 2.3"),
    _p("retelling", "1/quarter", 0.16, 0.08, 0.25, "rate at which bad examples are retold at full negativity", "BRE 2.3"),
    _p("holdout_grievance", "share", 0.04, 0.01, 0.08, "grievance against hold-outs after a deadlock", _JUDGEMENT),
    _p("overruling_grievance", "share", 0.12, 0.05, 0.2, "grievance of the overruled after an imposition they do not accept",
       "BRE 2.3 (merger debates are where bad memories come from)"),
    # --- divide -------------------------------------------------------------------------------------
    _p("divide_rate", "1/quarter", 0.05, 0.02, 0.1, "speed of the divide", _JUDGEMENT),
    _p("divide_say", "share", 0.5, 0.2, 0.8, "how much unequal say feeds the divide", "BRE 2.3, 4.2.1"),
    _p("divide_carrying", "share", 0.5, 0.2, 0.8, "how much unequal carrying feeds the divide", "BRE 2.3, 3"),
    # --- council support ----------------------------------------------------------------------------
    _p("support_rate", "1/quarter", 0.08, 0.03, 0.15, "speed of council support", _JUDGEMENT),
    _p("support_results", "share", 0.35, 0.15, 0.6, "support gained by full recent results at home", "BRE 2.1 (RD4, WML), 5.7"),
    _p("support_involvement", "share", 0.2, 0.08, 0.35, "support gained by full involvement of councils", "BRE 2.1, 4.2.1"),
    _p("support_load", "share", 0.15, 0.05, 0.3, "support lost by full administrative load", "BRE 4.1"),
    _p("support_failure", "share", 0.04, 0.01, 0.08, "support lost by a deadlock or failure", "BRE 2.3"),
    _p("results_memory", "per quarter", 0.85, 0.7, 0.93, "share of visible results remembered a quarter later", _JUDGEMENT),
    # --- trust of partners --------------------------------------------------------------------------
    _p("partner_start", "share", 0.6, 0.5, 0.75, "trust of partners at the start", "BRE 2.2"),
    _p("partner_gain", "share", 0.10, 0.04, 0.18, "trust gained by a completed initiative", _JUDGEMENT),
    _p("partner_loss", "share", 0.07, 0.03, 0.14, "trust lost by a deadlock or failure", "BRE 2.1, 2.2"),
    _p("partner_drift", "1/quarter", 0.010, 0.003, 0.02, "trust lost while many lines are open and few are finished",
       "BRE 2.2: too many focus areas"),
    _p("partner_return", "1/quarter", 0.015, 0.005, 0.03, "return of partner trust to its start", _JUDGEMENT),
    # --- acceptance of the province -----------------------------------------------------------------
    _p("acceptance_loss", "share", 0.15, 0.05, 0.3, "share of acceptance lost when the province imposes, enforces, or steers for a year, without a mandate", "Frey & Jegen 2001"),
    _p("acceptance_mandate", "share", 0.3, 0.1, 0.5, "acceptance gained by a granted mandate", "BRE 4.2.3"),
    _p("acceptance_rate", "1/quarter", 0.03, 0.01, 0.06, "return of acceptance to its baseline", _JUDGEMENT),
    # --- later ones: at the end, as the order is part of what a draw from the priors gives -----------
    _p("sounding_effect", "share", 0.5, 0.2, 0.8, "share of unequal say that a sounding board makes up for",
       "RD 3 (bestuurlijke klankbordgroep); judgement"),
    _p("deliver_burden", "logit", 0.8, 0.3, 1.5, "loss for a member whose equal share of the cost weighs twice that of the mean",
       "RD 1 (differences in carrying capacity); judgement"),
    _p("escalation_time", "quarters", 4.0, 2.0, 8.0, "extra quarters that full escalation buys", "RD 3; judgement"),
    _p("stance", "share", 0.5, 0.3, 0.7, "the province's readiness to act at the start",
       "BRE 2.1 (more and more facilitating)"),
    _p("urgency_jolt", "share", 0.05, 0.0, 0.1, "largest change of urgency for a theme at an election",
       "BRE 2.3 (dynamics around elections)"),
    _p("overrun_grievance", "share", 0.015, 0.0, 0.03, "grievance between members of a failed initiative",
       "BRE 2.3 (bad examples are repeated); judgement"),
    # --- votes on what holds in the region ------------------------------------------------------------
    _p("adopt_urgency", "logit", 0.8, 0.2, 1.5, "weight of urgency of the themes in scope (x2 around 1/2)",
       "BRE 3 (shared urgency; window of opportunity); judgement"),
    _p("adopt_interest", "logit", 0.8, 0.2, 1.5, "weight of effective interest in the themes in scope (x2 around 1/2)",
       "BRE 3 (shared interest); judgement"),
    _p("adopt_money", "logit", 0.8, 0.2, 1.5, "weight of money in sight for the themes in scope", "BRE 2.1 (means as oil); RD 1; judgement"),
    _p("adopt_refused", "logit", 0.7, 0.2, 1.3, "how much less inclined a municipality is just after a refusal",
       "BRE 2.3 (what went wrong is remembered); judgement"),
    _p("refusal_decay", "1/quarter", 0.08, 0.04, 0.15, "rate at which a refusal is forgotten", _JUDGEMENT),
    _p("dissolve_base", "logit", -1.0, -2.0, 0.0, "inclination to dissolve what was founded, once it is put to the vote",
       "BRE 2.2, 5.6 (LED was dissolved, Parkstad lasts); judgement"),
    _p("dissolve_years", "logit", 0.5, 0.2, 0.9, "weight of one more year without a result", "BRE 5.6 (too few results); judgement"),
    _p("dissolve_results", "logit", 2.0, 1.0, 3.0, "weight of what the region completed together before", "BRE 2.1 (flywheel), 5.6; judgement"),
    _p("dissolve_cost", "logit", 1.0, 0.4, 1.6, "weight of the staff that a municipality gives to the pool", "BRE 2.2 (debate on use and cost); judgement"),
    _p("dissolve_exit", "logit", 1.0, 0.4, 1.6, "weight of what leaving costs", "Wgr (ending a joint arrangement is regulated); judgement"),
    _p("dissolve_patience", "quarters", 8.0, 6.0, 12.0,
       "quarters without a result, once it is built up, after which what was founded is put to the vote",
       "BRE 5.6 (LED: four years, set-up included); judgement"),
    # --- members that do not deliver -------------------------------------------------------------------------
    _p("vote_lost_quarters", "quarters", 4.0, 2.0, 8.0, "quarters after which a vote that was lost is back at the latest", _JUDGEMENT),
    # --- what an exploration leaves --------------------------------------------------------------------
    _p("thinning_return", "1/quarter", 0.03, 0.0, 0.1, "rate at which ended collaborations come back, and merged structures come apart, once nobody sees to it",
       "BRE 4.2.2 ('uitdunnen'; 124 collaborations grew one by one); judgement"),
)

#: Every parameter by name. The order is part of what a draw from the priors gives: add at the end.
PARAMETERS: Mapping[str, Parameter] = {parameter.name: parameter for parameter in _ALL}

#: One record a parameter set: the compiled rules read ``p.trust_gain`` and the like.
DTYPE = np.dtype([(parameter.name, np.float64) for parameter in _ALL])


def records(values: NDArray[np.float64]) -> np.recarray:
    """Turn (P, number of parameters) values, columns as in ``PARAMETERS``, into P records."""
    table = np.ascontiguousarray(np.atleast_2d(values), dtype=np.float64)
    return table.view(DTYPE).reshape(-1).view(np.recarray)


def defaults() -> NDArray[np.float64]:
    """The documented point, one value a parameter."""
    return np.array([parameter.default for parameter in _ALL])

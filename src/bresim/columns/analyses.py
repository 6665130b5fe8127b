"""Tables of what is computed from runs: the comparison of designs, patterns, sensitivity analysis and discovery."""

from __future__ import annotations

from dataclasses import replace

from bresim.columns.keys import DESIGN, FOUNDING, OUTCOME, SWEPT, TOLD_KEYS
from bresim.columns.schema import Column, Table

_NONE_KNOWN = "no replicate has the outcome"
_NO_PAIR = "`status_quo` is not among the designs, or no replicate has the outcome under both"
_NO_BEST = "the outcome has no direction, there is one design only, or no replicate has the outcome under every design"
_NO_SPLIT = "fewer than two parameter sets have a value, no two replicates with a value have the same parameters and codings, or it does not vary"
_NOT_APART = "; or each parameter set has one draw of the codings, so that what the two do cannot be told apart"
_STOCHASTIC = ("share of the variance of {what} that is stochastic (aleatory) uncertainty: the variance between replicates with the same parameters and codings, "
               "over that variance and the two below together (nested random-effects analysis of variance)")
_CODING = ("share of the variance of {what} that comes from how the designs are read: the variance between draws of the codings with the same parameters; "
           "0 if all replicates have one reading")
_PARAMETRIC = "share of the variance of {what} that is parametric (epistemic) uncertainty: the variance between parameter sets; the three shares add up to 1"

SUMMARY = Table(
    "summary", ("compare", "brief", "sweep"), "a design, founding and outcome",
    (
        DESIGN,
        FOUNDING,
        OUTCOME,
        Column("mean", "outcome", "mean over the replicates", "outcome", null=_NONE_KNOWN),
        Column("low", "outcome", "5 % quantile over the replicates: how different the futures are", "outcome", null=_NONE_KNOWN),
        Column("high", "outcome", "95 % quantile over the replicates", "outcome", null=_NONE_KNOWN),
        Column("difference", "outcome", "mean over the replicates of the difference to `status_quo` in the same replicate, under the same founding", "outcome", null=_NO_PAIR),
        Column("difference_low", "outcome", "lower end of the 95 % confidence interval of `difference`: how well this mean is known (Student's t; "
               "replicates with the same parameter set are a cluster)", "outcome", null=f"{_NO_PAIR}, or only one does"),
        Column("difference_high", "outcome", "upper end of that interval", "outcome", null=f"{_NO_PAIR}, or only one does"),
        Column("probability_best", "share", "share of the replicates in which the design does better than every other one under the same founding; ties count for none. Only "
               "replicates in which every design has the outcome", "outcome", 1, _NO_BEST),
        Column("expected_regret", "outcome", "mean over the same replicates of how much the design stays behind the best one of the replicate; 0 or more", "outcome", -1, _NO_BEST),
        Column("worst_regret", "outcome", "the same mean in the parameter set where it is largest (the worst case over parametric uncertainty, not over stochastic uncertainty)", "outcome", -1, _NO_BEST),
        Column("variance_luck", "share", _STOCHASTIC.format(what="the outcome"), "outcome", null=_NO_SPLIT),
        Column("variance_coding", "share", _CODING.format(what="the outcome"), "outcome", null=_NO_SPLIT + _NOT_APART),
        Column("variance_knowledge", "share", _PARAMETRIC.format(what="the outcome"), "outcome", null=_NO_SPLIT + _NOT_APART),
        Column("difference_luck", "share", _STOCHASTIC.format(what="the difference to `status_quo`"), "outcome", null=f"{_NO_PAIR}; or {_NO_SPLIT}"),
        Column("difference_coding", "share", _CODING.format(what="the difference to `status_quo`"), "outcome", null=f"{_NO_PAIR}; or {_NO_SPLIT}{_NOT_APART}"),
        Column("difference_knowledge", "share", _PARAMETRIC.format(what="the difference to `status_quo`"), "outcome",
               null=f"{_NO_PAIR}; or {_NO_SPLIT}{_NOT_APART}"),
        Column("replicates", "count", "replicates that have the outcome, over which mean, quantiles and variance are taken"),
    ),
    suffix="csv",
    note="Of a sweep it has `public_value_direct` only, over all points: there every pair of a point and a replicate counts as a replicate.",
)

PATTERNS = Table(
    "patterns", ("patterns",), "a pattern of the source report ([odd.md](odd.md#1-purpose-and-patterns))",
    (
        Column("pattern", "name", "the pattern: levels `L1` … `L7b`, mechanisms and designs `P2` … `P20d`, evidence from other research `X1` … `X3b`"),
        Column("kind", "name", "what it is worth", values=(("pattern", "5 % of prior sets or more fail it, or it was not counted"),
               ("check", "hardly any set can fail it: a check of the code"))),
        Column("statement", "text", "what the report says"),
        Column("source", "text", "where it says so"),
        Column("statistic", "text", "what is computed for each parameter set, on the replicates with that set"),
        Column("at_least", "number", "least value of the statistic with which the pattern is shown", null="it has no lower bound"),
        Column("at_most", "number", "largest value of the statistic with which the pattern is shown", null="it has no upper bound"),
        Column("mean", "number", "mean of the statistic over the parameter sets that have it", null="no parameter set has it"),
        Column("low", "number", "lower end of the 95 % confidence interval of that mean", null="fewer than two parameter sets have it"),
        Column("high", "number", "upper end of that interval", null="fewer than two parameter sets have it"),
        Column("share_of_sets", "share", "share of these parameter sets in which the statistic lies within the bounds", direction=1,
               null="no parameter set has it, or the statistic is one of all sets together"),
        Column("fails_in_prior", "share", "power: share of parameter sets drawn from the priors that fail the pattern, counted when the plausible set was made",
               null="it was not counted"),
        Column("fails_when_off", "flag", "power: whether the model fails the pattern with its mechanism switched off, found when the plausible set was made",
               null="no single switch turns the mechanism off, or it was not looked at"),
        Column("verdict", "name", "whether the model shows the pattern", values=(("pass", "`low` and `high` lie within the bounds"), ("fail", "they do not, or are not known"))),
    ),
)

_METHOD = Column("method", "name", "how it was computed", values=(("morris", "Morris screening"), ("sobol", "Sobol indices"), ("discovery", "scenario discovery")))
_KEY = Column("key", "name", "a key that varies")
_INDEX = (
    ("mu_star", "mean absolute elementary effect"), ("mu", "mean elementary effect"), ("sigma", "standard deviation of the elementary effects"),
    ("luck", "`mu_star` of a key without effect, from stochastic uncertainty alone"), ("S1", "first-order Sobol index"),
    ("ST", "total-effect Sobol index"), ("S2", "second-order Sobol index"), ("score", "feature score; all keys together 1"),
)
_INDICES = (
    _METHOD,
    *TOLD_KEYS,
    _KEY,
    Column("other", "name", "the second key of a pair", null="the index is not of a pair (`S2`)"),
    Column("index", "name", "which index ([sensitivity.md](sensitivity.md#what-the-numbers-mean))", values=_INDEX),
    Column("value", "number", "its value. Of Morris: the change of the statistic when the key moves over its whole range, in the unit of the outcome, or its square for "
           "a variance. Of Sobol: a share of the variance between points, of which an estimate can lie outside 0 to 1", null="it is `luck` of a variance"),
    Column("low", "number", "lower end of its 95 % bootstrap interval", null="the index has no interval (`mu`, `sigma`, `luck`, `score`)"),
    Column("high", "number", "upper end of that interval", null="the index has no interval"),
)
SENSITIVITY = Table("sensitivity", ("sensitivity",), "an index of a quantity and key", _INDICES,
                    note="A quantity (`outcome`, `design`, `reference`, `statistic`) that is missing at some point has no rows.")
LEADING = Table(
    "summary", ("sensitivity",), "a key and quantity, the most important key of a quantity first",
    tuple(
        replace(column, null="the index has no interval (`score`)") if column.name in {"low", "high"}
        else replace(column, values=tuple(pair for pair in _INDEX if pair[0] in {"mu_star", "ST", "score"})) if column.name == "index"
        else replace(column, null="") if column.name == "value"
        else column
        for column in _INDICES if column.name != "other"
    ),
    suffix="csv", note="Only the index by which the method ranks the keys.",
)

_NOTHING = "the quantity is missing at some point"
_NO_CHECK = f"{_NOTHING}, or its largest index is 0; also of a variance, and of the other method"
CONVERGENCE = Table(
    "convergence", ("sensitivity",), "a method and quantity: whether the sample was large enough",
    (
        replace(_METHOD, values=tuple(pair for pair in _METHOD.values if pair[0] != "discovery")),
        *TOLD_KEYS,
        Column("samples", "count", "size of the sample: trajectories (Morris) or rows of the base sample (Sobol)"),
        Column("largest", "number", "the largest of the indices that rank the keys", null=_NOTHING),
        Column("width", "number", "half the widest 95 % interval of these indices, relative to `largest`", direction=-1, null=_NOTHING),
        Column("change", "number", "largest change of one of them from half the sample to all of it, relative to `largest`", direction=-1, null=_NOTHING),
        Column("top", "share", "share of the five most important keys that half the sample finds too", direction=1, null=_NOTHING),
        Column("hidden", "count", "Morris: number of keys with an effect that stochastic uncertainty alone could show with these replicates", direction=-1, null=_NO_CHECK),
        Column("luck", "share", "Sobol: share of the variance between points that is stochastic uncertainty left in their means", direction=-1,
               null=f"{_NO_CHECK}; or the points do not differ"),
        Column("enough", "flag", "whether `width` and `change` are at most 0.25", direction=1),
        Column("needed", "count", "sample that should do; `samples` if it was enough, or if nothing can be said"),
    ),
    when="`method=morris` and `method=sobol`, or `screened=K`",
)

_FEW = "too few points have the outcome"
_OPEN = "it is open on this side, or there is no key"
BOXES = Table(
    "boxes", ("sensitivity",), "a bounded key of a box; one row without a key for a method that found no box",
    (
        *(replace(column, null="") for column in TOLD_KEYS),
        Column("found_by", "name", "algorithm", values=(("prim", "Patient Rule Induction Method"), ("cart", "classification tree"))),
        Column("coverage", "share", "share of the points where `design` does better than `reference` that the box holds", direction=1, null=_FEW),
        Column("density", "share", "share of the points in the box where `design` does better", direction=1, null=f"{_FEW}, or the box holds none"),
        Column("mass", "share", "share of all points that the box holds", null=_FEW),
        Column("unseen", "share", "`density`, among the other half of the points, of a box made on one half", direction=1,
               null=f"{_FEW}, or that box holds none of the other half"),
        Column("wins", "share", "share of all points where `design` does better", direction=1, null=_FEW),
        Column("points", "count", "points that have the outcome under both designs"),
        replace(_KEY, null="the method found no box"),
        Column("low", "key", "lower bound of the key", null=_OPEN),
        Column("high", "key", "upper bound of the key", null=_OPEN),
        Column("quasi_p", "share", "PRIM: probability that the bounds of the key come from chance (quasi-p); the larger one of the two sides", direction=-1,
               null="CART has none, or there is no key"),
    ),
    when="`method=discovery`",
)
_FEWER = "fewer than two replicates have the outcome"
RESPONSES = Table(
    "responses", ("sensitivity",), "a point and design",
    (
        Column("point", "id", "number of the point in the sample, from 0"),
        DESIGN,
        FOUNDING,
        SWEPT,
        Column("<outcome>_mean", "outcome", "mean over the replicates that have the outcome", "outcome", null=_FEWER),
        Column("<outcome>_variance", "number", "variance over these replicates, in the square of the outcome's unit", "outcome", null=_FEWER),
    ),
    note="Points of a screening (`screened=K`) are not in it.",
)

TABLES = (SUMMARY, PATTERNS, SENSITIVITY, LEADING, CONVERGENCE, BOXES, RESPONSES)

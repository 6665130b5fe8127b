r"""Public value

Realised value is a share of what is attainable, per theme, scale and municipality. An agreement, imposed or not, yields
indirect value: a strategy, one voice, means. A completed initiative yields direct value; a failed one yields part of
that, as far as its work was done. Each closes a share of what remains, at the scale of the arena, for the members; the
other municipalities of the arena get a part of it by spill-over. The share falls with the coverage, the part of the
arena's inhabitants, weighed by severity, that live in a member as far as it takes part: problems shift to where they
are not tackled. How steeply it falls is a structural variant (`variant.coverage`): by the exponent as it is drawn in the model as shipped,
by twice that, or not at all. A member counts, and earns, for the part of the work that was done with it: not for what
was done before it joined, nor, as far as it did not give what it promised, for what was done meanwhile (rule `milestones`). An agreement is shared
by those that wanted it: a member bound against its vote does not count in its coverage. As far as a municipality does
not take part it gets what spills over.

A completed initiative also counts as a visible result at home for its members (rule `support`), as far as it is
reported as shared and not claimed as personal. Every quarter realised value decays: direct value slowly, strategies
faster. Closing a share of what remains, instead of adding an amount, keeps every value between 0 and 1 without cutting
off.

Equation: an agreement, at the scale q of the arena, for i in the arena
    y_{kqi}' = y_{kqi} + \varphi_y\, \bar n_{ak}^{\,\hat\eta}\, \varsigma_{ik}\, (1 - y_{kqi})
Equation: the end of an execution
    x_{kqi}' = x_{kqi} + \varphi_{ak}\, \bar n_{ak}^{\,\hat\eta}\, \varsigma_{ik}\, (1 - x_{kqi}), \qquad
    \varphi_{ak} = \begin{cases} \varphi & \text{if completed} \\ \varphi\, \varphi_f\, \bar p_{ak} & \text{if failed} \end{cases}
Equation: coverage (0 where the theme is severe nowhere in the arena; its power is 0 where it is 0), and spill-over
    \bar n_{ak} = \frac{\sum_{i \in N_a} n_i\, S_{ik}\, \varpi_{iak}}{\sum_{i \in N_a} n_i\, S_{ik}}, \qquad
    \varsigma_{ik} = \varpi_{iak} + (1 - \varpi_{iak})\, e_n
Equation: how far a municipality takes part: in an agreement, and in the end of an execution (in full where no work is done)
    \varpi_{iak} = [i \in M_{ak} \setminus M_{\mathrm{c},ak}], \qquad
    \varpi_{iak} = \max\Bigl(0,\; 1 - \frac{\bar p_{0,iak}}{\bar p_{ak}}\Bigr)\, [i \in M_{ak}]
Equation: exponent of coverage, by the structural variant
    \hat\eta = \begin{cases} \eta & \text{as drawn} \\ 0 & \text{if ignored} \\ 2\, \eta & \text{if doubled} \end{cases}
Equation: visible completions of a member of a completed initiative, this quarter
    n_{\mathrm{done},i}' = n_{\mathrm{done},i} + 1 - e_v\, \nu\, (1 - \mathrm{celebration})
Equation: decay, every quarter, of all themes and scales
    x_{kqi}' = (1 - r_x)\, x_{kqi}, \qquad y_{kqi}' = (1 - r_y)\, y_{kqi}
Symbols:
    x_{kqi} = s.direct; realised direct value
    y_{kqi} = s.indirect; realised indirect value
    \bar n_{ak} = coverage: share of the arena's severity-weighted inhabitants that live in a member, as far as it takes part [share]
    \varsigma_{ik} = share of the value that reaches the municipality [share]
    \varphi_{ak} = share of what remains that the initiative closes with full coverage [share]
    n_i = w.population
    S_{ik} = w.severity; severity of the theme at home
    N_a = w.member; municipalities of the arena [set]
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    \varpi_{iak} = how far a municipality takes part [share]
    \bar p_{0,iak} = s.missed; share of the work that was done without a member
    \bar p_{ak} = s.share_done
    n_{\mathrm{done},i} = s.completions
    \nu = s.region.negativity; negativity of the undercurrent
    \varphi_y = agreement_closure
    \varphi = closure
    \varphi_f = partial
    \eta = coverage_exponent
    \hat\eta = exponent of coverage by the structural variant [exponent]
    \text{as drawn} = w.coverage_power; as drawn, ignored or doubled
    e_n = spillover
    e_v = claiming
    r_x = erosion_direct
    r_y = erosion_indirect
    \mathrm{celebration} = information.celebration
Source: BRE 2.1 (direct and indirect value, footnotes 3-4; champion of strategy; visions follow visions); Olson 1965 (spill-over);
    RD 1 (problems shift)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import exp, log
from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, COMPLETED, FAILED, IMPOSED, LOCAL
from bresim.rules.trust import shared_success


@njit
def closed(realised, share):
    """Realised share after ``share`` of what remains is closed."""
    return realised + share * (1.0 - realised)


@njit
def coverage_effect(coverage, exponent):
    """What is left of the value when only ``coverage`` of the inhabitants take part: problems move to where they are not tackled."""
    return exp(exponent * log(coverage)) if coverage > 0.0 else 0.0


@njit
def _takes_part(s, a, k, i):
    """How far a municipality takes part in an agreement, or in an execution that ends; in [0, 1]."""
    if not s.committed[a, k, i]:
        return 0.0
    if s.outcome[a, k] in (AGREED, IMPOSED):
        return 0.0 if s.coerced[a, k, i] else 1.0
    done = s.share_done[a, k]
    return 1.0 - min(1.0, max(0.0, s.missed[a, k, i]) / done) if done > 0.0 else 1.0


@njit
def _coverage(s, w, a, k):
    """Share of the arena's inhabitants, weighted by severity, that live in a member, as far as it takes part."""
    inside = 0.0
    total = 0.0
    for i in range(w.population.shape[0]):
        if w.member[a, i]:
            need = w.population[i] * w.severity[k, i]
            total += need
            inside += need * _takes_part(s, a, k, i)
    return inside / total if total > 0.0 else 0.0


@njit
def _realise(s, w, a, k, realised, share, spillover):
    """Close ``share`` of what remains of ``realised`` (N,) for those that take part in (a, k); for the rest there is spill-over."""
    for i in range(realised.shape[0]):
        if w.member[a, i]:
            part = _takes_part(s, a, k, i)
            realised[i] = closed(realised[i], share * (part + (1.0 - part) * spillover))


@njit
def _notice(s, p, a, k):
    """Add a completed initiative to the visible results of its members, as far as it is shared and not claimed."""
    visible = shared_success(p.claiming, s.region.negativity, s.institution[a].celebration)
    for i in range(s.completions.shape[0]):
        if s.committed[a, k, i]:
            s.completions[i] += visible


@njit
def update_initiative(s, w, p, t, a, k):
    """An agreement yields indirect value (a strategy, one voice, means), the end of an execution direct value.

    A failed initiative yields part of what it would have brought, as far as its work was done.
    """
    outcome, scale = s.outcome[a, k], w.arena_scale[a]
    if outcome in (AGREED, IMPOSED):
        share = p.agreement_closure * coverage_effect(_coverage(s, w, a, k), p.coverage_exponent * w.coverage_power)
        _realise(s, w, a, k, s.indirect[k, scale], share, p.spillover)
    elif outcome in (COMPLETED, FAILED):
        fraction = 1.0 if outcome == COMPLETED else p.partial * s.share_done[a, k]
        share = fraction * p.closure * coverage_effect(_coverage(s, w, a, k), p.coverage_exponent * w.coverage_power)
        _realise(s, w, a, k, s.direct[k, scale], share, p.spillover)
        if outcome == COMPLETED:
            _notice(s, p, a, k)


@njit
def update(s, w, p, t):
    """Wear of what was realised."""
    themes, size = w.severity.shape
    direct, indirect = s.direct, s.indirect
    for k in range(themes):
        for scale in range(LOCAL + 1):
            for i in range(size):
                direct[k, scale, i] *= 1.0 - p.erosion_direct
        for scale in range(LOCAL):
            for i in range(size):
                indirect[k, scale, i] *= 1.0 - p.erosion_indirect

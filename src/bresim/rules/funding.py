"""Rule: funding from outside
Equation: window' = max(q window, scheduled, [u < chance]); chance = rate propensity (1 + lobby) (1 + indirect) factor
Source: BRE 2.1 (means as oil, lobby; footnote 3: indirect value is a precondition), 4.2.2, 4.2.3, 5.6
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import REGIONAL
from bresim.rules.acceptance import backing


@njit
def window_chance(rate, propensity, lobby_effect, lobby, indirect_effect, indirect):
    """Chance per quarter that central money comes free for a theme: lobby and a shared strategy help."""
    return clip(rate * propensity * (1.0 + lobby_effect * lobby) * (1.0 + indirect_effect * indirect))


@njit
def money_for(window, cofunding, programme):
    """Money from outside for an initiative, in [0, 1]: windows, provincial co-funding and programme add up to at most 1."""
    return clip(window + cofunding + programme)


@njit
def outside_money(s, a, k):
    """Money from outside for initiative (a, k) now; only a mandate obliges the province to co-fund."""
    institution = s.institution[a]
    provincial = institution.cofunding * backing(institution.mandate, s.region.stance)
    return money_for(max(s.window[k], s.grant[a, k]), provincial, institution.programme_money)


@njit
def _lobby(s, w):
    """Strength of the joint lobby: the strongest one counts, each as far as it speaks for the region's inhabitants."""
    strongest = 0.0
    for a in range(s.eligible.shape[0]):
        if s.institution[a].lobby <= 0.0:
            continue
        people = 0.0
        for m in range(s.n_invited[a]):
            people += w.population[s.invited[a, m]]
        strongest = max(strongest, s.institution[a].lobby * people)
    return strongest


@njit
def update_initiative(s, w, p, t, a, k):
    """A grant, once won, stays with the initiative in execution until it ends."""
    s.grant[a, k] = max(s.grant[a, k], s.window[k])


@njit
def update(s, w, p, t):
    """Let funding windows close, and scheduled and unscheduled ones open."""
    themes, size = w.severity.shape
    window, granted, factor, draw = s.window, w.window[t], w.window_factor[t], s.draws_window
    strongest = _lobby(s, w)
    draws.fill_once(s.key, draws.WINDOW, t, 0, draw, s.drawn)
    for k in range(themes):
        window[k] = max(p.window_persistence * window[k], granted[k])
        # no chance is above that of a full lobby with everything planned: most draws settle it at once
        if draw[k] >= window_chance(p.window_rate, w.money[k], p.lobby_effect, 1.0, p.indirect_effect, 1.0) * factor:
            continue
        indirect = 0.0
        for i in range(size):
            indirect += w.population[i] * s.indirect[k, REGIONAL, i]
        # a cross-border focus is a lobby for cross-border themes on top of the general one (BRE 4.2.3)
        lobby = clip(strongest + s.institution[0].cross_border_focus * w.border_theme[k])
        chance = window_chance(p.window_rate, w.money[k], p.lobby_effect, lobby, p.indirect_effect, indirect)
        if draw[k] < chance * factor:
            window[k] = 1.0

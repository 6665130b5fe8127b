"""Rule: events and funding
Equation: shock' = max(q shock, scheduled, new), u' = u + jolt rise (1 - u); window' likewise, chance = rate propensity (1 + lobby) (1 + indirect)
Source: BRE 2.1 (means as oil, lobby), 2.3 (elections), 3 (a common enemy), 4.2.1 (aldermen change, mayors stay), 5.2, 5.3
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import DIVIDE, EXECUTING, KAPPA, NEGOTIATING, PAROCHIALISM, REGIONAL, STANCE
from bresim.rules.trust import baseline


@njit
def window_chance(rate, propensity, lobby_effect, lobby, indirect_effect, indirect):
    """Chance per quarter that central money comes free for a theme: lobby and a shared strategy help."""
    return clip(rate * propensity * (1.0 + lobby_effect * lobby) * (1.0 + indirect_effect * indirect))


@njit
def alarmed(urgency, jolt, rise):
    """Urgency in the quarter that a shock grows by ``rise``: part of what is missing to full urgency comes at once."""
    return urgency + jolt * rise * (1.0 - urgency)


@njit
def turnover_chance(base, local_extra, local_party, factor):
    """Chance that an election brings other aldermen; more where local parties are strong."""
    return clip((base + local_extra * local_party) * factor)


@njit
def _turn_over(s, w, p, t, i, weight):
    """New aldermen in i (``weight`` 1: all of them): part of dyadic trust returns to the institutional baseline, unbound promises lapse."""
    arenas, themes, size = s.committed.shape
    divide = s.scalars[DIVIDE]
    pull = weight * p.turnover_pull
    trust, base, gap = s.trust, s.base_trust, s.trust_gap
    for j in range(size):
        trust[i, j] += pull * (baseline(base[i, j], gap[i, j], divide) - trust[i, j])
    trust[i, i] = 0.0
    for j in range(size):
        trust[j, i] += pull * (baseline(base[j, i], gap[j, i], divide) - trust[j, i])
    trust[i, i] = 0.0
    for a in range(arenas):
        loose = 1.0 - s.rules[a].binding
        for k in range(themes):
            if s.committed[a, k, i]:
                if s.phase[a, k] == NEGOTIATING:
                    if draws.uniform(s.key, draws.DROP_COMMITMENT, t, a * themes + k, i) < pull * loose:
                        s.committed[a, k, i] = False
                elif s.phase[a, k] == EXECUTING:
                    chance = weight * p.exit_rate * loose * (1.0 - s.rules[a].exit_cost)
                    if draws.uniform(s.key, draws.EXIT, t, a * themes + k, i) < chance:
                        s.committed[a, k, i] = False
                        s.coerced[a, k, i] = False


@njit
def _voice(s, w):
    """Strength of the joint lobby: the strongest one counts, each as far as it speaks for the region's inhabitants."""
    strongest = 0.0
    for a in range(s.eligible.shape[0]):
        if s.rules[a].lobby <= 0.0:
            continue
        people = 0.0
        for m in range(s.n_invited[a]):
            people += w.population[s.invited[a, m]]
        strongest = max(strongest, s.rules[a].lobby * people)
    return strongest


@njit
def happen(s, w, p, t):
    """Shocks, funding windows, elections and resignations of quarter ``t``."""
    themes, size = w.severity.shape
    population, shock, window, money = w.population, s.shock, s.window, w.money
    scheduled, granted, factor = w.shock[t], w.window[t], w.window_factor[t]
    luck = s.luck_shock
    draws.fill_once(s.key, draws.SHOCK, t, 0, luck, s.filled)
    rate = p.shock_rate * w.shock_factor[t]
    for k in range(themes):
        left = p.shock_persistence * shock[k]
        shock[k] = max(left, scheduled[k])
        if luck[k] < rate:
            shock[k] = max(shock[k], p.shock_size)
        if shock[k] > left:  # the common enemy: everyone feels it at once
            for i in range(size):
                s.urgency[k, i] = alarmed(s.urgency[k, i], p.shock_jolt, shock[k] - left)
    general = _voice(s, w)
    luck = s.luck_window
    draws.fill_once(s.key, draws.WINDOW, t, 0, luck, s.filled)
    for k in range(themes):
        window[k] = max(p.window_persistence * window[k], granted[k])
        # no chance is above that of a full lobby with everything planned: most draws settle it at once
        if luck[k] >= window_chance(p.window_rate, money[k], p.lobby_effect, 1.0, p.indirect_effect, 1.0) * factor:
            continue
        indirect = 0.0
        realised = s.indirect[k, REGIONAL]
        for i in range(size):
            indirect += population[i] * realised[i]
        # a cross-border focus is a lobby for cross-border themes on top of the general one (BRE 4.2.3)
        lobby = clip(general + s.rules[0].cross_border_focus * w.border_theme[k])
        chance = window_chance(p.window_rate, w.money[k], p.lobby_effect, lobby, p.indirect_effect, indirect)
        if luck[k] < chance * w.window_factor[t]:
            s.window[k] = 1.0
    # campaigns make municipalities look at their own interest in the election quarter and the one before (BRE 2.3)
    campaign = w.election[t] or (t + 1 < w.election.shape[0] and w.election[t + 1])
    s.scalars[KAPPA] = clip(s.scalars[PAROCHIALISM] * (1.0 + (p.campaign_effect if campaign else 0.0)))
    luck = s.luck_turnover
    draws.fill_once(s.key, draws.TURNOVER, t, 0, luck, s.filled)
    election, instability = w.election[t], w.instability
    for i in range(size):
        if election:
            chance = turnover_chance(p.turnover_base, p.turnover_local, w.local_party[i], w.turnover_factor[t])
            jolt = 2.0 * draws.uniform(s.key, draws.ELECTION_JOLT, t, i, 0) - 1.0
            s.support[i] = clip(s.support[i] + p.election_jolt * jolt)
        else:
            chance = clip(instability[i] * w.turnover_factor[t])
        if luck[i] < chance:
            _turn_over(s, w, p, t, i, 1.0 if election else p.resignation_share)
    if election:  # campaigns put themes on the agenda and take them off (BRE 2.3)
        for k in range(themes):
            luck = s.luck_jolt[k]
            draws.fill_once(s.key, draws.ELECTION_URGENCY, t, k, luck, s.filled)
            for i in range(size):
                s.urgency[k, i] = clip(s.urgency[k, i] + p.urgency_jolt * (2.0 * luck[i] - 1.0))
    if w.province_stance[t] >= 0.0:
        s.scalars[STANCE] = w.province_stance[t]
    elif w.provincial_election[t]:
        step = p.turbulence_step * (2.0 * draws.uniform(s.key, draws.PROVINCIAL_ELECTION, t, 0, 0) - 1.0)
        s.scalars[STANCE] = clip(s.scalars[STANCE] + step)

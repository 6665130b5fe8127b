r"""Money from outside

Central money comes in funding windows, one per theme, that open at full height and fade. The scenario schedules some;
others open with a chance that rises with the theme's propensity for central money, a joint lobby, and a shared strategy
(realised indirect value at the scale of the region, weighed by inhabitants). The strongest voice of all arenas counts
as the lobby, each arena as far as it speaks for the region's inhabitants; voices do not add up. A cross-border focus of
the region is a lobby for cross-border themes on top of the general one (BRE 4.2.3).

The money for an initiative is what there is for it of its window, or the grant it holds, with provincial co-funding and
programme money, together at most 1. An initiative under negotiation applies, for the highest window that it meets, and
the application lasts as long as it does. Money is granted once there is an agreement, first come, first served. A
window is paid once at a time: what an initiative in execution holds of it is not there for the same theme at another
table of the same scale with some of the same municipalities, and tables that execute a theme at the same time divide it
in equal parts. Once the initiative has ended, what is left of the window as it fades is open again. At another scale
there is a window of the same height: what a subregion does takes its own part of the work, and no source says whether
the money is one. In the structural variant `variant.funding` with one window across scales, what another scale takes of
it is not there as far as the inhabitants are the same. A window that opens anew is new money, of which nobody holds
anything. A grant stays until the initiative ends. Only a mandate obliges the province to co-fund; without one its
stance decides (rule `acceptance`).

Equation: chance that a window opens for a theme
    \Pr(\text{window}_k) = F_W\, \mathrm{clip}\bigl(r_W\, \pi_k\, (1 + e_L \Lambda_k)(1 + e_Y \bar y_k)\bigr)
Equation: height of the window
    W_k' = \max\bigl(q_W W_k,\; \hat W_{tk},\; [U_k < \Pr(\text{window}_k)]\bigr)
Equation: strength of the lobby (the focus is that of the region) and realised indirect value
    \Lambda_k = \mathrm{clip}\Bigl(\max_a \bigl(\mathrm{lobby} \textstyle\sum_{i \in E_a} n_i\bigr) + \mathrm{focus}\; \upsilon_k\Bigr), \qquad
    \bar y_k = \sum_i n_i\, y_{k\mathrm{R}i}
Equation: money from outside for an initiative
    m_{ak} = \mathrm{clip}\bigl(\max(W_{ak}, G_{ak}) + \mathrm{cofunding}\; \beta_a + \mathrm{programme\ money}\bigr), \qquad
    \beta_a = \mathrm{mandate} + (1 - \mathrm{mandate})\, \psi
Equation: application, in every quarter of negotiation and execution
    B_{ak}' = \max(B_{ak}, W_k)
Equation: what there is of the window for an initiative
    W_{ak} = \max\Bigl(0,\; \min\Bigl(\frac{B_{ak}'}{1 + D_{ak}},\;
    B_{ak}' - \lambda_{\mathrm{else},ak}\Bigr)\Bigr)
Equation: what an initiative holds of the present window, when a window opens anew
    \lambda_{ak}' = 0
Equation: grant, in every quarter of execution, and with it what it holds of the present window
    G_{ak}' = \max(G_{ak}, W_{ak}), \qquad \lambda_{ak}' = \lambda_{ak} + G_{ak}' - G_{ak}
Symbols:
    W_k = s.window; height of the funding window of the theme
    \hat W_{tk} = w.window; height of a window that the scenario sets for this quarter
    F_W = w.window_factor
    W_{ak} = what there is of the window for the initiative [share]
    B_{ak} = s.applied; highest window that the initiative met
    D_{ak} = other arenas in which the theme is in execution, s.phase, each as far as w.window_shared [count]
    \lambda_{ak} = s.taken; money of the present window that the initiative holds
    \lambda_{\mathrm{else},ak} = money of it that initiatives on the theme hold in other arenas, each as far as w.window_shared [share]
    G_{ak} = s.grant; central money that the initiative holds
    m_{ak} = money from outside for the initiative [share]
    \pi_k = w.money; propensity of the theme for central money
    \Lambda_k = strength of the joint lobby for the theme [share]
    \bar y_k = realised indirect value of the theme at the scale of the region [share]
    y_{k\mathrm{R}i} = s.indirect; realised indirect value at the scale of the region
    n_i = w.population
    \upsilon_k = w.border_theme; how far the theme is a cross-border one
    E_a = s.eligible; municipalities eligible in the arena [set]
    \beta_a = how far the province does what its role allows, see rule `acceptance` [share]
    \psi = s.region.stance
    r_W = window_rate
    q_W = window_persistence
    e_L = lobby_effect
    e_Y = indirect_effect
    \mathrm{lobby} = information.lobby
    \mathrm{focus} = scope.cross_border_focus
    \mathrm{cofunding} = payoff.cofunding
    \mathrm{programme\ money} = payoff.programme_money
    \mathrm{mandate} = payoff.mandate
Source: BRE 2.1 (means as oil; lobby; footnote 3: indirect value is a precondition); BRE 4.2.2, 4.2.3, 5.6
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import EXECUTING, REGIONAL
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
def window_left(height, tables, held):
    """What there is of a window of ``height`` for one of the ``tables`` that execute its theme, when the others hold ``held``."""
    return max(0.0, min(height / tables, height - held))


@njit
def window_for(s, w, a, k):
    """What there is of the window of theme k for arena ``a``: it is paid once, whichever of the tables that share it takes it."""
    tables = 1.0
    held = 0.0
    for b in range(s.phase.shape[0]):
        if w.window_shared[a, b] > 0.0:
            tables += w.window_shared[a, b] * (s.phase[b, k] == EXECUTING)
            held += w.window_shared[a, b] * s.taken[b, k]
    return window_left(max(s.applied[a, k], s.window[k]), tables, held)


@njit
def outside_money(s, w, a, k):
    """Money from outside for initiative (a, k) now; only a mandate obliges the province to co-fund."""
    institution = s.institution[a]
    provincial = institution.cofunding * backing(institution.mandate, s.region.stance)
    return money_for(max(window_for(s, w, a, k), s.grant[a, k]), provincial, institution.programme_money)


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
    """Apply for what there is; once there is an agreement it is granted, and stays."""
    s.applied[a, k] = max(s.applied[a, k], s.window[k])
    if s.phase[a, k] == EXECUTING:
        there = window_for(s, w, a, k)
        if there > s.grant[a, k]:
            s.taken[a, k] += there - s.grant[a, k]
            s.grant[a, k] = there


@njit
def _open(s, k, height):
    """Open a window for theme k: it is new money, of which nobody holds anything."""
    s.window[k] = height
    s.taken[:, k] = 0.0


@njit
def update(s, w, p, t):
    """Let funding windows close, and scheduled and unscheduled ones open."""
    themes, size = w.severity.shape
    window, granted, factor, draw = s.window, w.window[t], w.window_factor[t], s.draws_window
    strongest = _lobby(s, w)
    draws.fill_once(s.key, draws.WINDOW, t, 0, draw, s.drawn)
    for k in range(themes):
        window[k] *= p.window_persistence
        if granted[k] > window[k]:
            _open(s, k, granted[k])
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
            _open(s, k, 1.0)

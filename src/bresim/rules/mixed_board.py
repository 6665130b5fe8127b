r"""Partners and the province on the board

A board may hold, beside municipalities, seats of partners and of the province. They count in the share of the board
that must commit (rule `aggregation`), and in nothing else: they join no initiative and promise nothing. A board is one
of municipalities first: where none of them decides on it, these seats count for nothing.

Every quarter in which an initiative is negotiated each seat says yes or no to what is then on the table. A seat of
partners is that of a body of its own: it says yes with their trust in the region, that of economic and of societal
partners as far as the theme is theirs. Trust is all that the model knows of partners, and it is what they commit with:
it grows with what is completed and falls with what fails. The province speaks with one voice, however many seats it
has. It says yes as far as it backs the region, with a mandate or by its stance, where the matter is its own: at the
scale of the region, or below it as far as money from outside, of which it gives or arranges a part, is in it.

Equation: seats beside those of municipalities, and those that say yes
    n_a = \mathrm{board\ partners} + \mathrm{board\ province}, \qquad
    y_{ak} = \sum_{j=1}^{\mathrm{board\ partners}} [U_{jak} < q_k] + \mathrm{board\ province}\; [U_{ak} < q_{\mathrm{prov},ak}]
Equation: chance that a seat of partners says yes (their mean trust where the theme is neither's)
    q_k = \frac{w_{\mathrm{E}k} P_{\mathrm{E}} + w_{\mathrm{S}k} P_{\mathrm{S}}}{w_{\mathrm{E}k} + w_{\mathrm{S}k}}
Equation: chance that the province says yes
    q_{\mathrm{prov},ak} = \beta_a\, \max([a \text{ regional}],\; m_{ak}), \qquad \beta_a = \mathrm{mandate} + (1 - \mathrm{mandate})\, \psi
Symbols:
    n_a = seats on the board beside those of municipalities [count]
    y_{ak} = those of them that say yes to the initiative this quarter [count]
    q_k = chance that a seat of partners says yes [share]
    q_{\mathrm{prov},ak} = chance that the province says yes [share]
    P_{\mathrm{E}} = s.partner; trust of economic partners
    P_{\mathrm{S}} = s.partner; trust of societal partners
    w_{\mathrm{E}k} = w.economic; how much economic partners can add to the theme
    w_{\mathrm{S}k} = w.societal; how much societal partners can add to the theme
    m_{ak} = money from outside for the initiative, see rule `funding` [share]
    \beta_a = how far the province does what its role allows, see rule `acceptance` [share]
    \psi = s.region.stance
    \mathrm{mandate} = payoff.mandate
    \mathrm{board\ partners} = position.board_partners
    \mathrm{board\ province} = position.board_province
Source: RD 1 (partners at the table and on the front bench); BRE 2.2 (partners lose trust when the course is not kept); BRE 2.1 (a province that
    is more and more facilitating; means as oil); judgement (form)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.jit import njit
from bresim.kernel.state import ECONOMIC, REGIONAL, SOCIETAL
from bresim.rules.acceptance import backing


@njit
def partners_agree(economic, societal, of_economic, of_societal):
    """Chance that a seat of partners says yes: their trust, weighed by how far the theme is theirs; shares in [0, 1]."""
    weight = of_economic + of_societal
    if weight <= 0.0:
        return 0.5 * (economic + societal)
    return (of_economic * economic + of_societal * societal) / weight


@njit
def province_agrees(backed, regional, money):
    """Chance that the province says yes: as far as it backs the region where the matter or the money is its own."""
    return backed * (1.0 if regional else money)


@njit
def others_on_board(s, w, t, a, k, money):
    """(seats beside those of municipalities, those that say yes to initiative (a, k) this quarter) on the board.

    ``money`` is that from outside for the initiative, in [0, 1].
    """
    institution = s.institution[a]
    partners, province = int(institution.board_partners), int(institution.board_province)
    cell, agreeing = a * s.phase.shape[1] + k, 0
    if partners > 0:
        chance = partners_agree(s.partner[ECONOMIC], s.partner[SOCIETAL], w.economic[k], w.societal[k])
        for seat in range(partners):
            agreeing += draws.uniform(s.key, draws.PARTNER_SEAT, t, cell, seat) < chance
    if province > 0:
        backed = backing(institution.mandate, s.region.stance)
        chance = province_agrees(backed, w.arena_scale[a] == REGIONAL, money)
        if draws.uniform(s.key, draws.PROVINCE_SEAT, t, cell, 0) < chance:
            agreeing += province
    return partners + province, agreeing

r"""Interest that counts

What a municipality weighs is the stake of the whole arena, and, as far as it is parochial, what of its own stake comes
home: part of what regional action brings lands in other municipalities, and a parochial municipality does not count
that. Within the own subregion part of parochialism is overcome; not in an arena across subregions, as that of the
Middengebied. How much a theme matters to a municipality is its urgency times this effective interest.

Equation: effective interest
    \tilde z(z_{ik}, \bar z_{ak}, \kappa, e_z, \zeta) = (1 - \kappa_a)\, \bar z_{ak} + \kappa_a\, (1 - e_z)\, z_{ik}
Equation: parochialism in the arena
    \kappa_a = \begin{cases} \kappa\, (1 - \zeta) & \text{if all of } a \text{ is in one subregion} \\ \kappa & \text{otherwise} \end{cases}
Equation: how much a theme matters
    I_{iak} = u_{ik}\, \tilde z_{iak}
Symbols:
    \tilde z_{iak} = effective interest [share]
    \bar z_{ak} = interest of the arena as a whole: s.arena_interest [share]
    z_{ik} = own net stake in regional action on the theme: s.interest [share]
    u_{ik} = urgency: s.urgency [share]
    I_{iak} = how much the theme matters to the municipality [share]
    \kappa = parochialism that counts this quarter: s.region.kappa [share]
    \kappa_a = parochialism in the arena [share]
    \text{in one subregion} = w.within_subregion [0 or 1]
    e_z = share of what regional action brings that lands elsewhere: stake_elsewhere, read by the rules that use it [share]
    \zeta = share of parochialism overcome within the own subregion: subregional_bond, read by the rules that use it [share]
Source: BRE 2.3, 4.1 (regional interest is set against own interest; regional interest can be own interest); BRE 2.1 (bond
    within a subregion)
"""

from __future__ import annotations

from bresim.kernel.jit import njit


@njit
def effective_interest(own, shared, kappa, elsewhere):
    """What a municipality weighs: the stake of the whole, or, as far as it is parochial, what of its own stake comes home."""
    return (1.0 - kappa) * shared + kappa * (1.0 - elsewhere) * own


@njit
def parochialism_in(kappa, bond, within_subregion):
    """Parochialism that counts in an arena: within one subregion a part of it is overcome (BRE 2.1)."""
    return kappa * (1.0 - bond) if within_subregion else kappa


@njit
def importance(urgency, interest):
    """How much an initiative matters to a municipality, in [0, 1]."""
    return urgency * interest

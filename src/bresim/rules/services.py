r"""Services of an institution: what supplies them, when, and what they cost

Nothing is free. Coordination, facilitation, monitoring, lobby, escalation, the secretaries' coordination of capacity,
work with councils and celebrating are work; so are making agreements hard and guarding them (binding), looking after
cross-border matters, sounding out those outside the board, and reviewing and merging collaborations. They ask staff in
proportion to the strength of the service and the number of municipalities that are eligible. A shared bureau does them
first; with what is left it executes as far as the design lets it (rule `load`). What only the municipalities can do
(the secretaries' coordination of capacity, focus, sounding out, reviewing, merging) no province supplies. What is
beyond the bureau, or all of it where there is none, comes out of the capacity of the eligible municipalities or, if the
design says so, of those on the board (rule `load`). What there was no staff for last quarter does not hold: services
hold in part.

Where the province supplies the services of the region, it supplies what the design asks beyond the services of the
status quo; those the municipalities go on to supply themselves. Its part holds only as far as the province acts: as far
as a mandate was granted and, for the rest, while it intervenes, as far as its stance (of the quarter before: rule
`stance` runs later) goes. What it may not impose it does not supply: a role that does not both steer and impose
supplies nothing. Its staff is finite: if what it adds asks more, all of that is cut by the same share. Binding is cut
too, also that of agreements made before (rule `signing`). Without any mandate it co-finances only while it intervenes.
So, as long as the province does nothing, the region has the services, binding and co-funding of the status quo, and of
its own design what only the municipalities can do.

Equation: staff that the services in force ask
    \begin{aligned}
    F_a = {} & \hat F_a + F_{\mathrm{own},a}, \qquad
    F_{\mathrm{own},a} = \lvert E_a\rvert \bigl(h_{\mathrm{se}}\, \mathrm{capacity\ coordination} + h_{\mathrm{fo}}\, \mathrm{focus} + h_{\mathrm{so}}\, \mathrm{sounding\ board}
    + h_{\mathrm{re}} (\mathrm{thinning} + \mathrm{merging})\bigr) \\
    \hat F_a = {} & \lvert E_a\rvert \bigl(h_{\mathrm{co}}\, \mathrm{coordination} + h_{\mathrm{fa}}\, \mathrm{facilitation} + h_{\mathrm{mo}}\, \mathrm{monitoring}
    + h_{\mathrm{lo}}\, \mathrm{lobby} + h_{\mathrm{es}}\, \mathrm{escalation} \\
    & + h_{\mathrm{cl}} (\mathrm{council\ information} + \mathrm{council\ group})
    + h_{\mathrm{ce}}\, \mathrm{celebration} + h_{\mathrm{bi}}\, \mathrm{binding}\bigr)
    \end{aligned}
Equation: how far the province acts, and which part of its services is there (as far as the province acts, where they ask no more than those of the status quo)
    \beta_{\mathrm{prov}} = \bigl(\mathrm{mandate} + (1 - \mathrm{mandate})\, \psi\, I\bigr)\, [\mathrm{steering} > 0 \land \mathrm{imposition} > 0], \qquad
    q_{\mathrm{prov}} = \beta_{\mathrm{prov}}\, \min\Bigl(1,\; \frac{h_{\mathrm{prov}}}{\hat F_a - F_{\mathrm{SQ}}}\Bigr)
Equation: value in force of each service and of binding in the region, and elsewhere
    v' = \begin{cases} q_{\mathrm{s},a}\, v_0 + q_{\mathrm{prov}}\, \delta(v) & \text{if } \mathrm{services\ by} = \text{province} \\
    q_{\mathrm{s},a}\, v & \text{otherwise, and of what only the municipalities can do} \end{cases}
Equation: what the province adds to a service or to binding; what it takes away is of what there is staff for
    \delta(v) = \max(0,\; v - v_0) + q_{\mathrm{s},a} \min(0,\; v - v_0)
Equation: value in force of co-funding, where the province supplies
    \mathrm{cofunding}' = \mathrm{cofunding}\; [(\mathrm{mandate} > 0 \lor I) \land (\mathrm{steering} > 0 \land \mathrm{imposition} > 0)]
Equation: for the agreements: part of what it adds that is there, and binding without it, and what it adds if all of it is there
    \beta' = \begin{cases} q_{\mathrm{prov}} & \text{if } \mathrm{services\ by} = \text{province} \\ 0 & \text{otherwise} \end{cases}, \qquad
    \hat v' = \begin{cases} q_{\mathrm{s},a}\, v_0 & \text{if } \mathrm{services\ by} = \text{province} \\ 0 & \text{otherwise} \end{cases}, \qquad
    \Delta' = \begin{cases} \delta(\mathrm{binding}) & \text{if } \mathrm{services\ by} = \text{province} \\ 0 & \text{otherwise} \end{cases}
Equation: staff that the municipalities give for services of the region
    F_a' = \begin{cases} F_{\mathrm{SQ}} + F_{\mathrm{own},a} & \text{if } \mathrm{services\ by} = \text{province} \\ F_a & \text{otherwise} \end{cases}
Symbols:
    F_a = s.service_fte
    \hat F_a = staff that the services ask, and binding [fte]
    F_{\mathrm{own},a} = staff for what only the municipalities can do [fte]
    F_{\mathrm{SQ}} = staff that the services of the status quo ask in the region [fte]
    E_a = s.eligible; municipalities eligible in the arena [set]
    v = s.institution; value in force of a service [share]
    v_0 = w.institution; value of the same field in the status quo [share]
    \beta_{\mathrm{prov}} = how far the province acts [share]
    \beta = s.region.acts; part of what the province supplies that is there
    \hat v = s.region.binding_own; binding that the municipalities supply themselves
    \Delta = s.region.binding_supplied; binding that it supplies if it acts in full and has the staff
    \delta = what the province adds to a value [share]
    q_{\mathrm{s},a} = s.staffed; part of the services for which there was staff last quarter
    q_{\mathrm{prov}} = part of the province's services that is there [share]
    \psi = s.region.stance
    I = s.region.intervenes; whether the province steers without a mandate [0 or 1]
    h_{\mathrm{co}} = coordination_fte
    h_{\mathrm{fa}} = facilitation_fte
    h_{\mathrm{mo}} = monitoring_fte
    h_{\mathrm{lo}} = lobby_fte
    h_{\mathrm{es}} = escalation_fte
    h_{\mathrm{se}} = secretaries_fte
    h_{\mathrm{cl}} = council_fte
    h_{\mathrm{ce}} = celebration_fte
    h_{\mathrm{bi}} = binding_fte
    h_{\mathrm{fo}} = focus_fte
    h_{\mathrm{so}} = sounding_fte
    h_{\mathrm{re}} = review_fte
    h_{\mathrm{prov}} = province_staff
    \mathrm{coordination} = position.coordination
    \mathrm{facilitation} = position.facilitation
    \mathrm{monitoring} = information.monitoring
    \mathrm{lobby} = information.lobby
    \mathrm{escalation} = choice.escalation
    \mathrm{capacity\ coordination} = scope.capacity_coordination
    \mathrm{council\ information} = information.council_information
    \mathrm{council\ group} = position.council_group
    \mathrm{celebration} = information.celebration
    \mathrm{focus} = scope.cross_border_focus
    \mathrm{sounding\ board} = position.sounding_board
    \mathrm{thinning} = scope.thinning
    \mathrm{merging} = scope.merging
    \mathrm{binding} = payoff.binding
    \mathrm{cofunding} = provincial money for execution: payoff.cofunding [share]
    \mathrm{mandate} = payoff.mandate
    \mathrm{steering} = payoff.steering
    \mathrm{imposition} = aggregation.imposition
    \mathrm{services\ by} = choice.services_by
Source: BRE 5.6 (capacity is short; Parkstad's bureau does agenda, monitoring, lobby); RD 1, 3 (programme bureau); BRE 4.2.3 (the role must be
    granted; the province as supporter); Bitterman & Koliba 2020 (no effect without staff); judgement (staff asked)
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import FALLBACK
from bresim.rules.acceptance import backing


@njit
def asked(p, institution, municipalities):
    """Staff in fte that the services of an institution ask, and binding."""
    each = (
        p.coordination_fte * institution.coordination
        + p.facilitation_fte * institution.facilitation
        + p.monitoring_fte * institution.monitoring
        + p.lobby_fte * institution.lobby
        + p.escalation_fte * institution.escalation
        + p.council_fte * (institution.council_information + institution.council_group)
        + p.celebration_fte * institution.celebration
        + p.binding_fte * institution.binding
    )
    return municipalities * each


@njit
def asked_of_members(p, institution, municipalities):
    """Staff in fte for what only municipalities can do: secretaries, focus, sounding each other out, reviewing, merging."""
    each = (
        p.secretaries_fte * institution.capacity_coordination
        + p.focus_fte * institution.cross_border_focus
        + p.sounding_fte * institution.sounding_board
        + p.review_fte * (institution.thinning + institution.merging)
    )
    return municipalities * each


@njit
def added(before, value, staffed):
    """What the province adds to a service; what it takes away is of what the municipalities have staff for."""
    change = value - before
    return change if change > 0.0 else staffed * change


@njit
def supplied(before, value, part, staffed):
    """Value of a service: of what was there ``before`` what is ``staffed``, and the ``part`` that is there of what is added."""
    return staffed * before + part * added(before, value, staffed)


@njit
def _as_staffed(institution, staffed):
    """Let services and binding hold as far as there is staff for them."""
    institution.coordination = staffed * institution.coordination
    institution.facilitation = staffed * institution.facilitation
    institution.monitoring = staffed * institution.monitoring
    institution.lobby = staffed * institution.lobby
    institution.escalation = staffed * institution.escalation
    institution.council_information = staffed * institution.council_information
    institution.council_group = staffed * institution.council_group
    institution.celebration = staffed * institution.celebration
    institution.binding = staffed * institution.binding


@njit
def _own_as_staffed(institution, staffed):
    """Let what only the municipalities can do hold as far as there is staff for it."""
    institution.capacity_coordination = staffed * institution.capacity_coordination
    institution.cross_border_focus = staffed * institution.cross_border_focus
    institution.sounding_board = staffed * institution.sounding_board
    institution.thinning = staffed * institution.thinning
    institution.merging = staffed * institution.merging


@njit
def _by_province(s, w, p):
    """Let the services of the region hold as far as the province acts and has staff; returns what members supply, in fte."""
    now, before, staffed = s.institution[0], w.institution[s.region.design, FALLBACK], s.staffed[0]
    has_role = now.steering > 0.0 and now.imposition > 0.0  # what it may not impose, it does not supply
    acts = backing(now.mandate, s.region.stance * s.region.intervenes) * has_role
    usual = asked(p, before, s.n_invited[0])
    extra = asked(p, now, s.n_invited[0]) - usual
    part = acts * (min(1.0, p.province_staff / extra) if extra > 0.0 else 1.0)
    now.coordination = supplied(before.coordination, now.coordination, part, staffed)
    now.facilitation = supplied(before.facilitation, now.facilitation, part, staffed)
    now.monitoring = supplied(before.monitoring, now.monitoring, part, staffed)
    now.lobby = supplied(before.lobby, now.lobby, part, staffed)
    now.escalation = supplied(before.escalation, now.escalation, part, staffed)
    now.council_information = supplied(before.council_information, now.council_information, part, staffed)
    now.council_group = supplied(before.council_group, now.council_group, part, staffed)
    now.celebration = supplied(before.celebration, now.celebration, part, staffed)
    s.region.acts = part
    s.region.binding_own = staffed * before.binding
    s.region.binding_supplied = added(before.binding, now.binding, staffed)
    now.binding = supplied(before.binding, now.binding, part, staffed)
    if not has_role or (now.mandate == 0.0 and not s.region.intervenes):
        now.cofunding = 0.0
    return usual


@njit
def update(s, w, p, t):
    """Set what the services of every arena ask of its members, and how far they hold: by last quarter's staff."""
    s.region.acts = 0.0
    s.region.binding_own = 0.0
    s.region.binding_supplied = 0.0
    for a in range(s.service_fte.shape[0]):
        own = asked_of_members(p, s.institution[a], s.n_invited[a])
        if a == 0 and s.institution[a].services_by_province > 0.5:
            s.service_fte[a] = _by_province(s, w, p) + own
        else:
            s.service_fte[a] = asked(p, s.institution[a], s.n_invited[a]) + own
            if s.n_invited[a] > 0:  # what has ended asks for no staff
                _as_staffed(s.institution[a], s.staffed[a])
        if s.n_invited[a] > 0:
            _own_as_staffed(s.institution[a], s.staffed[a])

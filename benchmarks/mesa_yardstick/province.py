"""The actors around the municipalities: the province, and the partners of the region."""

from __future__ import annotations

from benchmarks.mesa_yardstick.agents import clip
from bresim.kernel import draws
from bresim.kernel.state import NEGOTIATING, REGIONAL

#: Services of an institution, and the parameter that says what each asks of staff.
SERVICES = {
    "coordination": "coordination_fte",
    "facilitation": "facilitation_fte",
    "monitoring": "monitoring_fte",
    "lobby": "lobby_fte",
    "escalation": "escalation_fte",
    "council_information": "council_fte",
    "council_group": "council_fte",
    "celebration": "celebration_fte",
}
#: What only the municipalities can do, whatever the province supplies.
OWN_WORK = {
    "capacity_coordination": "secretaries_fte",
    "cross_border_focus": "focus_fte",
    "sounding_board": "sounding_fte",
    "thinning": "review_fte",
    "merging": "review_fte",
}


def services_fte(parameters, rules):
    """Staff that the services of an institution ask for each municipality that takes part."""
    work = SERVICES | {"binding": "binding_fte"}
    return sum(getattr(parameters, fte) * getattr(rules, service) for service, fte in work.items())


def own_fte(parameters, rules):
    """Staff for each municipality that takes part, for what only the municipalities can do."""
    return sum(getattr(parameters, fte) * getattr(rules, work) for work, fte in OWN_WORK.items())


def backing(mandate, stance):
    """How far the province does what its role allows: a mandate obliges it, without one its stance decides."""
    return mandate + (1.0 - mandate) * stance


class Theme:
    """A theme of the region, with the shock and the funding window on it."""

    def __init__(self, index, facts):
        self.index = index
        self.__dict__.update(vars(facts))
        self.shock = 0.0
        self.window = 0.0


class Province:
    """The province: its stance, the services that it may supply, and the stick behind the door."""

    def __init__(self, model):
        self.model = model
        self.stance = model.parameters.stance
        self.intervenes = False
        self.steering = 0.0
        self.acts = 0.0  # the part of what it supplies that is there
        self.binding_own = self.binding_supplied = 0.0  # by the municipalities, and by it if all of its part is there
        self.quarters_without_agreement = 0  # in the region, since policy start

    def steer(self):
        """Strength of its steering this quarter; without a mandate it waits for some quarters without agreement."""
        model, rules = self.model, self.model.region.rules
        if model.now.provincial_election:
            self.intervenes = False
        if self.quarters_without_agreement >= model.parameters.mandate_patience:
            self.intervenes = True
        self.steering = rules.steering * backing(rules.mandate, self.stance * self.intervenes)
        if model.in_policy_window:
            self.quarters_without_agreement += 1

    def supply_services(self, rules, usual):
        """Let services of the region hold beyond the usual ones as far as the province acts and has staff."""
        p, takers = self.model.parameters, len(self.model.region.eligible)
        has_role = rules.steering > 0.0 and rules.imposition > 0.0
        acts = backing(rules.mandate, self.stance * self.intervenes) if has_role else 0.0
        extra = takers * (services_fte(p, rules) - services_fte(p, usual))
        there = acts * min(1.0, p.province_staff / extra) if extra > 0.0 else acts
        staffed = self.model.region.staffed
        self.acts = there
        for field in (*SERVICES, "binding"):
            own, added = staffed * getattr(usual, field), getattr(rules, field) - getattr(usual, field)
            added = added if added > 0.0 else staffed * added
            setattr(rules, field, own + there * added)
        self.binding_own, self.binding_supplied = own, added
        if not has_role or (rules.mandate == 0.0 and not self.intervenes):
            rules.cofunding = 0.0

    def intervention_chance(self, arena, mandated):
        """Chance to act; ``mandated``: its mandate is for this case. Without one it has the legal route only."""
        if arena is not self.model.region or self.steering <= 0.0:
            return 0.0
        rules = arena.rules
        legal = self.model.parameters.ungranted_reach * self.stance if self.intervenes else 0.0
        return rules.imposition * ((rules.mandate if mandated else 0.0) + (1.0 - rules.mandate) * legal)

    def imposes(self, initiative):
        """Whether it breaks a deadlock by imposing; a mandate is for a region too long without agreement."""
        model, arena = self.model, initiative.arena
        overdue = self.quarters_without_agreement >= model.parameters.mandate_patience + 1.0
        u = model.numbers.alone(draws.IMPOSE, model.quarter, arena.index, initiative.theme.index)
        return u < self.intervention_chance(arena, overdue)

    def agrees(self, initiative):
        """Chance that its seat on a board says yes: where the matter is regional, or below that the money its own."""
        arena = initiative.arena
        cares = 1.0 if arena.scale == REGIONAL else initiative.money()
        return backing(arena.rules.mandate, self.stance) * cares

    def hold_elections(self):
        """Another executive may take another stance."""
        model = self.model
        if model.now.province_stance >= 0.0:
            self.stance = model.now.province_stance
        elif model.now.provincial_election:
            u = model.numbers.alone(draws.PROVINCIAL_ELECTION, model.quarter, 0, 0)
            self.stance = clip(self.stance + model.parameters.turbulence_step * (2.0 * u - 1.0))


class Partners:
    """Economic and societal partners: their trust in the region."""

    def __init__(self, model):
        self.model = model
        self.economic = model.parameters.partner_start
        self.societal = model.parameters.partner_start

    def agree(self, theme):
        """Chance that a seat of theirs on a board says yes: trust of those whose theme it is."""
        weight = theme.economic + theme.societal
        if weight == 0.0:
            return (self.economic + self.societal) / 2.0
        return (theme.economic * self.economic + theme.societal * self.societal) / weight

    def after_success(self, theme, seats):
        """A completed initiative of a theme that is theirs; partners with seats own it more."""
        gain = self.model.parameters.partner_gain * (1.0 + 0.5 * seats)
        self.economic += min(1.0, gain * theme.economic) * (1.0 - self.economic)
        self.societal += min(1.0, gain * theme.societal) * (1.0 - self.societal)

    def after_breakdown(self, theme):
        """A deadlock or failure."""
        loss = self.model.parameters.partner_loss
        self.economic *= 1.0 - loss * theme.economic
        self.societal *= 1.0 - loss * theme.societal

    def talks(self):
        """How much is under negotiation at the tables of the region."""
        tables = [arena for arena in self.model.arenas if arena.scale == REGIONAL]
        return sum(initiative.phase == NEGOTIATING for arena in tables for initiative in arena.initiatives)

    def drift(self):
        """Loss while much is being negotiated, and the slow return."""
        p = self.model.parameters
        loss = p.partner_drift * self.talks() / len(self.model.themes)
        for side in ("economic", "societal"):
            drifted = getattr(self, side) - loss
            setattr(self, side, clip(drifted + p.partner_return * (p.partner_start - drifted)))

"""The actors around the municipalities: the province, and the partners of the region."""

from __future__ import annotations

from benchmarks.mesa_yardstick.agents import clip
from bresim.kernel import draws
from bresim.kernel.state import NEGOTIATING


class Theme:
    """A theme of the region, with the shock and the funding window on it."""

    def __init__(self, index, facts):
        self.index = index
        self.__dict__.update(vars(facts))
        self.shock = 0.0
        self.window = 0.0


class Province:
    """The province: its stance, and the stick behind the door."""

    def __init__(self, model):
        self.model = model
        self.stance = model.parameters.stance
        self.intervenes = False
        self.steering = 0.0
        self.drought = 0  # quarters without a regional agreement since policy start

    def backing(self, mandate):
        """How far it does what its role allows: a mandate obliges it, without one its stance decides."""
        return mandate + (1.0 - mandate) * self.stance

    def steer(self):
        """Strength of its steering this quarter; without a mandate it waits for a drought of agreements."""
        model, rules = self.model, self.model.region.rules
        if model.now.provincial_election:
            self.intervenes = False
        if self.drought >= model.parameters.mandate_patience:
            self.intervenes = True
        readiness = self.stance if self.intervenes else 0.0
        self.steering = rules.steering * (rules.mandate + (1.0 - rules.mandate) * readiness)
        if model.in_policy_window:
            self.drought += 1

    def imposes(self, initiative):
        """Whether it breaks a deadlock by imposing the initiative."""
        if self.steering <= 0.0:
            return False
        rules = initiative.arena.rules
        luck = self.model.luck.alone(draws.IMPOSE, self.model.quarter, initiative.arena.index, initiative.theme.index)
        return luck < rules.imposition * self.backing(rules.mandate)

    def hold_elections(self):
        """Another executive may take another stance."""
        model = self.model
        if model.now.province_stance >= 0.0:
            self.stance = model.now.province_stance
        elif model.now.provincial_election:
            u = model.luck.alone(draws.PROVINCIAL_ELECTION, model.quarter, 0, 0)
            self.stance = clip(self.stance + model.parameters.turbulence_step * (2.0 * u - 1.0))


class Partners:
    """Economic and societal partners: their trust in the region."""

    def __init__(self, model):
        self.model = model
        self.economic = model.parameters.partner_start
        self.societal = model.parameters.partner_start

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

    def drift(self):
        """Loss while much is being negotiated, and the slow return."""
        p, initiatives = self.model.parameters, self.model.region.initiatives
        talking = sum(initiative.phase == NEGOTIATING for initiative in initiatives)
        loss = p.partner_drift * talking / len(initiatives)
        for side in ("economic", "societal"):
            drifted = getattr(self, side) - loss
            setattr(self, side, clip(drifted + p.partner_return * (p.partner_start - drifted)))

"""The agent: a municipality that feels, negotiates, delivers and remembers."""

from __future__ import annotations

import math

import mesa

from bresim.kernel import draws
from bresim.kernel.state import EXECUTING, IDLE, LOCAL, NEGOTIATING, REGIONAL


def clip(x):
    """``x`` brought back into [0, 1]."""
    return min(max(x, 0.0), 1.0)


def logistic(x):
    """Chance of saying yes at inclination ``x``."""
    return 1.0 / (1.0 + math.exp(-x))


class MunicipalityAgent(mesa.Agent):
    """A municipality. Trust and grievance are kept by other municipality, urgency and value by theme."""

    def __init__(self, model, index, facts, solution):
        super().__init__(model)
        p = model.parameters
        self.index = index
        self.name = facts.name
        self.subregion = facts.subregion
        self.population = facts.population  # share of the region's inhabitants
        self.centre = facts.centre
        self.rural = facts.rural
        self.orientation = facts.orientation
        self.instability = facts.instability
        self.local_party = facts.local_party
        self.council_weight = 1.0 + p.council_local * (2.0 * facts.local_party - 1.0)
        self.facts = facts

        self.severity = dict(zip(model.themes, facts.severity, strict=True))
        self.urgency = dict(self.severity)
        self.next_urgency = {}
        self.interest = {theme: self.own_interest(theme) for theme in model.themes}
        self.direct = {theme: [0.0, 0.0, 0.0] for theme in model.themes}  # regional, subregional, local
        self.indirect = {theme: [0.0, 0.0] for theme in model.themes}
        self.attainable_direct = dict(zip(model.themes, facts.attainable_direct, strict=True))
        self.attainable_indirect = dict(zip(model.themes, facts.attainable_indirect, strict=True))
        self.mandatory = {theme: facts.mandatory[solution][k] for k, theme in enumerate(model.themes)}
        self.collaborations = facts.collaborations[solution]

        self.base_capacity = p.capacity_scale * facts.size**p.capacity_exponent
        self.capacity = self.base_capacity
        self.slack = self.capacity
        self.load = 0.0
        self.support = facts.support
        self.acceptance = facts.acceptance
        self.recent = 0.0  # visible recent results
        self.carried = 0.0  # recent effort per capacity
        self.used = 0.0  # fte delivered this quarter
        self.harvest = 0.0  # visible completions this quarter
        self.pledges = 0
        self.pledged = 0  # in the policy window
        self.defaulted = 0

        self.arenas = []  # the region and the own subregion
        self.others = []
        self.trust = {}
        self.base_trust = {}
        self.trust_gap = {}
        self.grievance = {}
        self.standing = 0.0  # what it brings to every table of the arena at hand

    def own_interest(self, theme):
        """Own net stake in regional action: scattered where a theme is contested, more on the border."""
        u = self.draw(draws.INITIAL_INTEREST, theme.index)
        stake = (1.0 - theme.contention) * self.severity[theme] + theme.contention * u
        return (1.0 - theme.border_theme) * stake + theme.border_theme * 0.5 * (stake + self.facts.border)

    def draw(self, stream, about):
        """This municipality's luck this quarter, among that of all."""
        return self.model.luck.among(stream, self.model.quarter, about, self.index, self.model.size)

    def meet(self, solution):
        """Starting trust in, and grievance against, every other municipality."""
        p = self.model.parameters
        luck, facts = self.model.luck, self.facts
        for other in self.model.agents:
            if other is self:
                continue
            j = other.index
            same = facts.same_subregion[j]
            self.others.append(other)
            self.base_trust[other] = (
                p.baseline_trust + p.baseline_subregion * same + p.baseline_contact * facts.contact[solution][j]
            )
            self.trust_gap[other] = (1.0 - p.subregional_bond * same) * (
                p.baseline_divide * facts.divided[j] + p.baseline_rivalry * facts.rivals[j]
            )
            u = luck.among(draws.INITIAL_TRUST, 0, self.index, j, self.model.size)
            self.trust[other] = clip(self.baseline(other) + p.trust_noise * (2.0 * u - 1.0))
            self.grievance[other] = p.grievance_start * self.model.negativity * facts.history[j]

    def baseline(self, other):
        """Institutional trust in another: lower across a divide."""
        return min(max(self.base_trust[other] - self.model.divide * self.trust_gap[other], 0.02), 0.98)

    def kappa(self, arena):
        """Parochialism that counts in an arena: within the own subregion part of it is overcome."""
        if arena.scale == REGIONAL:
            return self.model.kappa
        return self.model.kappa * (1.0 - self.model.parameters.subregional_bond)

    def stake(self, initiative):
        """What it weighs: its own interest as far as it is parochial, else that of the arena."""
        kappa = self.kappa(initiative.arena)
        return (1.0 - kappa) * initiative.arena.interest[initiative.theme] + kappa * self.interest[initiative.theme]

    # --- founding -----------------------------------------------------------------------------------
    def votes_for(self, design):
        """Whether it wants to found the design."""
        p = self.model.parameters
        trusts = [self.trust[other] for other in self.others if other.index in design.eligible]
        trust = sum(trusts) / len(trusts) if trusts else 0.5
        seated = self.index in design.board
        pooled = 0.0 if design.pooled_by_board and not seated else design.pooled_capacity
        loss = (design.binding + min(1.0, 10.0 * pooled) + design.steering) / 3.0
        x = (
            p.adopt_base
            + p.adopt_trust * (2.0 * trust - 1.0)
            + p.adopt_support * self.council_weight * (2.0 * self.support - 1.0)
            + p.adopt_orientation * (2.0 * self.orientation - 1.0)
            - p.adopt_autonomy * self.model.kappa * loss
        )
        if not seated:
            say = (1.0 - design.equal_say) * (1.0 - p.sounding_effect * design.sounding_board)
            x -= p.adopt_say * say * (0.5 + 0.5 * self.model.divide)
        return self.model.luck.alone(draws.ADOPT, self.model.quarter, self.index, 0) < logistic(x)

    # --- events -------------------------------------------------------------------------------------
    def live_through_politics(self):
        """An election, or an alderman who leaves early; new aldermen start anew."""
        p, model, now = self.model.parameters, self.model, self.model.now
        luck = self.draw(draws.TURNOVER, 0)
        if now.election:
            chance = clip((p.turnover_base + p.turnover_local * self.local_party) * now.turnover_factor)
            jolt = 2.0 * model.luck.alone(draws.ELECTION_JOLT, model.quarter, self.index, 0) - 1.0
            self.support = clip(self.support + p.election_jolt * jolt)
        else:
            chance = clip(self.instability * now.turnover_factor)
        if luck < chance:
            self.turn_over(1.0 if now.election else p.resignation_share)

    def turn_over(self, weight):
        """Part of trust returns to its baseline, both ways, and unbound promises may lapse."""
        p, model = self.model.parameters, self.model
        pull = weight * p.turnover_pull
        for other in self.others:
            self.trust[other] += pull * (self.baseline(other) - self.trust[other])
            other.trust[self] += pull * (other.baseline(self) - other.trust[self])
        for arena in self.arenas:
            loose = 1.0 - arena.rules.binding
            for initiative in arena.initiatives:
                if self not in initiative.members:
                    continue
                if initiative.phase == NEGOTIATING:
                    stream, chance = draws.DROP_COMMITMENT, pull * loose
                else:
                    stream, chance = draws.EXIT, weight * p.exit_rate * loose * (1.0 - arena.rules.exit_cost)
                if model.luck.alone(stream, model.quarter, initiative.index, self.index) < chance:
                    del initiative.members[self]

    def campaign(self):
        """An election puts themes on the agenda and takes them off."""
        p = self.model.parameters
        for theme in self.model.themes:
            u = self.draw(draws.ELECTION_URGENCY, theme.index)
            self.urgency[theme] = clip(self.urgency[theme] + p.urgency_jolt * (2.0 * u - 1.0))

    # --- urgency ------------------------------------------------------------------------------------
    def feel(self):
        """Work out next quarter's urgency from own severity and trusted others."""
        p, now = self.model.parameters, self.model.now
        total = sum(self.trust.values())
        for theme, urgency in self.urgency.items():
            unmet = clip(self.severity[theme] * now.severity_factor)
            unmet *= 1.0 - p.urgency_relief * sum(self.direct[theme]) / 3.0
            felt = 1.0 - (1.0 - unmet) * (1.0 - theme.shock)
            mixed = urgency
            if total > 0.0:
                mixed = sum(trust * other.urgency[theme] for other, trust in self.trust.items()) / total
            goal = (1.0 - p.urgency_influence) * felt + p.urgency_influence * mixed
            self.next_urgency[theme] = urgency + p.urgency_rate * (goal - urgency)

    def adopt_urgency(self):
        """Take over what was worked out, once everyone has done so."""
        self.urgency.update(self.next_urgency)

    # --- load ---------------------------------------------------------------------------------------
    def take_on_work(self):
        """Set capacity, load and slack from collaborations, tables and pooled staff."""
        p, now = self.model.parameters, self.model.now
        self.capacity = self.base_capacity * now.capacity_factor * now.population_factor**p.capacity_exponent
        thinned = merged = pooled = tables = 0.0
        for arena in self.arenas:
            takes_part = self in arena.taking_part
            if takes_part:
                thinned = max(thinned, arena.rules.thinning)
                merged = max(merged, arena.rules.merging)
                pooled += arena.pooled_by(self)
            for initiative in arena.initiatives:
                if initiative.phase != IDLE:
                    if self in initiative.members:
                        tables += 1.0
                    elif takes_part:
                        tables += arena.rules.open_tables
        lighter = 1.0 - p.merging_saving * merged
        kept = (1.0 - p.thinning_reach * thinned) * lighter
        light, bodies, light_mandatory, bodies_mandatory = self.collaborations
        voluntary = light + p.body_load * bodies
        mandatory = light_mandatory + p.body_load * bodies_mandatory
        work = p.collaboration_fte * (mandatory + kept * voluntary) + p.table_fte * tables * lighter
        self.load = min(1.0, work / self.capacity)
        self.slack = max(0.0, self.capacity - pooled - work)

    # --- negotiation --------------------------------------------------------------------------------
    def take_position(self, arena):
        """What it brings to each table of an arena this quarter, whatever the theme (logit)."""
        p, model, rules = self.model.parameters, self.model, arena.rules
        trusts = [self.trust[other] for other in arena.eligible if other is not self]
        trust = sum(trusts) / len(trusts) if trusts else 0.5
        x = (
            p.join_base
            + p.join_trust * (2.0 * trust - 1.0)
            + p.join_slack * self.slack / self.capacity
            + p.join_support * self.council_weight * (2.0 * self.support - 1.0)
            + p.join_facilitation * rules.facilitation
            - p.join_binding * rules.binding * (1.0 - self.support)
        )
        if arena.scale == REGIONAL:
            accepted = clip(self.acceptance + p.acceptance_mandate * rules.mandate)
            x += p.join_orientation * (2.0 * self.orientation - 1.0)
            x += model.province.steering * (accepted * p.join_threat - (1.0 - accepted) * p.join_reactance)
        if self not in arena.board:
            say = (1.0 - rules.equal_say) * (1.0 - p.sounding_effect * rules.sounding_board)
            x -= p.join_say * say * model.divide
        self.standing = x

    def consider(self, initiative, ease, withdrawal, money, peers):
        """Join an initiative, stay out of it, or withdraw from it."""
        p, rules, theme = self.model.parameters, initiative.arena.rules, initiative.theme
        member = self in initiative.members
        luck = self.draw(draws.COMMIT, initiative.index)
        if luck >= (withdrawal if member else ease):
            return  # it does not decide this quarter
        interest = self.stake(initiative)
        x = (
            self.standing
            + p.join_urgency * self.urgency[theme]
            + p.join_interest * interest
            + p.join_money * money
            + p.join_opt_out * rules.opt_out * (1.0 - interest)
            + p.join_peers * (peers - 0.5)
        )
        if not member:
            if luck < ease * logistic(x):
                initiative.members[self] = False
        elif luck < withdrawal * (1.0 - logistic(x)):
            del initiative.members[self]

    def council_refuses(self, initiative):
        """Second decision line: whether the council withholds its means."""
        p, model = self.model.parameters, self.model
        ratified = logistic(p.ratify_base + p.ratify_support * (2.0 * self.support - 1.0))
        refuse = initiative.arena.rules.council_ratification * (1.0 - ratified)
        return model.luck.alone(draws.RATIFY, model.quarter, initiative.index, self.index) < refuse

    def resent(self, other, share):
        """Remember something against another."""
        self.grievance[other] += share * (1.0 - self.grievance[other])

    def disappoint_council(self):
        """A deadlock or failure costs support at home."""
        self.support *= 1.0 - self.model.parameters.support_failure

    # --- execution ----------------------------------------------------------------------------------
    def prepare_execution(self):
        """Count pledges and note trust as it stands: what one initiative teaches is no help to the next."""
        self.used = 0.0
        self.harvest = 0.0
        self.pledges = sum(
            initiative.phase == EXECUTING and self in initiative.members
            for arena in self.arenas
            for initiative in arena.initiatives
        )
        self.trust_before = dict(self.trust)

    def make_offer(self, arena, running):
        """The fte it has for each initiative of an arena, could take over as a lead, or gives ad hoc."""
        p = self.model.parameters
        ready = self.slack * (1.0 - p.home_first * self.kappa(arena))
        share = 1.0 / max(1, self.pledges)
        self.offer = ready * share
        self.lead_room = self.slack * share - self.offer
        self.help = 0.0
        if arena.rules.outer_ring > 0.0 and not any(self in initiative.members for initiative in running):
            unpromised = self.slack - ready if self.pledges else ready
            self.help = arena.rules.outer_ring * p.ad_hoc_effort * unpromised / len(running)

    def delivers(self, initiative, money, mean_capacity):
        """Whether it keeps its pledge this quarter."""
        p, rules, model = self.model.parameters, initiative.arena.rules, self.model
        trust = 0.5
        if len(initiative.members) > 1:
            trust = sum(self.trust_before[other] for other in initiative.members if other is not self)
            trust /= len(initiative.members) - 1
        burden = (1.0 - rules.cost_sharing) * clip(mean_capacity / self.capacity - 1.0)
        x = (
            p.deliver_base
            + p.deliver_trust * (2.0 * trust - 1.0)
            + p.deliver_interest * self.stake(initiative)
            + p.deliver_urgency * self.urgency[initiative.theme]
            + p.deliver_slack * self.slack / (self.capacity * max(1, self.pledges))
            + p.deliver_binding * rules.binding
            + p.deliver_monitoring * rules.monitoring
            + p.deliver_sanction * rules.sanction
            + p.deliver_money * money
            + p.deliver_ratified * rules.council_ratification
            - p.deliver_burden * burden
            - p.deliver_coerced * initiative.members[self]
        )
        kept = self.draw(draws.DELIVER, initiative.index) < logistic(x)
        if model.in_policy_window:
            self.pledged += 1
            self.defaulted += not kept
        return kept

    def learn(self, delivered, good, bad, hurt):
        """Trust and grievance after what each fellow member did this quarter."""
        ceiling = self.model.parameters.trust_ceiling
        for other, kept in delivered.items():
            if other is self:
                continue
            trust = self.trust[other]
            if kept:
                self.trust[other] = trust + good * max(0.0, 1.0 - ceiling * self.grievance[other] - trust)
            else:
                self.trust[other] = trust * (1.0 - min(1.0, bad))
                self.resent(other, hurt)

    # --- learning and value -------------------------------------------------------------------------
    def settle_trust(self):
        """Trust returns slowly to its institutional baseline."""
        rate = self.model.parameters.trust_return
        for other, trust in self.trust.items():
            self.trust[other] = trust + rate * (self.baseline(other) - trust)

    def remember(self, told):
        """Grievance fades, slower under negativity, and moves to what is told about the other."""
        p, nu = self.model.parameters, self.model.negativity
        keep = 1.0 - p.grievance_decay * (1.0 - p.grievance_memory * nu)
        for other, grievance in self.grievance.items():
            kept = grievance * keep
            self.grievance[other] = kept + p.retelling * nu * (told[other] - kept)

    def look_back(self):
        """Effort and results of late, as remembered."""
        memory = self.model.parameters.results_memory
        self.carried = memory * self.carried + (1.0 - memory) * self.used / self.capacity
        self.recent = memory * self.recent + (1.0 - memory) * min(1.0, self.harvest)

    def judge_collaboration(self):
        """Council support moves to what results, involvement and load warrant; acceptance returns to its start."""
        p = self.model.parameters
        involved = max((arena.involvement for arena in self.arenas if self in arena.taking_part), default=0.0)
        goal = clip(
            self.facts.support
            + p.support_results * self.recent
            + p.support_involvement * involved
            - p.support_load * self.load
        )
        self.support += p.support_rate * (goal - self.support)
        self.acceptance += p.acceptance_rate * (self.facts.acceptance - self.acceptance)

    def work_at_home(self):
        """Value that it realises by law and alone, and the wear of what was realised."""
        p, model = self.model.parameters, self.model
        chance = logistic(p.mandatory_delivery_base + p.deliver_slack * self.slack / self.capacity)
        kept = self.draw(draws.MANDATORY, 0) < chance
        if model.in_policy_window:
            model.mandatory_due += 1
            model.mandatory_done += kept
        alone = p.local_rate * max(0.0, self.slack - self.used) / self.capacity
        for theme, direct in self.direct.items():
            if kept:
                direct[REGIONAL] += p.mandatory_rate * self.mandatory[theme] * (1.0 - direct[REGIONAL])
            direct[LOCAL] += alone * (1.0 - direct[LOCAL])
            for scale in range(3):
                direct[scale] *= 1.0 - p.erosion_direct
            indirect = self.indirect[theme]
            for scale in range(2):
                indirect[scale] *= 1.0 - p.erosion_indirect

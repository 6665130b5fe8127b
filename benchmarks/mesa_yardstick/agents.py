"""The agent: a municipality that feels, negotiates, delivers and remembers."""

from __future__ import annotations

import math
from statistics import fmean

import mesa

from bresim.kernel import draws
from bresim.kernel.state import BROKEN, DELAYED, EXECUTING, IDLE, KEPT, LOCAL, NEGOTIATING, REGIONAL


def clip(x):
    """``x`` brought back into [0, 1]."""
    return min(max(x, 0.0), 1.0)


def logistic(x):
    """Chance of saying yes at inclination ``x``."""
    return 1.0 / (1.0 + math.exp(-x))


def spread(values):
    """Standard deviation."""
    mean = fmean(values)
    return math.sqrt(fmean([(value - mean) ** 2 for value in values]))


def heard(board, eligible):
    """Those that are heard: the board, without one the centres, without these all."""
    return board or [one for one in eligible if one.centre] or eligible


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
        self.meeting_size = facts.size**p.collaboration_exponent
        self.capacity = self.base_capacity
        self.slack = self.capacity
        self.load = 0.0
        self.tables = 0.0
        self.thinned = 0.0  # how far its voluntary collaborations have been ended
        self.merged = 0.0  # how far its structures have been merged
        self.support = facts.support
        self.involvement = 0.0  # of its council
        self.acceptance = facts.acceptance
        self.recent_results = 0.0
        self.recent_effort = 0.0  # per capacity
        self.signed = 0.0  # fte a quarter promised to initiatives in execution
        self.used = 0.0  # fte given this quarter
        self.completions = 0.0  # visible ones this quarter
        self.pledged = 0  # promises that fell due in the policy window
        self.delayed = 0
        self.defaulted = 0

        self.arenas = []  # all that it is a member of
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
        """This municipality's random number this quarter, about one thing, among those of all."""
        return self.model.numbers.among(stream, self.model.quarter, about, self.index, self.model.size)

    def meet(self, solution):
        """Starting trust in, and grievance against, every other municipality."""
        p = self.model.parameters
        numbers, facts = self.model.numbers, self.facts
        for other in self.model.agents:
            if other is self:
                continue
            j = other.index
            same = facts.same_subregion[j]
            self.others.append(other)
            self.base_trust[other] = (
                p.baseline_trust
                + p.baseline_subregion * same
                + p.baseline_record * facts.pair_record[j]
                + p.baseline_contact * facts.contact[solution][j]
            )
            self.trust_gap[other] = (1.0 - p.subregional_bond * same) * (
                p.baseline_divide * facts.divided[j] + p.baseline_rivalry * facts.rivals[j]
            )
            self.grievance[other] = p.grievance_start * self.model.negativity * facts.history[j]
            u = numbers.among(draws.INITIAL_TRUST, 0, self.index, j, self.model.size)
            self.trust[other] = clip(self.baseline(other) + p.trust_noise * (2.0 * u - 1.0))

    def baseline(self, other):
        """Institutional trust in another: lower across a divide and with grievance, higher where councils meet."""
        p = self.model.parameters
        rest = self.base_trust[other] - self.model.divide * self.trust_gap[other]
        rest -= p.trust_grievance * self.grievance[other]
        rest += p.trust_councils * min(self.involvement, other.involvement)
        return min(max(rest, 0.02), 0.98)

    # --- what it weighs -----------------------------------------------------------------------------
    def effective_interest(self, initiative):
        """The stake of the arena, or, as far as it is parochial, what of its own stake comes home."""
        arena, theme = initiative.arena, initiative.theme
        home = (1.0 - self.model.parameters.stake_elsewhere) * self.interest[theme]
        return (1.0 - arena.kappa) * arena.interest[theme] + arena.kappa * home

    def importance(self, initiative):
        """How much an initiative matters to it."""
        return self.urgency[initiative.theme] * self.effective_interest(initiative)

    def available(self, arena):
        """Fte of its slack that it is ready to use in an arena; the rest stays at home."""
        return self.slack * (1.0 - self.model.parameters.home_first * arena.kappa)

    def free_capacity(self, arena):
        """Fte that it is ready to use in an arena beside all it has signed for."""
        return max(0.0, self.available(arena) - self.signed)

    def accepts(self, arena):
        """How far it accepts provincial steering: a granted mandate raises it."""
        return clip(self.acceptance + self.model.parameters.acceptance_mandate * arena.rules.mandate)

    def pressure(self, arena, threat, reactance):
        """What steering does to its inclination (logit): those that accept it move, the others dig in."""
        if arena.scale != REGIONAL:
            return 0.0
        accepted = self.accepts(arena)
        return self.model.province.steering * (accepted * threat - (1.0 - accepted) * reactance)

    def trust_in(self, others):
        """Mean trust in the others of a group; one half where there is no other."""
        trusts = [self.trust[other] for other in others if other is not self]
        return sum(trusts) / len(trusts) if trusts else 0.5

    # --- founding -----------------------------------------------------------------------------------
    def wants(self, institution, remembered):
        """Whether it votes to found an institution; ``remembered`` is how well an earlier no is."""
        p = self.model.parameters
        x = p.adopt_base + self.opinion_of(institution) - p.adopt_refused * remembered
        return self.model.numbers.alone(draws.ADOPT, self.model.quarter, self.index, 0) < logistic(x)

    def rejects(self, institution, years):
        """Whether it votes to dissolve an institution that had no results for so many years too long."""
        p = self.model.parameters
        x = (
            p.dissolve_base
            - self.opinion_of(institution)
            + p.dissolve_years * years
            - p.dissolve_results * self.model.place.track_record
            + p.dissolve_cost * self.price_of_pool(institution)
            - p.dissolve_exit * institution.exit_cost
        )
        return self.model.numbers.alone(draws.DISSOLVE, self.model.quarter, self.index, 0) < logistic(x)

    def price_of_pool(self, institution):
        """How much it feels what it gives to the bureau of an institution."""
        if institution.pooled_by_board and self.index not in institution.board:
            return 0.0
        return min(1.0, 10.0 * institution.pooled_capacity)

    def opinion_of(self, institution):
        """What speaks for an institution of the region, less what speaks against it (logit)."""
        p, model = self.model.parameters, self.model
        themes = [model.themes[k] for k in institution.themes]
        trust = self.trust_in([other for other in self.others if other.index in institution.eligible])
        home = 1.0 - p.stake_elsewhere
        stakes = [
            (1.0 - model.kappa) * model.region.interest[theme] + model.kappa * home * self.interest[theme]
            for theme in themes
        ]
        loss = (institution.binding + institution.steering + self.price_of_pool(institution)) / 3.0
        x = (
            p.adopt_trust * (2.0 * trust - 1.0)
            + p.adopt_support * self.council_weight * (2.0 * self.support - 1.0)
            + p.adopt_orientation * (2.0 * self.orientation - 1.0)
            + p.adopt_urgency * (2.0 * fmean([self.urgency[theme] for theme in themes]) - 1.0)
            + p.adopt_interest * (2.0 * fmean(stakes) - 1.0)
            + p.adopt_money * fmean([model.money_in_sight(institution, theme) for theme in themes])
            - p.adopt_autonomy * model.kappa * loss
        )
        eligible = list(model.voters(institution))
        if self not in heard([one for one in eligible if one.index in institution.board], eligible):
            say = (1.0 - institution.equal_say) * (1.0 - p.sounding_effect * institution.sounding_board)
            x -= p.adopt_say * say * (0.5 + 0.5 * model.divide)
        return x

    # --- events -------------------------------------------------------------------------------------
    def live_through_politics(self):
        """An election, or an alderman who leaves early; new aldermen start anew."""
        p, model, now = self.model.parameters, self.model, self.model.now
        u = self.draw(draws.TURNOVER, 0)
        if now.election:
            chance = clip((p.turnover_base + p.turnover_local * self.local_party) * now.turnover_factor)
            jolt = 2.0 * model.numbers.alone(draws.ELECTION_JOLT, model.quarter, self.index, 0) - 1.0
            self.support = clip(self.support + p.election_jolt * jolt)
        else:
            chance = clip(self.instability * now.turnover_factor)
        if u < chance:
            self.turn_over(1.0 if now.election else p.resignation_share)

    def turn_over(self, weight):
        """Part of what trust was earned is lost, both ways, and unbound promises may lapse."""
        p, model = self.model.parameters, self.model
        pull = weight * p.turnover_pull
        for other in self.others:
            self.trust[other] -= pull * max(0.0, self.trust[other] - self.baseline(other))
            other.trust[self] -= pull * max(0.0, other.trust[self] - other.baseline(self))
        for arena in self.arenas:
            for initiative in arena.initiatives:
                if self not in initiative.members:
                    continue
                if initiative.phase == NEGOTIATING:
                    stream, chance = draws.DROP_COMMITMENT, pull * (1.0 - arena.rules.binding)
                else:
                    stream, chance = draws.EXIT, weight * p.exit_rate * initiative.terms.looseness
                if model.numbers.alone(stream, model.quarter, initiative.index, self.index) < chance:
                    initiative.let_go(self)
                    if initiative.phase == EXECUTING:
                        initiative.remember_breach(self)

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
        """Set capacity, load, and the slack that collaborations and tables leave.

        Collaborations that were ended come back slowly, unless they are reviewed again; so does what was merged.
        """
        p, now = self.model.parameters, self.model.now
        self.capacity = self.base_capacity * now.capacity_factor * now.population_factor**p.capacity_exponent
        self.thinned *= 1.0 - p.thinning_return
        self.merged *= 1.0 - p.thinning_return
        self.tables = 0.0
        for arena in self.arenas:
            takes_part = self in arena.taking_part
            if takes_part:
                self.thinned = max(self.thinned, arena.rules.thinning)
                self.merged = max(self.merged, arena.rules.merging)
            for initiative in arena.initiatives:
                if initiative.phase != IDLE:
                    if self in initiative.members:
                        self.tables += 1.0
                    elif takes_part:
                        self.tables += arena.rules.open_tables
        lighter = 1.0 - p.merging_saving * self.merged
        kept = (1.0 - p.thinning_reach * self.thinned) * lighter
        light, bodies, light_mandatory, bodies_mandatory = self.collaborations
        voluntary = light + p.body_load * bodies
        mandatory = light_mandatory + p.body_load * bodies_mandatory
        work = p.collaboration_fte * (mandatory + kept * voluntary) + p.table_fte * self.tables * lighter
        work *= self.meeting_size
        self.load = min(1.0, work / self.capacity)
        self.slack = max(0.0, self.capacity - work)

    # --- negotiation --------------------------------------------------------------------------------
    def take_position(self, arena):
        """What it brings to each table of an arena this quarter, whatever the theme (logit)."""
        p, rules = self.model.parameters, arena.rules
        x = (
            p.join_base
            + p.join_record * arena.track_record
            + p.join_support * self.council_weight * (2.0 * self.support - 1.0)
            + p.join_facilitation * rules.facilitation
            + self.pressure(arena, p.join_threat, p.join_reactance)
            - p.join_binding * rules.binding * (1.0 - self.support)
            - p.join_say * arena.unequal_say(self) * self.model.divide
        )
        if arena.scale == REGIONAL:
            x += p.join_orientation * (2.0 * self.orientation - 1.0)
        self.standing = x

    def conditions(self, arena, urgency, interest):
        """The three conditions for success (logit): added up, or all as the least of them."""
        p, trust = self.model.parameters, self.trust_in(arena.eligible)
        if self.model.variant.joining == "conjunctive":
            urgency = interest = trust = min(urgency, interest, trust)
        return p.join_urgency * urgency + p.join_interest * interest + p.join_trust * (2.0 * trust - 1.0)

    def pace(self, rules):
        """Chance that it decides this quarter: facilitation speeds it up, many tables slow it down."""
        p = self.model.parameters
        return clip(p.pace * (1.0 + p.facilitation_pace * rules.facilitation) / (1.0 + p.crowding * self.tables))

    def consider(self, initiative, openness, withdrawal, money, peers, asked):
        """Join an initiative, stay out of it, or withdraw; ``asked`` is fte a quarter of each fte of capacity."""
        p, arena = self.model.parameters, initiative.arena
        member = self in initiative.members
        decides = withdrawal if member else openness * self.pace(arena.rules)
        u = self.draw(draws.COMMIT, initiative.index)
        if u >= decides:
            return  # it does not decide this quarter
        interest = self.effective_interest(initiative)
        part = asked * self.base_capacity
        room = min(1.0, self.free_capacity(arena) / part) if part > 0.0 else 1.0
        x = (
            self.standing
            + self.conditions(arena, self.urgency[initiative.theme], interest)
            + p.join_money * money
            + p.join_opt_out * arena.rules.opt_out * (1.0 - interest)
            + p.join_peers * (peers - 0.5)
            - p.join_room * (1.0 - room)
            + p.join_rally * initiative.theme.shock
        )
        if not member:
            chance = logistic(x)
            if initiative.phase == EXECUTING:
                chance *= 1.0 - initiative.terms.council_ratification * (1.0 - self.council_agrees())
            if u < decides * chance:
                initiative.take_in(self)
        elif u < decides * (1.0 - logistic(x)):
            initiative.let_go(self)

    def council_agrees(self):
        """Chance that its council, asked for its own means, agrees."""
        p = self.model.parameters
        return logistic(p.ratify_base + p.ratify_support * (2.0 * self.support - 1.0))

    def council_refuses(self, initiative):
        """Second decision line: whether the council withholds its means."""
        model = self.model
        refuse = initiative.arena.rules.council_ratification * (1.0 - self.council_agrees())
        return model.numbers.alone(draws.RATIFY, model.quarter, initiative.index, self.index) < refuse

    def resent(self, other, share):
        """Remember something against another."""
        self.grievance[other] += share * (1.0 - self.grievance[other])

    def disappoint_council(self):
        """A deadlock or failure costs support at home."""
        self.support *= 1.0 - self.model.parameters.support_failure

    def accept_less(self, arena, weight):
        """An intervention of the province costs acceptance, the less the more it is accepted."""
        loss = self.model.parameters.acceptance_loss * (1.0 - self.accepts(arena))
        self.acceptance *= 1.0 - weight * loss

    # --- promises and execution ---------------------------------------------------------------------
    def promise(self, arena, slowest, fastest):
        """Sign for a share of what it has free, in fte a quarter, between what slowest and fastest plan ask of it."""
        share = self.model.parameters.promise_share * self.free_capacity(arena)
        promised = min(max(share, slowest), fastest)
        self.signed += promised
        return promised

    def means_to_keep(self, initiative, money, mean_capacity):
        """Whether it means to keep its promise until the next milestone."""
        u = self.draw(draws.DELIVER, initiative.index)
        return u < self.chance_to_mean_it(initiative, money, mean_capacity)

    def chance_to_mean_it(self, initiative, money, mean_capacity):
        """Chance that it means to keep its promise."""
        p, arena, terms = self.model.parameters, initiative.arena, initiative.terms
        rules, coerced = arena.rules, initiative.members[self].coerced
        burden = (1.0 - terms.cost_sharing) * clip(mean_capacity / self.capacity - 1.0)
        x = (
            p.deliver_base
            + p.deliver_trust * (2.0 * self.trust_in(initiative.members) - 1.0)
            + p.deliver_interest * self.effective_interest(initiative)
            + p.deliver_urgency * self.urgency[initiative.theme]
            + p.deliver_binding * terms.binding
            + p.deliver_monitoring * rules.monitoring
            + p.deliver_sanction * terms.sanction
            + p.deliver_money * money
            + p.deliver_ratified * terms.council_ratification * (not coerced)
            + p.deliver_record * arena.track_record
            + self.pressure(arena, p.deliver_threat, p.deliver_reactance)
            - p.deliver_burden * burden
            - p.deliver_coerced * coerced
            - p.deliver_say * arena.unequal_say(self) * self.model.divide
        )
        return logistic(x)

    def divide_capacity(self):
        """Give what was promised to what matters most first, as far as its capacity goes."""
        self.used = 0.0
        self.completions = 0.0
        willing = []
        for arena in self.arenas:
            for initiative in arena.running:
                membership = initiative.members.get(self)
                if membership:
                    membership.offer = 0.0
                    if membership.willing:
                        willing.append((self.importance(initiative), arena, membership))
        for _, arena, membership in sorted(willing, key=lambda choice: choice[0], reverse=True):
            membership.offer = min(membership.promised, max(0.0, self.available(arena) - self.used))
            membership.given += membership.offer
            self.used += membership.offer

    def note(self, verdict):
        """Count a promise of its own that fell due."""
        self.pledged += 1
        self.delayed += verdict == DELAYED
        self.defaulted += verdict == BROKEN

    def trust_more(self, other, gain):
        """Trust rises to a ceiling that grievance lowers, and never falls by it."""
        ceiling = 1.0 - self.model.parameters.trust_ceiling * self.grievance[other]
        self.trust[other] += gain * max(0.0, ceiling - self.trust[other])

    def trust_less(self, other, loss):
        """A share of trust is lost."""
        self.trust[other] *= 1.0 - loss

    def judge(self, other, verdict, good, bad):
        """Trust after what another did with its promise; a delay that was announced teaches nothing."""
        if verdict == KEPT:
            self.trust_more(other, good)
        elif verdict == BROKEN:
            self.trust_less(other, bad)

    # --- learning and value -------------------------------------------------------------------------
    def settle_trust(self):
        """Trust returns slowly to its institutional baseline."""
        rate = self.model.parameters.trust_return
        for other, trust in self.trust.items():
            self.trust[other] = trust + rate * (self.baseline(other) - trust)

    def remember(self, told):
        """Grievance fades, slower under negativity, and moves to what is told about the other."""
        p, nu = self.model.parameters, self.model.negativity
        retelling = p.retelling * nu if self.model.variant.retelling == "with" else 0.0
        keep = 1.0 - p.grievance_decay * (1.0 - p.grievance_memory * nu)
        for other, grievance in self.grievance.items():
            kept = grievance * keep
            self.grievance[other] = kept + retelling * (told[other] - kept)

    def look_back(self):
        """Effort and results of late, as remembered."""
        memory = self.model.parameters.results_memory
        self.recent_effort = memory * self.recent_effort + (1.0 - memory) * self.used / self.capacity
        self.recent_results = memory * self.recent_results + (1.0 - memory) * min(1.0, self.completions)

    def judge_collaboration(self):
        """Council support moves to what results, involvement and load warrant; acceptance returns to its start.

        Steering without a mandate costs acceptance, in a year as much as an intervention.
        """
        p, province, mandate = self.model.parameters, self.model.province, self.model.region.rules.mandate
        self.involvement = max((arena.involvement for arena in self.arenas if self in arena.taking_part), default=0.0)
        goal = clip(
            self.facts.support
            + p.support_results * self.recent_results
            + p.support_involvement * self.involvement
            - p.support_load * self.load
        )
        self.support += p.support_rate * (goal - self.support)
        self.accept_less(self.model.region, 0.25 * province.steering * (1.0 - mandate))
        self.acceptance += p.acceptance_rate * (self.facts.acceptance - self.acceptance)

    def work_at_home(self):
        """Value that it realises by law and alone, and the wear of what was realised."""
        p, model = self.model.parameters, self.model
        chance = logistic(p.mandatory_delivery_base + p.mandatory_slack * self.slack / self.capacity)
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

"""Joint work of municipalities: an initiative, from opening to its end."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.mesa_yardstick.agents import clip
from benchmarks.mesa_yardstick.province import backing
from bresim.kernel import draws
from bresim.kernel.state import BROKEN, DELAYED, EXECUTING, IDLE, KEPT, NEGOTIATING, REGIONAL


@dataclass(frozen=True)
class Terms:
    """Rules of an agreement as they were when it was signed; they last as long as it does."""

    own_binding: float
    province: object
    binding_supplied: float  # by the province, as long as it acts in full and has the staff
    exit_cost: float
    sanction: float
    council_ratification: float
    cost_sharing: float
    opt_out: float
    alliance_autonomy: float

    @property
    def binding(self):
        """How binding it is, with what the province adds."""
        return self.own_binding + self.province.acts * self.binding_supplied

    @property
    def looseness(self):
        """How far a member is free to leave."""
        return (1.0 - self.binding) * (1.0 - self.exit_cost)


@dataclass
class Membership:
    """What a municipality committed to, promised and gives in an initiative."""

    coerced: bool = False  # bound against its vote
    without: float | None = None  # share of the work that was done without it; None before it signed
    promised: float = 0.0  # fte a quarter
    willing: bool = True  # means to keep its promise until the next milestone
    offer: float = 0.0  # fte this quarter
    given: float = 0.0  # fte quarters since the last milestone
    quarters_before: float = 0.0  # of those since the last milestone, the ones before it signed
    verdict: int = KEPT  # what became of its promise at the last milestone
    broke_twice: bool = False  # at that milestone and at the one before

    def present(self, done):
        """Share of what is done that was done with it, given which share of all work is done."""
        return 1.0 - min(1.0, (self.without or 0.0) / done) if done > 0.0 else 1.0


class Initiative:
    """Joint work on a theme in an arena; ``members`` holds the membership of those committed, later its members."""

    def __init__(self, model, arena, theme):
        self.model = model
        self.arena = arena
        self.theme = theme
        self.index = arena.index * len(model.themes) + theme.index
        self.phase = IDLE
        self.rest = 0.0
        self.applied = 0.0  # for the highest window that it met
        self.taken = 0.0  # of the present window
        self.in_work = set()  # those whose part the work holds
        self.members = {}
        self.terms = None  # once it is agreed
        self.enforced = []  # of whom the province sees to it that it works on its promise until the next milestone

    def open(self):
        """Put it on the table."""
        self.phase = NEGOTIATING
        self.opened = self.model.quarter
        self.clock = 0.0
        self.since_milestone = 0.0
        self.escalation = 0.0
        self.work = 0.0
        self.progress = 0.0
        self.share_done = self.done_before = 0.0  # the latter at the last milestone
        self.grant = 0.0

    def take_in(self, one):
        """Let someone join."""
        self.members[one] = Membership()

    def let_go(self, one):
        """Let someone leave, with its promise."""
        one.signed -= self.members.pop(one).promised
        if one in self.enforced:
            self.enforced.remove(one)

    def remember_breach(self, leaver):
        """Leaving an agreement is a broken promise to those that stay."""
        for one in self.members:
            one.trust_less(leaver, self.arena.trust_lost())
            one.resent(leaver, self.arena.grievance_left())

    def inherit(self):
        """It may be under way when the run begins; returns whether it was agreed then, and is to be signed."""
        p, numbers = self.model.parameters, self.model.numbers
        u, age, part = (numbers.among(draws.INHERIT, 0, self.index, which, 4) for which in range(3))
        if u >= p.start_executing + (1.0 - p.start_executing) * p.start_negotiating:
            return False
        self.open()
        executing = u < p.start_executing
        chance = p.start_members if executing else 0.5 * p.start_members
        for one in self.arena.eligible:
            if numbers.alone(draws.INHERIT_MEMBER, 0, self.index, one.index) < chance:
                self.take_in(one)
        agreed = executing and len(self.members) >= min(self.arena.rules.min_members, len(self.arena.eligible))
        self.clock = float(int(age * (p.plan_longest if agreed else p.patience)))
        if agreed:
            self.share_done = part * self.clock / p.plan_longest
        return agreed

    def go_on(self):
        """What was agreed before the run is signed, and goes on with part of its work done."""
        self.sign()
        self.phase = EXECUTING
        self.progress = self.share_done * self.work * self.capital_need(self.money())

    def parts(self):
        """Municipality → how far it takes part: in an agreement if it wanted it, at the end by work done with it."""
        if self.phase == EXECUTING:
            return {one: membership.present(self.share_done) for one, membership in self.members.items()}
        return {one: 0.0 if membership.coerced else 1.0 for one, membership in self.members.items()}

    def coverage(self):
        """What is left of the value when not everyone takes part: problems move to where they are not tackled."""
        need = self.arena.need[self.theme]
        inside = sum(one.population * one.severity[self.theme] * part for one, part in self.parts().items())
        share = inside / need if need > 0.0 else 0.0
        exponent = self.model.parameters.coverage_exponent
        exponent = {"as_drawn": exponent, "ignored": 0.0, "doubled": 2.0 * exponent}[self.model.variant.coverage]
        return share**exponent if share > 0.0 else 0.0

    def spread(self, share, value):
        """Close ``share`` of what remains for members, as far as they were there; else there is what spills over."""
        spillover = self.model.parameters.spillover
        scale, parts = self.arena.scale, self.parts()
        for one in self.arena.members:
            part = parts.get(one, 0.0)
            realised = value(one)[self.theme]
            realised[scale] += share * (part + (1.0 - part) * spillover) * (1.0 - realised[scale])

    # --- negotiation --------------------------------------------------------------------------------
    def negotiate(self):
        """Let everyone eligible join or withdraw, as far as the rules let it."""
        p, arena = self.model.parameters, self.arena
        rules = arena.rules
        openness, withdrawal = rules.late_joining, 0.0
        if self.phase == NEGOTIATING:
            openness, withdrawal = 1.0, 2.0 * p.revoke * rules.revocable * (1.0 - rules.binding)
        money = self.money()
        joined = self.joined()
        capacity = sum(one.base_capacity for one in arena.eligible)
        # by the rules of now, also for what was agreed under others: it is what a plan of all would ask
        work, autonomy = self.required_work(capacity), rules.alliance_autonomy
        asked = self.planned_effort(work, arena.eligible, p.plan_longest, autonomy)
        in_turn = self.model.variant.order == "largest_first"
        for one in sorted(arena.eligible, key=lambda one: -one.population) if in_turn else arena.eligible:
            if in_turn:
                joined = self.joined()
            one.consider(self, openness, withdrawal, money, self.followed_by(one, joined), asked / capacity)

    def joined(self):
        """The eligible that have committed."""
        return [one for one in self.arena.eligible if one in self.members]

    def followed_by(self, one, joined):
        """Share of the eligible whose example counts for someone: less across the divide; one half if it is alone."""
        if len(self.arena.eligible) < 2:
            return 0.5
        count = 0.0
        for other in joined:
            across = (one.centre and other.rural) or (one.rural and other.centre)
            count += 1.0 - self.model.divide if across else 1.0
        return count / len(self.arena.eligible)

    def elsewhere(self):
        """The same theme at tables that overlap with this one."""
        return [arena.initiatives[self.theme.index] for arena in self.arena.overlapping]

    def served_elsewhere(self):
        """Municipalities committed to the theme at a table that overlaps with this one."""
        return {one for other in self.elsewhere() for one in other.members}

    def window(self):
        """What there is of the theme's window for this table: it is paid once, whichever table takes it."""
        shared = self.arena.window_shared_with
        others = [(arena.initiatives[self.theme.index], far) for arena, far in shared.items()]
        tables = 1 + sum(far for other, far in others if other.phase == EXECUTING)
        height = max(self.applied, self.theme.window)
        return max(0.0, min(height / tables, height - sum(far * other.taken for other, far in others)))

    def money(self):
        """Money from outside: a window or grant, provincial co-funding and a programme."""
        rules, province = self.arena.rules, self.model.province
        provincial = rules.cofunding * backing(rules.mandate, province.stance)
        return clip(max(self.window(), self.grant) + provincial + rules.programme_money)

    def apply_for_money(self):
        """Apply for the highest window; once it is agreed money is granted, and stays."""
        self.applied = max(self.applied, self.theme.window)
        there = self.window()
        if self.phase == EXECUTING and there > self.grant:
            self.taken += there - self.grant
            self.grant = there

    def enough_members(self):
        """Whether those committed are as many, and as strong, as the rules ask, or as all eligible together."""
        arena, rules = self.arena, self.arena.rules
        capacity = sum(one.capacity for one in self.members)
        asked = min(rules.min_capacity * arena.capacity, sum(one.capacity for one in arena.eligible))
        return (
            len(self.members) >= min(rules.min_members, len(arena.eligible))
            and capacity >= asked - 1e-9 * arena.capacity
        )

    def is_agreed(self):
        """Whether the aggregation rule is met."""
        rules, arena = self.arena.rules, self.arena
        seats = [one for one in arena.board if one in arena.taking_part]
        seated = sum(one in self.members for one in seats)
        return (
            sum(one in self.members for one in arena.voters) / len(arena.voters) >= rules.quota - 1e-9
            and (not seats or self.board_share(seated, len(seats)) >= rules.board_quota - 1e-9)
            and self.enough_members()
        )

    def board_share(self, seated, seats):
        """Share of the board that agrees: its municipalities, seats of partners, and the province with one voice."""
        model, rules, about = self.model, self.arena.rules, (self.model.quarter, self.index)
        draw, partners, province = model.numbers.alone, int(rules.board_partners), int(rules.board_province)
        chance = model.partners.agree(self.theme) if partners else 0.0
        yes = sum(draw(draws.PARTNER_SEAT, *about, seat) < chance for seat in range(partners))
        if province and draw(draws.PROVINCE_SEAT, *about, 0) < model.province.agrees(self):
            yes += province
        return (seated + yes) / (seats + partners + province)

    def conclude(self):
        """Agreements; past patience impositions and deadlocks. What was talked about in an arena that ended lapses."""
        p, model, rules = self.model.parameters, self.model, self.arena.rules
        self.apply_for_money()
        if not self.arena.eligible:
            self.lapse()
            return
        if self.is_agreed():
            if rules.council_ratification > 0.0:
                for one in list(self.members):
                    if one.council_refuses(self):
                        self.let_go(one)
            if self.enough_members():
                self.start_execution(imposed=False)
                return
        self.clock += 1.0
        if self.clock <= p.patience + rules.form_quarters:
            return
        if model.province.imposes(self):
            self.overrule()
            self.start_execution(imposed=True)
        else:
            self.end_in_deadlock()

    def overrule(self):
        """The province imposes: those bound against their will resent those that wanted it, and acceptance falls."""
        p, arena = self.model.parameters, self.arena
        for one in arena.eligible:
            if one not in self.members:
                hurt = p.overruling_grievance * (1.0 - one.accepts(arena))
                for other in self.members:
                    one.resent(other, hurt)
                one.disappoint_council()
        for one in arena.eligible:
            one.accept_less(arena, 0.5 if one in self.members else 1.0)

    def start_execution(self, imposed):
        """An agreement: it yields indirect value, members sign, and execution begins."""
        p, model = self.model.parameters, self.model
        if not imposed and self.arena.rules.binds_dissenters >= 0.5:
            for one in self.arena.eligible:
                if one not in self.members:
                    for other in self.members:
                        one.resent(other, p.overruling_grievance * (1.0 - one.trust[other]))
        if imposed or self.arena.rules.binds_dissenters >= 0.5:
            for one in self.arena.eligible:
                self.members.setdefault(one, Membership(coerced=True))
        self.spread(p.agreement_closure * self.coverage(), lambda one: one.indirect)
        self.sign(imposed)
        self.phase = EXECUTING
        self.clock = 0.0
        if self.arena is model.region:
            model.province.quarters_without_agreement = 0
        if self.arena is model.place and model.holds is model.design.design and not imposed:
            model.agreed += 1
        if self.arena.scale == REGIONAL and model.in_policy_window:
            model.agreements += 1
            model.waited += model.quarter - self.opened
            model.imposed += imposed

    def lapse(self):
        """The arena has ended, and talks with it: nobody held out, and its theme need not rest."""
        self.stop(rest=0.0)

    def end_in_deadlock(self):
        """Those that had committed resent those that held out; councils and partners lose trust."""
        p, model = self.model.parameters, self.model
        holdouts = [one for one in self.arena.eligible if one not in self.members]
        for one in self.members:
            for other in holdouts:
                one.resent(other, p.holdout_grievance)
        for one in self.arena.eligible:
            one.disappoint_council()
        if self.arena.scale == REGIONAL:
            model.partners.after_breakdown(self.theme)
        if self.arena.scale == REGIONAL and model.in_policy_window:
            model.deadlocks += 1
        self.stop(p.cooldown)

    def stop(self, rest):
        """Off the table, for ``rest`` quarters at least; everyone is let go."""
        if self.phase == EXECUTING:
            self.arena.running.remove(self)
        self.phase = IDLE
        self.rest = rest
        self.applied = self.taken = 0.0
        for one in list(self.members):
            self.let_go(one)

    # --- promises -----------------------------------------------------------------------------------
    def required_work(self, capacity):
        """Fte quarters of work, if members had so much capacity at the start; part of the absentees' falls on them."""
        p = self.model.parameters
        absent = p.work_absent * (self.arena.base_capacity - capacity)
        return p.work_fixed + p.work * (capacity + absent)

    def capital_need(self, money):
        """There is more work to do as far as the theme depends on central money that is not there."""
        return 1.0 + self.model.parameters.capital_work * self.theme.money * (1.0 - money)

    def ease(self):
        """Factor on transaction cost: members that trust each other need less, and others more."""
        members = list(self.members)
        if len(members) < 2:
            return 1.0
        trust = sum(one.trust[other] for one in members for other in members if other is not one)
        mean = trust / (len(members) * (len(members) - 1))
        return 1.0 - self.model.parameters.trust_cost * (2.0 * mean - 1.0)

    def transaction_cost(self, members, escalation, autonomy, trusting=1.0):
        """By how much working together takes more effort, with so many members and the seats of partners.

        It is less where municipalities are of one kind.
        """
        p, arena, rules = self.model.parameters, self.arena, self.arena.rules
        friction = (
            (1.0 - p.homogeneity_gain * (1.0 - arena.diversity))
            * (1.0 - rules.coordination)
            * (1.0 - p.autonomy_gain * autonomy)
            * (1.0 - rules.cross_border_focus * self.theme.border_theme)
            * (1.0 - escalation)
        )
        return 1.0 + p.transaction_cost * friction * trusting * max(0.0, members + rules.partner_seats - 1.0)

    def sharing(self):
        """How many initiatives of the arena share bureau and partners, this one included."""
        return len(self.arena.running) + (self.phase != EXECUTING)

    def served_by_partners_of(self, one):
        """Initiatives over which the partners of a municipality divide their work: all in its arenas at this scale."""
        others = [initiative for other in self.arena.others_of(one) for initiative in other.running]
        return self.sharing() + sum(one in other.arena.taking_part or one in other.members for other in others)

    def partners_effort(self, capacity):
        """Fte of partners and the water board beside members, given the capacity of each."""
        theme, partners = self.theme, self.model.partners
        trusted = theme.economic * partners.economic + theme.societal * partners.societal
        share = self.arena.rules.partner_weight * trusted + theme.water_board
        behind = sum(fte / self.served_by_partners_of(one) for one, fte in capacity.items())
        return self.model.parameters.partner_effort * behind * share

    def planned_effort(self, work, members, quarters, autonomy):
        """Staff a quarter that members have to give together to do the work in so many quarters."""
        p, rules, money = self.model.parameters, self.arena.rules, self.money()
        asked = work * self.capital_need(money) * self.transaction_cost(len(members), 0.0, autonomy)
        asked /= quarters * max(rules.execution, 0.05) * (1.0 + p.money_effort * money)
        partners = self.partners_effort({one: one.base_capacity for one in members})
        return max(0.0, asked - self.arena.pool * p.bureau_efficiency / self.sharing() - partners)

    def plans(self):
        """Staff a quarter that the slowest and the fastest plan ask of all members."""
        p = self.model.parameters
        return tuple(
            self.planned_effort(self.work, self.members, quarters, self.autonomy)
            for quarters in (p.plan_longest, p.plan_shortest)
        )

    @property
    def autonomy(self):
        """Autonomy of the alliance: that of its agreement, or what it would be."""
        return (self.terms if self.phase == EXECUTING else self.arena.rules).alliance_autonomy

    def part_of(self, one, capacity):
        """Part of the work that is a member's: by capacity, or an equal part as far as cost is not shared."""
        sharing = self.terms.cost_sharing
        return sharing * one.base_capacity / capacity + (1.0 - sharing) / len(self.members)

    def weighs_with(self, one):
        """How severe the theme is in a municipality beside its other themes."""
        return one.severity[self.theme] * len(one.severity) / sum(one.severity.values())

    def sign(self, imposed=False):
        """Fix terms and work; members promise theirs, and where a centre is one the others leave part to the lead."""
        rules = self.arena.rules
        self.terms = self.terms_of_now(imposed)
        self.done_before = self.share_done
        capacity = sum(one.base_capacity for one in self.members)
        self.work = self.required_work(capacity)
        slowest, fastest = self.plans()
        centres = [one for one in self.arena.members if one in self.members and one.centre]
        lead = max(centres, key=self.weighs_with, default=None)
        leaves = rules.lead_share if lead else 0.0
        left = leaves * sum(self.part_of(one, capacity) for one in self.members if one is not lead)
        for one, membership in self.members.items():
            part = self.part_of(one, capacity)
            part = part + left if one is lead else part * (1.0 - leaves)
            membership.without = 0.0
            membership.promised = one.promise(self.arena, part * slowest, part * fastest)
        self.in_work = set(self.members)
        self.arena.running.append(self)

    def terms_of_now(self, imposed):
        """The rules that the agreement keeps; of what the province supplies only that it does.

        No council decided on its own means for what was imposed.
        """
        model, rules = self.model, self.arena.rules
        binding, supplied = rules.binding, 0.0
        if self.arena is model.region and rules.services_by_province:
            binding, supplied = model.province.binding_own, model.province.binding_supplied
        ratified = 0.0 if imposed else rules.council_ratification
        kept = (rules.exit_cost, rules.sanction, ratified, rules.cost_sharing, rules.opt_out)
        return Terms(binding, model.province, supplied, *kept, rules.alliance_autonomy)

    def sign_newcomers(self):
        """A newcomer in execution adds its part of the work that is left, and signs for it from now on."""
        p = self.model.parameters
        capacity = sum(one.base_capacity for one in self.members)
        # in the order of the region, whoever joined first: each adds to the work that the next one signs for
        for one, membership in sorted(self.members.items(), key=lambda pair: pair[0].index):
            if membership.without is None:
                if one not in self.in_work:
                    self.work += p.work * (1.0 - p.work_absent) * one.base_capacity * (1.0 - self.share_done)
                    self.in_work.add(one)
                slowest, fastest = self.plans()
                part = self.part_of(one, capacity)
                membership.without = self.share_done
                membership.promised = one.promise(self.arena, part * slowest, part * fastest)
                membership.quarters_before = self.since_milestone

    def decide(self):
        """Apply for money; after a milestone members decide whether they mean to keep their promise until the next.

        Between milestones those that do not are asked again if it is in trouble, where there is escalation.
        """
        model = self.model
        self.apply_for_money()
        money = self.money()
        mean_capacity = sum(one.capacity for one in self.members) / max(1, len(self.members))
        if self.since_milestone > 0.0:
            for one, membership in self.members.items():
                if not membership.willing and self.escalation > 0.0:
                    u = model.numbers.alone(draws.RECALL, model.quarter, self.index, one.index)
                    chance = one.chance_to_mean_it(self, money, mean_capacity)
                    membership.willing = u < self.escalation * chance
            return
        stick = model.province.intervention_chance(self.arena, mandated=True)
        for one, membership in self.members.items():
            membership.willing = one.means_to_keep(self, money, mean_capacity)
            u = model.numbers.alone(draws.ENFORCE, model.quarter, self.index, one.index)
            if membership.broke_twice and u < stick:
                membership.willing = True
                self.enforced.append(one)

    # --- execution ----------------------------------------------------------------------------------
    def work_on(self):
        """One quarter of work."""
        p = self.model.parameters
        money = self.money()
        trouble = self.clock + 1.0 >= p.overrun or (
            self.clock >= 0.5 * p.overrun and self.share_done < self.clock / p.overrun
        )
        self.escalation = self.arena.rules.escalation if trouble else 0.0
        self.progress += self.effort(money, self.escalation)
        self.clock += 1.0
        self.since_milestone += 1.0
        self.share_done = clip(self.progress / (self.work * self.capital_need(money)))

    def take_stock(self):
        """An account at a milestone, and the end of what is done or overdue."""
        p = self.model.parameters
        overdue = self.clock >= p.overrun + p.escalation_time * self.escalation
        ends = self.share_done >= 1.0 or overdue or not self.members
        broken = []
        if ends or self.since_milestone >= round(p.milestone_quarters):
            broken = self.give_account()
        if ends:
            self.learn_from_end()
        hurt = self.arena.grievance_left()
        for other in broken:
            for one in self.members:
                if one is not other:
                    one.resent(other, hurt)
        if ends:
            self.finish()

    def effort(self, money, escalation):
        """Work done this quarter, in fte: staff, bureau and partners, against transaction cost."""
        p, arena, rules = self.model.parameters, self.arena, self.arena.rules
        own = sum(membership.offer for membership in self.members.values())
        if self.model.variant.delivery == "weakest_link":
            promises = [membership for membership in self.members.values() if membership.promised > 0.0]
            least = min((membership.offer / membership.promised for membership in promises), default=1.0)
            own = least * sum(membership.promised for membership in promises)
        staff = (
            (own + arena.pool * p.bureau_efficiency / len(arena.running))
            * (1.0 + p.capacity_coordination_gain * rules.capacity_coordination)
            * (1.0 - p.opt_out_loss * self.terms.opt_out)
        )
        outside = self.partners_effort({one: one.capacity for one in self.members})
        cost = self.transaction_cost(len(self.members), escalation, self.autonomy, self.ease())
        return rules.execution * (staff + outside) * (1.0 + p.money_effort * money) / cost

    def give_account(self):
        """A milestone: what became of promises, of which members learn. Returns the members that broke theirs."""
        p, model, arena = self.model.parameters, self.model, self.arena
        for one, membership in self.members.items():
            before, membership.verdict = membership.verdict, self.verdict_on(one, membership)
            membership.broke_twice = before == membership.verdict == BROKEN
            asked = membership.promised * (self.since_milestone - membership.quarters_before)
            if membership.verdict != KEPT and asked > 0.0:
                lack = 1.0 - min(1.0, membership.given / asked)
                membership.without += lack * max(0.0, self.share_done - max(self.done_before, membership.without))
            membership.given = membership.quarters_before = 0.0
            arena.judge_vote(self, one, membership.verdict)
        self.since_milestone = 0.0
        self.done_before = self.share_done
        good = p.trust_gain * arena.seen() * arena.told()
        bad = arena.trust_lost()
        for one in self.members:
            for other, membership in self.members.items():
                if other is not one:
                    one.judge(other, membership.verdict, good, bad)
        if model.in_policy_window:
            for one, membership in self.members.items():
                one.note(membership.verdict)
            if arena.scale == REGIONAL:
                model.note_promises([membership.verdict for membership in self.members.values()])
                model.enforced += sum(one in self.members for one in self.enforced)
        for one in self.enforced:
            one.accept_less(arena, 1.0 - arena.rules.mandate)  # with a mandate it is what was agreed
        self.enforced.clear()
        return [one for one, membership in self.members.items() if membership.verdict == BROKEN]

    def verdict_on(self, one, membership):
        """Kept; or late, if it meant to keep its promise and says in time that it could not; or broken."""
        p, model, rules = self.model.parameters, self.model, self.arena.rules
        if not membership.willing:
            return BROKEN
        quarters = self.since_milestone - membership.quarters_before
        asked = (1.0 - p.milestone_tolerance) * membership.promised * quarters
        if membership.given >= asked - 1e-9:
            return KEPT
        says_so = p.announce + (1.0 - p.announce) * max(rules.monitoring, rules.facilitation)
        u = model.numbers.alone(draws.ANNOUNCE, model.quarter, self.index, one.index)
        return DELAYED if u < says_so else BROKEN

    def learn_from_end(self):
        """What is completed together raises trust among the members, what fails lowers it."""
        p = self.model.parameters
        gain = p.trust_completion * self.arena.told()
        for one in self.members:
            for other in self.members:
                if other is one:
                    continue
                if self.share_done >= 1.0:
                    one.trust_more(other, gain)
                else:
                    one.trust_less(other, p.trust_failure)

    def finish(self):
        """The end of an execution: completed if all work is done, else failed."""
        p, model, arena = self.model.parameters, self.model, self.arena
        done = self.share_done >= 1.0
        fraction = 1.0 if done else p.partial * self.share_done
        self.spread(fraction * p.closure * self.coverage(), lambda one: one.direct)
        if done:
            arena.track_record += p.record_gain * arena.told() * (1.0 - arena.track_record)
            for one in self.members:
                one.completions += arena.told()
        else:
            for one in self.members:
                one.disappoint_council()
                for other in self.members:
                    if other is not one:
                        one.resent(other, p.overrun_grievance)
        if arena.scale == REGIONAL:
            if done:
                model.partners.after_success(self.theme, arena.rules.partner_seats)
            else:
                model.partners.after_breakdown(self.theme)
        if arena.scale == REGIONAL and model.in_policy_window:
            model.note_end(self, done)
        self.stop(1.0 if done else p.cooldown)

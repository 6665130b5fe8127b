"""Joint work of municipalities: an initiative, from opening to its end."""

from __future__ import annotations

from benchmarks.mesa_yardstick.agents import clip
from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING, REGIONAL


class Initiative:
    """Joint work on a theme in an arena; ``members`` says of each whether it was bound against its vote."""

    def __init__(self, model, arena, theme):
        self.model = model
        self.arena = arena
        self.theme = theme
        self.index = arena.index * len(model.themes) + theme.index
        self.phase = IDLE
        self.rest = 0.0
        self.members = {}

    def open(self):
        """Put it on the table."""
        self.phase = NEGOTIATING
        self.opened = self.model.quarter
        self.clock = 0.0
        self.progress = 0.0
        self.share = 0.0
        self.grant = 0.0

    def coverage(self):
        """What is left of the value when not everyone takes part: problems move to where they are not tackled."""
        inside = sum(one.population * one.severity[self.theme] for one in self.arena.members if one in self.members)
        need = self.arena.need[self.theme]
        share = inside / need if need > 0.0 else 0.0
        return share**self.model.parameters.coverage_exponent if share > 0.0 else 0.0

    def spread(self, share, value):
        """Close ``share`` of what remains for members, and what spills over for the others."""
        spilled = share * self.model.parameters.spillover
        scale = self.arena.scale
        for one in self.arena.members:
            realised = value(one)[self.theme]
            realised[scale] += (share if one in self.members else spilled) * (1.0 - realised[scale])

    # --- negotiation --------------------------------------------------------------------------------
    def negotiate(self):
        """Let everyone eligible join or withdraw, as far as the rules let it."""
        p, rules = self.model.parameters, self.arena.rules
        negotiating = self.phase == NEGOTIATING
        ease = clip(p.pace * (1.0 + p.facilitation_pace * rules.facilitation))
        withdrawal = 0.0
        if negotiating:
            withdrawal = 2.0 * p.revoke * rules.revocable * (1.0 - rules.binding)
        else:
            ease *= rules.late_joining
        money = self.money(max(self.theme.window, self.grant))
        joined = sum(one in self.members for one in self.arena.eligible)
        peers = joined / len(self.arena.eligible) if len(self.arena.eligible) > 1 else 0.5
        for one in self.arena.eligible:
            one.consider(self, ease, withdrawal, money, peers)

    def money(self, window):
        """Money from outside: windows, provincial co-funding and a programme."""
        rules = self.arena.rules
        provincial = rules.cofunding * self.model.province.backing(rules.mandate)
        return clip(window + provincial + rules.programme_money)

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
            len(self.members) / len(arena.eligible) >= rules.quota - 1e-9
            and (seated / len(seats) if seats else 1.0) >= rules.board_quota - 1e-9
            and self.enough_members()
        )

    def conclude(self):
        """Turn commitments into an agreement; past patience into imposition or deadlock."""
        p, model, rules = self.model.parameters, self.model, self.arena.rules
        if self.is_agreed():
            if rules.council_ratification > 0.0:
                for one in list(self.members):
                    if one.council_refuses(self):
                        del self.members[one]
            if self.enough_members():
                self.start_execution(imposed=False)
                return
        self.clock += 1.0
        if self.clock <= p.patience + rules.form_quarters:
            return
        if self.arena is model.region and model.province.imposes(self):
            self.overrule()
            self.start_execution(imposed=True)
        else:
            self.end_in_deadlock()

    def overrule(self):
        """The province imposes: who is bound against its will resents who wanted it, and acceptance falls."""
        p, rules = self.model.parameters, self.arena.rules
        for one in self.arena.eligible:
            if one not in self.members:
                hurt = p.overruling_grievance * (1.0 - clip(one.acceptance + p.acceptance_mandate * rules.mandate))
                for other in self.members:
                    one.resent(other, hurt)
        for one in self.arena.eligible:
            one.acceptance *= 1.0 - (p.acceptance_loss if one not in self.members else 0.5 * p.acceptance_loss)

    def start_execution(self, imposed):
        """An agreement: it yields indirect value, and execution begins."""
        p, model = self.model.parameters, self.model
        if imposed or self.arena.rules.binds_dissenters >= 0.5:
            for one in self.arena.eligible:
                self.members.setdefault(one, True)
        self.phase = EXECUTING
        self.clock = 0.0
        if self.arena is model.region:
            model.province.drought = 0
            if model.in_policy_window:
                model.agreements += 1
                model.waited += model.quarter - self.opened
                model.imposed += imposed
        self.spread(p.agreement_closure * self.coverage(), lambda one: one.indirect)

    def end_in_deadlock(self):
        """Who had committed resents who held out; councils and partners lose trust."""
        p, model = self.model.parameters, self.model
        holdouts = [one for one in self.arena.eligible if one not in self.members]
        for one in self.members:
            for other in holdouts:
                one.resent(other, p.holdout_grievance)
        for one in self.arena.eligible:
            one.disappoint_council()
        if self.arena.scale == REGIONAL:
            model.partners.after_breakdown(self.theme)
        if self.arena is model.region and model.in_policy_window:
            model.deadlocks += 1
        self.stop(p.cooldown)

    def stop(self, rest):
        """Off the table, for ``rest`` quarters at least."""
        self.phase = IDLE
        self.rest = rest
        self.members.clear()

    # --- execution ----------------------------------------------------------------------------------
    def execute(self, running):
        """One quarter of work, one of ``running`` in this arena: deliver, learn, and end what is done or overdue."""
        p, model, rules = self.model.parameters, self.model, self.arena.rules
        self.grant = max(self.grant, self.theme.window)  # a grant, once won, stays
        money = self.money(self.grant)
        capacity = sum(one.capacity for one in self.members)
        mean_capacity = capacity / max(1, len(self.members))
        delivered = {one: one.delivers(self, money, mean_capacity) for one in self.members}
        if self.arena is model.region and model.in_policy_window:
            model.pledges += len(delivered)
            model.defaults += len(delivered) - sum(delivered.values())
        last_quarter = self.clock + 1.0 >= p.overrun
        behind = self.clock >= 0.5 * p.overrun and self.share < self.clock / p.overrun
        escalation = rules.escalation if last_quarter or behind else 0.0
        self.progress += self.effort(delivered, capacity, money, escalation, running)
        self.learn(delivered)
        self.clock += 1.0
        absent = p.work_absent * (self.arena.capacity - capacity)
        work = p.work_fixed + p.work * (capacity + absent)
        work *= 1.0 + p.capital_work * self.theme.money * (1.0 - money)
        self.share = clip(self.progress / work)
        overdue = self.clock >= p.overrun + p.escalation_time * escalation
        if self.share >= 1.0 or overdue or not self.members:
            self.finish()

    def effort(self, delivered, capacity, money, escalation, running):
        """Work done this quarter, in fte: staff, bureau and partners, against transaction cost."""
        p, rules, theme, partners = self.model.parameters, self.arena.rules, self.theme, self.model.partners
        ad_hoc = 0.0
        if rules.outer_ring > 0.0:
            for one in self.arena.eligible:
                one.used += one.help
                ad_hoc += one.help
        staff = (
            (self.own_work(delivered) + ad_hoc + self.arena.pool * p.bureau_efficiency / running)
            * (1.0 + p.capacity_coordination_gain * rules.capacity_coordination)
            * (1.0 - p.opt_out_loss * rules.opt_out)
        )
        trusted = theme.economic * partners.economic + theme.societal * partners.societal
        outside = p.partner_effort * capacity * (rules.partner_weight * trusted + theme.water_board) / running
        friction = (
            (1.0 - rules.coordination)
            * (1.0 - p.autonomy_gain * rules.alliance_autonomy)
            * (1.0 - rules.cross_border_focus * theme.border_theme)
            * (1.0 - escalation)
        )
        cost = 1.0 + p.transaction_cost * friction * max(0.0, len(delivered) + rules.partner_seats - 1.0)
        return rules.execution * (staff + outside) * (1.0 + p.money_effort * money) / cost

    def own_work(self, delivered):
        """Fte of the members; where a centre is one, the others may leave part of theirs to the leads."""
        leaves = self.arena.rules.lead_share if any(one.centre for one in delivered) else 0.0
        own = left = room = 0.0
        for one, kept in delivered.items():
            if not kept:
                continue
            given = one.offer
            if one.centre:
                room += one.lead_room
            else:
                left += leaves * given
                given *= 1.0 - leaves
            one.used += given
            own += given
        taken = min(left, room)
        if taken > 0.0:
            for one, kept in delivered.items():
                if one.centre and kept:
                    one.used += taken * one.lead_room / room
        return own + taken

    def learn(self, delivered):
        """Members learn from what each did."""
        p, rules = self.model.parameters, self.arena.rules
        seen = p.visibility + (1.0 - p.visibility) * rules.monitoring
        good = p.trust_gain * seen * self.arena.told()
        bad = p.trust_gain * p.trust_loss_ratio * seen
        hurt = p.grievance_rate * seen
        for one in delivered:
            one.learn(delivered, good, bad, hurt)

    def finish(self):
        """The end of an execution: completed if all work is done, else failed."""
        p, model = self.model.parameters, self.model
        done = self.share >= 1.0
        fraction = 1.0 if done else p.partial * self.share
        self.spread(fraction * p.closure * self.coverage(), lambda one: one.direct)
        if done:
            for one in self.members:
                one.harvest += self.arena.told()
        else:
            for one in self.members:
                one.disappoint_council()
                for other in self.members:
                    if other is not one:
                        one.resent(other, p.overrun_grievance)
        if self.arena.scale == REGIONAL:
            if done:
                model.partners.after_success(self.theme, self.arena.rules.partner_seats)
            else:
                model.partners.after_breakdown(self.theme)
        if self.arena is model.region and model.in_policy_window:
            model.note_end(self, done)
        self.stop(1.0 if done else p.cooldown)

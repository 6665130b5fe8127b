"""The region as a Mesa model: one design, one run, a quarter a step."""

from __future__ import annotations

import copy

import mesa

from benchmarks.mesa_yardstick import outcomes
from benchmarks.mesa_yardstick.agents import MunicipalityAgent, clip
from benchmarks.mesa_yardstick.arenas import Arena
from benchmarks.mesa_yardstick.data import GROWING, RegionData
from benchmarks.mesa_yardstick.province import Partners, Province, Theme, services_fte
from benchmarks.mesa_yardstick.random_numbers import FreeNumbers, KeyedNumbers
from bresim.kernel import draws
from bresim.kernel.state import BROKEN, DELAYED, REGIONAL


class RegionModel(mesa.Model):
    """Municipalities that work together under a governance design.

    ``replicate`` picks the random numbers, ``draw`` the parameter set and ``solution`` who is a member of which
    collaboration, as in a run of bresim; ``at_once`` founds the design at policy start without a vote. With ``keyed``
    False the random numbers are those of Mesa's own generator.
    """

    def __init__(
        self,
        data: RegionData,
        design: int,
        replicate: int,
        draw: int = 0,
        solution: int = 0,
        parochialism: float = 0.6,
        cleavage: float = 0.6,
        negativity: float = 0.6,
        at_once: bool = False,
        seed: int = 1,
        keyed: bool = True,
    ):
        super().__init__(rng=seed)
        self.data = data
        self.design = data.designs[design]
        self.at_once = at_once
        self.parameters = data.parameters[draw]
        self.numbers = KeyedNumbers(seed, replicate) if keyed else FreeNumbers(self.random)
        self.quarter = 0
        self.parochialism = parochialism
        self.cleavage = cleavage
        self.negativity = negativity
        self.kappa = parochialism
        self.divide = cleavage

        self.size = len(data.municipalities)
        self.themes = [Theme(k, facts) for k, facts in enumerate(data.themes)]
        for index, facts in enumerate(data.municipalities):
            MunicipalityAgent(self, index, facts, solution)
        self.agents.do("meet", solution)
        members = list(self.agents)
        self.arenas = [
            Arena(self, index, facts, [members[i] for i in facts.members]) for index, facts in enumerate(data.arenas)
        ]
        self.region = self.arenas[0]
        self.province = Province(self)
        self.partners = Partners(self)

        self.institution = None  # of the region, before it is built up
        self.adopted_quarter = None
        self.agreements = self.deadlocks = self.completed = self.failed = self.imposed = 0
        self.pledges = self.delays = self.defaults = self.enforced = self.waited = 0
        self.mandatory_due = self.mandatory_done = 0
        self.first_result = None
        self.datacollector = mesa.DataCollector(model_reporters=outcomes.STATE)

    @property
    def now(self):
        """What the calendar says of this quarter."""
        return self.data.quarters[self.quarter]

    @property
    def in_policy_window(self):
        """Whether the design under test may hold."""
        return self.quarter >= self.data.policy_start

    def step(self):
        """One quarter."""
        self.set_institutions()
        self.province.steer()
        self.set_services()
        self.happen()
        self.agents.do("feel")
        self.agents.do("adopt_urgency")
        self.agents.do("take_on_work")
        for arena in self.arenas:
            arena.fill_bureau()
        self.agents.do("keep_slack")
        if self.quarter == 0:
            self.inherit()
        for arena in self.arenas:
            arena.set_agenda()
        for arena in self.arenas:
            arena.negotiate()
        for arena in self.arenas:
            arena.conclude()
        self.execute()
        self.learn()
        self.agents.do("work_at_home")
        self.datacollector.collect(self)
        self.quarter += 1
        self.running = self.quarter < len(self.data.quarters)

    # --- institutions -------------------------------------------------------------------------------
    def set_institutions(self):
        """Found, build up or end the design; rotating seats pass on at new year."""
        new_year = self.quarter % 4 == 0
        institution = self.choose_institution()
        changed = institution is not self.institution
        if changed:
            self.institution = institution
            self.region.enter(institution)
        self.region.rules = self.built_up(institution)
        if changed or new_year:
            self.region.seat_board(institution)
        for arena, own in zip(self.arenas[1:], self.design.arenas, strict=True):
            if self.quarter == 0:
                arena.enter(own)
            if new_year:
                arena.seat_board(own)

    def choose_institution(self):
        """Which institution holds in the region; the design needs enough who want it."""
        design = self.design.design
        if not self.in_policy_window:
            return self.design.before
        if self.adopted_quarter is None:
            waited = (self.quarter - self.data.policy_start) % round(self.parameters.adopt_interval) == 0
            needs_vote = design.adoption_quota > 0.0 and not self.at_once
            if not needs_vote or (waited and self.is_founded(design)):
                self.adopted_quarter = self.quarter
        if self.adopted_quarter is None:
            return self.design.fallback
        if 0.0 < design.term_quarters <= self.quarter - self.adopted_quarter:
            return self.design.successor or self.design.fallback
        return design

    def is_founded(self, design):
        """Whether enough of the eligible want to found the design."""
        eligible = self.agents.select(lambda one: one.index in design.eligible)
        yes = sum(eligible.map("votes_for", design))
        return yes >= design.adoption_quota * len(eligible) - 1e-9 and yes >= min(design.min_members, len(eligible))

    def built_up(self, institution):
        """The rules in force: a new design grows to its full strength over its set-up time."""
        rules = copy.copy(institution)
        if institution is self.design.design and institution.setup_quarters > 0.0:
            ramp = min(1.0, (self.quarter - self.adopted_quarter + 1) / (institution.setup_quarters + 1.0))
            for field in GROWING:
                start = getattr(self.design.fallback, field)
                setattr(rules, field, start + ramp * (getattr(institution, field) - start))
        rules.programme_money *= min(1.0, self.now.window_factor)  # it is central money too
        return rules

    def set_services(self):
        """What the services of every arena ask of its members; in the region the province may supply them."""
        rules, usual = self.region.rules, self.design.fallback
        if rules.services_by_province:
            self.province.supply_services(rules, usual)
            self.region.service_fte = services_fte(self.parameters, usual) * len(self.region.eligible)
        else:
            self.region.service_fte = services_fte(self.parameters, rules) * len(self.region.eligible)
        for arena in self.arenas[1:]:
            arena.service_fte = services_fte(self.parameters, arena.rules) * len(arena.eligible)

    # --- events -------------------------------------------------------------------------------------
    def happen(self):
        """Shocks, funding windows, elections and resignations."""
        p, now = self.parameters, self.now
        voice = max(arena.rules.lobby * arena.people for arena in self.arenas)
        for theme in self.themes:
            self.strike(theme)
            self.open_window(theme, voice)
        following = self.data.quarters[self.quarter + 1 : self.quarter + 2]
        campaign = now.election or any(quarter.election for quarter in following)
        self.kappa = clip(self.parochialism * (1.0 + (p.campaign_effect if campaign else 0.0)))
        self.agents.do("live_through_politics")
        if now.election:
            self.agents.do("campaign")
        self.province.hold_elections()

    def strike(self, theme):
        """A shock fades, or strikes; the common enemy is felt by all at once."""
        p, now = self.parameters, self.now
        left = p.shock_persistence * theme.shock
        theme.shock = max(left, now.shock[theme.index])
        if self.numbers.among(draws.SHOCK, self.quarter, 0, theme.index, len(self.themes)) < (
            p.shock_rate * now.shock_factor
        ):
            theme.shock = max(theme.shock, p.shock_size)
        if theme.shock > left:
            for one in self.agents:
                one.urgency[theme] += p.shock_jolt * (theme.shock - left) * (1.0 - one.urgency[theme])

    def open_window(self, theme, voice):
        """Central money for a theme: lobby and a shared strategy help."""
        p, now = self.parameters, self.now
        theme.window = max(p.window_persistence * theme.window, now.window[theme.index])
        indirect = sum(one.population * one.indirect[theme][REGIONAL] for one in self.agents)
        lobby = clip(voice + self.region.rules.cross_border_focus * theme.border_theme)
        chance = p.window_rate * theme.money * (1.0 + p.lobby_effect * lobby) * (1.0 + p.indirect_effect * indirect)
        u = self.numbers.among(draws.WINDOW, self.quarter, 0, theme.index, len(self.themes))
        if u < clip(chance) * now.window_factor:
            theme.window = 1.0

    # --- initiatives --------------------------------------------------------------------------------
    def inherit(self):
        """What is under way when the run begins: all is found first, then what was agreed is signed in turn."""
        agreed = [initiative for arena in self.arenas for initiative in arena.inherit()]
        for initiative in agreed:
            initiative.go_on()

    def execute(self):
        """One quarter of what was agreed: promises, then all work, then what becomes of it."""
        for arena in self.arenas:
            arena.list_running()
        running = [initiative for arena in self.arenas for initiative in arena.running]
        for initiative in running:
            initiative.sign_newcomers()
        for initiative in running:
            initiative.decide()
        self.agents.do("divide_capacity")
        for initiative in running:
            initiative.work_on()
        for initiative in running:
            initiative.take_stock()

    # --- learning -----------------------------------------------------------------------------------
    def learn(self):
        """What everyone takes from this quarter."""
        self.agents.do("settle_trust")
        told = {one: sum(other.grievance[one] for other in one.others) / len(one.others) for one in self.agents}
        self.agents.do("remember", told)
        self.agents.do("look_back")
        self.update_divide()
        self.agents.do("judge_collaboration")
        self.partners.drift()
        for arena in self.arenas:
            arena.track_record *= 1.0 - self.parameters.record_decay

    def update_divide(self):
        """The divide tends to the cleavage, fed by unequal say and unequal carrying."""
        p = self.parameters
        centres = [one.recent_effort for one in self.agents if one.centre]
        others = [one.recent_effort for one in self.agents if not one.centre]
        inequality = 0.0
        if centres and others:
            first, second = sum(centres) / len(centres), sum(others) / len(others)
            if first + second > 1e-9:
                inequality = abs(first - second) / (first + second)
        say = 1.0 - self.region.rules.equal_say
        goal = clip(self.cleavage * (0.5 + p.divide_say * say + p.divide_carrying * inequality))
        self.divide += p.divide_rate * (goal - self.divide)

    def note_promises(self, verdicts):
        """Count promises in the region that fell due in the policy window."""
        self.pledges += len(verdicts)
        self.delays += verdicts.count(DELAYED)
        self.defaults += verdicts.count(BROKEN)

    def note_end(self, initiative, done):
        """Count a regional initiative that ended in the policy window."""
        if not done:
            self.failed += 1
            return
        self.completed += 1
        if self.first_result is None and initiative.opened >= self.data.policy_start:
            self.first_result = self.quarter - self.data.policy_start

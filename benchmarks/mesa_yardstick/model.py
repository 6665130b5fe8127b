"""The region as a Mesa model: one design, one run, a quarter a step."""

from __future__ import annotations

import copy
from statistics import fmean

import mesa

from benchmarks.mesa_yardstick import outcomes
from benchmarks.mesa_yardstick.agents import MunicipalityAgent, clip
from benchmarks.mesa_yardstick.arenas import Arena
from benchmarks.mesa_yardstick.data import GROWING, NOTHING, RegionData
from benchmarks.mesa_yardstick.province import (
    OWN_WORK,
    SERVICES,
    Partners,
    Province,
    Theme,
    backing,
    own_fte,
    services_fte,
)
from benchmarks.mesa_yardstick.random_numbers import FreeNumbers, KeyedNumbers
from bresim.kernel import draws
from bresim.kernel.state import BROKEN, DELAYED, EXECUTING, REGIONAL


class RegionModel(mesa.Model):
    """Municipalities that work together under a governance design.

    ``replicate`` picks the random numbers, ``draw`` the parameter set and ``solution`` the members of each
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
        self.variant = data.variant
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
        self.region = self.place = self.arenas[0]  # place: where the institution that was chosen holds
        self.province = Province(self)
        self.partners = Partners(self)

        self.adopted_quarter = None
        self.holds = None  # the design or its successor, while it holds
        self.since = data.policy_start  # quarter in which it, or the status quo, began to hold
        self.term_over = False
        self.refusals = 0
        self.memory_of_refusal = 0.0
        self.last_result = 0
        self.agreed = 0  # under the design, by the municipalities
        self.dissolved_quarter = None
        self.followed = False  # whether the successor was founded
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
        self.staff_arenas()
        if self.quarter == 0:
            self.inherit()
        for arena in self.in_turn(self.arenas):
            arena.set_agenda()
        for arena in self.arenas:
            arena.negotiate()
        for arena in self.in_turn(self.arenas):
            arena.conclude()
        self.execute()
        self.learn()
        self.agents.do("work_at_home")
        self.datacollector.collect(self)
        self.quarter += 1
        self.running = self.quarter < len(self.data.quarters)

    def in_turn(self, things):
        """In the order of this quarter: as they are listed, or the other way round."""
        turned = self.numbers.alone(draws.TURNS, self.quarter, 0, 0) < 0.5
        return list(reversed(things)) if turned else list(things)

    # --- institutions -------------------------------------------------------------------------------
    def set_institutions(self):
        """Found, build up or end the design, begin and end arenas; rotating seats pass on at new year."""
        new_year = self.quarter % 4 == 0
        chosen = self.choose_institution()
        self.place = self.arenas[-1] if chosen.beside else self.region
        for arena in self.arenas:
            institution = self.institution_of(arena, chosen)
            changed = self.quarter == 0 or institution is not arena.institution
            if changed:
                arena.enter(institution)
            arena.institution = institution
            arena.is_open = institution is not NOTHING
            if arena.is_open:
                arena.rules = self.built_up(institution)
                if changed or new_year:
                    arena.seat_board(institution)
            elif changed:
                arena.rules = self.without_services(arena.rules)
            arena.set_votes()

    def institution_of(self, arena, chosen):
        """What holds in an arena: what was chosen in the region or, if that stands beside it, in the last arena."""
        if arena is self.region:
            return self.design.fallback if chosen.beside else chosen
        if arena is self.arenas[-1]:
            return chosen if chosen.beside else NOTHING
        own = self.design.arenas[arena.index - 1]
        return own if arena.facts.begins <= self.quarter < arena.facts.ends else NOTHING

    def choose_institution(self):
        """Which institution holds in the region: what was founded, until its term is over or it is dissolved."""
        if not self.in_policy_window:
            return self.design.before
        remembered = self.memory_of_refusal
        self.memory_of_refusal *= 1.0 - self.parameters.refusal_decay
        design, age = self.design.design, self.quarter - self.since
        if self.holds is design and 0.0 < design.term_quarters <= age:
            self.holds, self.since, self.term_over, age = None, self.quarter, True, 0
        if self.holds is not None:
            self.consider_dissolving()
        else:
            self.consider_founding(self.successor() if self.term_over else design, age, remembered)
        return self.holds or self.design.fallback

    def successor(self):
        """What may follow the term of the design: nothing if it asks for what was not reached."""
        design = self.design.design
        enough = self.agreed >= design.successor_agreements
        if (design.successor_if_agreed and not enough) or (design.successor_if_not_agreed and enough):
            return None
        return self.design.successor

    def consider_founding(self, candidate, age, remembered):
        """Found a candidate that needs no vote, or at intervals put it to the vote; ``age`` of the status quo."""
        if candidate is None:
            return
        if self.at_once or candidate.adoption_quota <= 0.0:
            states = backing(candidate.mandate, self.province.stance)
            taken_on = self.at_once or candidate.steering <= 0.0 or states > 0.5
            founded = taken_on and self.dissolved_quarter is None
        elif age % round(self.parameters.adopt_interval) == 0:
            voters = self.voters(candidate)
            yes = sum(voters.map("wants", candidate, remembered))
            enough = max(candidate.adoption_quota * len(voters) - 1e-9, min(candidate.min_members, len(voters)))
            founded = yes > 0 and yes >= enough
            if not founded:
                self.memory_of_refusal = 1.0
                self.refusals += 1
        else:
            return
        if founded:
            self.holds, self.since = candidate, self.quarter
            if candidate is self.design.design:
                self.agreed = 0
            self.followed = self.followed or self.term_over
            if self.adopted_quarter is None:
                self.adopted_quarter = self.quarter

    def consider_dissolving(self):
        """Ask whether to dissolve what holds, if those who put people or money in it have waited long for results."""
        p, held = self.parameters, self.holds
        if held.services_by_province or not (held.adoption_quota > 0.0 or held.pooled_capacity > 0.0):
            return
        waited = self.quarter - max(self.since + held.setup_quarters, self.last_result) - round(p.dissolve_patience)
        if waited < 0 or waited % round(p.adopt_interval) != 0:
            return
        voters = self.voters(held)
        if sum(voters.map("rejects", held, waited / 4.0)) > len(voters) / 2:
            self.holds, self.since, self.memory_of_refusal = None, self.quarter, 1.0
            if self.dissolved_quarter is None:
                self.dissolved_quarter = self.quarter

    def voters(self, institution):
        """Municipalities that have a vote on an institution."""
        return self.agents.select(lambda one: one.index in institution.eligible)

    def money_in_sight(self, institution, theme):
        """Central money that is there or that a lobby may bring, with what comes on top of it."""
        plenty = min(1.0, self.now.window_factor)
        provincial = institution.cofunding * backing(institution.mandate, self.province.stance)
        place = self.arenas[-1] if institution.beside else self.region
        central = max(place.initiatives[theme.index].window(), plenty * institution.lobby * theme.money)
        return clip(central + provincial + plenty * institution.programme_money)

    def built_up(self, institution):
        """The rules in force: a new design grows to its full strength over its set-up time."""
        rules = copy.copy(institution)
        if institution in (self.design.design, self.design.successor) and institution.setup_quarters > 0.0:
            ramp = min(1.0, (self.quarter - self.since + 1) / (institution.setup_quarters + 1.0))
            for field in GROWING:
                start = getattr(self.design.fallback, field)
                setattr(rules, field, start + ramp * (getattr(institution, field) - start))
        rules.programme_money *= min(1.0, self.now.window_factor)  # it is central money too
        return rules

    def without_services(self, last):
        """The rules for what is still in execution when an arena ends: of what grows, what the status quo has."""
        rules = copy.copy(last)
        for field in GROWING:
            setattr(rules, field, getattr(self.design.fallback, field))
        rules.programme_money = 0.0
        return rules

    def set_services(self):
        """What the services of every arena ask, and how far they hold; in the region the province may supply them."""
        p, usual = self.parameters, self.design.fallback
        self.province.acts = self.province.binding_own = self.province.binding_supplied = 0.0
        for arena in self.arenas:
            rules, own = arena.rules, own_fte(p, arena.rules)
            if arena is self.region and rules.services_by_province:
                fte = services_fte(p, usual) + own
                self.province.supply_services(rules, usual)
            else:
                fte = services_fte(p, rules) + own
                for field in (*SERVICES, "binding") if arena.eligible else ():
                    setattr(rules, field, arena.staffed * getattr(rules, field))
            for field in OWN_WORK if arena.eligible else ():
                setattr(rules, field, arena.staffed * getattr(rules, field))
            arena.service_fte = fte * len(arena.eligible)

    def staff_arenas(self):
        """Each municipality gives the bureaus and services of its arenas what they ask, or the same part of each."""
        for arena in self.arenas:
            arena.ask_for_staff()
        asked = dict.fromkeys(self.agents, 0.0)
        for arena in self.arenas:
            for claims in (arena.for_bureau, arena.in_kind):
                for one, fte in claims.items():
                    asked[one] += fte
        gives = {one: 1.0 if one.slack >= fte - 1e-9 else one.slack / fte for one, fte in asked.items()}
        for arena in self.arenas:
            arena.take_staff(gives)
        for one, fte in asked.items():
            one.slack = max(0.0, one.slack - gives[one] * fte)

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
        theme.window *= p.window_persistence
        if now.window[theme.index] > theme.window:
            self.bring_money(theme, now.window[theme.index])
        indirect = sum(one.population * one.indirect[theme][REGIONAL] for one in self.agents)
        lobby = clip(voice + self.region.rules.cross_border_focus * theme.border_theme)
        chance = p.window_rate * theme.money * (1.0 + p.lobby_effect * lobby) * (1.0 + p.indirect_effect * indirect)
        u = self.numbers.among(draws.WINDOW, self.quarter, 0, theme.index, len(self.themes))
        if u < clip(chance) * now.window_factor:
            self.bring_money(theme, 1.0)

    def bring_money(self, theme, height):
        """A window opens: nobody holds anything of it."""
        theme.window = height
        for arena in self.arenas:
            arena.initiatives[theme.index].taken = 0.0

    # --- initiatives --------------------------------------------------------------------------------
    def inherit(self):
        """What is under way when the run begins: all is found first, then what was agreed is signed in turn."""
        agreed = [initiative for arena in self.arenas for initiative in arena.inherit()]
        for initiative in self.in_turn(agreed):
            initiative.go_on()

    def execute(self):
        """One quarter of what was agreed: promises, then all work, then what becomes of it."""
        for arena in self.arenas:
            arena.list_running()
        running = self.in_turn([initiative for arena in self.arenas for initiative in arena.running])
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
            if not arena.is_open and not any(one.phase == EXECUTING for one in arena.initiatives):
                last = arena is self.arenas[-1]  # the same municipalities as the region
                arena.track_record = self.region.track_record if last else arena.facts.track_record

    def equal_say(self):
        """How equal say is in the region: the mean over its tables."""
        return fmean(arena.rules.equal_say for arena in self.arenas if arena.scale == REGIONAL and arena.is_open)

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
        goal = clip(self.cleavage * (0.5 + p.divide_say * (1.0 - self.equal_say()) + p.divide_carrying * inequality))
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
        if initiative.arena is self.place:
            self.last_result = self.quarter
        if self.first_result is None and initiative.opened >= self.data.policy_start:
            self.first_result = self.quarter - self.data.policy_start

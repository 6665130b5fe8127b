"""Where municipalities meet: the region, parts of it, and what stands beside it, each under an institution."""

from __future__ import annotations

import math
from functools import cached_property
from statistics import fmean

from benchmarks.mesa_yardstick.agents import clip, heard, spread
from benchmarks.mesa_yardstick.data import NOTHING
from benchmarks.mesa_yardstick.initiative import Initiative
from bresim.kernel import draws
from bresim.kernel.state import BROKEN, EXECUTING, IDLE, KEPT, NEGOTIATING, REGIONAL


class Arena:
    """The region or a part of it: the municipalities that take part, the rules, the initiatives."""

    def __init__(self, model, index, facts, members):
        self.model = model
        self.index = index
        self.scale = facts.scale
        self.facts = facts
        self.track_record = facts.track_record
        self.institution = self.rules = NOTHING
        self.is_open = False
        self.members = members
        self.within_subregion = facts.scale != REGIONAL and len({one.subregion for one in members}) == 1
        self.initiatives = [Initiative(model, self, theme) for theme in model.themes]
        self.seated = set()
        self.vote_back = {}  # municipality → quarter from which it has a lost vote back
        self.staffed = 1.0  # part of the staff for its services that was there last quarter
        self.running = []  # those in execution, as they were listed last; without those that ended since
        self.need = {theme: sum(one.population * one.severity[theme] for one in members) for theme in model.themes}
        people = sum(one.population for one in members)
        self.interest = {theme: need / people for theme, need in self.need.items()}
        self.base_capacity = sum(one.base_capacity for one in members)
        for one in members:
            one.arenas.append(self)

    # --- the institution in force -------------------------------------------------------------------
    def enter(self, institution):
        """Let an institution hold; those no longer eligible leave the negotiations, all do where the arena ends."""
        if vars(institution) != vars(self.institution):
            self.vote_back.clear()
        self.eligible = [one for one in self.members if one.index in institution.eligible]
        self.taking_part = set(self.eligible)
        self.people = sum(one.population for one in self.eligible)
        if self.eligible:
            urban = sum(one.population for one in self.eligible if not one.rural) / self.people
            self.diversity = 4.0 * urban * (1.0 - urban)  # how mixed they are
        self.scope = institution.themes
        for initiative in self.initiatives:
            if initiative.phase == NEGOTIATING:
                for one in [one for one in initiative.members if one not in self.taking_part]:
                    initiative.let_go(one)

    def seat_board(self, institution):
        """Fixed seats, and the rotating ones that pass on every year."""
        candidates = institution.rotation
        seated = list(institution.board)
        if seated:
            seats = min(int(institution.rotating_seats), len(candidates))
            first = self.model.quarter // 4 * seats
            seated += [candidates[(first + seat) % len(candidates)] for seat in range(seats)]
        self.seated = {one for one in self.members if one.index in seated}

    def set_votes(self):
        """Whose vote counts on the board and outside it: those that lost it are left out, unless all have."""
        self.voters = self.with_vote(self.eligible)
        self.board = self.with_vote(self.seated)

    def with_vote(self, group):
        """Those of a group that have not lost their vote; all of it if all have."""
        quarter = self.model.quarter
        return {one for one in group if quarter >= self.vote_back.get(one, 0)} or set(group)

    def judge_vote(self, initiative, one, verdict):
        """At a milestone: a member that broke its promise may lose its vote; one that kept it has a lost vote back."""
        model = self.model
        back = model.quarter + 1 + round(model.parameters.vote_lost_quarters)
        if verdict == BROKEN and one in self.taking_part:
            u = model.numbers.alone(draws.LOSE_VOTE, model.quarter, initiative.index, one.index)
            if u < initiative.terms.sanction:
                self.vote_back[one] = back
        elif verdict == KEPT and self.vote_back.get(one, 0) < back:
            self.vote_back.pop(one, None)

    @property
    def kappa(self):
        """Parochialism that counts here: where all are of one subregion part of it is overcome."""
        bond = self.model.parameters.subregional_bond if self.within_subregion else 0.0
        return self.model.kappa * (1.0 - bond)

    def others_of(self, one):
        """The other arenas at this scale of which a municipality is a member."""
        return [arena for arena in one.arenas if arena is not self and arena.scale == self.scale]

    @cached_property
    def overlapping(self):
        """The other arenas at this scale that share municipalities with it."""
        return {arena for one in self.members for arena in self.others_of(one)}

    @cached_property
    def window_shared_with(self):
        """The arenas with which it shares a funding window, and how far what each takes is not there for this one."""
        shared = dict.fromkeys(self.overlapping, 1.0)
        if self.model.variant.funding == "across_scales":
            people = sum(one.population for one in self.members)
            for arena in self.model.arenas:
                both = sum(one.population for one in self.members if one in arena.members)
                if arena.scale != self.scale and both > 0.0:
                    shared[arena] = both / people
        return shared

    @property
    def involvement(self):
        """How far councils are involved."""
        rules = self.rules
        return clip((rules.council_information + rules.council_group + rules.council_ratification) / 2.0)

    def unequal_say(self, one):
        """How little say someone has; being sounded out makes up for part of it."""
        if one in heard(self.board, self.eligible):
            return 0.0
        return (1.0 - self.rules.equal_say) * (1.0 - self.model.parameters.sounding_effect * self.rules.sounding_board)

    def told(self):
        """Share of a success that enters shared memory instead of being claimed as personal."""
        return 1.0 - self.model.parameters.claiming * self.model.negativity * (1.0 - self.rules.celebration)

    def seen(self):
        """Share of promises, kept or broken, that the others see."""
        visibility = self.model.parameters.visibility
        return visibility + (1.0 - visibility) * self.rules.monitoring

    def trust_lost(self):
        """Share of trust that a broken promise costs."""
        p = self.model.parameters
        return min(1.0, p.trust_gain * p.trust_loss_ratio * self.seen())

    def grievance_left(self):
        """Grievance that a broken promise leaves."""
        return self.model.parameters.grievance_rate * self.seen()

    # --- a quarter ----------------------------------------------------------------------------------
    def ask_for_staff(self):
        """What bureau and services ask of each payer: the bureau does services first, then what it may execute."""
        rules = self.rules
        self.capacity = sum(one.capacity for one in self.members)
        pooled = sum(rules.pooled_capacity * one.capacity for one in self.payers(rules.pooled_by_board))
        self.in_bureau = min(self.service_fte, pooled)
        execution = max(0.0, pooled - self.service_fte) * rules.bureau_executes
        self.for_bureau = self.claims(self.in_bureau + execution, rules.pooled_by_board)
        self.in_kind = self.claims(max(0.0, self.service_fte - pooled), rules.services_by_board)

    def take_staff(self, gives):
        """What of it is there, if each municipality gives that part of all that is asked of it."""
        bureau = sum(gives[one] * fte for one, fte in self.for_bureau.items())
        kind = sum(gives[one] * fte for one, fte in self.in_kind.items())
        self.pool = max(0.0, bureau - self.in_bureau)
        there = min(bureau, self.in_bureau) + kind
        self.staffed = 1.0 if there >= self.service_fte - 1e-9 else there / self.service_fte

    def payers(self, by_board):
        """The suppliers of bureau or services: all that take part, or only the board."""
        return [one for one in self.eligible if one in self.seated or not by_board]

    def claims(self, fte, by_board):
        """The part of fte that is asked of each payer, by capacity."""
        payers = self.payers(by_board) if fte else []
        capacity = sum(one.capacity for one in payers)
        return {one: fte * one.capacity / capacity for one in payers}

    def inherit(self):
        """Find what is under way when the run begins, as far as the focus allows; returns what was agreed."""
        agreed = []
        under_way = 0
        for initiative in self.model.in_turn(self.initiatives):
            if initiative.theme.index in self.scope and under_way < self.rules.max_open:
                if initiative.inherit():
                    agreed.append(initiative)
                under_way += initiative.phase != IDLE
        return sorted(agreed, key=self.initiatives.index)

    def set_agenda(self):
        """Put idle themes on the table, the strongest pull first, as far as the focus allows."""
        model = self.model
        under_way = 0
        chosen = []
        for initiative in self.initiatives:
            if initiative.phase != IDLE:
                under_way += 1
                continue
            theme = initiative.theme
            rested = initiative.rest <= 0.0
            initiative.rest = max(0.0, initiative.rest - 1.0)
            if theme.index not in self.scope or not rested:
                continue
            pull = self.pull(initiative)
            u = model.numbers.among(draws.AGENDA, model.quarter, self.index, theme.index, len(model.themes))
            if u < 1.0 - math.exp(-model.parameters.open_rate * pull):
                chosen.append((pull, initiative))
        chosen.sort(key=lambda choice: choice[0], reverse=True)
        for _, initiative in chosen:
            if under_way >= self.rules.max_open:
                break
            initiative.open()
            under_way += 1

    def pull(self, initiative):
        """How strongly need or money pulls a theme on the agenda; less, the more they differ in what it matters.

        A municipality that is committed to the theme at an overlapping table needs no other.
        """
        rules, theme = self.rules, initiative.theme
        served = initiative.served_elsewhere()
        need = sum(one.population * one.urgency[theme] for one in self.eligible if one not in served)
        pull = (1.0 - rules.follows_money) * need / self.people + rules.follows_money * initiative.window()
        if rules.breadth > 0.0:
            weights = [one.importance(initiative) for one in self.eligible]
            mean = fmean(weights)
            agreement = max(0.0, 1.0 - spread(weights) / mean) if mean > 0.0 else 0.0
            pull *= 1.0 - rules.breadth * (1.0 - agreement)
        return pull + (1.0 - pull) * rules.cross_border_focus * theme.border_theme

    def negotiate(self):
        """Everyone eligible decides on each initiative that is open to it; form comes before content.

        A common shock leaves less time for it.
        """
        tables = [
            one
            for one in self.initiatives
            if (one.phase == NEGOTIATING and one.clock >= self.rules.form_quarters * (1.0 - one.theme.shock))
            or (one.phase == EXECUTING and self.rules.late_joining > 0.0)
        ]
        if tables:
            for one in self.eligible:
                one.take_position(self)
        for initiative in tables:
            initiative.negotiate()

    def conclude(self):
        """Agreements, impositions and deadlocks, and talks that lapse."""
        for initiative in self.model.in_turn(self.initiatives):
            if initiative.phase == NEGOTIATING:
                initiative.conclude()

    def list_running(self):
        """List what is in execution, with what was agreed this quarter."""
        self.running = [initiative for initiative in self.initiatives if initiative.phase == EXECUTING]

"""Where municipalities meet: the region and its subregions, each under an institution."""

from __future__ import annotations

import math

from benchmarks.mesa_yardstick.agents import clip
from benchmarks.mesa_yardstick.initiative import Initiative
from bresim.kernel import draws
from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING


class Arena:
    """The region or a subregion: who takes part, under which rules, in which initiatives."""

    def __init__(self, model, index, scale, members):
        self.model = model
        self.index = index
        self.scale = scale
        self.members = members
        self.initiatives = [Initiative(model, self, theme) for theme in model.themes]
        self.need = {theme: sum(one.population * one.severity[theme] for one in members) for theme in model.themes}
        people = sum(one.population for one in members)
        self.interest = {theme: need / people for theme, need in self.need.items()}
        for one in members:
            one.arenas.append(self)

    # --- the institution in force -------------------------------------------------------------------
    def enter(self, institution):
        """Let an institution hold; who is no longer eligible leaves the negotiations."""
        self.rules = institution
        self.eligible = [one for one in self.members if one.index in institution.eligible]
        self.taking_part = set(self.eligible)
        self.people = sum(one.population for one in self.eligible)
        self.scope = institution.themes
        for initiative in self.initiatives:
            if initiative.phase == NEGOTIATING:
                for one in [one for one in initiative.members if one not in self.taking_part]:
                    del initiative.members[one]

    def seat_board(self, institution):
        """Fixed seats, and the rotating ones that pass on every year."""
        candidates = institution.rotation
        seated = list(institution.board)
        if seated:
            seats = min(int(institution.rotating_seats), len(candidates))
            first = self.model.quarter // 4 * seats
            seated += [candidates[(first + seat) % len(candidates)] for seat in range(seats)]
        self.board = {one for one in self.members if one.index in seated}

    @property
    def involvement(self):
        """How far councils are involved."""
        rules = self.rules
        return clip((rules.council_information + rules.council_group + rules.council_ratification) / 2.0)

    def told(self):
        """Share of a success that enters shared memory instead of being claimed as personal."""
        return 1.0 - self.model.parameters.claiming * self.model.negativity * (1.0 - self.rules.celebration)

    def pooled_by(self, one):
        """Fte that someone who takes part supplies to the bureau of this arena."""
        if self.rules.pooled_by_board and one not in self.board:
            return 0.0
        return self.rules.pooled_capacity * one.capacity

    # --- a quarter ----------------------------------------------------------------------------------
    def count_capacity(self):
        """Fte of all members, and in the bureau."""
        self.capacity = sum(one.capacity for one in self.members)
        self.pool = sum(self.pooled_by(one) for one in self.eligible)

    def set_agenda(self):
        """Put idle themes on the table, the strongest pull first, as far as the focus allows."""
        model, rules = self.model, self.rules
        under_way = 0
        chosen = []
        for initiative in self.initiatives:
            if initiative.phase != IDLE:
                under_way += 1
                continue
            theme = initiative.theme
            initiative.rest = max(0.0, initiative.rest - 1.0)
            if theme.index not in self.scope or initiative.rest > 0.0:
                continue
            urgency = sum(one.population * one.urgency[theme] for one in self.eligible) / self.people
            pull = (1.0 - rules.follows_money) * urgency + rules.follows_money * theme.window
            pull += (1.0 - pull) * rules.cross_border_focus * theme.border_theme
            luck = model.luck.among(draws.AGENDA, model.quarter, self.index, theme.index, len(model.themes))
            if luck < 1.0 - math.exp(-model.parameters.open_rate * pull):
                chosen.append((pull, initiative))
        chosen.sort(key=lambda choice: choice[0], reverse=True)
        for _, initiative in chosen:
            if under_way >= rules.max_open:
                break
            initiative.open()
            under_way += 1

    def negotiate(self):
        """Everyone eligible decides on each initiative that is open to it; form comes before content."""
        tables = [
            one
            for one in self.initiatives
            if (one.phase == NEGOTIATING and one.clock >= self.rules.form_quarters)
            or (one.phase == EXECUTING and self.rules.late_joining > 0.0)
        ]
        if tables:
            for one in self.eligible:
                one.take_position(self)
        for initiative in tables:
            initiative.negotiate()

    def conclude(self):
        """Agreements, impositions and deadlocks."""
        for initiative in self.initiatives:
            if initiative.phase == NEGOTIATING:
                initiative.conclude()

    def execute(self):
        """One quarter of work on everything that was agreed."""
        running = [initiative for initiative in self.initiatives if initiative.phase == EXECUTING]
        if running:
            for one in self.members:
                one.make_offer(self, running)
        for initiative in running:
            initiative.execute(len(running))

"""Rule: seats on the board
Equation: rotating seat r of a board with n candidates is taken by candidate (year seats + r) mod n
Source: RD 3 (regiegroep: 3 + 1)
"""

from __future__ import annotations

from bresim.kernel.jit import copy_to, njit
from bresim.kernel.state import ARENAS


@njit
def turn_of(year, seats, seat, candidates):
    """Number of the candidate that takes a rotating seat in a year (0, 1, ...)."""
    return (year * seats + seat) % candidates


@njit
def _seat(s, w, a, slot, t):
    """Seat the board of arena ``a``: the fixed seats, and the rotating ones if there is a board."""
    d = s.region.design
    copy_to(s.board[a], w.board[d, slot])
    candidates = 0
    fixed = 0
    for i in range(w.member.shape[1]):
        candidates += w.rotation[d, slot, i]
        fixed += s.board[a, i]
    if fixed == 0:
        return
    seats = min(int(s.institution[a].rotating_seats), candidates)
    for seat in range(seats):
        turn = turn_of(t // 4, seats, seat, candidates)
        for i in range(w.member.shape[1]):
            if w.rotation[d, slot, i]:
                if turn == 0:
                    s.board[a, i] = True
                turn -= 1


@njit
def update(s, w, p, t):
    """Seat the boards at new year, when rotating seats pass on, and when another institution takes over."""
    new_year = t % 4 == 0
    if new_year or s.region.slot != s.region.last_slot:
        _seat(s, w, 0, s.region.slot, t)
    if new_year:
        for a in range(1, w.member.shape[0]):
            _seat(s, w, a, ARENAS + a - 1, t)

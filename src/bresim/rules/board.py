r"""Seats on the board

A design may name a board: the region's steering group or the centres, as far as they are eligible. They hold the fixed
seats. Besides, a board may have rotating seats, which pass on every year over the eligible municipalities without a
fixed seat, in the order of the region's list (RD 3: three fixed seats and one that rotates). There are never more
rotating seats than candidates. An institution without a board has no rotating seats either: there everyone decides.
Boards are seated again every four quarters, and when another institution takes over.

A municipality that has lost its vote (rule `seats`) does not decide on the board: its seat stays empty. It goes on to
supply what the board supplies, so that breaking a promise relieves nobody. Where all on the board have lost their vote,
all with a seat decide.

Where there is a board, those that decide on it are heard. Where there is none the centres are, in practice, and the
others are not (BRE 2.3: the Middengebied feels no equal partner); where no centre takes part all are.

Equation: municipalities that decide on the board
    B_a' = \begin{cases} \hat B_a \cap \mathcal{V}_a & \text{if } \hat B_a \cap \mathcal{V}_a \ne \varnothing \\ \hat B_a & \text{otherwise} \end{cases}
Equation: number of the candidate (0, 1, ...) that takes rotating seat r, for r = 0, ..., S - 1
    \bigl(\lfloor t / 4 \rfloor\, S + r\bigr) \bmod \lvert Q\rvert, \qquad S = \min(\mathrm{rotating\ seats},\, \lvert Q\rvert)
Equation: municipalities with a seat, at new year and when another institution takes over
    \hat B_a' = \begin{cases}
    B \cup \{\text{candidates with a rotating seat}\} & \text{if } B \ne \varnothing \\
    \varnothing & \text{otherwise}
    \end{cases}
Equation: municipalities that are heard
    \mathcal{H}_a' = \begin{cases} B_a' & \text{if } B_a' \ne \varnothing \\ E_a \cap \mathcal{C} & \text{if } B_a' = \varnothing \ne E_a \cap \mathcal{C} \\ E_a & \text{otherwise} \end{cases}
Symbols:
    \mathcal{H}_a = s.heard; municipalities that are heard in the arena [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    \mathcal{C} = w.centre; centre municipalities [set]
    B_a = s.board; municipalities that decide on the board of the arena [set]
    \hat B_a = s.seated; municipalities with a seat on the board of the arena [set]
    \mathcal{V}_a = s.has_vote; municipalities whose vote counts in the arena [set]
    B = w.board; municipalities with a fixed seat [set]
    Q = w.rotation; candidates for the rotating seats: eligible, without a fixed seat [set]
    \text{takes over} = s.taken_over; another institution took over this quarter [0 or 1]
    \text{institution} = s.arena_slot; institution that holds in the arena [slot]
    S = rotating seats that can be filled [count]
    r = number of a rotating seat [index]
    \mathrm{rotating\ seats} = position.rotating_seats
Source: RD 3 (regiegroep: 3 + 1); BRE 2.3 (no equal partnership: the centres lead); BRE 4.2.3 (a member that does not deliver loses influence)
"""

from __future__ import annotations

from bresim.kernel.jit import copy_to, njit
from bresim.kernel.state import CLOSED


@njit
def turn_of(year, seats, seat, candidates):
    """Number of the candidate that takes a rotating seat in a year (0, 1, ...)."""
    return (year * seats + seat) % candidates


@njit
def _seat(s, w, a, slot, t):
    """Give out the seats on the board of arena ``a``: the fixed ones, and the rotating ones if there is a board."""
    d = s.region.design
    copy_to(s.seated[a], w.board[d, slot])
    candidates = 0
    fixed = 0
    for i in range(w.member.shape[1]):
        candidates += w.rotation[d, slot, i]
        fixed += s.seated[a, i]
    if fixed == 0:
        return
    seats = min(int(s.institution[a].rotating_seats), candidates)
    for seat in range(seats):
        turn = turn_of(t // 4, seats, seat, candidates)
        for i in range(w.member.shape[1]):
            if w.rotation[d, slot, i]:
                if turn == 0:
                    s.seated[a, i] = True
                turn -= 1


@njit
def _decide(s, a):
    """Leave out of the board of arena ``a`` those that lost their vote; if that leaves nobody, all with a seat decide."""
    left = 0
    for i in range(s.board.shape[1]):
        s.board[a, i] = s.seated[a, i] and s.has_vote[a, i]
        left += s.board[a, i]
    if left == 0:
        copy_to(s.board[a], s.seated[a])


@njit
def set_heard(board, eligible, centre, heard):
    """Set ``heard`` (N,): those on the ``board``; without one the ``eligible`` centres; without these all that are eligible."""
    seats = 0
    centres = 0
    for i in range(board.shape[0]):
        seats += board[i]
        centres += eligible[i] & centre[i]
    for i in range(board.shape[0]):
        heard[i] = board[i] if seats > 0 else eligible[i] & (centre[i] | (centres == 0))


@njit
def update(s, w, p, t):
    """Give out seats at new year, when rotating ones pass on, and where another institution takes over.

    The members that decide on a board are looked up every quarter, as votes are lost and come back.
    """
    new_year = t % 4 == 0
    for a in range(w.member.shape[0]):
        if s.arena_slot[a] != CLOSED and (new_year or s.taken_over[a]):
            _seat(s, w, a, s.arena_slot[a], t)
        _decide(s, a)
        set_heard(s.board[a], s.eligible[a], w.centre, s.heard[a])

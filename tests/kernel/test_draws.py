"""Keyed randomness: published known answers, and that a key says everything."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from bresim import rules
from bresim.kernel import draws

#: Known-answer test vectors of Random123 for philox4x32-10: counter, key, result.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
STREAMS = {
    name: value
    for name, value in vars(draws).items()
    if name.isupper() and isinstance(value, int) and name[0] != "_" and name != "N_STREAMS"
}


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    words = [np.uint64(word) for word in (*counter, *key)]
    assert tuple(int(word) for word in draws.philox4x32(*words)) == expected


def test_uniform_is_the_first_53_bits_of_the_block_of_its_key() -> None:
    """Counter: quarter, replicate, indices, stream; key: the two halves of the seed."""
    seed, replicate, stream, quarter, a, b = 0x1122334455667788, 7, 12, 33, 5, 9
    words = [quarter, replicate, (a << 16) | b, stream, seed & 0xFFFFFFFF, seed >> 32]
    x0, x1, _, _ = (int(word) for word in draws.philox4x32(*(np.uint64(word) for word in words)))
    expected = ((x0 >> 5) * 2**26 + (x1 >> 6)) / 2**53
    assert draws.uniform(draws.make_key(seed, replicate), stream, quarter, a, b) == expected


def test_fill_gives_each_decider_a_word_of_its_own() -> None:
    """Number b of n is word b // (n / 4) of block b % (n / 4): counter quarter, replicate, indices, stream."""
    key = draws.make_key(3, 8)
    for count in (1, 4, 5, 8, 16, 61):
        out = np.zeros(draws.room_for(count))
        draws.fill(key, draws.TURNOVER, 11, 4, out)
        blocks = len(out) // 4
        for b in range(count):
            words = [11, 8, (4 << 16) | b % blocks, draws.TURNOVER, 3, 0]
            word = draws.philox4x32(*(np.uint64(one) for one in words))[b // blocks]
            assert out[b] == int(word) / 2**32
    assert [draws.room_for(count) for count in (1, 3, 4, 5, 16, 17)] == [4, 4, 4, 8, 16, 20]


def test_what_was_filled_once_is_filled_again_in_another_quarter_only() -> None:
    key, other = draws.make_key(3, 8), draws.make_key(4, 8)
    filled = np.full((draws.N_STREAMS, 6), -1)
    out, expected = np.zeros(8), np.zeros(8)
    draws.fill_once(key, draws.DELIVER, 11, 5, out, filled)
    draws.fill(key, draws.DELIVER, 11, 5, expected)
    assert (out == expected).all()
    assert filled[draws.DELIVER, 5] == 11
    assert (filled == -1).sum() == filled.size - 1
    draws.fill_once(other, draws.DELIVER, 11, 5, out, filled)  # who starts with another key empties it first
    assert (out == expected).all()
    draws.fill_once(other, draws.DELIVER, 12, 5, out, filled)
    draws.fill(other, draws.DELIVER, 12, 5, expected)
    assert (out == expected).all()
    assert filled[draws.DELIVER, 5] == 12


def test_no_stream_is_drawn_from_both_ways() -> None:
    """``uniform`` and ``fill`` of one stream would give two decisions the same random bits."""
    text = _rules_text()
    for name in STREAMS:
        ways = [f"draws.{way}(s.key, draws.{name}," in text for way in ("uniform", "fill", "fill_once")]
        assert sum(ways) == 1, name


def test_numbers_are_uniform_and_neighbours_unrelated() -> None:
    out = np.zeros(20_000)
    draws.fill(draws.make_key(1, 0), draws.COMMIT, 0, 0, out)
    assert out.min() >= 0.0
    assert out.max() < 1.0
    assert stats.kstest(out, "uniform").pvalue > 0.001
    other = np.zeros(20_000)
    key = draws.make_key(1, 0)
    for t in range(100):  # along time, and across replicates
        draws.fill(key, draws.DELIVER, t, 3, other[200 * t : 200 * t + 200])
    assert stats.kstest(other, "uniform").pvalue > 0.001
    replicates = np.array([draws.uniform(draws.make_key(1, r), draws.SHOCK, 0, 0, 0) for r in range(5_000)])
    assert stats.kstest(replicates, "uniform").pvalue > 0.001
    for series in (out, other, replicates):
        assert abs(np.corrcoef(series[:-1], series[1:])[0, 1]) < 4.0 / np.sqrt(len(series))


def test_each_part_of_the_key_makes_another_number() -> None:
    base = {"seed": 1, "replicate": 1, "stream": 5, "quarter": 5, "a": 5, "b": 5}

    def draw(**changes: int) -> float:
        given = {**base, **changes}
        key = draws.make_key(given["seed"], given["replicate"])
        return float(draws.uniform(key, given["stream"], given["quarter"], given["a"], given["b"]))

    drawn = [draw(**{part: value}) for part in base for value in range(40) if value != base[part]]
    drawn += [draw(), draw(seed=1 + 2**32), draw(seed=2**64 - 1), draw(a=65535), draw(b=65535)]
    assert len(set(drawn)) == len(drawn)
    assert draw() == draw()


def test_stream_numbers_are_unique_and_never_renumbered() -> None:
    assert len(set(STREAMS.values())) == len(STREAMS)
    assert max(STREAMS.values()) < draws.N_STREAMS
    assert {
        "INITIAL_TRUST": 1, "INITIAL_INTEREST": 2, "SHOCK": 3, "WINDOW": 4, "TURNOVER": 5, "ELECTION_JOLT": 6,
        "DROP_COMMITMENT": 7, "EXIT": 8, "PROVINCIAL_ELECTION": 9, "ADOPT": 10, "AGENDA": 11, "COMMIT": 12,
        "RATIFY": 13, "IMPOSE": 14, "DELIVER": 15, "MANDATORY": 16,
    }.items() <= STREAMS.items()  # fmt: skip


def _rules_text() -> str:
    folder = Path(rules.__path__[0])
    return "".join(inspect.getsource(import_module(f"bresim.rules.{path.stem}")) for path in folder.glob("[a-z]*.py"))


def test_every_stream_is_drawn_from_in_one_place() -> None:
    """Two decisions that share a stream would share their luck."""
    text = _rules_text()
    for name in STREAMS:
        assert text.count(f"draws.{name},") == 1, name


@pytest.mark.parametrize(("seed", "replicate"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**32)])
def test_a_key_that_does_not_fit_is_refused(seed: int, replicate: int) -> None:
    with pytest.raises(ValueError, match="seed must fit in 64 bits and replicate in 32 bits"):
        draws.make_key(seed, replicate)


def test_the_largest_key_fits() -> None:
    key = draws.make_key(2**64 - 1, 2**32 - 1)
    assert key.tolist() == [2**32 - 1] * 3
    assert 0.0 <= draws.uniform(key, 16, 2**32 - 1, 65535, 65535) < 1.0

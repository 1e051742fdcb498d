"""Years that headings and sentences speak for are weighed against each other."""

from __future__ import annotations

import pytest

from indexer.metadata.year_votes import YearVotes
from search.messages import quoted


@pytest.mark.parametrize(
    ("weights", "winner"),
    [
        ({}, None),
        ({2024: 1.5}, None),
        ({2024: 2}, 2024),
        ({2024: 4, 2023: 2}, 2024),
        ({2024: 3.5, 2023: 2}, None),
        ({2022: 1, 2023: 2, 2024: 4}, 2024),
    ],
)
def test_a_year_leads_with_twice_the_votes_of_the_next(weights: dict[int, float], winner: int | None) -> None:
    votes = YearVotes()
    for year, weight in weights.items():
        votes.add(year, weight, quoted("2024年工作安排"))
    assert votes.winner() == winner


def test_a_year_that_is_looked_back_on_speaks_for_the_next() -> None:
    votes = YearVotes()
    votes.review(2023, 3, quoted("2023年工作回顾"))
    assert (votes.winner(), list(votes.reviewed)) == (2024, [2023])

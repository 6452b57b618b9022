"""Who is judged again when the belief in an attack on others changes."""

from models.context import Suspicion

BELIEF = Suspicion(blocks={1: {10: 0.6, 11: 0.0}, 2: {12: 0.3, 13: 0.3}})


def test_at_first_everybody_on_a_suspect_block() -> None:
    assert BELIEF.differing(Suspicion()) == {10, 11, 12, 13}


def test_nobody_while_nothing_changes() -> None:
    assert BELIEF.differing(BELIEF) == set()
    hardly = Suspicion(blocks={1: {10: 0.61, 11: 0.0}, 2: {12: 0.3, 13: 0.3}})
    assert hardly.differing(BELIEF) == set()


def test_those_on_a_block_of_which_more_is_believed() -> None:
    surer = Suspicion(blocks={1: {10: 0.9, 11: 0.0}, 2: {12: 0.3, 13: 0.3}})
    assert surer.differing(BELIEF) == {10, 11}


def test_those_on_a_block_with_another_user() -> None:
    joined = Suspicion(blocks={1: {10: 0.6, 11: 0.0}, 2: {12: 0.3, 13: 0.3, 14: 0.1}})
    assert joined.differing(BELIEF) == {12, 13, 14}

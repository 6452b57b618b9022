"""Records of many small files in few raw objects: the same records, in order, with their places."""

from hypothesis import given
from hypothesis import strategies as st

from enrichment.importing import Cut
from enrichment.joining import joined
from lake.pieces import Bad, Chunk

bad = st.binary(min_size=1, max_size=5).map(lambda record: Bad(record, "truncated", "cut off"))
chunk = st.integers(1, 4).map(lambda count: Chunk(b"{}\n" * count, count, 0))


@st.composite
def cuts(draw: st.DrawFn) -> Cut:
    """A cut of a file, its pieces numbered from 0."""
    pieces: list[Chunk | Bad] = []
    first = 0
    for piece in draw(st.lists(st.one_of(chunk, bad), min_size=1, max_size=4)):
        if isinstance(piece, Chunk):
            pieces.append(Chunk(piece.data, piece.count, first))
            first += piece.count
        else:
            pieces.append(piece.at(first))
            first += 1
    original = draw(st.sampled_from([None, None, None, b"a,b\n1,2\n"]))
    return Cut("okta", tuple(pieces), original)


def _records(found: list[Cut]) -> list[bytes | tuple[bytes, str]]:
    """Every record in order, checked to stand where its number says."""
    records: list[bytes | tuple[bytes, str]] = []
    for cut in found:
        at = 0
        for piece in cut.pieces:
            if isinstance(piece, Chunk):
                assert piece.first == at
                assert piece.data.count(b"\n") == piece.count
                records += piece.data.splitlines()
                at += piece.count
            else:
                assert piece.ordinal == at
                records.append((piece.record, piece.reason))
                at += 1
        assert at == cut.records
    return records


@given(st.lists(cuts(), max_size=12), st.integers(1, 60))
def test_every_record_stays_in_its_order_and_is_numbered_anew(
    before: list[Cut], limit: int
) -> None:
    found = list(joined(before, limit))
    assert _records(found) == _records(before)
    assert [cut.original for cut in found if cut.original] == [
        cut.original for cut in before if cut.original
    ]


def test_small_cuts_become_one_with_one_chunk() -> None:
    small = [Cut("okta", (Chunk(b"%d\n" % number, 1, 0),)) for number in range(50)]
    (one,) = joined(small)
    assert one.pieces == (Chunk(b"".join(b"%d\n" % number for number in range(50)), 50, 0),)


def test_no_cut_grows_over_the_limit() -> None:
    cut = Cut("okta", (Chunk(b"x" * 9 + b"\n", 1, 0),))
    assert [one.records for one in joined([cut] * 7, 30)] == [3, 3, 1]

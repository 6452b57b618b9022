"""What came of the faults, and what it proves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """Counts over all faults: wanted, done, steps that came to their end, tables that were equal.

    `half_seen`: versions of tables that were in no whole state. `untold`: faults that nobody was
    told of who should have been.
    """

    wanted: int
    done: int
    ended: int
    equal: int
    half_seen: int
    untold: int

    @property
    def complete(self) -> bool:
        """Whether each fault was done, and the step under it came to its end all the same.

        A run that broke off, or steps that never succeed, prove nothing: neither that a safeguard
        holds, nor that it was missed.
        """
        return self.done == self.ended == self.wanted

    @property
    def harmless(self) -> bool:
        """Whether the faults were done and did no harm."""
        return self.complete and self.equal == self.wanted and not self.half_seen + self.untold

    @property
    def harmful(self) -> bool:
        """Whether the faults were done and something came of them that should not."""
        return self.complete and not self.harmless

    def __str__(self) -> str:
        """Return the last line of a run."""
        return (
            f"faults {self.done} of {self.wanted}, steps ended {self.ended}, "
            f"tables equal {self.equal}, half-seen {self.half_seen}, untold {self.untold}"
        )

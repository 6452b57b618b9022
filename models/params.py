"""What can be set about a run of the models. One set of values serves every company."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Params:
    """Parameters of the members and of the decision."""

    threshold: float = 0.5  # from here an attack is likelier: other places are judged by it
    flagged_from: float = 0.62  # an alarm, with the votes: odds of 1.6 to 1
    clusters: int = 20  # kinds of visits that KMeans and BisectingKMeans tell apart
    visits_each: int = 15  # of each kind at least, on average
    mixtures: int = 6  # components of the GaussianMixture, each of which has a shape to be learned
    visits_a_mixture: int = 60
    seed: int = 7  # of the members that start at random
    event_uids: int = 1000  # at most so many in a row

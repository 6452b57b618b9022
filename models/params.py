"""What can be set about a run of the models. One set of values serves every company."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Params:
    """Parameters of the members and of the decision."""

    threshold: float = 0.5  # from here an attack is likelier: other places are judged by it
    flagged_from: float = 0.5  # an alarm, with the votes: an attack is likelier than all else
    clusters: int = 24  # k of KMeans and BisectingKMeans, at most one a place
    mixtures: int = 12  # components of the GaussianMixture
    seed: int = 7  # of the members that start at random
    event_uids: int = 1000  # at most so many in a row

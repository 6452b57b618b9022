"""What an attack was weighed against, and what tipped the scales: in plain sentences."""

from models.judge import ATTACK, Verdict, explanations

TOPICS = {
    "prior": "how likely each is beforehand",
    "place": "the place",
    "network": "the network",
    "timing": "the times of use elsewhere",
    "hours": "the hours of the day",
    "volume": "how much was done",
    "device": "the devices",
    "context": "failures, sensitive activity and reputation",
}
# Where a topic speaks for what is honest, it is because there is none of it.
HONEST = {"context": "no mark of an attack"}
TELLING = 0.5  # of log-odds, that is worth a word


def spoken(name: str) -> str:
    """Return what a sentence calls an explanation; one that is no longer there by its name."""
    module = explanations().get(name)
    return module.SPOKEN if module else name


def weighed(verdict: Verdict) -> list[str]:
    """Say what the attack was weighed against, what speaks for either, and with what outcome."""
    benign = spoken(verdict.best_benign)
    attack, other = verdict.totals[ATTACK], verdict.totals[verdict.best_benign]
    if attack < other:
        outcome = f"Explained best by {benign} rather than by an attack"
    elif verdict.log_odds < 0:
        less = "but less well than by all else together"
        outcome = f"Explained best by an attack, {less}; next by {benign}"
    else:
        outcome = f"Explained best by an attack; next best by {benign}"
    return [*balance(verdict, benign), f"{outcome} (log-odds {verdict.log_odds:.2f})"]


def balance(verdict: Verdict, benign: str) -> list[str]:
    """Say which topics speak for an attack and which for the next best, by how much log-odds."""
    sides = [
        f"for {name}: {', '.join(told)}"
        for name, sign in (("an attack", 1.0), (benign, -1.0))
        if (told := _told(verdict, sign))
    ]
    return [f"In log-odds, {'; '.join(sides)}"] if sides else []


def _told(verdict: Verdict, sign: float) -> list[str]:
    """Return the topics on one side, the weightiest first."""
    shares = {topic: sign * share for topic, share in verdict.difference().items()}
    names = TOPICS if sign > 0 else TOPICS | HONEST
    return [
        f"{names.get(topic, topic)} {share:.1f}"
        for topic, share in sorted(shares.items(), key=lambda item: -item[1])
        if share >= TELLING
    ]

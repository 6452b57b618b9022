"""What may lie behind the use of an account at a place: one file an explanation.

Each module has `terms(case: Case) -> dict[str, float]`: log-likelihoods (natural logarithms) of
what was observed, by topic; their sum is compared. Topics are the same in all: prior, place,
network, timing, hours, volume, device, context. The others compete with `attack`; each says in
`SPOKEN` what a sentence calls it.
"""

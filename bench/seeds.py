"""Which companies a bench is run on."""


def seeds(text: str) -> list[int]:
    """Read seeds: numbers and ranges, such as `401,405` or `401-410`; a ValueError otherwise."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found

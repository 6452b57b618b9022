"""CSV files with the same columns, put one behind the other."""


class CsvTable:
    """Rows under one header. `count`: how many; `size`: bytes."""

    def __init__(self) -> None:
        """Begin without a header: that of the first file is taken."""
        self.count = self.size = 0
        self._header = b""
        self._parts: list[bytes] = []

    def fits(self, file: bytes) -> bool:
        """Tell whether a file has the columns of those added before."""
        return not self._parts or _ended(file).startswith(self._header)

    def add(self, file: bytes) -> None:
        """Add the rows of a file that fits; its header once."""
        if not file.strip():
            return
        file = _ended(file)
        rows = file[len(self._header) :]
        if not self._parts:
            self._header = file[: file.find(b"\n") + 1]
        self._parts.append(rows)
        self.size += len(rows)
        self.count += rows_of(file)

    def text(self) -> bytes:
        """Return the table; empty when nothing was added."""
        return b"".join(self._parts)


def rows_of(file: bytes) -> int:
    """Return how many rows lie under the header; line ends within quotes end no row."""
    rows, within = 0, False
    for line in file.splitlines():
        within ^= line.count(b'"') % 2 == 1
        rows += not within and bool(line.strip())
    return max(0, rows - 1)


def _ended(file: bytes) -> bytes:
    return file if file.endswith(b"\n") else file + b"\n"

"""The page of the help that the benchmarks write their tables into."""

from pathlib import Path

PAGE = Path(__file__).parents[2] / "assets" / "help" / "speed.md"


def write_table(name: str, table: str) -> None:
    """Replace the table between the comments ``name`` and ``end of name``."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(start)
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{start}\n{table}\n{end}{after}", encoding="utf-8")

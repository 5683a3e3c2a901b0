"""Maps of power: who owns, funds, supplies and steers whom, for how much, since when, and who says so.

>>> import powermap
>>> openai = powermap.open()
>>> openai.loops(through=["openai"], limit=1).columns[:4]
['loop', 'step', 'from', 'to']

Tables are held as Arrow and go into pandas, polars, pyarrow and DuckDB without copies, through the Arrow PyCapsule interface.
"""

from powermap._map import Map, open
from powermap._network import analyse, betweenness, components, loops, pagerank
from powermap._powermap import (
    ArgumentError,
    Board,
    Error,
    FormatError,
    QueryError,
    Table,
    TimeoutError,
    __version__,
)

__all__ = [
    "ArgumentError",
    "Board",
    "Error",
    "FormatError",
    "Map",
    "QueryError",
    "Table",
    "TimeoutError",
    "__version__",
    "analyse",
    "betweenness",
    "components",
    "loops",
    "open",
    "pagerank",
]

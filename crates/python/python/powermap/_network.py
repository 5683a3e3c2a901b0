"""Networks out of frames: pandas, polars, pyarrow, DuckDB, or whatever else gives Arrow."""

from __future__ import annotations

from powermap import _powermap
from powermap._given import ArrowStream, Value, given
from powermap._powermap import Table


def loops(
    frame: ArrowStream,
    *,
    source: str = "from",
    target: str = "to",
    max_length: int = 3,
    limit: int | None = None,
    timeout: float | None = None,
) -> Table:
    """Finds the simple directed loops of the edges in a frame, of 2 to `max_length` nodes.

    The columns are `length` and `nodes`, a list from the first node on. Parallel edges are one; an edge from a node to itself is
    no loop. With a `limit`, the search ends after so many loops.

    frame: has `__arrow_c_stream__`; its columns `source` and `target` have texts or whole numbers
    """
    return _powermap.loops(
        frame, source=source, target=target, max_length=max_length, limit=limit, timeout=timeout
    )


def pagerank(
    frame: ArrowStream,
    *,
    source: str = "from",
    target: str = "to",
    damping: float = 0.85,
    timeout: float | None = None,
) -> Table:
    """Returns the share of time that a random walk along the edges spends at each node: `node`, `rank`."""
    return _powermap.pagerank(
        frame, source=source, target=target, damping=damping, timeout=timeout
    )


def betweenness(
    frame: ArrowStream,
    *,
    source: str = "from",
    target: str = "to",
    timeout: float | None = None,
) -> Table:
    """Returns how much of the shortest ways between others goes through each node: `node`, `betweenness`."""
    return _powermap.betweenness(frame, source=source, target=target, timeout=timeout)


def components(
    frame: ArrowStream,
    *,
    source: str = "from",
    target: str = "to",
    strong: bool = True,
    timeout: float | None = None,
) -> Table:
    """Returns the strongly or weakly connected component of each node: `node`, `component`."""
    return _powermap.components(
        frame, source=source, target=target, strong=strong, timeout=timeout
    )


def analyse(
    frame: ArrowStream,
    analysis: str,
    *,
    source: str = "from",
    target: str = "to",
    timeout: float | None = None,
    **parameters: Value,
) -> Table:
    """Runs an analysis, such as `loops` or `dependence`, on edges with families, kinds and amounts.

    The columns of the frame are those of an edge list; others are passed over. Parameters have the names of the methods of a map.
    """
    return _powermap.analyse(
        frame, analysis, given(parameters), source=source, target=target, timeout=timeout
    )

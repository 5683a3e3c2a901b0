"""Tries the Python package: queries, every analysis, tables in other libraries, frames from them, errors, limits, threads."""

import contextlib
import datetime
import doctest
import inspect
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import duckdb
import networkx
import pandas
import polars
import pyarrow

import powermap
import powermap._map

VALLEY = powermap.open()


@contextlib.contextmanager
def raises(kind, *parts):
    """Expects an error of a kind whose text has these parts."""
    try:
        yield
    except kind as error:
        missing = [part for part in parts if part not in str(error)]
        assert not missing, (str(error), missing)
        if isinstance(error, powermap.Error):
            assert error.message and error.message in str(error)
            assert error.hint is None or error.hint in str(error)
    else:
        raise AssertionError(f"no {kind.__name__}")


def test_query():
    table = VALLEY.query("SELECT ?c ?s { ?c a pm:Claim OPTIONAL { ?c pm:status ?s } } ORDER BY ?c")
    assert table.columns == ["c", "s"] and len(table) == len(VALLEY.claims())
    assert None in table["s"] and "pm:Planned" in table["s"]
    typed = VALLEY.query('SELECT (1 AS ?i) (1.5 AS ?f) (true AS ?b) ("x" AS ?t) ?nothing {}')
    assert typed.to_pylist() == [{"i": 1, "f": 1.5, "b": True, "t": "x", "nothing": None}]
    mixed = VALLEY.query('SELECT ?x { VALUES ?x { 1 2.5 "x" } }')
    assert mixed["x"] == ["1", "2.5", "x"]
    assert VALLEY.query("ASK { id:openai a pm:Company }")["answer"] == [True]
    assert VALLEY.query("CONSTRUCT { ?a pm:x ?b } WHERE { ?a pm:investsIn ?b }").columns[0] == "subject"
    named = VALLEY.query("SELECT ?who { ?who pm:investsIn ?in }", {"in": "OpenAI"})
    assert "microsoft" in named["who"]
    # A value is a term, whatever its text says.
    assert len(VALLEY.query("SELECT ?p { ?p rdfs:label ?name }", {"name": '"} ; DROP ALL"'})) == 0
    cut = VALLEY.query("SELECT ?c { ?c a pm:Claim }", rows=5)
    assert len(cut) == 5 and cut.is_partial


def test_analyses():
    given = {
        "control": ("openai",),
        "diff": (datetime.date(2025, 1, 1), "2025-10-15"),
        "exposure": ("openai",),
        "paths": ("nvidia", "openai"),
    }
    more = {"what_if": {"without": ["openai"]}, "timeline": {"start": "2025", "end": datetime.date(2025, 12, 31)}}
    names = ["conflicts", "control", "dependence", "diff", "exposure", "loops", "paths", "standing", "timeline", "what_if"]
    for name in names:
        table = getattr(VALLEY, name)(*given.get(name, ()), **more.get(name, {}))
        assert len(table) > 0, name
        assert all(inspect.signature(getattr(powermap.Map, name)).parameters), name
    loops = VALLEY.loops(flow=["cash", "equity"], each_edge=True)
    assert {"lower", "upper", "lower_exclusive", "unit", "edges"} <= set(loops.columns)
    assert isinstance(loops["edges"][0], list)
    early = VALLEY.at("2020-01-01")
    assert len(early.loops()) < len(VALLEY.loops())
    assert "2020-01-01" in repr(early)


def test_tables_in_other_libraries():
    for name in ("players", "claims", "board", "loops"):
        table = VALLEY.tables(name)
        frame = polars.DataFrame(table)
        arrow = pyarrow.table(table)
        assert frame.height == arrow.num_rows == len(table) == len(arrow.to_pandas())
        assert frame.columns == table.columns
        found = duckdb.sql("SELECT count(*) FROM arrow").fetchall()[0][0]
        assert found == len(table)
        assert arrow.to_pylist() == table.to_pylist()
    if hasattr(pandas.DataFrame, "from_arrow"):
        assert len(pandas.DataFrame.from_arrow(VALLEY.edges())) == len(VALLEY.edges())
    claims = VALLEY.claims()
    assert any(isinstance(day, datetime.date) for day in claims["said_first"])
    assert "<table>" in claims._repr_html_() and "rows" in repr(claims)


def test_frames():
    edges = {"a": [1, 2, 3, 3, 1], "b": [2, 3, 1, 2, 1], "note": list("vwxyz")}
    frames = [polars.DataFrame(edges), pandas.DataFrame(edges), pyarrow.table(edges)]
    texts = polars.DataFrame(edges).with_columns(polars.col("a", "b").cast(polars.String).cast(polars.Categorical))
    for frame in [*frames, texts, polars.DataFrame(edges).lazy().collect()]:
        found = powermap.loops(frame, source="a", target="b", max_length=4)
        graph = networkx.DiGraph(zip(edges["a"], edges["b"]))
        expected = {frozenset(map(str, cycle)) for cycle in networkx.simple_cycles(graph, length_bound=4) if len(cycle) > 1}
        assert {frozenset(nodes) for nodes in found["nodes"]} == expected
    ranks = powermap.pagerank(frames[0], source="a", target="b")
    expected = dict.fromkeys([1, 2, 3], 1 / 3)
    for _ in range(200):
        following = dict.fromkeys(expected, 0.15 / 3)
        for source, target in zip(edges["a"], edges["b"]):
            following[target] += 0.85 * expected[source] / edges["a"].count(source)
        expected = following
    assert all(abs(row["rank"] - expected[int(row["node"])]) < 1e-6 for row in ranks.to_pylist())
    parts = powermap.components(frames[1], source="a", target="b")
    assert len(set(parts["component"])) == 1
    between = powermap.betweenness(frames[2], source="a", target="b")
    assert len(between) == 3
    flows = polars.DataFrame(
        {"from": ["x", "y"], "to": ["y", "x"], "family": ["investment"] * 2, "amount": [1e9, None]}
    )
    loops = powermap.analyse(flows, "loops", flow="cash")
    assert loops["upper"] == [1e9, 1e9] and loops["lower"][0] is None
    duplicates = pyarrow.table({"from": ["x", "y"] * 50_000, "to": ["y", "x"] * 50_000})
    assert len(powermap.loops(duplicates)) == 1


def test_errors():
    with raises(powermap.QueryError, "nevr"):
        VALLEY.query("SELECT ?x { ?x nevr:in ?y }")
    with raises(powermap.ArgumentError, "did you mean"):
        VALLEY.control("opnai")
    with raises(powermap.ArgumentError, "there is no table 'edgs'"):
        VALLEY.tables("edgs")
    with raises(powermap.ArgumentError, "no column 'x'"):
        VALLEY.edges()["x"]
    with raises(powermap.Error):
        VALLEY.at("2025-13-01")
    with raises(powermap.Error):
        powermap.open("/nowhere/at/all")
    with raises(TypeError, "__arrow_c_stream__"):
        powermap.loops([1, 2, 3])
    frame = polars.DataFrame({"from": ["a", None], "to": ["b", "c"]})
    with raises(powermap.FormatError, "row 2, column 'from'"):
        powermap.loops(frame)
    with raises(powermap.ArgumentError, "the frame has no column 'source'"):
        powermap.loops(frame, source="source")
    moments = frame.with_columns(since=datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc))
    with raises(powermap.FormatError, "days or text"):
        powermap.analyse(moments, "loops")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bad.ttl"
        path.write_text("id:a a pm:Company ;\n")
        try:
            powermap.open(path)
        except powermap.FormatError as error:
            assert error.place and error.place.startswith("bad.ttl:"), error.place
        else:
            raise AssertionError("a bad text was read")


# Endless, for all that a test can wait.
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a < ?d && ?f < ?i) }"


def test_time():
    begun = time.monotonic()
    with raises(powermap.TimeoutError, "timeout="):
        VALLEY.query(LONG, timeout=0.3)
    assert time.monotonic() - begun < 10
    with raises(powermap.ArgumentError):
        VALLEY.query("ASK {}", timeout=-1.0)
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with raises(KeyboardInterrupt):
        VALLEY.query(LONG)
    assert time.monotonic() - begun < 10


def test_threads():
    """While one thread computes, another one runs Python."""
    done = threading.Event()

    def compute():
        with contextlib.suppress(powermap.TimeoutError):
            VALLEY.query(LONG, timeout=0.5)
        done.set()

    threading.Thread(target=compute).start()
    steps = 0
    while not done.is_set():
        steps += 1
        time.sleep(0.001)
    assert steps > 50, steps


def test_board():
    board = VALLEY.board(loops=1)
    assert board._repr_svg_().startswith("<svg") and "<svg" in board._repr_html_()
    assert "<html" in board.html
    with tempfile.TemporaryDirectory() as folder:
        board.save(Path(folder) / "board.html")
        assert (Path(folder) / "board.html").stat().st_size > 10_000
        assert VALLEY.to_parquet(Path(folder) / "tables")
        again = powermap.open(Path(folder) / "tables")
        assert again.loops().to_pylist() == VALLEY.loops().to_pylist()


def test_documentation():
    readme = Path(__file__).parents[2] / "crates/python/README.md"
    for module in (powermap, powermap._map):
        assert doctest.testmod(module).failed == 0
    assert doctest.testfile(str(readme), module_relative=False).failed == 0


def test_import_time():
    code = "import time; t = time.perf_counter(); import powermap; print(time.perf_counter() - t)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout) for _ in range(5)]
    print(f"import: {sorted(times)[2] * 1000:.0f} ms")


if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
            print(f"{name}: passed")

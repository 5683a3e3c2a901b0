"""Makes the known answers of tests/graph/numeric/stored.rs beside itself, for the graphs whose edges are in ../kernels,
by dense solution. Run with Python 3 after `pip install numpy`; the output is stored, so that the tests need neither.

The share of an edge is its weight over 1.25 times the weight of all edges to the same node, so that a fifth of each
company is nobody's. The company in question is the last node of the greatest weight of edges to it, and the owner the
last one of the greatest weight of edges from it.
"""

import csv
import pathlib

import numpy

HERE = pathlib.Path(__file__).parent


def last_of_greatest(values):
    return max(range(len(values)), key=lambda v: (values[v], v))


def power(ties, beta):
    count = len(ties)
    solution = numpy.linalg.solve(numpy.eye(count) - beta * ties, ties @ numpy.ones(count))
    return solution * numpy.sqrt(count / (solution @ solution))


def once(impacts, shocked):
    """DebtRank of 2012 with one node failing."""
    distress = numpy.zeros(len(impacts))
    distress[shocked] = 1
    active = {shocked}
    seen = {shocked}
    while active:
        handed = numpy.zeros(len(impacts))
        for v in active:
            handed[v] = distress[v]
        distress = numpy.minimum(1, distress + handed @ impacts)
        active = {v for v in range(len(impacts)) if distress[v] > 0} - seen
        seen |= active
    return distress


def cumulative(impacts, shocked):
    """DebtRank of 2015 with one node failing."""
    start = numpy.zeros(len(impacts))
    start[shocked] = 1
    distress = start
    for _ in range(100_000):
        distress = numpy.minimum(1, start + distress @ impacts)
    return distress


def write(name):
    with open(HERE.parent / "kernels" / f"{name}-edges.csv") as file:
        edges = [(int(row["source"]), int(row["target"]), float(row["weight"])) for row in csv.DictReader(file)]
    count = 80 if name == "skewed" else 34
    weights = numpy.zeros((count, count))
    for source, target, weight in edges:
        weights[source, target] += weight
    into, out_of = weights.sum(axis=0), weights.sum(axis=1)
    company, owner = last_of_greatest(into), last_of_greatest(out_of)
    shares = weights / numpy.where(into > 0, 1.25 * into, 1)
    walks = numpy.linalg.inv(numpy.eye(count) - shares)
    gross = shares @ walks
    corrected = gross / numpy.diag(walks)[:, None]
    ties = weights - numpy.diag(numpy.diag(weights))
    ties = ties + ties.T
    radius = max(abs(numpy.linalg.eigvals(ties)))
    impacts = shares.T - numpy.diag(numpy.diag(shares))
    columns = {
        "owners_gross": gross[:, company],
        "owners_corrected": corrected[:, company],
        "holdings_gross": gross[owner],
        "holdings_corrected": corrected[owner],
        "radius": numpy.full(count, radius),
        "power_positive": power(ties, 0.75 / radius),
        "power_negative": power(ties, -0.75 / radius),
        "distress_once": once(impacts, company),
        "distress_cumulative": cumulative(impacts, company),
    }
    with open(HERE / f"{name}-expected.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([float(value) for value in row] for row in zip(*columns.values()))


write("skewed")
write("karate")

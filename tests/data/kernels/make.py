"""Makes the known answers of tests/kernels.rs beside itself: for each graph its edges, and for each node what networkx
and igraph say. Run with Python 3 after `pip install networkx igraph scipy`; the output is stored, so that the tests
need neither.
"""

import csv
import math
import pathlib
import random

import igraph
import networkx

HERE = pathlib.Path(__file__).parent


def write(name, node_count, edges):
    """Edges are (source, target, weight); loops and parallel edges are welcome."""
    with open(HERE / f"{name}-edges.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["source", "target", "weight"])
        writer.writerows(edges)
    multi = networkx.MultiDiGraph()
    multi.add_nodes_from(range(node_count))
    multi.add_weighted_edges_from(edges)
    simple = networkx.DiGraph()
    simple.add_nodes_from(range(node_count))
    simple.add_edges_from((s, t) for s, t, _ in edges if s != t)
    levels = networkx.single_source_shortest_path_length(multi, 0)
    distances = networkx.single_source_dijkstra_path_length(multi, 0)
    strong = {v: min(part) for part in networkx.strongly_connected_components(multi) for v in part}
    weak = {v: min(part) for part in networkx.weakly_connected_components(multi) for v in part}
    ones = networkx.MultiDiGraph()
    ones.add_nodes_from(range(node_count))
    ones.add_weighted_edges_from((s, t, 1) for s, t, _ in edges)
    rank = networkx.pagerank(ones, tol=1e-15, max_iter=1000)
    weighted_rank = networkx.pagerank(multi, tol=1e-15, max_iter=1000)
    betweenness = networkx.betweenness_centrality(simple, normalized=False)
    core = networkx.core_number(simple.to_undirected())
    # igraph counts some loops among a node's own ties; ours leaves all of them out.
    ties = [(s, t, w) for s, t, w in edges if s != t]
    other = igraph.Graph(node_count, [(s, t) for s, t, _ in ties], directed=True)
    constraint = other.constraint()
    weighted_constraint = other.constraint(weights=[w for _, _, w in ties])
    with open(HERE / f"{name}-expected.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            "level distance strong weak pagerank weighted_pagerank betweenness core constraint "
            "weighted_constraint".split()
        )
        for v in range(node_count):
            writer.writerow(
                [
                    levels.get(v, ""),
                    distances.get(v, ""),
                    strong[v],
                    weak[v],
                    rank[v],
                    weighted_rank[v],
                    betweenness[v],
                    core[v],
                    "" if math.isnan(constraint[v]) else constraint[v],
                    "" if math.isnan(weighted_constraint[v]) else weighted_constraint[v],
                ]
            )


def skewed(node_count, edge_count, seed):
    """Some nodes have many edges and some none; there are loops and parallel edges."""
    random.seed(seed)
    edges = []
    for _ in range(edge_count):
        source = int(node_count * random.random() ** 2)
        target = int(node_count * random.random() ** 2)
        edges.append((source, target, random.randint(1, 9)))
        if random.random() < 0.1:
            edges.append((source, target, random.randint(1, 9)))
    return edges


write("skewed", 80, skewed(80, 160, 1))
karate = networkx.karate_club_graph()
write("karate", 34, [(s, t, data["weight"]) for s, t, data in karate.edges(data=True)])

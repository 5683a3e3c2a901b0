"""Makes the known answers of tests/kernels.rs and tests/walks.rs beside itself: for each graph its edges, for each node
what networkx and igraph say, and for some graphs their cycles and paths. Run with Python 3 after `pip install networkx
igraph scipy`; the output is stored, so that the tests need neither.
"""

import csv
import itertools
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


def smallest_first(cycle):
    at = cycle.index(min(cycle))
    return tuple(cycle[at:] + cycle[:at])


def temporal_cycles(edges, length_max, window):
    """By trying all sequences of edges: the weights are the times, and each edge is later than the one before."""
    found = [[place] for place, (source, target, _) in enumerate(edges) if source != target]
    for _ in range(length_max - 1):
        longer = []
        for path in found:
            first, last = edges[path[0]], edges[path[-1]]
            if last[1] == first[0]:
                yield path
                continue
            seen = {edges[place][1] for place in path}
            for place, (source, target, time) in enumerate(edges):
                if source == last[1] and target not in seen and last[2] < time <= first[2] + window:
                    longer.append(path + [place])
        found = longer
    yield from (path for path in found if edges[path[-1]][1] == edges[path[0]][0])


def walks(name, node_count, edges, length_max, pairs):
    """All cycles and, for some pairs, all paths of so many hops, by networkx; igraph has to say the same."""
    simple = networkx.DiGraph()
    simple.add_nodes_from(range(node_count))
    simple.add_edges_from((s, t) for s, t, _ in edges if s != t)
    other = igraph.Graph(node_count, list(simple.edges), directed=True)
    cycles = sorted(map(smallest_first, networkx.simple_cycles(simple, length_bound=length_max)))
    same = other.simple_cycles(min=2, max=length_max)
    assert cycles == sorted(map(smallest_first, map(list, same)))
    rows = [("cycle", cycle) for cycle in cycles]
    for source, target in pairs:
        paths = sorted(networkx.all_simple_paths(simple, source, target, cutoff=length_max))
        assert paths == sorted(other.get_all_simple_paths(source, target, maxlen=length_max, mode="out"))
        if networkx.has_path(simple, source, target):
            # Yen's method gives the shorter first, and so the same from the front on.
            shortest = networkx.shortest_simple_paths(simple, source, target)
            first = itertools.takewhile(lambda path: len(path) <= length_max + 1, shortest)
            assert sorted(first) == paths
        rows += [("path", path) for path in paths]
    rows += [("temporal", path) for path in sorted(temporal_cycles(edges, length_max, 6))]
    # The greatest modularity that there is, from an exact search.
    ties = [(s, t, w) for s, t, w in edges if s != t]
    undirected = igraph.Graph(node_count, [(s, t) for s, t, _ in ties])
    undirected.es["weight"] = [w for _, _, w in ties]
    undirected.simplify(combine_edges="sum")
    best = undirected.community_optimal_modularity(weights="weight")
    parts = {frozenset(part) for part in best}
    as_networkx = undirected.to_networkx()
    assert math.isclose(best.modularity, networkx.community.modularity(as_networkx, parts))
    with open(HERE / f"{name}-walks.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["what", "walk"])
        writer.writerows((what, " ".join(map(str, walk))) for what, walk in rows)
        writer.writerow(["modularity", best.modularity])


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
club = [(s, t, data["weight"]) for s, t, data in karate.edges(data=True)]
write("karate", 34, club)
walks("karate", 34, club, 4, [(0, 33), (0, 1), (2, 32)])


# Graphs of three kinds for the walks: few edges, nearly all of them, and one where many ways lead over few nodes.
random.seed(2)
sparse = [(random.randrange(24), random.randrange(24), random.randint(1, 9)) for _ in range(60)]
dense = [(s, t, random.randint(1, 9)) for s in range(7) for t in range(7) if random.random() < 0.8]
hubs = skewed(20, 80, 3)
for name, node_count, edges in [("sparse", 24, sparse), ("dense", 7, dense), ("hubs", 20, hubs)]:
    write(name, node_count, edges)
    walks(name, node_count, edges, 5, [(0, 1), (1, 0), (2, 5), (node_count - 1, 3), (3, 4)])

"""One kernel of one peer on one graph: `peer.py PEER KERNEL GRAPH RUNS THREADS [NUMBER…]`.

Prints the milliseconds of each run, without reading and building, and a number to check against the others. Exits with 3
where the peer has no such kernel.
"""

import os
import sys
import time

import numpy as np

peer, kernel, graph, runs, threads = sys.argv[1:6]
numbers = [int(word) for word in sys.argv[6:]]
nodes = int(open(graph + ".n", encoding="ascii").read())
source = np.fromfile(graph + ".src", "<u4").astype(np.int64)
target = np.fromfile(graph + ".dst", "<u4").astype(np.int64)
weights = np.fromfile(graph + ".w", "<u4").astype(np.float64)


def pairs():
    return list(zip(numbers[1::2], numbers[2::2]))


def matrix(values):
    from scipy.sparse import csr_array

    return csr_array((values, (source, target)), shape=(nodes, nodes))


def parts():
    whole = np.bincount(target, weights=weights, minlength=nodes)
    return 0.9 * weights / whole[target]


def modularity(labels):
    """Of a partition, directions ignored and parallel edges merged: the same measure for all."""
    labels = np.asarray(labels)
    low, high = np.minimum(source, target), np.maximum(source, target)
    ties = np.unique((low * nodes + high)[low != high])
    low, high = ties // nodes, ties % nodes
    degrees = np.bincount(np.concatenate([low, high]), minlength=nodes)
    whole = np.bincount(labels, weights=degrees) / (2 * len(ties))
    return f"{(labels[low] == labels[high]).mean() - (whole**2).sum():.6f}"


def of_igraph():
    import igraph

    g = igraph.Graph(n=nodes, edges=np.column_stack([source, target]), directed=True)

    def reached(distances):
        found = np.array(distances[0])
        return int(found[np.isfinite(found)].sum())

    return {
        "cycles": lambda: len(g.simple_cycles(min=2, max=numbers[0])),
        "paths": lambda: sum(len(g.get_all_simple_paths(s, t, maxlen=numbers[0])) for s, t in pairs()),
        "bfs": lambda: reached(g.distances(source=numbers[0])),
        "shortest": lambda: reached(g.distances(source=numbers[0], weights=weights)),
        "strong": lambda: len(g.connected_components(mode="strong")),
        "weak": lambda: len(g.connected_components(mode="weak")),
        "pagerank": lambda: f"{max(g.pagerank(damping=0.85)):.9f}",
        "betweenness": lambda: f"{sum(g.betweenness(directed=True)):.6f}",
        "constraint": lambda: f"{np.nansum(np.array(g.constraint())):.6f}",
        # Directions are ignored and parallel edges merged, which is a part of ours too.
        "cores": lambda: sum(g.as_undirected(mode="collapse").coreness()),
        "communities": lambda: g.as_undirected(mode="collapse").community_multilevel().membership,
    }


def of_networkit():
    import networkit as nk

    nk.setNumberOfThreads(int(threads))
    g = nk.GraphFromCoo((weights, (source.astype(np.uint64), target.astype(np.uint64))), n=nodes, weighted=kernel == "shortest", directed=True)

    def run(algorithm):
        algorithm.run()
        return algorithm

    def undirected():
        merged = nk.graphtools.toUndirected(g)
        merged.removeMultiEdges()
        return merged

    def communities():
        merged = undirected()
        return run(nk.community.PLM(merged, refine=False)).getPartition().getVector()

    def reached(algorithm):
        found = np.array(run(algorithm).getDistances())
        return int(found[found < 1e300].sum())

    return {
        "bfs": lambda: reached(nk.distance.BFS(g, numbers[0], storePaths=False)),
        "shortest": lambda: reached(nk.distance.Dijkstra(g, numbers[0], storePaths=False)),
        "strong": lambda: run(nk.components.StronglyConnectedComponents(g)).numberOfComponents(),
        "weak": lambda: run(nk.components.WeaklyConnectedComponents(g)).numberOfComponents(),
        "pagerank": lambda: f"{max(run(nk.centrality.PageRank(g, damp=0.85, tol=1e-6)).scores()):.9f}",
        "betweenness": lambda: f"{sum(run(nk.centrality.Betweenness(g)).scores()):.6f}",
        "cores": lambda: int(sum(run(nk.centrality.CoreDecomposition(undirected())).scores())),
        "communities": communities,
    }


def of_rustworkx():
    import rustworkx as rx

    g = rx.PyDiGraph()
    g.add_nodes_from(range(nodes))
    g.add_edges_from(list(zip(source.tolist(), target.tolist(), weights.tolist())))
    return {
        "strong": lambda: len(rx.strongly_connected_components(g)),
        "weak": lambda: rx.number_weakly_connected_components(g),
        "pagerank": lambda: f"{max(rx.pagerank(g, alpha=0.85, tol=1e-6 / nodes, max_iter=1000).values()):.9f}",
        "betweenness": lambda: f"{sum(rx.digraph_betweenness_centrality(g, normalized=False, parallel_threshold=10**9).values()):.6f}",
        "paths": lambda: sum(len(rx.digraph_all_simple_paths(g, s, t, cutoff=numbers[0] + 1)) for s, t in pairs()),
    }


def of_scipy():
    from scipy.sparse import csgraph, csr_array, diags_array, eye_array
    from scipy.sparse.linalg import bicgstab

    plain = matrix(np.ones(len(source)))
    weighted = matrix(weights)

    def pagerank():
        degree = np.asarray(plain.sum(axis=1)).ravel()
        inverse = np.divide(1.0, degree, out=np.zeros(nodes), where=degree > 0)
        pull = (diags_array(inverse) @ plain).T.tocsr()
        rank = np.full(nodes, 1 / nodes)
        while True:
            dangling = rank[degree == 0].sum()
            following = 0.85 * (pull @ rank + dangling / nodes) + 0.15 / nodes
            change = np.abs(following - rank).sum()
            rank = following
            if change < 1e-6:
                return f"{rank.max():.9f}"

    def levels():
        order, before = csgraph.breadth_first_order(plain, numbers[0])
        level = np.zeros(nodes, np.int64)
        for node in order[1:]:
            level[node] = level[before[node]] + 1
        return int(level.sum())

    def shortest():
        found = csgraph.dijkstra(weighted, indices=numbers[0])
        return int(found[np.isfinite(found)].sum())

    def solved(left, right):
        found, state = bicgstab(left, right, rtol=1e-8, maxiter=1000)
        if state != 0:
            raise SystemExit(3)
        return found

    def bonacich():
        beta = float(os.environ["BETA"])
        found = solved(eye_array(nodes, format="csr") - beta * plain, np.asarray(plain.sum(axis=1)).ravel())
        return f"{(found * np.sqrt(nodes / (found @ found))).sum():.6f}"

    def ownership():
        shares = matrix(parts())
        column = shares[:, [numbers[0]]].toarray().ravel()
        return f"{solved(eye_array(nodes, format='csr') - shares, column).sum():.6f}"

    def debtrank():
        impacts = matrix(parts()).T.tocsr()
        distress, change = np.zeros(nodes), np.zeros(nodes)
        distress[0] = change[0] = 1.0
        while np.abs(change).sum() >= 1e-6:
            following = np.minimum(1.0, distress + impacts @ change)
            change, distress = following - distress, following
        return f"{distress.sum():.6f}"

    return {
        "bfs": levels,
        "shortest": shortest,
        "strong": lambda: csgraph.connected_components(plain, connection="strong")[0],
        "weak": lambda: csgraph.connected_components(plain, connection="weak")[0],
        "pagerank": pagerank,
        "bonacich": bonacich,
        "ownership": ownership,
        "debtrank": debtrank,
    }


kernels = {
    "igraph": of_igraph,
    "networkit": of_networkit,
    "rustworkx": of_rustworkx,
    "scipy": of_scipy,
}[peer]()
if kernels.get(kernel) is None:
    raise SystemExit(3)
for _ in range(int(runs)):
    begin = time.perf_counter()
    check = kernels[kernel]()
    spent = (time.perf_counter() - begin) * 1e3
    print(f"{spent:.3f} {modularity(check) if kernel == 'communities' else check}", flush=True)

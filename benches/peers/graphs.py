"""The graphs of the comparison, as little-endian arrays: NAME.src, NAME.dst, NAME.n and, where they apply, .w and .ts.

Two public graphs with times (SNAP: CollegeMsg, Bitcoin-OTC) and made ones: power laws and Kronecker graphs. The same
bytes on every run.
"""

import os

import numpy as np


def save(folder, name, nodes, source, target, times=None):
    base = os.path.join(folder, name)
    source.astype("<u4").tofile(base + ".src")
    target.astype("<u4").tofile(base + ".dst")
    np.random.default_rng(7).integers(1, 256, len(source)).astype("<u4").tofile(base + ".w")
    if times is not None:
        times.astype("<i4").tofile(base + ".ts")
    with open(base + ".n", "w", encoding="ascii") as file:
        file.write(str(nodes))


def simple(nodes, source, target):
    """Without loops and parallel edges."""
    keys = source.astype(np.int64) * nodes + target
    keys = np.unique(keys[source != target])
    return keys // nodes, keys % nodes


def kronecker(scale, factor, seed):
    random = np.random.default_rng(seed)
    nodes = 1 << scale
    edges = nodes * factor
    source, target = np.zeros(edges, np.int64), np.zeros(edges, np.int64)
    a, b, c = 0.57, 0.19, 0.19
    for _ in range(scale):
        draw = random.random(edges)
        down = draw >= a + b
        right = ((draw >= a) & (draw < a + b)) | (draw >= a + b + c)
        source, target = source * 2 + down, target * 2 + right
    names = random.permutation(nodes)
    return nodes, names[source], names[target]


def power_law(nodes, edges, exponent, seed):
    random = np.random.default_rng(seed)

    def end():
        return np.minimum(nodes - 1, (nodes * random.random(edges) ** exponent).astype(np.int64))

    source, target = end(), end()
    names = random.permutation(nodes)
    return names[source], names[target]


def with_times(source, target, times):
    names, numbers = np.unique(np.concatenate([source, target]), return_inverse=True)
    source, target = numbers[: len(source)], numbers[len(source) :]
    keep = source != target
    source, target, times = source[keep], target[keep], times[keep]
    order = np.argsort(times, kind="stable")
    return len(names), source[order], target[order], times[order] - times.min() + 1


def make(name, folder, public):
    """Makes a graph unless it is there; whether it could be made."""
    if os.path.exists(os.path.join(folder, name + ".n")):
        return True
    if name.startswith("kronecker"):
        scale = int(name[len("kronecker") :])
        nodes, source, target = kronecker(scale, 16, scale * 100 + 16)
        save(folder, name, nodes, *simple(nodes, source, target))
    elif name.startswith("power"):
        nodes, edges, exponent, seed = {
            "power-hot": (200_000, 1_000_000, 2.5, 1),
            "power-mid": (200_000, 1_000_000, 2.0, 2),
            "power-mild": (200_000, 1_000_000, 1.5, 3),
            "power-small": (10_000, 100_000, 2.0, 4),
        }[name]
        save(folder, name, nodes, *simple(nodes, *power_law(nodes, edges, exponent, seed)))
    else:
        file, options = {
            "collegemsg": ("CollegeMsg.txt", {}),
            "bitcoinotc": ("bitcoinotc.csv", {"delimiter": ",", "skiprows": 1}),
        }[name.removesuffix("-timed")]
        path = os.path.join(public, file)
        if not os.path.exists(path):
            return False
        table = np.loadtxt(path, **options)
        column = 2 if file.endswith(".txt") else 3
        rows = [table[:, at].astype(np.int64) for at in (0, 1, column)]
        nodes, source, target, times = with_times(*rows)
        if name.endswith("-timed"):
            save(folder, name, nodes, source, target, times)
        else:
            save(folder, name, nodes, *simple(nodes, source, target))
    return True


def path_ends(folder, name, count):
    """Pairs of different nodes that have edges, the same each time."""
    source = np.fromfile(os.path.join(folder, name + ".src"), "<u4")
    target = np.fromfile(os.path.join(folder, name + ".dst"), "<u4")
    random = np.random.default_rng(11)
    pairs = []
    while len(pairs) < count:
        pair = int(random.choice(source)), int(random.choice(target))
        if pair[0] != pair[1]:
            pairs.append(pair)
    return pairs


def start(folder, name):
    """The node with the most edges out of it."""
    source = np.fromfile(os.path.join(folder, name + ".src"), "<u4")
    return int(np.bincount(source).argmax())

// A plain depth-first search for the questions of loops and paths: no peer, but a floor to stay above.
//
// reference cycles|paths|temporal GRAPH RUNS ARGUMENT…: prints the milliseconds and the count of each run.
// Cycles: roots by falling degree, pruned by the distance back to the root. Paths: pruned by the distance to the target.
// Cycles in time: strictly later edges within the window, no look-ahead.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

using Ids = std::vector<uint32_t>;

struct Lists {
    std::vector<size_t> offsets;
    Ids nodes;
    const uint32_t *begin(uint32_t v) const { return nodes.data() + offsets[v]; }
    const uint32_t *end(uint32_t v) const { return nodes.data() + offsets[v + 1]; }
};

static Lists lists(uint32_t n, const Ids &from, const Ids &to) {
    Lists result;
    result.offsets.assign(n + 1, 0);
    result.nodes.resize(from.size());
    for (uint32_t v : from) result.offsets[v + 1]++;
    for (uint32_t v = 0; v < n; v++) result.offsets[v + 1] += result.offsets[v];
    std::vector<size_t> next(result.offsets);
    for (size_t e = 0; e < from.size(); e++) result.nodes[next[from[e]]++] = to[e];
    for (uint32_t v = 0; v < n; v++)
        std::sort(result.nodes.begin() + result.offsets[v], result.nodes.begin() + result.offsets[v + 1]);
    return result;
}

template <class T> static std::vector<T> read(const std::string &name) {
    std::ifstream in(name, std::ios::binary | std::ios::ate);
    std::vector<T> values(in ? size_t(in.tellg()) / sizeof(T) : 0);
    in.seekg(0);
    in.read(reinterpret_cast<char *>(values.data()), values.size() * sizeof(T));
    return values;
}

struct Search {
    uint32_t n;
    Lists out, into;
    std::vector<uint32_t> distance;
    std::vector<uint32_t> seen;
    std::vector<char> on_path;
    uint32_t round = 0, root = 0, limit = 0;
    uint64_t count = 0;

    void clear() {
        distance.assign(n, 0);
        seen.assign(n, 0);
        on_path.assign(n, 0);
        round = 0;
        count = 0;
    }

    // Marks what can reach `target` in at most `hops` hops over nodes above `above`.
    void mark(uint32_t target, uint32_t hops, int64_t above) {
        round++;
        Ids queue{target};
        seen[target] = round;
        distance[target] = 0;
        for (size_t at = 0; at < queue.size(); at++) {
            uint32_t v = queue[at];
            if (distance[v] >= hops) break;
            for (const uint32_t *w = into.begin(v); w != into.end(v); w++) {
                if (int64_t(*w) <= above || seen[*w] == round) continue;
                seen[*w] = round;
                distance[*w] = distance[v] + 1;
                queue.push_back(*w);
            }
        }
    }

    void walk(uint32_t v, uint32_t hops, uint32_t target, int64_t above) {
        for (const uint32_t *w = out.begin(v); w != out.end(v); w++) {
            if (*w == target) {
                count++;
                continue;
            }
            if (int64_t(*w) <= above || hops + 1 >= limit) continue;
            if (seen[*w] != round || hops + 1 + distance[*w] > limit || on_path[*w]) continue;
            on_path[*w] = 1;
            walk(*w, hops + 1, target, above);
            on_path[*w] = 0;
        }
    }

    uint64_t cycles(uint32_t length) {
        clear();
        limit = length;
        for (root = 0; root < n; root++) {
            if (out.begin(root) == out.end(root) || into.begin(root) == into.end(root)) continue;
            mark(root, length - 1, root);
            walk(root, 0, root, root);
        }
        return count;
    }

    uint64_t paths(uint32_t from, uint32_t to, uint32_t length) {
        limit = length;
        mark(to, length, -1);
        on_path[from] = 1;
        uint64_t before = count;
        walk(from, 0, to, -1);
        on_path[from] = 0;
        return count - before;
    }
};

struct Timed {
    uint32_t to;
    int32_t time;
};

struct TimedSearch {
    std::vector<std::vector<Timed>> out;
    std::vector<char> on_path;
    uint32_t root = 0;
    int32_t end = 0;
    uint64_t count = 0;

    void walk(uint32_t v, int32_t now) {
        auto later = std::upper_bound(out[v].begin(), out[v].end(), now,
                                      [](int32_t time, const Timed &edge) { return time < edge.time; });
        for (; later != out[v].end() && later->time <= end; ++later) {
            if (later->to == root) {
                count++;
            } else if (!on_path[later->to]) {
                on_path[later->to] = 1;
                walk(later->to, later->time);
                on_path[later->to] = 0;
            }
        }
    }

    uint64_t cycles(int32_t window) {
        count = 0;
        for (root = 0; root < out.size(); root++)
            for (const Timed &first : out[root]) {
                end = first.time + window;
                on_path[first.to] = 1;
                walk(first.to, first.time);
                on_path[first.to] = 0;
            }
        return count;
    }
};

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    std::string kernel = argv[1], graph = argv[2];
    int runs = std::atoi(argv[3]);
    Ids from = read<uint32_t>(graph + ".src"), to = read<uint32_t>(graph + ".dst");
    uint32_t n = 0;
    std::ifstream(graph + ".n") >> n;
    std::vector<uint32_t> numbers;
    for (int at = 4; at < argc; at++) numbers.push_back(std::strtoul(argv[at], nullptr, 10));
    for (int run = 0; run < runs; run++) {
        uint64_t found = 0;
        auto start = std::chrono::steady_clock::now();
        if (kernel == "temporal") {
            auto times = read<int32_t>(graph + ".ts");
            start = std::chrono::steady_clock::now();
            TimedSearch search;
            search.out.resize(n);
            search.on_path.assign(n, 0);
            for (size_t e = 0; e < from.size(); e++) search.out[from[e]].push_back({to[e], times[e]});
            for (auto &edges : search.out)
                std::sort(edges.begin(), edges.end(), [](const Timed &a, const Timed &b) { return a.time < b.time; });
            found = search.cycles(int32_t(numbers[0]));
        } else {
            Search search;
            search.n = n;
            Ids names(n);
            std::iota(names.begin(), names.end(), 0);
            if (kernel == "cycles") {
                Ids degree(n, 0), order(names);
                for (uint32_t v : from) degree[v]++;
                for (uint32_t v : to) degree[v]++;
                std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return degree[a] > degree[b]; });
                for (uint32_t at = 0; at < n; at++) names[order[at]] = at;
            }
            Ids a(from.size()), b(to.size());
            for (size_t e = 0; e < from.size(); e++) a[e] = names[from[e]], b[e] = names[to[e]];
            search.out = lists(n, a, b);
            search.into = lists(n, b, a);
            search.clear();
            if (kernel == "cycles") {
                found = search.cycles(numbers[0]);
            } else {
                for (size_t at = 1; at + 1 < numbers.size(); at += 2)
                    found += search.paths(numbers[at], numbers[at + 1], numbers[0]);
            }
        }
        std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
        std::printf("%.3f %llu\n", time.count(), (unsigned long long)found);
        std::fflush(stdout);
    }
}

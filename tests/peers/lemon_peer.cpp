// LEMON's network simplex on the instances of engine/allot.
//
//   lemon_peer batch FILE
//       For each instance of FILE one line: "infeasible", or the objective as five numbers
//       (places of the classes 3, 2, 1, 0, then micro units). An instance is
//           full|partial|full-least|partial-least ASKS HELPERS PAIRS
//           demand of each ask / waiting class of each ask / places of each helper
//           with -least: how many asks each helper must get
//           ask helper micro, PAIRS times
//   lemon_peer npy FILE DEMAND CAPACITY
//   lemon_peer csv FILE DEMAND CAPACITY        (ask,helper,score; ids are numbers)
//       Prints "objective_micro solve_seconds" for full service.

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

namespace {

using Cost = std::int64_t;

struct Pair {
    int ask, helper;
    Cost micro;
};

struct Instance {
    bool partial = false;
    int asks = 0, helpers = 0;
    std::vector<int> demand, waiting, places, least;
    std::vector<Pair> pairs;
};

struct Outcome {
    bool feasible = false;
    std::array<Cost, 5> value{};
    double seconds = 0;
};

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Weights of the four waiting classes, longest waiting first; all zero for full service.
std::array<Cost, 4> weights(const Instance& in) {
    std::array<Cost, 4> w{};
    if (!in.partial) {
        return w;
    }
    std::array<Cost, 4> places{};
    Cost total = 0, largest = 0;
    for (int i = 0; i < in.asks; ++i) {
        places[static_cast<std::size_t>(3 - in.waiting[i])] += in.demand[i];
        total += in.demand[i];
    }
    for (const Pair& p : in.pairs) {
        largest = std::max(largest, p.micro);
    }
    Cost below = total * largest;
    for (std::size_t k = 4; k-- > 0;) {
        w[k] = below + 1;
        below += w[k] * places[k];
    }
    return w;
}

Outcome solve(const Instance& in) {
    using Graph = lemon::SmartDigraph;
    const double begin = now();
    Graph g;
    g.reserveNode(in.asks + in.helpers + 2);
    g.reserveArc(static_cast<int>(in.pairs.size()) + in.asks + in.helpers + 1);
    std::vector<Graph::Node> ask, helper;
    for (int i = 0; i < in.asks; ++i) {
        ask.push_back(g.addNode());
    }
    for (int j = 0; j < in.helpers; ++j) {
        helper.push_back(g.addNode());
    }
    const auto source = g.addNode(), sink = g.addNode();
    Graph::ArcMap<Cost> cost(g, 0), lower(g, 0), upper(g, 0);
    const auto w = weights(in);
    std::vector<Graph::Arc> arcs;
    arcs.reserve(in.pairs.size());
    for (const Pair& p : in.pairs) {
        const auto a = g.addArc(ask[p.ask], helper[p.helper]);
        upper[a] = 1;
        cost[a] = -p.micro - (in.partial ? w[static_cast<std::size_t>(3 - in.waiting[p.ask])] : 0);
        arcs.push_back(a);
    }
    Cost total = 0;
    for (int i = 0; i < in.asks; ++i) {
        const auto a = g.addArc(source, ask[i]);
        upper[a] = in.demand[i];
        lower[a] = in.partial ? 0 : in.demand[i];
        total += in.demand[i];
    }
    for (int j = 0; j < in.helpers; ++j) {
        const auto a = g.addArc(helper[j], sink);
        upper[a] = in.places[j];
        lower[a] = in.least.empty() ? 0 : in.least[static_cast<std::size_t>(j)];
    }
    upper[g.addArc(sink, source)] = total;
    using Simplex = lemon::NetworkSimplex<Graph, Cost, Cost>;
    Simplex simplex(g);
    const auto status = simplex.lowerMap(lower).upperMap(upper).costMap(cost).run();
    Outcome out;
    out.seconds = now() - begin;
    out.feasible = status == Simplex::OPTIMAL;
    for (std::size_t k = 0; out.feasible && k < arcs.size(); ++k) {
        if (simplex.flow(arcs[k]) > 0) {
            out.value[4] += in.pairs[k].micro;
            if (in.partial) {
                ++out.value[static_cast<std::size_t>(3 - in.waiting[in.pairs[k].ask])];
            }
        }
    }
    return out;
}

bool read_instance(std::istream& file, Instance& in) {
    std::string service;
    std::size_t pairs = 0;
    if (!(file >> service >> in.asks >> in.helpers >> pairs)) {
        return false;
    }
    in.partial = service.rfind("partial", 0) == 0;
    const bool with_least = service.find("-least") != std::string::npos;
    const auto read_all = [&](std::vector<int>& v, int n) {
        v.assign(static_cast<std::size_t>(n), 0);
        for (int& x : v) {
            file >> x;
        }
    };
    read_all(in.demand, in.asks);
    read_all(in.waiting, in.asks);
    read_all(in.places, in.helpers);
    read_all(in.least, with_least ? in.helpers : 0);
    in.pairs.resize(pairs);
    for (Pair& p : in.pairs) {
        file >> p.ask >> p.helper >> p.micro;
    }
    return static_cast<bool>(file);
}

int batch(const char* path) {
    std::ifstream file(path);
    Instance in;
    while (read_instance(file, in)) {
        const Outcome out = solve(in);
        if (!out.feasible) {
            std::puts("infeasible");
            continue;
        }
        for (const Cost x : out.value) {
            std::printf("%lld ", static_cast<long long>(x));
        }
        std::puts("");
    }
    return 0;
}

void uniform(Instance& in, int demand, int capacity) {
    in.demand.assign(static_cast<std::size_t>(in.asks), demand);
    in.places.assign(static_cast<std::size_t>(in.helpers), capacity);
}

/// Reads the files that script/bench writes: float32, C order, format 1.0.
Instance read_npy(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 10> head{};
    file.read(head.data(), head.size());
    const auto length =
        static_cast<unsigned char>(head[8]) + 256 * static_cast<unsigned char>(head[9]);
    std::string header(static_cast<std::size_t>(length), ' ');
    file.read(header.data(), length);
    Instance in;
    std::sscanf(std::strstr(header.c_str(), "(") + 1, "%d, %d", &in.asks, &in.helpers);
    std::vector<float> row(static_cast<std::size_t>(in.helpers));
    for (int i = 0; i < in.asks; ++i) {
        file.read(reinterpret_cast<char*>(row.data()),
                  static_cast<std::streamsize>(row.size() * sizeof(float)));
        for (int j = 0; j < in.helpers; ++j) {
            if (row[static_cast<std::size_t>(j)] >= 0) {
                in.pairs.push_back(
                    {i, j,
                     std::llround(1e6 * static_cast<double>(row[static_cast<std::size_t>(j)]))});
            }
        }
    }
    return in;
}

Instance read_csv(const char* path) {
    std::FILE* file = std::fopen(path, "r");
    Instance in;
    if (file == nullptr || std::fscanf(file, "%*[^\n]\n") != 0) {
        return in;
    }
    int i = 0, j = 0;
    double score = 0;
    while (std::fscanf(file, "%d,%d,%lf\n", &i, &j, &score) == 3) {
        in.pairs.push_back({i, j, std::llround(1e6 * score)});
        in.asks = std::max(in.asks, i + 1);
        in.helpers = std::max(in.helpers, j + 1);
    }
    std::fclose(file);
    return in;
}

} // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 2 ? argv[1] : "";
    if (mode == "batch") {
        return batch(argv[2]);
    }
    if ((mode == "npy" || mode == "csv") && argc == 5) {
        Instance in = mode == "npy" ? read_npy(argv[2]) : read_csv(argv[2]);
        uniform(in, std::stoi(argv[3]), std::stoi(argv[4]));
        const Outcome out = solve(in);
        if (!out.feasible) {
            std::puts("infeasible");
            return 3;
        }
        std::printf("%lld %.6f\n", static_cast<long long>(out.value[4]), out.seconds);
        return 0;
    }
    std::fputs(
        "usage: lemon_peer batch FILE | npy FILE DEMAND CAPACITY | csv FILE DEMAND CAPACITY\n",
        stderr);
    return 2;
}

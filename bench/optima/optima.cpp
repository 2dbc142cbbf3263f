// How often the starts of each kind, and fits as they are by default, end at the best optimum known, and
// whether what the stop rule promises holds. README.md says how to run it and what came out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "tables.hpp"

namespace {

using namespace mixbern;
using optima::Case;

constexpr double kSame = 1e-4;
constexpr std::uint64_t kReferenceSeed = 20'000;

struct Arguments {
  std::string folder = "../shared/data/lca";
  std::string only;
  std::string images = "data/mnist-20000.safetensors.gz";
  std::size_t n_starts = 20'000;  // of the reference
  std::size_t n_seeds = 40;
  std::size_t part = 0, parts = 1;
  unsigned threads = 1;
  std::size_t most_iterations = 2000;  // that go on after a fit
  std::string known;                   // file of the best optima of earlier runs
};

double processor_seconds() {
  return 1e-6 * static_cast<double>(std::clock());
}

// What the default fits of one table did.
struct Fits {
  std::vector<double> log_likelihoods;
  std::vector<bool> noted;  // a note or warning says that there may be more
  double seconds = 0, longest = 0, n_starts = 0;
};

FitResult fitted(const Case& table, std::size_t k, std::uint64_t seed, std::size_t n_init, unsigned threads) {
  return fit(table.data, {.n_components = k, .n_init = n_init, .seed = seed, .threads = threads});
}

Fits default_fits(const Case& table, std::size_t k, const Arguments& arguments) {
  Fits fits;
  for (std::size_t seed = 0; seed < arguments.n_seeds; ++seed) {
    const double before = processor_seconds();
    const FitResult result = fitted(table, k, seed, 0, arguments.threads);
    const double seconds = processor_seconds() - before;
    fits.seconds += seconds;
    fits.longest = std::max(fits.longest, seconds);
    fits.n_starts += static_cast<double>(result.n_init);
    fits.log_likelihoods.push_back(result.log_likelihood);
    fits.noted.push_back(!optima_warnings(result).empty());
  }
  return fits;
}

std::string hits_by_kind(const FitResult& reference, double best) {
  std::string text;
  if (best > reference.log_likelihood + kSame) return "  none in the reference";
  for (const StartKind& kind : reference.start_kinds) {
    text += fmt::format("  {} {:.2f} %", to_string(kind.init),
                        100 * static_cast<double>(kind.n_init_at_best) / static_cast<double>(kind.n_init));
  }
  return text;
}

// The best of a table in the lines "name<tab>K<tab>log-likelihood" of a file.
double known_optimum(const std::string& path, const std::string& name, std::size_t k) {
  double best = -std::numeric_limits<double>::infinity();
  std::ifstream file(path);
  const std::string key = fmt::format("{}\t{}\t", name, k);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key)) best = std::max(best, std::stod(line.substr(key.size())));
  }
  return best;
}

void remember(const std::string& path, const std::string& name, std::size_t k, double best) {
  if (!path.empty()) std::ofstream(path, std::ios::app) << fmt::format("{}\t{}\t{:.6f}\n", name, k, best);
}

// One line: hits of fits, silent misses, seconds a fit, then hits of each kind of start.
void judge(const Case& table, std::size_t k, const Arguments& arguments) {
  const double before = processor_seconds();
  const FitResult reference = fitted(table, k, kReferenceSeed, arguments.n_starts, arguments.threads);
  const double per_start = (processor_seconds() - before) / static_cast<double>(arguments.n_starts);
  const Fits fits = default_fits(table, k, arguments);
  double best = std::max(reference.log_likelihood, known_optimum(arguments.known, table.name, k));
  for (const double value : fits.log_likelihoods) best = std::max(best, value);
  remember(arguments.known, table.name, k, best);
  std::size_t hits = 0, silent = 0;
  double worst = 0;
  for (std::size_t i = 0; i < fits.log_likelihoods.size(); ++i) {
    const bool hit = fits.log_likelihoods[i] >= best - kSame;
    hits += hit ? 1 : 0;
    silent += !hit && !fits.noted[i] ? 1 : 0;
    worst = std::max(worst, best - fits.log_likelihoods[i]);
  }
  const auto n = static_cast<double>(std::max<std::size_t>(arguments.n_seeds, 1));
  fmt::print(
      "{}, K {}: best {:.5f}; {} of {} fits, {} silent misses, worst {:.4f} below; {:.0f} starts, {:.2f} s a "
      "fit, "
      "longest {:.2f}; a start {:.0f} us,{}\n",
      table.name, k, best, hits, arguments.n_seeds, silent, worst, fits.n_starts / n, fits.seconds / n,
      fits.longest, 1e6 * per_start, hits_by_kind(reference, best));
  std::fflush(stdout);
}

void judge_all(const std::vector<Case>& tables, const Arguments& arguments) {
  std::size_t index = 0;
  for (const Case& table : tables) {
    for (const std::size_t k : table.n_components) {
      const bool wanted = table.name.find(arguments.only) != std::string::npos;
      if (wanted && index++ % arguments.parts == arguments.part) judge(table, k, arguments);
    }
  }
}

// What a fit left on the table: EM goes on from its end until nothing comes any more.
void judge_stop(const std::string& name, const Dataset& data, std::size_t k, std::uint64_t seed,
                const Arguments& arguments) {
  const double before = processor_seconds();
  const FitResult first = fit(data, {.n_components = k, .seed = seed, .threads = arguments.threads});
  const double seconds = processor_seconds() - before;
  const FitResult last = fit(data, {.n_components = k,
                                    .init = InitMethod::kModel,
                                    .max_iter = arguments.most_iterations,
                                    .tol = *first.options.tol * 1e-4,

                                    .threads = arguments.threads,
                                    .precision = Precision::kDouble,
                                    .init_model = first.mixture});
  const double left = last.log_likelihood - first.log_likelihood;
  const double promised = *first.options.tol * first.total_weight;
  fmt::print(
      "{}, K {}, seed {}: {} iterations, {:.2f} s, log-likelihood {:.5f}, left {:.3g} of {:.3g} nats "
      "promised: {}\n",
      name, k, seed, first.n_iter, seconds, first.log_likelihood, left, promised,
      left <= promised ? "kept" : "BROKEN");
  std::fflush(stdout);
}

void judge_stops(const Arguments& arguments) {
  std::size_t index = 0;
  const auto mine = [&] { return index++ % arguments.parts == arguments.part; };
  for (const Case& table : optima::public_tables(arguments.folder)) {
    for (const std::size_t k : table.n_components) {
      if (table.name.find(arguments.only) != std::string::npos && mine())
        judge_stop(table.name, table.data, k, 1, arguments);
    }
  }
  const Dataset pictures = optima::images(arguments.images, 20'000);
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    if (std::string("images").find(arguments.only) != std::string::npos && mine())
      judge_stop("images", pictures, 10, seed, arguments);
  }
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    if (std::string("sparse").find(arguments.only) != std::string::npos && mine())
      judge_stop("sparse rows", optima::sparse_rows(100 + seed), 8, seed, arguments);
  }
}

void options_of(CLI::App& app, Arguments& arguments) {
  app.add_option("--folder", arguments.folder, "the public tables, as CSV files");
  app.add_option("--images", arguments.images, "20,000 images, packed");
  app.add_option("--only", arguments.only, "tables whose name holds this");
  app.add_option("--starts", arguments.n_starts, "starts of the reference");
  app.add_option("--most-iterations", arguments.most_iterations, "of EM that goes on after a fit");
  app.add_option("--known", arguments.known,
                 "file of the best optima of earlier runs; this one adds its own");
  app.add_option("--seeds", arguments.n_seeds, "default fits of each table");
  app.add_option("--part", arguments.part, "with --parts P: every P-th case, from this one");
  app.add_option("--parts", arguments.parts);
  app.add_option("--threads", arguments.threads);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Hits of the best optimum, and what the stop rule leaves");
  Arguments arguments;
  options_of(app, arguments);
  std::string what;
  app.add_option("what", what, "public, simulated or stop")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    if (what == "public") judge_all(optima::public_tables(arguments.folder), arguments);
    if (what == "simulated") judge_all(optima::simulated_tables(), arguments);
    if (what == "stop") judge_stops(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "optima: {}\n", error.what());
    return 1;
  }
  return 0;
}

#include "tables.hpp"

#include <fmt/format.h>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <utility>

namespace optima {
namespace {

using namespace mixbern;
using Random = boost::random::mt19937_64;

struct File {
  const char* name;
  std::vector<std::string> columns;
  const char* weights = "";
};

double between(double low, double high, Random& random) {
  return low + (high - low) * boost::random::uniform_01<double>()(random);
}

// Classes of one family; the probabilities of an item lie in low … high.
struct Family {
  const char* name;
  std::size_t n_items;
  std::vector<double> weights;
  double low, high;
};

Dataset drawn(const Family& family, std::size_t n_rows, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> theta(family.weights.size() * family.n_items);
  for (double& value : theta) value = between(family.low, family.high, random);
  return sample(Mixture(family.weights, std::move(theta)), n_rows, seed + 1);
}

std::vector<Family> families() {
  return {{"few items", 4, {.5, .3, .2}, .05, .95},       {"few items", 5, {.4, .3, .2, .1}, .05, .95},
          {"overlapping", 8, {.4, .35, .25}, .3, .7},     {"overlapping", 10, {.3, .3, .2, .2}, .25, .75},
          {"rare class", 7, {.9, .07, .03}, .05, .95},    {"rare class", 9, {.6, .34, .04, .02}, .1, .9},
          {"wide", 14, {.3, .25, .2, .15, .1}, .15, .85}, {"wide", 20, {.25, .2, .2, .15, .1, .1}, .2, .8}};
}

}  // namespace

std::vector<Case> public_tables(const std::string& folder) {
  const std::vector<File> files = {{"LSAT7", {}, "freq"},
                                   {"WIRS", {}},
                                   {"genderrole", {}, "Freq"},
                                   {"carcinoma", {}},
                                   {"values", {}},
                                   {"cheating", {"LIEEXAM", "LIEPAPER", "FRAUD", "COPYEXAM"}},
                                   {"gss08_abortion", {}},
                                   {"nyts18_schools", {"ECIGT", "ECIGAR", "ESLT", "EELCIGT", "EHOOKAH"}},
                                   {"lsay_job_aux", {"enjoy", "useful", "logical", "job", "adult"}}};
  std::vector<Case> cases;
  for (const File& file : files) {
    ReadOptions options{.columns = file.columns};
    options.weight_column = file.weights;
    cases.push_back(
        {file.name, read_dataset(fmt::format("{}/{}.csv", folder, file.name), options), {2, 3, 4, 5, 6}});
  }
  return cases;
}

std::vector<Case> simulated_tables() {
  std::vector<Case> cases;
  std::uint64_t seed = 1000;
  for (const std::size_t n_rows : {150U, 400U, 1000U, 2500U}) {
    for (const Family& family : families()) {
      const std::size_t k = family.weights.size();
      cases.push_back({fmt::format("{}, {} items, {} rows", family.name, family.n_items, n_rows),
                       drawn(family, n_rows, seed += 10),
                       {k, k + 1}});
    }
  }
  return cases;
}

Dataset images(const std::string& path, std::size_t n_rows) {
  return read_dataset(path, {.threshold = 127, .end_row = n_rows});
}

Dataset sparse_rows(std::uint64_t seed) {
  constexpr std::size_t kItems = 500, kRows = 20'000, kClasses = 8;
  Random random(seed);
  std::vector<double> theta(kItems * kClasses);
  for (double& value : theta) value = between(0, 1, random) < .1 ? between(.05, .3, random) : .005;
  return sample(Mixture(std::vector<double>(kClasses, 1.0 / kClasses), std::move(theta)), kRows, seed + 1);
}

}  // namespace optima

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "mixbern/mixture/constraints.hpp"

namespace mixbern {

struct Ties::Map {
  Constraints constraints;
  std::size_t n_features = 0;
  std::vector<std::vector<std::size_t>> equal = {};
  std::vector<HeldProbability> held = {};
  std::vector<std::size_t> first_of_weight = {};  // [K]
  std::size_t n_saved = 0;
  bool fixes_all_weights = false;
};

namespace {

constexpr double kRounding = 1e-12;

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument("constraints: " + why);
}

// Looks cells up, each once.
class Cells {
 public:
  Cells(std::size_t n_components, std::size_t n_features, const Items& items)
      : n_components_(n_components), n_features_(n_features), items_(items.all(n_features)) {}

  const Items::Group& item(const Constraints::Cell& cell) const { return items_[cell.item]; }
  std::size_t position(const Constraints::Cell& cell) const {
    return cell.component * n_features_ + item(cell).first;
  }

  void take(const Constraints::Cell& cell) {
    const std::string name =
        "item " + std::to_string(cell.item) + " of component " + std::to_string(cell.component);
    if (cell.component >= n_components_ || cell.item >= items_.size())
      refuse("there is no " + name + "; both count from 0");
    if (!seen_.insert(cell).second) refuse(name + " is named twice");
  }

 private:
  std::size_t n_components_, n_features_;
  std::vector<Items::Group> items_;
  std::set<Constraints::Cell> seen_;
};

void check(const std::vector<double>& probabilities, std::size_t n) {
  double sum = 0;
  for (const double p : probabilities) {
    if (!(p >= 0 && p <= 1)) refuse("held probabilities lie in [0, 1]");
    sum += p;
  }
  if (probabilities.size() != n)
    refuse("an item of so many answers is held by " + std::to_string(n) + " probabilities, not " +
           std::to_string(probabilities.size()));
  if (n > 1 && std::abs(sum - 1) > kRounding) refuse("the held probabilities of an item sum to 1");
}

void take_weight(std::size_t component, std::size_t n_components, std::set<std::size_t>& seen) {
  if (component >= n_components) refuse("there is no component " + std::to_string(component));
  if (!seen.insert(component).second)
    refuse("the weight of component " + std::to_string(component) + " is named twice");
}

void check(const std::vector<Constraints::HeldWeight>& held, std::size_t n_components,
           std::set<std::size_t>& seen) {
  double sum = 0;
  for (const auto& [component, weight] : held) {
    take_weight(component, n_components, seen);
    if (!(weight > 0 && weight <= 1)) refuse("held weights are positive and at most 1");
    sum += weight;
  }
  const bool all = seen.size() == n_components;
  if (all ? std::abs(sum - 1) > kRounding : sum >= 1)
    refuse(all ? "the held weights of all components sum to 1" : "held weights leave nothing for the others");
}

// Of K weights those that are not held, equal ones as one, are free but for one.
void add_weights(const Constraints& constraints, std::size_t n_components, Ties::Map& map) {
  std::set<std::size_t> seen;
  check(constraints.held_weights, n_components, seen);
  std::size_t n_different = n_components - constraints.held_weights.size();
  map.first_of_weight.resize(n_components);
  std::iota(map.first_of_weight.begin(), map.first_of_weight.end(), std::size_t{0});
  for (const std::vector<std::size_t>& components : constraints.equal_weights) {
    if (components.size() < 2) refuse("equal weights are those of two components or more");
    for (const std::size_t k : components) {
      take_weight(k, n_components, seen);
      map.first_of_weight[k] = std::ranges::min(components);
    }
    n_different -= components.size() - 1;
  }
  const std::size_t n_free = std::max<std::size_t>(n_different, 1) - 1;
  map.n_saved += n_components - 1 - n_free;
  map.fixes_all_weights = n_free == 0;
}

void add_parameter(const std::vector<Constraints::Cell>& parameter, Cells& cells, Ties::Map& map) {
  if (parameter.size() < 2) refuse("a parameter of equal cells has two or more of them");
  for (const Constraints::Cell& cell : parameter) cells.take(cell);
  const Items::Group& first = cells.item(parameter.front());
  for (std::size_t c = 0; c < first.size; ++c) {
    std::vector<std::size_t>& answer = map.equal.emplace_back();
    for (const Constraints::Cell& cell : parameter) {
      if (cells.item(cell).size != first.size) refuse("equal items have the same number of answers");
      answer.push_back(cells.position(cell) + c);
    }
  }
  map.n_saved += (parameter.size() - 1) * (first.n_answers() - 1);
}

void add_held(const Constraints::HeldCell& held, Cells& cells, Ties::Map& map) {
  cells.take(held.cell);
  check(held.probabilities, cells.item(held.cell).size);
  for (std::size_t c = 0; c < held.probabilities.size(); ++c)
    map.held.push_back({cells.position(held.cell) + c, held.probabilities[c]});
  map.n_saved += cells.item(held.cell).n_answers() - 1;
}

// The mean by weight, or where there is none the plain one.
double mean(const std::vector<std::size_t>& cells, std::size_t n_features, std::span<const double> weights,
            std::span<const double> probabilities) {
  double sum = 0, total = 0, plain = 0;
  for (const std::size_t j : cells) {
    sum += weights[j / n_features] * probabilities[j];
    total += weights[j / n_features];
    plain += probabilities[j];
  }
  return std::min(total > 0 ? sum / total : plain / static_cast<double>(cells.size()), 1.0);
}

void impose(std::span<const Constraints::HeldWeight> held, std::vector<double>& weights) {
  if (held.empty()) return;
  double left = 1, free = 1, n_free = static_cast<double>(weights.size());
  std::vector<bool> is_held(weights.size(), false);
  for (const auto& [component, weight] : held) {
    left -= weight;
    free -= weights[component];
    --n_free;
    is_held[component] = true;
    weights[component] = weight;
  }
  if (n_free == 0 || std::abs(free - left) <= kRounding) return;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (!is_held[k]) weights[k] = free > kRounding ? weights[k] * (left / free) : left / n_free;
  }
}

void impose_equal(const std::vector<std::size_t>& components, std::vector<double>& weights) {
  double sum = 0;
  const double first = weights[components.front()];
  bool are_equal = true;
  for (const std::size_t k : components) {
    sum += weights[k];
    are_equal = are_equal && weights[k] == first;
  }
  if (are_equal) return;
  for (const std::size_t k : components) weights[k] = sum / static_cast<double>(components.size());
}

}  // namespace

Ties::Ties(const Constraints& constraints, std::size_t n_components, std::size_t n_features,
           const Items& items) {
  if (constraints.none()) return;
  auto map = std::make_shared<Map>(Map{.constraints = constraints, .n_features = n_features});
  Cells cells(n_components, n_features, items);
  for (const auto& parameter : constraints.equal) add_parameter(parameter, cells, *map);
  for (const Constraints::HeldCell& held : constraints.held) add_held(held, cells, *map);
  add_weights(constraints, n_components, *map);
  map_ = std::move(map);
}

const Constraints& Ties::constraints() const {
  static const Constraints nothing;
  return none() ? nothing : map_->constraints;
}

std::span<const std::vector<std::size_t>> Ties::equal() const {
  return none() ? std::span<const std::vector<std::size_t>>() : map_->equal;
}

std::span<const Ties::HeldProbability> Ties::held() const {
  return none() ? std::span<const HeldProbability>() : map_->held;
}

bool Ties::holds_weight(std::size_t component) const {
  return std::ranges::find(held_weights(), component, &Constraints::HeldWeight::component) !=
         held_weights().end();
}

std::size_t Ties::first_of_weight(std::size_t component) const {
  return none() ? component : map_->first_of_weight[component];
}

bool Ties::restricts_weights() const {
  return !held_weights().empty() || !constraints().equal_weights.empty();
}

bool Ties::fixes_all_weights() const {
  return !none() && map_->fixes_all_weights;
}

std::size_t Ties::n_saved() const {
  return none() ? 0 : map_->n_saved;
}

void Ties::impose(std::vector<double>& weights, std::vector<double>& probabilities) const {
  mixbern::impose(held_weights(), weights);
  for (const std::vector<std::size_t>& components : constraints().equal_weights)
    impose_equal(components, weights);
  for (const std::vector<std::size_t>& cells : equal()) {
    const double first = probabilities[cells.front()];
    if (std::ranges::all_of(cells, [&](std::size_t j) { return probabilities[j] == first; })) continue;
    const double value = mean(cells, map_->n_features, weights, probabilities);
    for (const std::size_t j : cells) probabilities[j] = value;
  }
  for (const auto& [position, value] : held()) probabilities[position] = value;
}

Constraints permuted(Constraints constraints, std::span<const std::size_t> order) {
  std::vector<std::size_t> now(order.size());
  for (std::size_t j = 0; j < order.size(); ++j) now[order[j]] = j;
  for (auto& parameter : constraints.equal) {
    for (Constraints::Cell& cell : parameter) cell.component = now[cell.component];
  }
  for (auto& held : constraints.held) held.cell.component = now[held.cell.component];
  for (auto& held : constraints.held_weights) held.component = now[held.component];
  for (auto& components : constraints.equal_weights) {
    for (std::size_t& k : components) k = now[k];
  }
  return constraints;
}

}  // namespace mixbern

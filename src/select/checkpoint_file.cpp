#include "select/checkpoint_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <span>
#include <utility>

#include "base/archive.hpp"
#include "base/sealed.hpp"
#include "mixbern/fit/checkpoint.hpp"
#include "mixbern/kernels/version.hpp"

namespace mixbern {
namespace {

constexpr std::string_view kMagic = "mixbern checkpoint 1\n";

std::string number(auto value) {
  std::array<char, 32> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

std::string name_of(const std::optional<Mixture>& mixture) {
  if (!mixture) return "none";
  const auto bytes = [](std::span<const double> values) {
    return std::string_view(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  };
  return number(checksum(bytes(mixture->weights())) ^
                std::rotl(checksum(bytes(mixture->probabilities())), 1));
}

std::string difference(const Condition& then, const Condition& now) {
  return "it is of a fit with " + then.name + " " + then.value + ", not " + now.value;
}

void compare(const std::vector<Condition>& now, const std::vector<Condition>& then) {
  for (std::size_t i = 0; i < now.size() && i < then.size(); ++i) {
    if (now[i] != then[i] && now[i].name == then[i].name) throw CheckpointError(difference(then[i], now[i]));
  }
  if (now != then) throw CheckpointError("it is of a fit with other options");
}

// How many of each categorical item.
std::string answers_of(const Items& items) {
  if (items.all_binary()) return "two each";
  std::string text;
  for (const Items::Group& group : items.groups())
    text += (text.empty() ? "" : ",") + number(group.first) + ":" + number(group.size);
  return text;
}

std::string name_of(const Constraints& constraints) {
  if (constraints.none()) return "none";
  std::vector<std::size_t> places;
  std::vector<double> values;
  const auto place = [&places](const Constraints::Cell& cell) {
    places.insert(places.end(), {cell.component, cell.item});
  };
  for (const auto& parameter : constraints.equal) {
    places.push_back(parameter.size());
    std::ranges::for_each(parameter, place);
  }
  for (const auto& [cell, probabilities] : constraints.held) {
    place(cell);
    values.insert(values.end(), probabilities.begin(), probabilities.end());
  }
  for (const auto& [component, weight] : constraints.held_weights) {
    places.push_back(component);
    values.push_back(weight);
  }
  for (const std::vector<std::size_t>& components : constraints.equal_weights) {
    places.push_back(components.size());
    places.insert(places.end(), components.begin(), components.end());
  }
  ArchiveWriter archive;
  archive(places, values);
  return number(checksum(archive.bytes()));
}

std::vector<Condition> read_conditions(std::string_view head) {
  ArchiveReader archive(head);
  std::vector<std::string> names, values;
  archive(names, values);
  archive.finish();
  if (names.size() != values.size()) throw std::invalid_argument("conditions lack values");
  std::vector<Condition> conditions;
  for (std::size_t i = 0; i < names.size(); ++i) conditions.push_back({names[i], values[i]});
  return conditions;
}

}  // namespace

std::vector<Condition> conditions_of(const RowFacts& facts, std::uint64_t rows, const Plan& plan) {
  const FitOptions& options = plan.options;
  const Estimation& estimation = options.estimation;
  return {{"mixbern", std::string(version())},
          {"n_rows", number(facts.n_rows)},
          {"n_features", number(facts.ones.size())},
          {"answers of the items,", answers_of(facts.items)},
          {"rows of checksum", number(rows)},
          {"n_components", number(options.n_components)},
          {"init", std::string(to_string(options.init))},
          {"n_init", number(options.n_init)},
          {"max_iter", number(options.max_iter)},
          {"tol", number(*options.tol)},
          {"smoothing", number(estimation.smoothing)},
          {"smoothing_target", std::string(to_string(estimation.smoothing_target))},
          {"semi_supervised", estimation.semi_supervised ? "true" : "false"},
          {"weights_kind", std::string(to_string(estimation.weights_kind))},
          {"seed", number(options.seed)},
          {"precision", std::string(to_string(options.precision))},
          {"acceleration", std::string(to_string(options.acceleration))},
          {"first model of checksum", name_of(options.init_model)},
          {"constraints of checksum", name_of(options.constraints)}};
}

std::string sealed(const std::vector<Condition>& conditions, std::string_view state) {
  std::vector<std::string> names, values;
  for (const auto& [name, value] : conditions) {
    names.push_back(name);
    values.push_back(value);
  }
  ArchiveWriter head;
  head(names, values);
  ArchiveWriter body;
  body(std::uint64_t{head.bytes().size()});
  return sealed(kMagic, std::string(body.bytes()).append(head.bytes()).append(state));
}

std::string_view unsealed(std::string_view bytes, const std::vector<Condition>& conditions) {
  try {
    bytes = unsealed(kMagic, bytes);
    std::uint64_t n_head = 0;
    ArchiveReader size(bytes);
    size(n_head);
    bytes.remove_prefix(sizeof n_head);
    const std::string_view head = bytes.substr(0, n_head);
    compare(conditions, read_conditions(head));
    return bytes.substr(head.size());
  } catch (const std::invalid_argument& error) {
    throw CheckpointError(std::string("it is no checkpoint, or damaged: ") + error.what());
  }
}

}  // namespace mixbern

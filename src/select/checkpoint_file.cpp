#include "select/checkpoint_file.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "base/archive.hpp"
#include "data/distinct_rows.hpp"
#include "mixbern/checkpoint.hpp"
#include "mixbern/version.hpp"

namespace mixbern {
namespace {

constexpr std::string_view kMagic = "mixbern checkpoint 1\n";

// FNV-1a over words, which are turned so that high bits reach low ones.
std::uint64_t checksum(std::string_view bytes) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  std::uint64_t hash = 0xcbf29ce484222325 ^ bytes.size();
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    hash = std::rotl((hash ^ word) * kPrime, 29);
  }
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  return hash;
}

std::string number(auto value) {
  std::array<char, 32> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

std::uint64_t checksum_of(std::string_view head, std::string_view state) {
  return checksum(state) ^ std::rotl(checksum(head), 1);
}

std::string name_of(const std::optional<Mixture>& mixture) {
  if (!mixture) return "none";
  const auto bytes = [](std::span<const double> values) {
    return std::string_view(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  };
  return number(checksum_of(bytes(mixture->weights()), bytes(mixture->probabilities())));
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

std::vector<Condition> conditions_of(const Dataset& data, const Plan& plan) {
  const FitOptions& options = plan.options;
  const Estimation& estimation = options.estimation;
  return {{"mixbern", std::string(version())},
          {"n_rows", number(data.n_rows())},
          {"n_features", number(data.n_features())},
          {"rows of checksum", number(fingerprint(data))},
          {"n_components", number(options.n_components)},
          {"init", std::string(to_string(options.init))},
          {"n_init", number(options.n_init)},
          {"max_iter", number(options.max_iter)},
          {"tol", number(*options.tol)},
          {"smoothing", number(estimation.smoothing)},
          {"smoothing_target", std::string(to_string(estimation.smoothing_target))},
          {"semi_supervised", estimation.hold_labels ? "true" : "false"},
          {"weights_kind", std::string(to_string(estimation.weights_kind))},
          {"seed", number(options.seed)},
          {"precision", std::string(to_string(options.precision))},
          {"acceleration", std::string(to_string(options.acceleration))},
          {"first model of checksum", name_of(options.init_model)}};
}

std::string sealed(const std::vector<Condition>& conditions, std::string_view state) {
  std::vector<std::string> names, values;
  for (const auto& [name, value] : conditions) {
    names.push_back(name);
    values.push_back(value);
  }
  ArchiveWriter head;
  head(names, values);
  ArchiveWriter sum;
  sum(checksum_of(head.bytes(), state), std::uint64_t{head.bytes().size()});
  return std::string(kMagic).append(sum.bytes()).append(head.bytes()).append(state);
}

std::string_view unsealed(std::string_view bytes, const std::vector<Condition>& conditions) {
  if (!bytes.starts_with(kMagic))
    throw CheckpointError("it is no checkpoint of mixbern, or one of another version");
  bytes.remove_prefix(kMagic.size());
  try {
    std::uint64_t sum = 0, n_head = 0;
    ArchiveReader sizes(bytes);
    sizes(sum, n_head);
    bytes.remove_prefix(sizeof sum + sizeof n_head);
    const std::string_view head = bytes.substr(0, n_head);
    bytes.remove_prefix(head.size());
    if (sum != checksum_of(head, bytes)) throw CheckpointError("it is damaged: its checksum is wrong");
    compare(conditions, read_conditions(head));
    return bytes;
  } catch (const std::invalid_argument& error) {
    throw CheckpointError(std::string("it is damaged: ") + error.what());
  }
}

}  // namespace mixbern

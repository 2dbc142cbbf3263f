#include "mixbern/weights.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "data/names.hpp"

namespace mixbern {
namespace {

constexpr Names<WeightsKind, 2> kNames{
    {{WeightsKind::kFrequency, "frequency"}, {WeightsKind::kSampling, "sampling"}}};

}  // namespace

std::string_view to_string(WeightsKind kind) {
  return name_of(kNames, kind);
}

std::optional<WeightsKind> weights_kind_from_string(std::string_view name) {
  return value_named(kNames, name);
}

WeightsKind weights_kind_of(const Dataset& data) {
  const bool whole = std::ranges::all_of(data.weights, [](double w) { return w == std::floor(w); });
  return whole ? WeightsKind::kFrequency : WeightsKind::kSampling;
}

std::vector<double> sampling_weights(const Dataset& data) {
  const std::size_t n_rows = data.n_rows();
  std::vector<double> weights(n_rows);
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < n_rows; ++i) {
    weights[i] = data.weight(i);
    const bool answered = !data.missing || count_ones(*data.missing, i) < data.n_features();
    if (weights[i] <= 0 || !answered) continue;
    sum += weights[i];
    n += 1;
  }
  if (sum <= 0) return weights;
  for (double& weight : weights) weight *= n / sum;
  return weights;
}

WeightsKind settle_weights(Dataset& data, std::optional<WeightsKind> asked) {
  const WeightsKind kind = asked.value_or(weights_kind_of(data));
  if (kind == WeightsKind::kFrequency) return kind;
  if (data.weights.empty()) throw std::invalid_argument("sampling weights are asked for, but there are none");
  data.weights = sampling_weights(data);
  return kind;
}

}  // namespace mixbern

#include "mixbern/dataset/weights.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "data/answered.hpp"
#include "data/names.hpp"
#include "data/pieces.hpp"

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
  std::vector<double> weights(data.n_rows());
  double sum = 0, n = 0;
  for_each_piece(data, [&](const Dataset& piece, std::size_t begin) {
    for (std::size_t i = 0; i < piece.n_rows(); ++i) {
      const double weight = weights[begin + i] = piece.weight(i);
      if (weight <= 0 || !answered_anything(piece, i)) continue;
      sum += weight;
      n += 1;
    }
  });
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

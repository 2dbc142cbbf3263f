// What row weights mean.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// What a row weight w means: the row was seen w times, or it stands for w rows that were not asked.
enum class WeightsKind { kFrequency, kSampling };
/// "frequency", "sampling".
std::string_view to_string(WeightsKind kind);
/// The reverse; std::nullopt if there is no such name.
std::optional<WeightsKind> weights_kind_from_string(std::string_view name);

/// What the weights look like: kFrequency if there are none or all are whole numbers, else kSampling, as a
/// row cannot be seen 1.7 times.
WeightsKind weights_kind_of(const Dataset& data);

/// Row weights for a fit to a sample with unequal chances: the same ratios, but their sum is the number of
/// rows that have a weight > 0 and answered anything, so that N in criteria counts people
/// (docs/statistics.md). Scaled weights stay as they are but for rounding.
std::vector<double> sampling_weights(const Dataset& data);

/// Once, before anything is computed from `data`: decides what its weights are, weights_kind_of() where
/// nobody says, and scales them with sampling_weights() where they are those of a sample. Returns what was
/// decided, for Estimation::weights_kind. std::invalid_argument for kSampling without weights.
WeightsKind settle_weights(Dataset& data, std::optional<WeightsKind> asked = {});

}  // namespace mixbern

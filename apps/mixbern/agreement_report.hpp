// Components against known classes: for people, and as JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/statistics/agreement.hpp"

namespace mixbern::app {

/// Each row's most probable component against its label; nothing where `data` has no labels.
std::optional<Agreement> agreement_with_labels(const Mixture& mixture, const Dataset& data, unsigned threads);

std::string agreement_text(const Agreement& agreement, std::size_t n_components);

}  // namespace mixbern::app

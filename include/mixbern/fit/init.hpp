// How a start finds its first parameters.
#pragma once

#include <optional>
#include <string_view>

namespace mixbern {

/// How a start's first parameters are found.
enum class InitMethod {
  kPortfolio,       ///< random, wide, rows, kmeans++ in turn; after some of each, variations between them
  kWide,            ///< probabilities uniform in (0, 1)
  kRandom,          ///< item means with random logit noise
  kRows,            ///< K different rows, each shrunk toward the item means
  kKMeans,          ///< k-means++ seeding, then Lloyd iterations; class means of the clusters
  kKMeansPlusPlus,  ///< k-means++ seeding, each row to its nearest seed; class means
  kVariation,       ///< one of the best ends so far with a component drawn anew; only within a portfolio
  kLabels,          ///< class means of Dataset::labels
  kModel,           ///< FitOptions::init_model
};
/// "portfolio", "wide", "random", "rows", "kmeans", "kmeans++", "labels", "model".
std::string_view to_string(InitMethod method);
/// The reverse; std::nullopt if there is no such name.
std::optional<InitMethod> init_method_from_string(std::string_view name);

}  // namespace mixbern

#include "select/check.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace mixbern {
namespace {

constexpr std::size_t kMostComponents = 65'536;

void require(bool holds, const std::string& message) {
  if (!holds) throw std::invalid_argument(message);
}

void check_labels(const Dataset& data, const FitOptions& options) {
  if (options.init != InitMethod::kLabels && !options.estimation.semi_supervised) return;
  require(!data.labels.empty(), "starting from labels, or holding them, needs data with labels");
  const std::int64_t largest = largest_class(data);
  require(largest < static_cast<std::int64_t>(options.n_components),
          "the labels need " + std::to_string(static_cast<std::uint64_t>(largest) + 1) +
              " components, n_components is " + std::to_string(options.n_components));
}

}  // namespace

void check_model(std::size_t n_features, const Items& items, const FitOptions& options) {
  if (options.init != InitMethod::kModel) return;
  require(options.init_model.has_value(), "starting from a model needs init_model");
  require(options.init_model->n_components() == options.n_components,
          "init_model has " + std::to_string(options.init_model->n_components()) +
              " components, n_components is " + std::to_string(options.n_components));
  require(options.init_model->n_features() == n_features,
          "init_model has " + std::to_string(options.init_model->n_features()) + " features, the data has " +
              std::to_string(n_features));
  require(options.init_model->items() == items, "init_model has other categorical items than the data");
}

void check_constraints(std::size_t n_features, const Items& items, const FitOptions& options) {
  const Ties checked(options.constraints, options.n_components, n_features, items);
  require(options.acceleration != Acceleration::kNewton || !checked.restricts_weights(),
          "Newton's method moves all weights, and some are held or equal; use acceleration auto, anderson or "
          "none");
}

void check_numbers(const std::vector<std::size_t>& n_components) {
  require(!n_components.empty(), "there is no number of components to try");
  require(std::ranges::adjacent_find(n_components, std::greater_equal<>()) == n_components.end(),
          "the numbers of components must ascend");
}

void refuse_constraints(const Constraints& constraints, const std::string& what) {
  require(constraints.none(), what + " does not know constraints; leave them out");
}

void check_options(const FitOptions& options) {
  require(options.n_components >= 1 && options.n_components <= kMostComponents,
          "n_components must lie in 1 … " + std::to_string(kMostComponents));
  require(!options.tol || (std::isfinite(*options.tol) && *options.tol >= 0),
          "tol must be finite and not negative");
  require(std::isfinite(options.estimation.smoothing) && options.estimation.smoothing >= 0,
          "smoothing must be finite and not negative");
  require(options.init != InitMethod::kVariation, "variations are starts of a portfolio: init portfolio");
}

void check_fit(const Dataset& data, const FitOptions& options) {
  check_options(options);
  require(data.n_rows() > 0, "the data has no rows");
  require(data.n_features() > 0, "the data has no features");
  validate(data);
  require(total_weight(data) > 0 && std::isfinite(total_weight(data)),
          "the weights must have a positive, finite sum");
  check_labels(data, options);
  check_model(data.n_features(), data.items(), options);
  check_constraints(data.n_features(), data.items(), options);
}

}  // namespace mixbern

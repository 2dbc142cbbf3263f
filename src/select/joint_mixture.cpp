#include "select/joint_mixture.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "data/select_rows.hpp"

namespace mixbern {

std::vector<double> sizes_of(const Dataset& rows) {
  std::vector<double> sizes(rows.label_names.size());
  for (std::size_t i = 0; i < rows.n_rows(); ++i)
    sizes[static_cast<std::size_t>(rows.labels[i])] += rows.weight(i);
  return sizes;
}

std::vector<Dataset> rows_of_each_group(const Dataset& rows, std::size_t n_groups) {
  std::vector<Dataset> each;
  for (std::size_t g = 0; g < n_groups; ++g) each.push_back(rows_of_group(rows, g));
  return each;
}

Dataset rows_of_group(const Dataset& rows, std::size_t group) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < rows.n_rows(); ++i) {
    if (rows.labels[i] == static_cast<std::int64_t>(group)) chosen.push_back(i);
  }
  Dataset own = select_rows(rows, chosen);
  own.labels.clear();
  return own;
}

Mixture mixture_of_group(const Mixture& joint, const GroupColumns& columns, std::size_t group,
                         const Items& items, std::size_t n_features) {
  std::vector<double> weights, probabilities;
  for (std::size_t k = 0; k < joint.n_components(); ++k) {
    const auto theta = joint.probabilities(k);
    weights.push_back(joint.weights()[k] * theta[columns.group_first + group]);
    std::vector<double> own(n_features);
    for (std::size_t j = 0; j < columns.items.size(); ++j) {
      const auto from = theta.subspan(columns.of_group(j, group), columns.items[j].size);
      std::ranges::copy(from, own.begin() + static_cast<std::ptrdiff_t>(columns.items[j].first));
    }
    probabilities.insert(probabilities.end(), own.begin(), own.end());
  }
  return {std::move(weights), std::move(probabilities), items};
}

Mixture joint_of(const std::vector<Mixture>& mixtures, const std::vector<double>& sizes,
                 const GroupColumns& columns, const Items& items) {
  const std::size_t n_components = mixtures[0].n_components();
  const double total = std::accumulate(sizes.begin(), sizes.end(), 0.0);
  std::vector<double> weights(n_components), probabilities(n_components * columns.n_features);
  for (std::size_t k = 0; k < n_components; ++k) {
    double* theta = probabilities.data() + k * columns.n_features;
    for (std::size_t g = 0; g < sizes.size(); ++g) weights[k] += sizes[g] / total * mixtures[g].weights()[k];
    for (std::size_t g = 0; g < sizes.size(); ++g) {
      const double share = sizes[g] / total * mixtures[g].weights()[k];
      const double posterior = weights[k] > 0 ? share / weights[k] : sizes[g] / total;
      theta[columns.group_first + g] = posterior;
      for (std::size_t j = 0; j < columns.items.size(); ++j) {
        const Items::Group& item = columns.items[j];
        const double part = columns.copies[j] > 1 ? 1 : posterior;
        for (std::size_t c = 0; c < item.size; ++c)
          theta[columns.of_group(j, g) + c] += part * mixtures[g].probabilities(k)[item.first + c];
      }
    }
    for (std::size_t d = 0; d < columns.n_features; ++d) theta[d] = std::min(theta[d], 1.0);
  }
  return {std::move(weights), std::move(probabilities), items};
}

namespace {

std::size_t n_parameters(const GroupColumns& columns, const Items& items, std::size_t n_components) {
  std::size_t n_free = 0;
  for (std::size_t j = 0; j < columns.items.size(); ++j) {
    const std::size_t size = columns.items[j].size;
    n_free += columns.copies[j] * (items.is_category(columns.items[j].first) ? size - 1 : 1);
  }
  return columns.n_groups * (n_components - 1) + n_components * n_free;
}

}  // namespace

void take_mixtures(const Dataset& rows, const GroupColumns& columns, GroupedModel& model) {
  model.n_parameters = n_parameters(columns, rows.items(), model.joint.n_components());
  for (std::size_t g = 0; g < columns.n_groups; ++g) {
    model.mixtures.push_back(mixture_of_group(model.joint, columns, g, rows.items(), rows.n_features()));
    const auto weights = model.mixtures.back().weights();
    model.weights.insert(model.weights.end(), weights.begin(), weights.end());
  }
}

Mixture off_bounds(const Mixture& mixture) {
  constexpr double kOffBound = 1e-3;
  std::vector<double> weights(mixture.weights().begin(), mixture.weights().end());
  std::vector<double> probabilities(mixture.probabilities().begin(), mixture.probabilities().end());
  for (double& weight : weights) weight = std::max(weight, kOffBound / static_cast<double>(weights.size()));
  for (double& p : probabilities) p = std::clamp(p, kOffBound, 1 - kOffBound);
  return {std::move(weights), std::move(probabilities), mixture.items()};
}

}  // namespace mixbern

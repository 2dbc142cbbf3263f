#include "component_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kMostTableFeatures = 20;
constexpr std::size_t kMostTableComponents = 10;
constexpr std::size_t kCellWidth = 9;
constexpr std::size_t kMostComponentWidth = 20;
constexpr std::size_t kMostNameWidth = 24;
constexpr std::size_t kMostLabelWidth = 40;  // of a name with its answer

/// P(feature d = 1) under the whole mixture.
std::vector<double> mixture_means(const Mixture& mixture) {
  std::vector<double> means(mixture.n_features(), 0.0);
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    for (std::size_t d = 0; d < means.size(); ++d)
      means[d] += mixture.weights()[k] * mixture.probabilities(k)[d];
  }
  return means;
}

/// Differences from the mixture's mean in standard deviations of the feature; 0 for a feature that never
/// varies.
std::vector<double> standardised(const Mixture& mixture, std::size_t k, const std::vector<double>& means) {
  std::vector<double> result(means.size(), 0.0);
  for (std::size_t d = 0; d < means.size(); ++d) {
    const double variance = means[d] * (1 - means[d]);
    if (variance > 1e-12) result[d] = (mixture.probabilities(k)[d] - means[d]) / std::sqrt(variance);
  }
  return result;
}

// By size to six decimals: rounding does not put equal ones in another order than theirs.
std::vector<std::size_t> largest_first(const std::vector<double>& values, std::size_t most) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(most, order.size()));
  std::partial_sort(order.begin(), end, order.end(), [&values](std::size_t a, std::size_t b) {
    const double x = std::round(1e6 * std::abs(values[a])), y = std::round(1e6 * std::abs(values[b]));
    return x > y || (x == y && a < b);
  });
  order.erase(end, order.end());
  return order;
}

std::string more_components(const Mixture& mixture, const ViewOptions& options) {
  const std::size_t more = mixture.n_components() - std::min(mixture.n_components(), options.most_components);
  return more == 0 ? "" : fmt::format("… and {} more\n", counted(more, "component"));
}

/// Of a column: names of components are cut only where all columns would not stand side by side.
std::size_t cell_width(const Mixture& mixture, const ItemLabels& items, std::size_t room) {
  const std::size_t wanted = items.widest_component(mixture.n_components(), kMostComponentWidth) + 1;
  return std::max(kCellWidth, std::min(wanted, room / mixture.n_components()));
}

std::string weight_text(double weight) {
  return fmt::format("{:.1f}%", 100 * weight);
}

}  // namespace

std::string component_view(const Mixture& mixture, const ItemLabels& items, const ImageShape& shape,
                           const ViewOptions& options) {
  if (shape.known() && shape.height * shape.width == mixture.n_features()) {
    return component_pictures(mixture, items, shape, options);
  }
  if (mixture.n_features() <= kMostTableFeatures && mixture.n_components() <= kMostTableComponents) {
    return probability_table(mixture, items, options);
  }
  return telling_features(mixture, items, options);
}

std::string probability_table(const Mixture& mixture, const ItemLabels& items, const ViewOptions& options) {
  const std::size_t most = items.with_answers() ? kMostLabelWidth : kMostNameWidth;
  std::size_t left = std::string_view("component").size();
  for (std::size_t d = 0; d < mixture.n_features(); ++d)
    left = std::max(left, display_width(items.label(d, most)));
  const std::size_t room = options.width - std::min(options.width, left);
  const std::size_t width = cell_width(mixture, items, room);
  const std::size_t a_block = std::max<std::size_t>(room / width, 1);
  std::string out = items.caption();
  if (!out.empty()) out += "\n";
  for (std::size_t first = 0; first < mixture.n_components(); first += a_block) {
    const std::size_t end = std::min(first + a_block, mixture.n_components());
    out += (first == 0 ? "" : "\n") + fitted("component", left);
    for (std::size_t k = first; k < end; ++k) {
      const std::string name = items.component(k, width - 1);
      out += std::string(width - display_width(name), ' ') + name;
    }
    out += "\n" + fitted("weight", left);
    for (std::size_t k = first; k < end; ++k) out += fmt::format("{:>{}.4f}", mixture.weights()[k], width);
    out += "\n" + std::string(left, ' ');
    for (std::size_t k = first; k < end; ++k) out += fmt::format("{:>{}}", "------", width);
    for (std::size_t d = 0; d < mixture.n_features(); ++d) {
      out += "\n" + fitted(items.label(d, left), left);
      for (std::size_t k = first; k < end; ++k) {
        out += fmt::format("{:>{}.4f}", mixture.probabilities(k)[d], width);
      }
    }
    out += "\n";
  }
  return out;
}

std::string telling_features(const Mixture& mixture, const ItemLabels& items, const ViewOptions& options) {
  const auto means = mixture_means(mixture);
  constexpr std::size_t kMostTold = 12;
  const std::string answer = items.caption().empty()  ? "1 "
                             : items.shared().empty() ? ""
                                                      : items.shared() + " ";
  const std::size_t left =
      std::max<std::size_t>(items.widest_component(mixture.n_components(), kMostComponentWidth), kCellWidth);
  std::string out =
      fmt::format("{:>{}}  weight  most telling features (▲ more, ▼ less often {}than in the whole)\n",
                  "component", left, answer);
  for (std::size_t k = 0; k < std::min(mixture.n_components(), options.most_components); ++k) {
    const auto differences = standardised(mixture, k, means);
    const std::string name = items.component(k, left);
    std::string line = fmt::format("{}{}  {:>6}", std::string(left - display_width(name), ' '), name,
                                   weight_text(mixture.weights()[k]));
    for (const std::size_t d : largest_first(differences, kMostTold)) {
      if (std::abs(differences[d]) < 1e-6) break;
      const std::string item = fmt::format("  {}{} {:.2f}", differences[d] > 0 ? "▲" : "▼",
                                           items.label(d, kMostNameWidth), mixture.probabilities(k)[d]);
      if (display_width(line) + display_width(item) > options.width) break;
      line += item;
    }
    out += line + "\n";
  }
  return out + more_components(mixture, options);
}

}  // namespace mixbern::app

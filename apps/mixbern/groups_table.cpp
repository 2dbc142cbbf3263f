#include "groups_table.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "mixbern/mixture/fixed.hpp"
#include "survey_options.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

class Lines {
 public:
  Lines(const GroupedModel& model, const ItemLabels& items, const GroupedErrors* errors)
      : model_(model), items_(items), errors_(errors), n_components_(model.joint.n_components()) {}

  PaperLine weights_of_group(std::size_t g) const {
    const std::string& group = model_.group_names[g];
    return weights("share of the class @ " + one_line(group), group,
                   std::span(model_.weights).subspan(g * n_components_, n_components_),
                   errors_ != nullptr ? &errors_->weights[g * n_components_] : nullptr);
  }
  PaperLine weights_of_all() const {
    return weights("share of the class", "", model_.joint.weights(),
                   errors_ != nullptr ? errors_->weights_of_all.data() : nullptr);
  }
  // Probability d as group g has it.
  PaperLine probabilities(std::size_t d, std::size_t g, bool is_free) const {
    PaperLine line{.label = items_.label(d), .name = items_.name(d), .answer = items_.answer(d)};
    if (is_free) {
      line.group = model_.group_names[g];
      line.label += " @ " + one_line(line.group);
    }
    const Mixture& mixture = model_.mixtures[g];
    for (std::size_t k = 0; k < n_components_; ++k) {
      const std::size_t at = (g * n_components_ + k) * mixture.n_features() + d;
      line.cells.push_back(
          {mixture.probabilities(k)[d], errors_ != nullptr ? errors_->probabilities[at] : kNone, false});
    }
    line.separates = separates(line.cells);
    return line;
  }

 private:
  PaperLine weights(std::string label, std::string group, std::span<const double> estimates,
                    const double* errors) const {
    PaperLine line{.is_weight = true, .label = std::move(label), .name = "weight", .group = std::move(group)};
    for (std::size_t k = 0; k < n_components_; ++k) {
      const bool fixed = is_fixed_weight(model_.joint, k);
      line.cells.push_back({estimates[k], errors != nullptr ? errors[k] : kNone, fixed});
    }
    return line;
  }

  const GroupedModel& model_;
  const ItemLabels& items_;
  const GroupedErrors* errors_;
  std::size_t n_components_;
};

}  // namespace

PaperTable table_of(const GroupedModel& model, const ItemLabels& items, const GroupedErrors* errors) {
  PaperTable table{.items = items, .with_errors = errors != nullptr, .with_groups = true};
  table.remark = "What stands @ a group is its own; all else is the same in all groups.";
  if (errors != nullptr) {
    table.degrees_of_freedom = errors->joint.degrees_of_freedom;
    const std::string design = design_remark(errors->joint);
    if (!design.empty()) table.remark = design + " " + table.remark;
  }
  const Lines lines(model, items, errors);
  for (std::size_t g = 0; g < model.group_names.size(); ++g) table.lines.push_back(lines.weights_of_group(g));
  table.lines.push_back(lines.weights_of_all());
  const Mixture& first = model.mixtures.front();
  const std::vector<Items::Group> all = first.items().all(first.n_features());
  for (std::size_t j = 0; j < all.size(); ++j) {
    const bool is_free = std::ranges::binary_search(model.free_items, j);
    for (std::size_t d = all[j].first; d < all[j].end(); ++d) {
      for (std::size_t g = 0; g < (is_free ? model.mixtures.size() : 1); ++g)
        table.lines.push_back(lines.probabilities(d, g, is_free));
    }
  }
  return table;
}

}  // namespace mixbern::app

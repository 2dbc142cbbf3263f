#include "estimates_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "mixbern/mixture/fixed.hpp"
#include "survey_options.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kMostNameWidth = 24;
constexpr std::size_t kMostLabelWidth = 40;  // of a name with its answer
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool holds_anything(const Ties& ties) {
  return !ties.held().empty() || !ties.held_weights().empty() || ties.fixes_all_weights();
}

PaperLine weight_line(const Estimates& estimates) {
  PaperLine line{.is_weight = true, .label = "share of the class", .name = "weight"};
  for (std::size_t k = 0; k < estimates.mixture.n_components(); ++k) {
    line.cells.push_back({estimates.mixture.weights()[k],
                          estimates.errors != nullptr ? estimates.errors->weights[k] : kNone,
                          is_fixed_weight(estimates.mixture, k)});
  }
  return line;
}

PaperLine item_line(const Estimates& estimates, const std::vector<bool>& fixed, std::size_t d) {
  PaperLine line{.label = estimates.items.label(d),
                 .name = estimates.items.name(d),
                 .answer = estimates.items.answer(d)};
  const std::size_t n_features = estimates.mixture.n_features();
  for (std::size_t k = 0; k < estimates.mixture.n_components(); ++k) {
    const std::size_t at = k * n_features + d;
    line.cells.push_back({estimates.mixture.probabilities()[at],
                          estimates.errors != nullptr ? estimates.errors->probabilities[at] : kNone,
                          fixed[at]});
  }
  line.separates = separates(line.cells);
  return line;
}

}  // namespace

PaperTable table_of(const Estimates& estimates) {
  PaperTable table{.items = estimates.items,
                   .with_errors = estimates.errors != nullptr,
                   .any_held = holds_anything(estimates.mixture.ties())};
  if (estimates.errors != nullptr) {
    table.degrees_of_freedom = estimates.errors->degrees_of_freedom;
    table.remark = design_remark(*estimates.errors);
  }
  table.lines.push_back(weight_line(estimates));
  const std::vector<bool> fixed = fixed_probabilities(estimates.mixture);
  for (std::size_t d = 0; d < estimates.mixture.n_features(); ++d)
    table.lines.push_back(item_line(estimates, fixed, d));
  return table;
}

std::string estimates_text(const Estimates& estimates, std::size_t width) {
  const PaperTable table = table_of(estimates);
  const std::size_t n_features = estimates.mixture.n_features();
  const std::size_t n_components = estimates.mixture.n_components();
  const std::size_t cell_width = table.with_errors ? 18 : 9;
  const std::size_t most = estimates.items.with_answers() ? kMostLabelWidth : kMostNameWidth;
  std::size_t left = std::string_view("component").size();
  for (std::size_t d = 0; d < n_features; ++d)
    left = std::max(left, display_width(estimates.items.label(d, most - 2)) + 2);
  const std::size_t a_block = std::max<std::size_t>((width - std::min(width, left)) / cell_width, 1);
  const auto right = [&](const std::string& text) {
    return std::string(cell_width - std::min(cell_width, display_width(text)), ' ') + text;
  };
  std::string out = estimates.items.caption();
  if (!out.empty()) out += "\n";
  for (std::size_t first = 0; first < n_components; first += a_block) {
    const std::size_t end = std::min(first + a_block, n_components);
    out += (first == 0 ? "" : "\n") + fitted("component", left);
    for (std::size_t k = first; k < end; ++k) {
      const std::string title = estimates.items.component(k, cell_width - 1);
      out += right(
          !table.with_errors
              ? title
              : title + std::string(std::min<std::size_t>(9, cell_width - 1 - display_width(title)), ' '));
    }
    for (std::size_t at = 0; at < table.lines.size(); ++at) {
      const PaperLine& line = table.lines[at];
      const std::string name = line.is_weight ? "weight" : estimates.items.label(at - 1, left - 2);
      out += "\n" + fitted(name + (line.separates ? " *" : ""), left);
      for (std::size_t k = first; k < end; ++k) out += right(terminal_cell(line.cells[k], table.with_errors));
      if (line.is_weight) out += "\n";
    }
    out += "\n";
  }
  return out + "\n" + joined(wrapped(table_note(table, "*", ""), width), "\n") + "\n";
}

}  // namespace mixbern::app

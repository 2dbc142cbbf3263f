#include "estimates_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "mixbern/mixture/fixed.hpp"
#include "survey_options.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr double kOften = 0.7;
constexpr double kSeldom = 0.3;
constexpr std::size_t kMostNameWidth = 24;
constexpr std::size_t kMostLabelWidth = 40;  // of a name with its answer

/// Estimate and standard error, NaN where there is none. Item n_features is the weight.
struct Cell {
  double estimate;
  double error;
  bool fixed;  // whatever the data: held by constraints, or the only weight that is not
};

bool holds_anything(const Ties& ties) {
  return !ties.held().empty() || !ties.held_weights().empty();
}

Cell cell(const Estimates& estimates, std::size_t item, std::size_t k) {
  const std::size_t n_features = estimates.mixture.n_features();
  const StandardErrors* errors = estimates.errors;
  const bool weight = item == n_features;
  const double error = errors == nullptr ? std::nan("")
                       : weight          ? errors->weights[k]
                                         : errors->probabilities[k * n_features + item];
  return {.estimate = weight ? estimates.mixture.weights()[k] : estimates.mixture.probabilities(k)[item],
          .error = error,
          .fixed = weight ? is_fixed_weight(estimates.mixture, k)
                          : is_fixed_probability(estimates.mixture, k, item)};
}

std::string terminal_cell(const Estimates& estimates, std::size_t item, std::size_t k) {
  const auto [estimate, error, fixed] = cell(estimates, item, k);
  if (estimates.errors == nullptr) return fmt::format("{:.4f}", estimate);
  if (fixed) return fmt::format("{:.4f}  (fixed)", estimate);
  return std::isnan(error) ? fmt::format("{:.4f}    –    ", estimate)
                           : fmt::format("{:.4f} ({:.4f})", estimate, error);
}

std::string paper_cell(const Estimates& estimates, std::size_t item, std::size_t k,
                       const std::string& nothing) {
  const auto [estimate, error, fixed] = cell(estimates, item, k);
  if (estimates.errors == nullptr) return fmt::format("{:.3f}", estimate);
  if (fixed) return fmt::format("{:.3f} (fixed)", estimate);
  return std::isnan(error) ? fmt::format("{:.3f} ({})", estimate, nothing)
                           : fmt::format("{:.3f} ({:.3f})", estimate, error);
}

std::string latex_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\textbackslash{}";
    } else if (c == '~' || c == '^') {
      out += fmt::format("\\{}{{}}", c);
    } else {
      if (std::string_view("&%$#_{}").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\|*_`<").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// A spreadsheet would run what begins like a formula; behind an apostrophe it is text, as in the page's CSV.
std::string csv_field(const std::string& name) {
  const bool formula = !name.empty() && std::string_view("=+-@\t\r").find(name[0]) != std::string_view::npos;
  return csv_cell(formula ? "'" + name : name);
}

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string note(const Estimates& estimates, std::string_view star, const std::string& caption) {
  std::string text = caption.empty() ? "" : capitalised(caption) + ". ";
  text += fmt::format("{} some class has the item with at least {}, another with at most {}.", star, kOften,
                      kSeldom);
  if (estimates.errors != nullptr)
    text += " Standard errors in brackets; – where a probability lies at 0 or 1 or is not identified.";
  if (estimates.errors != nullptr && holds_anything(estimates.mixture.ties()))
    text += " \"fixed\" where a constraint holds it.";
  const std::string design = estimates.errors != nullptr ? design_words(*estimates.errors) : "";
  if (!design.empty()) text += " They are those of the " + design + ".";
  return text;
}

/// The name of a class, or "class 2" where it has none.
std::string class_name(const Estimates& estimates, std::size_t k, const char* noun,
                       std::string (*escape)(std::string_view)) {
  const std::string name = estimates.items.component(k);
  return name == fmt::format("{}", k + 1) ? noun + name : escape(name);
}

std::string markdown(const Estimates& estimates) {
  const std::size_t n_components = estimates.mixture.n_components();
  const std::size_t n_features = estimates.mixture.n_features();
  std::string out = "| item |", rule = "|---|";
  for (std::size_t k = 0; k < n_components; ++k) {
    out += fmt::format(" {} |", class_name(estimates, k, "class ", markdown_escaped));
    rule += "---:|";
  }
  out += "\n" + rule + "\n";
  for (std::size_t line = 0; line <= n_features; ++line) {
    const std::size_t item = line == 0 ? n_features : line - 1;
    const std::string name =
        item == n_features ? "share of the class" : markdown_escaped(estimates.items.label(item));
    out +=
        fmt::format("| {}{} |", name, item < n_features && separates(estimates.mixture, item) ? " \\*" : "");
    for (std::size_t k = 0; k < n_components; ++k)
      out += fmt::format(" {} |", paper_cell(estimates, item, k, "–"));
    out += "\n";
  }
  return out + "\n" + note(estimates, "\\*", markdown_escaped(estimates.items.caption())) + "\n";
}

std::string latex(const Estimates& estimates) {
  const std::size_t n_components = estimates.mixture.n_components();
  const std::size_t n_features = estimates.mixture.n_features();
  std::string out =
      "% \\usepackage{booktabs}\n\\begin{tabular}{l" + std::string(n_components, 'r') + "}\n\\toprule\nItem";
  for (std::size_t k = 0; k < n_components; ++k)
    out += " & " + class_name(estimates, k, "Class ", latex_escaped);
  out += " \\\\\n\\midrule\n";
  for (std::size_t line = 0; line <= n_features; ++line) {
    const std::size_t item = line == 0 ? n_features : line - 1;
    out += item == n_features ? "Share of the class" : latex_escaped(estimates.items.label(item));
    if (item < n_features && separates(estimates.mixture, item)) out += "$^{*}$";
    for (std::size_t k = 0; k < n_components; ++k) out += " & " + paper_cell(estimates, item, k, "--");
    out += item == n_features ? " \\\\\n\\addlinespace\n" : " \\\\\n";
  }
  std::string text = note(estimates, "$^{*}$", latex_escaped(estimates.items.caption()));
  if (const auto dash = text.find("–"); dash != std::string::npos)
    text.replace(dash, std::string("–").size(), "--");
  return out + "\\bottomrule\n\\end{tabular}\n\n" + text + "\n";
}

std::string csv(const Estimates& estimates) {
  const std::size_t n_features = estimates.mixture.n_features();
  std::string out = "item,component,estimate,standard_error,lower,upper,separates,answer\n";
  for (std::size_t line = 0; line <= n_features; ++line) {
    const std::size_t item = line == 0 ? n_features : line - 1;
    for (std::size_t k = 0; k < estimates.mixture.n_components(); ++k) {
      const auto [estimate, error, fixed] = cell(estimates, item, k);
      const double degrees = estimates.errors == nullptr ? INFINITY : estimates.errors->degrees_of_freedom;
      const Interval interval = logit_interval(estimate, error, 0.95, degrees);
      const std::string name = item == n_features ? "weight" : csv_field(estimates.items.name(item));
      const std::string mark = item == n_features ? "" : separates(estimates.mixture, item) ? "1" : "0";
      const std::string answer = item == n_features ? "" : csv_field(estimates.items.answer(item));
      out += fmt::format("{},{},{},{},{},{},{},{}\n", name, csv_field(estimates.items.component(k)), estimate,
                         csv_number(error), csv_number(interval.lower), csv_number(interval.upper), mark,
                         answer);
    }
  }
  return out;
}

}  // namespace

bool separates(const Mixture& mixture, std::size_t item) {
  double least = 1, most = 0;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    least = std::min(least, mixture.probabilities(k)[item]);
    most = std::max(most, mixture.probabilities(k)[item]);
  }
  return most >= kOften && least <= kSeldom;
}

std::string estimates_text(const Estimates& estimates, std::size_t width) {
  const std::size_t n_features = estimates.mixture.n_features();
  const std::size_t n_components = estimates.mixture.n_components();
  const std::size_t cell_width = estimates.errors == nullptr ? 9 : 18;
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
          estimates.errors == nullptr
              ? title
              : title + std::string(std::min<std::size_t>(9, cell_width - 1 - display_width(title)), ' '));
    }
    for (std::size_t line = 0; line <= n_features; ++line) {
      const std::size_t item = line == 0 ? n_features : line - 1;
      const std::string name = item == n_features ? "weight" : estimates.items.label(item, left - 2);
      const bool star = item < n_features && separates(estimates.mixture, item);
      out += "\n" + fitted(name + (star ? " *" : ""), left);
      for (std::size_t k = first; k < end; ++k) out += right(terminal_cell(estimates, item, k));
      if (line == 0) out += "\n";
    }
    out += "\n";
  }
  return out + "\n" + joined(wrapped(note(estimates, "*", ""), width), "\n") + "\n";
}

TableFormat table_format(const std::string& path) {
  if (path.ends_with(".md")) return TableFormat::kMarkdown;
  if (path.ends_with(".tex")) return TableFormat::kLatex;
  if (path.ends_with(".csv")) return TableFormat::kCsv;
  throw std::invalid_argument(
      fmt::format("--table takes a file name that ends in .md, .tex or .csv, not \"{}\"", path));
}

std::string estimates_table(const Estimates& estimates, TableFormat format) {
  switch (format) {
    case TableFormat::kMarkdown:
      return markdown(estimates);
    case TableFormat::kLatex:
      return latex(estimates);
    case TableFormat::kCsv:
      break;
  }
  return csv(estimates);
}

}  // namespace mixbern::app

#include "paper_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "mixbern/statistics/standard_errors.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

std::string cell_text(const EstimateCell& cell, bool with_errors, const std::string& nothing) {
  if (!with_errors) return fmt::format("{:.3f}", cell.estimate);
  if (cell.fixed) return fmt::format("{:.3f} (fixed)", cell.estimate);
  return std::isnan(cell.error) ? fmt::format("{:.3f} ({})", cell.estimate, nothing)
                                : fmt::format("{:.3f} ({:.3f})", cell.estimate, cell.error);
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

/// The name of a class, or "class 2" where it has none.
std::string class_name(const ItemLabels& items, std::size_t k, const char* noun,
                       std::string (*escape)(std::string_view)) {
  const std::string name = items.component(k);
  return name == fmt::format("{}", k + 1) ? noun + name : escape(name);
}

std::size_t n_components(const PaperTable& table) {
  return table.lines.front().cells.size();
}

std::string markdown(const PaperTable& table) {
  std::string out = "| item |", rule = "|---|";
  for (std::size_t k = 0; k < n_components(table); ++k) {
    out += fmt::format(" {} |", class_name(table.items, k, "class ", markdown_escaped));
    rule += "---:|";
  }
  out += "\n" + rule + "\n";
  for (const PaperLine& line : table.lines) {
    out += fmt::format("| {}{} |", markdown_escaped(line.label), line.separates ? " \\*" : "");
    for (const EstimateCell& cell : line.cells)
      out += fmt::format(" {} |", cell_text(cell, table.with_errors, "–"));
    out += "\n";
  }
  return out + "\n" + table_note(table, "\\*", markdown_escaped(table.items.caption())) + "\n";
}

std::string latex(const PaperTable& table) {
  std::string out = "% \\usepackage{booktabs}\n\\begin{tabular}{l" + std::string(n_components(table), 'r') +
                    "}\n\\toprule\nItem";
  for (std::size_t k = 0; k < n_components(table); ++k)
    out += " & " + class_name(table.items, k, "Class ", latex_escaped);
  out += " \\\\\n\\midrule\n";
  for (std::size_t at = 0; at < table.lines.size(); ++at) {
    const PaperLine& line = table.lines[at];
    out += line.is_weight ? capitalised(latex_escaped(line.label)) : latex_escaped(line.label);
    if (line.separates) out += "$^{*}$";
    for (const EstimateCell& cell : line.cells) out += " & " + cell_text(cell, table.with_errors, "--");
    const bool last_weight =
        line.is_weight && (at + 1 == table.lines.size() || !table.lines[at + 1].is_weight);
    out += last_weight ? " \\\\\n\\addlinespace\n" : " \\\\\n";
  }
  std::string text = table_note(table, "$^{*}$", latex_escaped(table.items.caption()));
  if (const auto dash = text.find("–"); dash != std::string::npos)
    text.replace(dash, std::string("–").size(), "--");
  return out + "\\bottomrule\n\\end{tabular}\n\n" + text + "\n";
}

std::string csv(const PaperTable& table) {
  std::string out = "item,component,estimate,standard_error,lower,upper,separates,answer";
  out += table.with_groups ? ",group\n" : "\n";
  for (const PaperLine& line : table.lines) {
    const std::string mark = line.is_weight ? "" : line.separates ? "1" : "0";
    for (std::size_t k = 0; k < line.cells.size(); ++k) {
      const EstimateCell& cell = line.cells[k];
      const Interval interval = logit_interval(cell.estimate, cell.error, 0.95, table.degrees_of_freedom);
      out += fmt::format("{},{},{},{},{},{},{},{}", csv_field(line.name), csv_field(table.items.component(k)),
                         cell.estimate, csv_number(cell.error), csv_number(interval.lower),
                         csv_number(interval.upper), mark, csv_field(line.answer));
      out += table.with_groups ? fmt::format(",{}\n", csv_field(line.group)) : "\n";
    }
  }
  return out;
}

}  // namespace

std::string terminal_cell(const EstimateCell& cell, bool with_errors) {
  if (!with_errors) return fmt::format("{:.4f}", cell.estimate);
  if (cell.fixed) return fmt::format("{:.4f}  (fixed)", cell.estimate);
  return std::isnan(cell.error) ? fmt::format("{:.4f}    –    ", cell.estimate)
                                : fmt::format("{:.4f} ({:.4f})", cell.estimate, cell.error);
}

bool separates(const std::vector<EstimateCell>& cells) {
  const auto [least, most] = std::ranges::minmax_element(cells, {}, &EstimateCell::estimate);
  return most->estimate >= kOften && least->estimate <= kSeldom;
}

std::string table_note(const PaperTable& table, const std::string& star, const std::string& caption) {
  std::string text = caption.empty() ? "" : capitalised(caption) + ". ";
  text += fmt::format("{} some class has the item with at least {}, another with at most {}.", star, kOften,
                      kSeldom);
  if (table.with_errors)
    text += " Standard errors in brackets; – where a probability lies at 0 or 1 or is not identified.";
  if (table.with_errors && table.any_held) text += " \"fixed\" where a constraint holds it.";
  if (!table.remark.empty()) text += " " + table.remark;
  return text;
}

TableFormat table_format(const std::string& path) {
  if (path.ends_with(".md")) return TableFormat::kMarkdown;
  if (path.ends_with(".tex")) return TableFormat::kLatex;
  if (path.ends_with(".csv")) return TableFormat::kCsv;
  throw std::invalid_argument(
      fmt::format("--table takes a file name that ends in .md, .tex or .csv, not \"{}\"", path));
}

std::string paper_table(const PaperTable& table, TableFormat format) {
  switch (format) {
    case TableFormat::kMarkdown:
      return markdown(table);
    case TableFormat::kLatex:
      return latex(table);
    case TableFormat::kCsv:
      break;
  }
  return csv(table);
}

}  // namespace mixbern::app

// Tables of estimates for a paper: a line a weight or an item, a column a component.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "item_labels.hpp"

namespace mixbern::app {

enum class TableFormat { kMarkdown, kLatex, kCsv };
/// By the name's ending, .md, .tex or .csv; throws std::invalid_argument for another.
TableFormat table_format(const std::string& path);

/// Estimate and standard error, NaN where there is none.
struct EstimateCell {
  double estimate;
  double error;
  bool fixed;  ///< whatever the data: held by constraints, or the only weight that is not
};

/// For the terminal: with errors 9 columns stand behind the estimate.
std::string terminal_cell(const EstimateCell& cell, bool with_errors);

struct PaperLine {
  bool is_weight = false;
  std::string label = {};                ///< as people read it
  std::string name = {};                 ///< in CSV; a weight is "weight"
  std::string answer = {};               ///< in CSV, of an item
  std::string group = {};                ///< in CSV; empty: all groups
  bool separates = false;                ///< components, which gets a star
  std::vector<EstimateCell> cells = {};  ///< one a component
};

/// Weights first. `items` has to outlive it.
struct PaperTable {
  const ItemLabels& items;
  std::vector<PaperLine> lines = {};
  bool with_errors = false;
  bool with_groups = false;                                             ///< CSV has a column for them
  bool any_held = false;                                                ///< by constraints
  double degrees_of_freedom = std::numeric_limits<double>::infinity();  ///< of intervals
  std::string remark = {};  ///< last sentences of the note; empty: none
};

/// Where probabilities of an item are that far apart it separates components (Masyn 2013).
constexpr double kOften = 0.7, kSeldom = 0.3;
bool separates(const std::vector<EstimateCell>& cells);

/// What stands below a table, as plain text.
std::string table_note(const PaperTable& table, const std::string& star, const std::string& caption);

/// CSV has a line for each parameter: item, component, estimate, standard_error, lower, upper, separates,
/// answer, and with groups group; an empty field is what is not known.
std::string paper_table(const PaperTable& table, TableFormat format);

}  // namespace mixbern::app

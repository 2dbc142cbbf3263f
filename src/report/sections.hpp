// The parts of the document, one function each; docs/report.md says what stands in them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/row_tables.hpp"
#include "report/source.hpp"

namespace mixbern::report {

/// Statistics of the table of patterns, and how sure the parameters are; what would take too long is left
/// out.
struct TableStatistics {
  std::optional<GoodnessOfFit> goodness_of_fit = {};
  std::vector<double> pairs = {};  ///< bivariate_residuals; empty: not computed
  std::optional<std::vector<PatternResidual>> patterns = {};
  std::optional<StandardErrors> standard_errors = {};
  bool drawn =
      false;  ///< standard_errors come from a bootstrap, which says nothing of the information's rank
};
TableStatistics table_statistics(const Source& source, const Context& context);

/// All that is computed of one model.
struct Findings {
  std::optional<Classification> classification = {};
  std::optional<RowTables> rows = {};
  TableStatistics table = {};
  std::optional<double> log_likelihood = {};  ///< of the rows, else as recorded
  std::optional<double> total_weight = {};
};
Findings find(const Source& source, const Context& context);

Json data_section(const Source& source, const Context& context);
Json model_section(const Source& source, const Context& context, const Findings& findings);
Json components_section(const Source& source, const Context& context, const Findings& findings);
Json rows_section(const RowTables& tables, const Context& context);
Json bivariate_residuals_section(const Findings& findings, const Context& context, std::size_t n_items);
Json pattern_residuals_section(const Findings& findings, const Context& context);
Json standard_errors_section(const TableStatistics& statistics, const Context& context,
                             const Mixture& mixture);
Json verdict_section(const Source& source, const Context& context, const Findings& findings);
Json relations_section(const Relations& relations);
Json groups_section(const ReportGroups& groups);
Json selection_section(const Selection& selection, Criterion criterion);

}  // namespace mixbern::report

#include "report/row_tables.hpp"

#include <algorithm>
#include <cmath>

#include "base/fixed_sum.hpp"
#include "mixbern/mixture/posterior.hpp"

namespace mixbern::report {
namespace {

constexpr std::size_t kExamples = 12;
constexpr std::size_t kLeastCertain = 60;
// Examples show their cells: fewer of them where components and features are many.
constexpr std::size_t kExampleBytes = 1'500'000;
constexpr std::size_t kNoSecond = SIZE_MAX;  // 65,535 in a tensor

struct TopTwo {
  std::size_t first = 0;
  std::size_t second = kNoSecond;
};

TopTwo top_two(std::span<const double> posterior) {
  TopTwo top;
  for (std::size_t k = 1; k < posterior.size(); ++k) {
    if (posterior[k] > posterior[top.first]) {
      top.second = top.first;
      top.first = k;
    } else if (top.second == kNoSecond || posterior[k] > posterior[top.second]) {
      top.second = k;
    }
  }
  return top;
}

std::size_t examples_each(const Source& source) {
  const std::size_t row_bytes = (source.mixture.n_features() + 7) / 8;
  return std::clamp<std::size_t>(kExampleBytes / (row_bytes * source.mixture.n_components()), 1, kExamples);
}

/// Position j of n rows drawn evenly from `total`.
std::size_t drawn_row(std::size_t j, std::size_t n, std::size_t total) {
  return j * total / n;
}

class Tabulator {
 public:
  Tabulator(const Source& source, const Context& context)
      : data_(*context.data),
        n_listed_(std::min(source.most_rows, data_.n_rows())),
        keep_components_(!context.labels.empty()),
        sum_(total_weight(data_)),
        tables_{.sizes = std::vector<double>(source.mixture.n_components(), 0.0),
                .certainty = std::vector<double>(kCertaintyBins, 0.0),
                .listed = {},
                .examples = std::vector<BestRows>(source.mixture.n_components(),
                                                  BestRows(data_, examples_each(source))),
                .least_certain = BestRows(data_, kLeastCertain),
                .components = {}} {}

  void add(std::size_t row, std::span<const double> posterior, double log_likelihood) {
    const TopTwo top = top_two(posterior);
    const double certainty = posterior[top.first];
    if (row == drawn_row(tables_.listed.row.size(), n_listed_, data_.n_rows()))
      list(row, top, certainty, log_likelihood);
    if (keep_components_) tables_.components.push_back(top.first);
    const double weight = data_.weight(row);
    if (!(weight > 0)) return;
    sum_.add(weight, log_likelihood);
    tables_.sizes[top.first] += weight;
    const auto bin = static_cast<std::size_t>(certainty * kCertaintyBins);
    tables_.certainty[std::min(bin, kCertaintyBins - 1)] += weight;
    if (std::isinf(log_likelihood)) ++tables_.n_impossible;
    // Certainties that differ by rounding only are the same.
    const auto rounded = static_cast<float>(certainty);
    tables_.examples[top.first].add({rounded, log_likelihood, row, top.first});
    tables_.least_certain.add({-rounded, log_likelihood, row, top.first});
  }

  RowTables finish() {
    tables_.log_likelihood = sum_.value();
    return std::move(tables_);
  }

 private:
  void list(std::size_t row, const TopTwo& top, double certainty, double log_likelihood) {
    ListedRows& listed = tables_.listed;
    listed.row.push_back(static_cast<std::uint32_t>(row));
    listed.component.push_back(static_cast<std::uint16_t>(top.first));
    listed.second.push_back(static_cast<std::uint16_t>(top.second));
    listed.certainty.push_back(static_cast<float>(certainty));
    listed.log_likelihood.push_back(static_cast<float>(log_likelihood));
  }

  const Dataset& data_;
  std::size_t n_listed_;
  bool keep_components_;
  FixedSum sum_;
  RowTables tables_;
};

}  // namespace

RowTables tabulate_rows(const Source& source, const Context& context) {
  Tabulator tabulator(source, context);
  const std::size_t n_components = source.mixture.n_components();
  const PosteriorOptions options{.threads = context.options.threads,
                                 .semi_supervised = source.estimation().semi_supervised};
  for_each_posterior(source.mixture, *context.data, options, [&](const PosteriorBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      tabulator.add(block.first_row + i, block.responsibilities.subspan(i * n_components, n_components),
                    block.log_likelihoods[i]);
    }
  });
  return tabulator.finish();
}

}  // namespace mixbern::report

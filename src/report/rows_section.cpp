#include <algorithm>
#include <cmath>
#include <map>

#include "data/for_each_one.hpp"
#include "report/sections.hpp"
#include "report/tensor.hpp"

namespace mixbern::report {
namespace {

constexpr std::uint16_t kNoLabel = 65'535;

Json certainty_json(const std::vector<double>& counts) {
  std::vector<double> edges;
  for (std::size_t i = 0; i <= kCertaintyBins; ++i)
    edges.push_back(static_cast<double>(i) / static_cast<double>(kCertaintyBins));
  return {{"edges", edges}, {"counts", counts}};
}

Json weights_json(const ListedRows& listed, const Dataset& data) {
  if (data.weights.empty()) return nullptr;
  std::vector<double> weights;
  for (const std::uint32_t row : listed.row) weights.push_back(data.weights[row]);
  return tensor(std::span<const double>(weights), {weights.size()});
}

Json labels_json(const ListedRows& listed, const Context& context) {
  if (context.labels.empty()) return nullptr;
  std::vector<std::uint16_t> labels;
  for (const std::uint32_t row : listed.row) {
    const std::int64_t label = context.data->labels[row];
    const auto at = std::ranges::lower_bound(context.labels, label) - context.labels.begin();
    labels.push_back(label < 0 ? kNoLabel : static_cast<std::uint16_t>(at));
  }
  return tensor(std::span<const std::uint16_t>(labels), {labels.size()});
}

/// What the rows are called; null where they are but numbers.
Json ids_json(std::span<const std::uint32_t> rows, const Dataset& data) {
  if (data.ids.empty()) return nullptr;
  Json ids = Json::array();
  for (const std::uint32_t row : rows) ids.push_back(std::string(data.ids[row]));
  return ids;
}

Json table_json(const ListedRows& listed, const Context& context) {
  const std::vector<std::size_t> shape{listed.row.size()};
  return {{"total", context.data->n_rows()},
          {"row", tensor(std::span<const std::uint32_t>(listed.row), shape)},
          {"ids", ids_json(listed.row, *context.data)},
          {"component", tensor(std::span<const std::uint16_t>(listed.component), shape)},
          {"certainty", tensor(std::span<const float>(listed.certainty), shape)},
          {"second", tensor(std::span<const std::uint16_t>(listed.second), shape)},
          {"log_likelihood", tensor(std::span<const float>(listed.log_likelihood), shape)},
          {"weight", weights_json(listed, *context.data)},
          {"label", labels_json(listed, context)}};
}

Json bits_json(const Rows& rows, const std::vector<std::uint32_t>& shown) {
  const std::size_t row_bytes = (n_features(rows) + 7) / 8;
  std::vector<std::uint8_t> bytes(shown.size() * row_bytes, 0);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    for_each_one(rows, shown[i], [&](std::size_t d) {
      std::uint8_t& byte = bytes[i * row_bytes + d / 8];
      byte = static_cast<std::uint8_t>(byte | 1U << (d % 8));
    });
  }
  return tensor(std::span<const std::uint8_t>(bytes), {shown.size(), row_bytes});
}

/// The rows whose cells are shown, each once.
class ShownRows {
 public:
  std::vector<std::size_t> add(const BestRows& best) {
    std::vector<std::size_t> positions;
    for (const RankedRow& row : best.rows()) positions.push_back(add(row));
    return positions;
  }

  Json json(const Dataset& data) const {
    const std::vector<std::size_t> shape{rows_.size()};
    return {{"row", tensor(std::span<const std::uint32_t>(rows_), shape)},
            {"ids", ids_json(rows_, data)},
            {"component", tensor(std::span<const std::uint16_t>(components_), shape)},
            {"certainty", tensor(std::span<const float>(certainties_), shape)},
            {"bits", bits_json(data.ones, rows_)},
            {"missing", data.missing ? bits_json(*data.missing, rows_) : Json(nullptr)}};
  }

 private:
  std::size_t add(const RankedRow& row) {
    const auto [at, is_new] = positions_.emplace(row.row, rows_.size());
    if (is_new) {
      rows_.push_back(static_cast<std::uint32_t>(row.row));
      components_.push_back(static_cast<std::uint16_t>(row.component));
      certainties_.push_back(std::abs(row.first));
    }
    return at->second;
  }

  std::map<std::size_t, std::size_t> positions_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint16_t> components_;
  std::vector<float> certainties_;
};

}  // namespace

Json rows_section(const RowTables& tables, const Context& context) {
  ShownRows shown;
  Json examples = Json::array();
  for (const BestRows& best : tables.examples) examples.push_back(shown.add(best));
  const Json least_certain = shown.add(tables.least_certain);
  return {{"certainty", certainty_json(tables.certainty)},
          {"table", table_json(tables.listed, context)},
          {"examples", std::move(examples)},
          {"least_certain", least_certain},
          {"cells", shown.json(*context.data)}};
}

}  // namespace mixbern::report

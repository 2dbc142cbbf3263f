#include "data/select_rows.hpp"

#include <type_traits>
#include <variant>

namespace mixbern {
namespace {

Rows select_rows(const Rows& rows, std::span<const std::size_t> chosen) {
  return std::visit(
      [&](const auto& r) -> Rows {
        using Kind = std::decay_t<decltype(r)>;
        Kind result = [&] {
          if constexpr (std::is_same_v<Kind, BitMatrix>) {
            BitMatrix empty(0, r.n_features());
            empty.reserve_rows(chosen.size());
            return empty;
          } else {
            return SparseRows(r.n_features());
          }
        }();
        for (const std::size_t i : chosen) result.append_row(r.row(i));
        return result;
      },
      rows);
}

}  // namespace

Dataset select_rows(const Dataset& data, std::span<const std::size_t> chosen) {
  Dataset result{.ones = select_rows(data.ones, chosen)};
  if (data.missing) result.missing = select_rows(*data.missing, chosen);
  for (const std::size_t i : chosen) {
    if (!data.weights.empty()) result.weights.push_back(data.weights[i]);
    if (!data.labels.empty()) result.labels.push_back(data.labels[i]);
  }
  return result;
}

}  // namespace mixbern

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <stdexcept>
#include <utility>

#include "io/message.hpp"
#include "io/missing_codes.hpp"
#include "io/recode.hpp"
#include "io/text_coder.hpp"
#include "io/values.hpp"
#include "mixbern/error.hpp"
#include "mixbern/table.hpp"

namespace mixbern {

struct TableBuilder::Parts {
  std::vector<std::string> names;
  std::vector<std::string> missing_codes;
  io::MissingCodes codes;
  io::TextCoder coder;
  BitMatrix ones;
  std::optional<BitMatrix> missing;
  std::vector<io::Cell> cells;  // of the values of one stretch

  BitMatrix& mask() {
    if (!missing) missing.emplace(ones.n_rows(), ones.n_features());
    return *missing;
  }

  [[noreturn]] void refuse(std::size_t column, const std::string& value) const {
    std::vector<std::string> known = coder.values(column), given = known;
    given.push_back(value);
    for (std::string& text : known) text = io::in_quotes(text);
    const bool stored = coder.has_stored_codings();
    const std::string reason =
        stored ? fmt::format("holds {}, which is neither {}", io::in_quotes(value), fmt::join(known, " nor "))
               : fmt::format("holds a third value, {}, after {}", io::in_quotes(value),
                             fmt::join(known, " and "));
    const auto likely = stored ? std::vector<std::string>() : io::likely_missing_codes(given);
    throw InputError({}, io::column_words(column, names) + " " + reason,
                     stored ? "the data must be coded like the data the model was fitted to"
                     : !likely.empty()
                         ? fmt::format("missing_values={} takes it as missing", io::in_quotes(likely[0]))
                         : "a feature has two values: leave the column out, or give a threshold");
  }

  void code(std::size_t column, std::span<const std::string> values) {
    cells.clear();
    for (const std::string& value : values) {
      const io::Cell cell = coder.code(column, value);
      if (cell == io::Cell::kRefused) refuse(column, value);
      cells.push_back(cell);
    }
  }
};

TableBuilder::TableBuilder(std::size_t n_rows, std::size_t n_columns, std::vector<std::string> names,
                           std::vector<Coding> codings, std::vector<std::string> missing_codes) {
  const auto fits = [n_columns](std::size_t size) { return size == 0 || size == n_columns; };
  if (!fits(names.size()) || !fits(codings.size())) {
    throw std::invalid_argument("TableBuilder: names and codings need one entry a column, or none");
  }
  io::MissingCodes codes(missing_codes, names, n_columns, "");
  io::TextCoder coder(n_columns, codings, codes);
  parts_ = std::make_unique<Parts>(Parts{.names = std::move(names),
                                         .missing_codes = std::move(missing_codes),
                                         .codes = std::move(codes),
                                         .coder = std::move(coder),
                                         .ones = BitMatrix(n_rows, n_columns),
                                         .missing = {},
                                         .cells = {}});
}

TableBuilder::~TableBuilder() = default;
TableBuilder::TableBuilder(TableBuilder&&) noexcept = default;
TableBuilder& TableBuilder::operator=(TableBuilder&&) noexcept = default;

void TableBuilder::add(std::size_t column, std::size_t first_row, std::span<const std::int32_t> positions,
                       std::span<const std::string> values) {
  Parts& parts = *parts_;
  if (column >= parts.ones.n_features() || first_row + positions.size() > parts.ones.n_rows()) {
    throw std::invalid_argument("TableBuilder: cells outside the table");
  }
  parts.code(column, values);
  const std::size_t n_values = values.size();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const std::int32_t position = positions[i];
    if (position != kMissing && (position < 0 || static_cast<std::size_t>(position) >= n_values)) {
      throw std::invalid_argument("TableBuilder: a position beyond the values");
    }
    const io::Cell cell =
        position == kMissing ? io::Cell::kMissing : parts.cells[static_cast<std::size_t>(position)];
    if (cell == io::Cell::kMissing) {
      parts.mask().set(first_row + i, column);
    } else if (cell == io::Cell::kOne) {
      parts.ones.set(first_row + i, column);
    }
  }
}

bool TableBuilder::is_missing_code(std::size_t column, const std::string& value) const {
  return !parts_->codes.empty() && parts_->codes.in(column, io::canonical(value));
}

Dataset TableBuilder::finish(const std::function<void(const std::string&)>& warn) {
  Parts& parts = *parts_;
  io::CodingPlan plan = parts.coder.plan();
  io::warn_about_columns(plan, parts.names, "the table", warn);
  Dataset data;
  data.ones = std::move(parts.ones);
  if (parts.missing) data.missing = *std::move(parts.missing);
  if (plan.any_flip) io::flip_columns(plan.flips, data);
  data.feature_names = std::move(parts.names);
  data.codings = std::move(plan.codings);
  data.missing_codes = std::move(parts.missing_codes);
  return data;
}

}  // namespace mixbern

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "io/category_columns.hpp"
#include "io/column_finder.hpp"
#include "io/message.hpp"
#include "io/missing_codes.hpp"
#include "io/recode.hpp"
#include "io/text_coder.hpp"
#include "io/values.hpp"
#include "mixbern/io/error.hpp"
#include "mixbern/io/table.hpp"

namespace mixbern {

struct TableBuilder::Parts {
  std::vector<std::string> names;
  std::vector<std::string> missing_codes;
  io::MissingCodes codes;
  io::TextCoder coder;
  io::CategoryColumns categories;
  BitMatrix ones;
  std::optional<BitMatrix> missing;
  std::vector<io::Cell> cells;           // of the values of one stretch,
  std::vector<std::uint16_t> answers{};  // and which answers they are in a categorical column

  BitMatrix& mask() {
    if (!missing) missing.emplace(ones.n_rows(), ones.n_features());
    return *missing;
  }

  [[noreturn]] void refuse(std::size_t column, const std::string& value) const {
    const bool categorical = categories.holds(column);
    std::vector<std::string> known = categorical ? categories.values(column) : coder.values(column);
    if (known.size() == io::CategoryColumns::kMostAnswers) {
      throw InputError(
          {}, fmt::format("{} holds more than {} answers", io::column_words(column, names), known.size()),
          "that is an id or a number, no item: leave the column out");
    }
    std::vector<std::string> given = known;
    given.push_back(value);
    for (std::string& text : known) text = io::in_quotes(text);
    const bool stored = coder.has_stored_codings();
    const std::string reason =
        stored ? fmt::format("holds {}, which is neither {}", io::in_quotes(value), fmt::join(known, " nor "))
               : fmt::format("holds a third value, {}, after {}", io::in_quotes(value),
                             fmt::join(known, " and "));
    const auto likely = stored ? std::vector<std::string>() : io::likely_missing_codes(given);
    throw InputError(
        {}, io::column_words(column, names) + " " + reason,
        stored ? "the data must be coded like the data the model was fitted to"
        : !likely.empty()
            ? fmt::format("missing_values={} takes it as missing", io::in_quotes(likely[0]))
            : "a feature has two values: leave the column out, name it in categorical=, or give a "
              "threshold");
  }

  void code(std::size_t column, std::span<const std::string> values) {
    cells.clear();
    answers.clear();
    for (const std::string& value : values) {
      const bool categorical = categories.holds(column);
      const io::CategoryColumns::Answer answer = categorical
                                                     ? categories.code(column, value)
                                                     : io::CategoryColumns::Answer{coder.code(column, value)};
      if (answer.cell == io::Cell::kRefused) refuse(column, value);
      cells.push_back(answer.cell);
      answers.push_back(answer.answer);
    }
  }
};

namespace {

// Columns of any number of answers, ascending.
std::vector<std::size_t> categorical_columns(const std::vector<std::string>& chosen,
                                             const std::vector<std::string>& names, std::size_t n_columns) {
  std::set<std::size_t> columns;
  const io::ColumnFinder finder(names, n_columns, "");
  for (const std::string& name : chosen) {
    for (const std::size_t d : finder.select_or_all(name).columns) columns.insert(d);
  }
  return {columns.begin(), columns.end()};
}

}  // namespace

TableBuilder::TableBuilder(std::size_t n_rows, std::size_t n_columns, std::vector<std::string> names,
                           std::vector<Coding> codings, std::vector<std::string> missing_codes,
                           std::vector<CategoricalItem> items, const std::vector<std::string>& categorical) {
  const auto fits = [n_columns](std::size_t size) { return size == 0 || size == n_columns; };
  const std::vector<Coding> of_columns = io::column_codings(codings, items);
  if (!fits(names.size()) || !fits(of_columns.size())) {
    throw std::invalid_argument("TableBuilder: names and codings need one entry a column, or none");
  }
  io::MissingCodes codes(missing_codes, names, n_columns, "");
  io::TextCoder coder(n_columns, of_columns, codes);
  io::CategoryColumns categories =
      codings.empty() ? io::CategoryColumns(categorical_columns(categorical, names, n_columns), codes)
                      : io::CategoryColumns(items, codings.size(), codes);
  parts_ = std::make_unique<Parts>(Parts{.names = std::move(names),
                                         .missing_codes = std::move(missing_codes),
                                         .codes = std::move(codes),
                                         .coder = std::move(coder),
                                         .categories = std::move(categories),
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
    } else if (parts.categories.holds(column)) {
      parts.categories.put(column, first_row + i, parts.answers[static_cast<std::size_t>(position)]);
    } else if (cell == io::Cell::kOne) {
      parts.ones.set(first_row + i, column);
    }
  }
}

void TableBuilder::order(std::size_t column, const std::vector<std::string>& values) {
  parts_->categories.order(column, values);
}

bool TableBuilder::is_missing_code(std::size_t column, const std::string& value) const {
  return !parts_->codes.empty() && parts_->codes.in(column, io::canonical(value));
}

std::size_t TableBuilder::most_answers(std::size_t column) const {
  return parts_->categories.holds(column) ? io::CategoryColumns::kMostAnswers : 2;
}

Dataset TableBuilder::finish(const std::function<void(const std::string&)>& warn) {
  Parts& parts = *parts_;
  io::CodingPlan plan =
      io::without_columns(parts.coder.plan(), [&parts](std::size_t d) { return parts.categories.holds(d); });
  io::warn_about_columns(plan, parts.names, "the table", warn);
  Dataset data;
  data.ones = std::move(parts.ones);
  if (parts.missing) data.missing = *std::move(parts.missing);
  if (plan.any_flip) io::flip_columns(plan.flips, data);
  data.feature_names = std::move(parts.names);
  data.codings = std::move(plan.codings);
  parts.categories.expand(data);
  data.missing_codes = std::move(parts.missing_codes);
  return data;
}

}  // namespace mixbern

#include "io/number_coder.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "io/message.hpp"
#include "io/missing_codes.hpp"
#include "io/values.hpp"

namespace mixbern::io {

NumberCoder::NumberCoder(const ReadOptions& options)
    : threshold_(options.threshold), stored_(threshold_ ? std::vector<Coding>() : options.codings) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  for (const Coding& coding : stored_) {
    columns_.push_back({parse_number(coding.zero).value_or(kNaN), parse_number(coding.one).value_or(kNaN)});
  }
}

Cell NumberCoder::code_slowly(std::size_t column, double value) {
  if (std::isnan(value)) {
    if (column == columns_.size()) columns_.emplace_back();
    return Cell::kMissing;
  }
  if (column == columns_.size()) columns_.emplace_back();
  if (!adopt(column, value)) return Cell::kRefused;
  return value == columns_[column].one ? Cell::kOne : Cell::kZero;
}

bool NumberCoder::adopt(std::size_t column, double value) {
  Values& known = columns_[column];
  if (stored_.empty()) {
    if (!std::isnan(known.one)) return false;
    (std::isnan(known.zero) ? known.zero : known.one) = value;
    return true;
  }
  const Coding& stored = stored_[column];
  const bool both = !coding(column).zero.empty() && !coding(column).one.empty();
  if (both || !may_complete(coding(column), shortest(value))) return false;
  const bool as_one = !stored.zero.empty() || !std::isnan(known.zero) || (stored.one.empty() && value == 1);
  (as_one ? known.one : known.zero) = value;
  return true;
}

// A stored text that is no number still fills its side: no number of the data equals it.
Coding NumberCoder::coding(std::size_t column) const {
  const Values& known = columns_[column];
  Coding result = stored_.empty() ? Coding{} : stored_[column];
  if (!std::isnan(known.zero)) result.zero = shortest(known.zero);
  if (!std::isnan(known.one)) result.one = shortest(known.one);
  return result;
}

CodingPlan NumberCoder::plan() const {
  std::vector<Coding> seen;
  seen.reserve(columns_.size());
  for (std::size_t d = 0; d < columns_.size(); ++d) seen.push_back(coding(d));
  if (stored_.empty()) return settle_codings(std::move(seen));
  CodingPlan plan;
  plan.codings = std::move(seen);
  return plan;
}

InputError NumberCoder::refusal(std::size_t column, double value, const std::string& file,
                                const std::string& place) const {
  const Coding known = coding(column);
  if (!stored_.empty()) {
    return {Place{file, 0, 0},
            fmt::format("{}: {} is neither {} nor {}, the known values", place, shortest(value),
                        in_quotes(known.zero), in_quotes(known.one)),
            "the data must be coded like the data the model was fitted to"};
  }
  const std::vector<std::string> codes = likely_missing_codes({known.zero, known.one, shortest(value)});
  return {
      Place{file, 0, 0},
      fmt::format("{}: a third value, {}, after {} and {}", place, shortest(value), known.zero, known.one),
      codes.empty() ? "--threshold T makes numbers 1 where value > T"
                    : fmt::format("--missing {} takes it as missing", codes.front())};
}

}  // namespace mixbern::io

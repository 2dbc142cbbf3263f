#include "io/recode.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "io/coding_rules.hpp"
#include "io/message.hpp"
#include "io/values.hpp"
#include "mixbern/io/error.hpp"

namespace mixbern::io {
namespace {

// Whether `value`, which stands for one side in some data, is `same`, that side of `wanted`, or may become
// it.
bool side_fits(const std::string& value, const std::string& same, const std::string& other,
               const Coding& wanted) {
  if (value.empty()) return true;
  if (!same.empty()) return same_value(value, same);
  return !same_value(value, other) && may_complete(wanted, value);
}

bool agree(const Coding& own, const Coding& wanted) {
  return side_fits(own.zero, wanted.zero, wanted.one, wanted) &&
         side_fits(own.one, wanted.one, wanted.zero, wanted);
}

Coding completed(Coding wanted, const Coding& own) {
  if (wanted.zero.empty()) wanted.zero = own.zero;
  if (wanted.one.empty()) wanted.one = own.one;
  return wanted;
}

// Rows of a data set outside memory, packed, with columns flipped.
class FlippedRows : public RowReader {
 public:
  FlippedRows(const Dataset& data, std::vector<std::uint64_t> flips)
      : ones_(data.ones), missing_(data.missing), flips_(std::move(flips)) {}

  std::size_t n_rows() const override { return mixbern::n_rows(ones_); }
  std::size_t n_features() const override { return mixbern::n_features(ones_); }
  bool is_packed() const override { return true; }

  void read(std::size_t begin, std::size_t end, RowBuffer& into) const override {
    Dataset piece{.ones = to_memory(slice(ones_, begin, end))};
    if (missing_) piece.missing = to_memory(slice(*missing_, begin, end));
    flip_columns(flips_, piece);
    const auto words = std::get<BitMatrix>(piece.ones).words();
    into.words.assign(words.begin(), words.end());
  }

 private:
  Rows ones_;
  std::optional<Rows> missing_;
  std::vector<std::uint64_t> flips_;
};

Coding swapped(const Coding& coding) {
  return {coding.one, coding.zero};
}

std::string different_values(std::size_t column, const Dataset& data, const Coding& wanted) {
  const Coding& own = data.codings[column];
  return fmt::format("{} holds {} and {} where {} and {} are the known values",
                     column_words(column, data.feature_names), in_quotes(own.zero), in_quotes(own.one),
                     in_quotes(wanted.zero), in_quotes(wanted.one));
}

}  // namespace

void flip_columns(const std::vector<std::uint64_t>& flips, Dataset& data) {
  if (is_outside(data)) {
    data.ones = RowsOutside(std::make_shared<FlippedRows>(data, flips));
    return;
  }
  BitMatrix ones = to_packed(data.ones);
  const BitMatrix missing = data.missing ? to_packed(*data.missing) : BitMatrix();
  for (std::size_t i = 0; i < ones.n_rows(); ++i) {
    const auto row = ones.mutable_row(i);
    for (std::size_t w = 0; w < row.size(); ++w) {
      row[w] ^= data.missing ? flips[w] & ~missing.row(i)[w] : flips[w];
    }
  }
  data.ones = std::move(ones);
  if (data.missing) data.missing = missing;
}

void recode(const std::string& file, const std::vector<Coding>& wanted, const std::string& remedy,
            Dataset& data) {
  if (data.codings.empty()) return;
  std::vector<std::uint64_t> flips(BitMatrix::words_for(wanted.size()));
  bool any = false;
  for (std::size_t d = 0; d < wanted.size(); ++d) {
    Coding& own = data.codings[d];
    if (!agree(own, wanted[d])) {
      if (!agree(swapped(own), wanted[d]))
        throw InputError({file}, different_values(d, data, wanted[d]), remedy);
      own = swapped(own);
      flips[d / 64] |= std::uint64_t{1} << (d % 64);
      any = true;
    }
    own = completed(wanted[d], own);
  }
  if (any) flip_columns(flips, data);
}

}  // namespace mixbern::io

#include "io/recode.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "io/coding_rules.hpp"
#include "io/message.hpp"
#include "io/values.hpp"

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

Coding swapped(const Coding& coding) {
  return {coding.one, coding.zero};
}

InputError different_values(const Input& input, std::size_t column, const Dataset& data,
                            const Coding& wanted) {
  const Coding& own = data.codings[column];
  return input.error(fmt::format("{} holds {} and {} where {} and {} are the known values",
                                 column_words(column, data.feature_names), in_quotes(own.zero),
                                 in_quotes(own.one), in_quotes(wanted.zero), in_quotes(wanted.one)),
                     "the data must be coded like the data the model was fitted to");
}

}  // namespace

void flip_columns(const std::vector<std::uint64_t>& flips, Dataset& data) {
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

void recode(const Input& input, const std::vector<Coding>& wanted, Dataset& data) {
  if (data.codings.empty()) return;
  std::vector<std::uint64_t> flips(BitMatrix::words_for(wanted.size()));
  bool any = false;
  for (std::size_t d = 0; d < wanted.size(); ++d) {
    Coding& own = data.codings[d];
    if (!agree(own, wanted[d])) {
      if (!agree(swapped(own), wanted[d])) throw different_values(input, d, data, wanted[d]);
      own = swapped(own);
      flips[d / 64] |= std::uint64_t{1} << (d % 64);
      any = true;
    }
    own = completed(wanted[d], own);
  }
  if (any) flip_columns(flips, data);
}

}  // namespace mixbern::io

#include "io/recode.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "io/coding_rules.hpp"
#include "io/message.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

bool same_side(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || same_value(a, b);
}

bool agree(const Coding& a, const Coding& b) {
  return same_side(a.zero, b.zero) && same_side(a.one, b.one);
}

Coding swapped(const Coding& coding) {
  return {coding.one, coding.zero};
}

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

}  // namespace

void recode(const Input& input, const std::vector<Coding>& wanted, Dataset& data) {
  if (data.codings.empty()) return;
  std::vector<std::uint64_t> flips(BitMatrix::words_for(wanted.size()));
  bool any = false;
  for (std::size_t d = 0; d < wanted.size(); ++d) {
    const Coding& own = data.codings[d];
    if (agree(own, wanted[d])) continue;
    if (!agree(swapped(own), wanted[d])) {
      throw input.error(fmt::format("{} holds {} and {} where {} and {} are the known values",
                                    column_words(d, data.feature_names), in_quotes(own.zero),
                                    in_quotes(own.one), in_quotes(wanted[d].zero), in_quotes(wanted[d].one)),
                        "the data must be coded like the data the model was fitted to");
    }
    flips[d / 64] |= std::uint64_t{1} << (d % 64);
    any = true;
  }
  if (any) flip_columns(flips, data);
  data.codings = wanted;
}

}  // namespace mixbern::io

// From the values that columns were seen to have to their codings: the rules of docs/formats.md, for every
// reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::io {

struct CodingPlan {
  std::vector<Coding> codings;
  std::vector<std::uint64_t> flips;  ///< one bit a column: its cells were coded the other way round
  bool any_flip = false;
  std::vector<std::size_t> constant;     ///< columns with one value only
  std::vector<std::size_t> all_missing;  ///< columns with none
};

/// `seen`: for each column the value that was coded as 0 first and as 1 then, canonical, empty when there was
/// none.
CodingPlan settle_codings(std::vector<Coding> seen);

/// `plan` without what it says of columns that are coded elsewhere: nothing turns there or is told of them.
CodingPlan without_columns(CodingPlan plan, const std::function<bool(std::size_t)>& elsewhere);

/// Whether `value` may become the side of a stored coding that is still empty: only where its order to the
/// other side is the natural one, so that old and new data never mean different things.
bool may_complete(const Coding& coding, const std::string& value);

/// One warning for all constant columns and one for all columns without a value.
void warn_about_columns(const CodingPlan& plan, const std::vector<std::string>& names,
                        const std::string& file, const std::function<void(const std::string&)>& warn);

/// "column 3 ('age')", counting from 1; without the name where there is none.
std::string column_words(std::size_t column, const std::vector<std::string>& names);

}  // namespace mixbern::io

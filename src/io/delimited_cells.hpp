// Cells of delimited text: how they are written, and numbers with a decimal comma.
#pragma once

#include <string>
#include <string_view>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::io {

/// In quotes, whatever it holds.
std::string quoted_cell(std::string_view text);

/// In quotes where it needs them to read back as it is, and where a spreadsheet would take it for a formula.
std::string cell_text(std::string_view text, char delimiter);

/// A coding with a text for the value that a constant column lacks: one that the natural order puts on its
/// side.
Coding complete(Coding coding);

/// Which answer of a categorical item row i has, by the features of the item. REQUIRES: not missing.
std::size_t answer_of(const Rows& ones, std::size_t i, const Items::Group& item);

/// Whether it is a number like 0,38 or -12,5.
bool has_decimal_comma(std::string_view cell);

/// Whether a text whose cells stand between `delimiter`s has decimal commas: some, and no decimal point.
bool has_decimal_commas(std::string_view sample, char delimiter);

}  // namespace mixbern::io

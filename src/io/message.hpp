// Pieces of error messages: what a file holds is shown escaped and shortened.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mixbern::io {

/// Control characters and bytes that are no UTF-8 as \n, \t, \x1b …; one line whatever `text` holds.
std::string escaped(std::string_view text);

/// 'text', escaped, with at most 40 characters of it.
std::string in_quotes(std::string_view text);

/// "a, b, c and 7 more" for the first `limit` of the texts.
std::string listed(std::span<const std::string> texts, std::size_t limit);

/// "1 cell where 7 are expected".
std::string wrong_number_of_cells(std::size_t found, std::size_t expected);

}  // namespace mixbern::io

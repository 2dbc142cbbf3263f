// The words of a table: numbers, missing values, and which of two values comes first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mixbern::io {

std::string_view trimmed(std::string_view text);

/// The whole of `text` as a finite decimal number; a leading + is allowed.
std::optional<double> parse_number(std::string_view text);
std::optional<std::uint64_t> parse_count(std::string_view text);
/// An integer, also one written like 3.0.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// Shortest text that reads back as `value`: "1", "0.5".
std::string shortest(double value);

/// Empty, ".", "?", "NA", "N/A", "NaN", "null", in any case.
bool is_missing(std::string_view text);

/// The one spelling that stands for a value: numbers of up to 15 digits in their shortest form, other texts
/// as UTF-8.
std::string canonical(std::string_view text);

/// `text` with the capitals of ASCII, Latin-1 and Cyrillic in lower case.
std::string in_lower_case(std::string_view text);

/// Whether two canonical texts mean the same: equal, or the same yes-or-no word in another case.
bool same_value(std::string_view a, std::string_view b);

/// The order of any number of canonical texts: numbers by size and before words, words by the alphabet
/// without regard to case.
bool listed_before(std::string_view a, std::string_view b);

/// The natural order of the two values of a column: no before yes in one of the languages of docs/formats.md,
/// n < y, false < true, f < t; else as listed_before. No order of more than two texts: ja < kein < nein < ja.
bool natural_less(std::string_view a, std::string_view b);

/// 1, and what says yes in one of the languages: what codes as 1 where a column has no other value to compare
/// with.
bool means_one(std::string_view text);

/// A word for yes or for no, in any case.
bool is_yes_or_no(std::string_view text);

}  // namespace mixbern::io

// What the terminal on the other end can do.
#pragma once

#include <cstddef>

namespace mixbern::app {

bool is_terminal(int descriptor);

/// Columns of the terminal behind `descriptor`; 100 where it is none or does not say.
std::size_t terminal_width(int descriptor);

/// Columns for text that is read and not compared: those of the terminal, 120 at most, 96 elsewhere.
std::size_t help_width(int descriptor);

enum class Colours { kNone, k256, kTrue };
/// Colours that may be written: none unless it is a terminal that has them, and none where NO_COLOR is set
/// (https://no-color.org).
Colours terminal_colours(int descriptor);

}  // namespace mixbern::app

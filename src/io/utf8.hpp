// UTF-8: what messages, names and codings are made of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mixbern::io {

/// Bytes of the well-formed UTF-8 sequence that starts `text`, 0 when there is none. REQUIRES: text is not
/// empty.
std::size_t utf8_sequence(std::string_view text);

/// `text` itself when it is UTF-8, else `text` read as Latin-1: metadata must be UTF-8, and old tables often
/// are not.
std::string to_utf8(std::string_view text);

}  // namespace mixbern::io

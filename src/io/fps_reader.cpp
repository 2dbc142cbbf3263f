// FPS, chemical fingerprints: #key=value lines, then hexadecimal bytes, a tab and a name a line.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "io/bit_rows.hpp"
#include "io/line_reader.hpp"
#include "io/message.hpp"
#include "io/readers.hpp"
#include "io/utf8.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::uint64_t kMostNamed = 1U << 16U;
constexpr std::uint64_t kMaxBits = 4 * kMaxLineBytes;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class FpsReader {
 public:
  FpsReader(Input& input, const ReadOptions& options) : input_(input), options_(options), lines_(input) {}

  Dataset read() {
    std::size_t row = 0;
    std::string_view line;
    while (row < options_.end_row && lines_.next(line)) {
      if (line.starts_with('#')) {
        read_header_line(line);
      } else if (!trimmed(line).empty()) {
        const std::size_t end = std::min(line.find_first_of("\t "), line.size());
        if (row >= options_.first_row) {
          read_fingerprint(line.substr(0, end));
          add_name(trimmed(line.substr(end)));
        }
        ++row;
      }
    }
    check_rows(input_, options_, rows_.n_rows(), row);
    check_features(input_, options_, n_bits_);
    Dataset data;
    rows_.move_into(data);
    if (options_.feature_names.empty() && n_bits_ <= kMostNamed) data.feature_names = bit_names();
    if (any_name_) data.ids = std::move(names_);
    if (any_name_) data.id_name = "id";
    return data;
  }

 private:
  // Chemists count bits from 0.
  std::vector<std::string> bit_names() const {
    std::vector<std::string> names;
    for (std::uint64_t bit = 0; bit < n_bits_; ++bit) names.push_back(fmt::format("bit {}", bit));
    return names;
  }

  void read_header_line(std::string_view line) {
    constexpr std::string_view kKey = "#num_bits=";
    if (!line.starts_with(kKey)) return;
    const auto n_bits = parse_count(trimmed(line.substr(kKey.size())));
    if (!n_bits || *n_bits == 0 || *n_bits > kMaxBits || rows_.n_rows() > 0) {
      throw lines_.error(fmt::format("{} is no number of bits", in_quotes(line)),
                         "it must stand above the fingerprints");
    }
    n_bits_ = *n_bits;
  }

  // What stands behind a second tab is no name.
  void add_name(std::string_view text) {
    const std::string_view name = trimmed(text.substr(0, text.find('\t')));
    any_name_ = any_name_ || !name.empty();
    names_.push_back(to_utf8(name));
  }

  void read_fingerprint(std::string_view hex) {
    if (hex.empty())
      throw lines_.error("there is no fingerprint", "a line is a fingerprint, a tab and a name", 1);
    if (n_bits_ == 0) n_bits_ = 4 * hex.size();
    if (hex.size() != (n_bits_ + 7) / 8 * 2) {
      throw lines_.error(fmt::format("a fingerprint of {} digits where {} bits need {}", hex.size(), n_bits_,
                                     (n_bits_ + 7) / 8 * 2),
                         "all fingerprints need the same length", 1);
    }
    words_.assign(BitMatrix::words_for(n_bits_), 0);
    for (std::size_t i = 0; i < hex.size(); ++i) {
      const int digit = hex_digit(hex[i]);
      if (digit < 0) {
        throw lines_.error(fmt::format("{} is no hexadecimal digit", in_quotes(hex.substr(i, 1))),
                           "a line is a fingerprint, a tab and a name", i + 1);
      }
      // The first digit of a byte is its high half.
      words_[i / 16] |= static_cast<std::uint64_t>(digit) << (i % 16 / 2 * 8 + (i % 2 == 0 ? 4 : 0));
    }
    if (n_bits_ % 64 != 0 && words_.back() >> (n_bits_ % 64) != 0) {
      throw lines_.error(fmt::format("a bit is set beyond the {} bits of a fingerprint", n_bits_),
                         "correct num_bits", 1);
    }
    rows_.append(n_bits_, words_, {});
  }

  Input& input_;
  const ReadOptions& options_;
  LineReader lines_;
  std::uint64_t n_bits_ = 0;
  std::vector<std::uint64_t> words_;
  BitRows rows_;
  RowIds names_;
  bool any_name_ = false;
};

}  // namespace

Dataset read_fps(Input& input, const ReadOptions& options) {
  return FpsReader(input, options).read();
}

}  // namespace mixbern::io

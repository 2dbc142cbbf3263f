// Components as small pictures in the terminal.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "component_view.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastWidth = 18;  // digits of MNIST can still be told apart

/// A grey picture, values in [0, 1].
struct Picture {
  std::size_t height;
  std::size_t width;
  std::vector<double> values;
  double at(std::size_t y, std::size_t x) const { return y < height ? values[y * width + x] : 0.0; }
};

struct Layout {
  std::size_t side_by_side;
  std::size_t width;   ///< columns of a picture
  std::size_t height;  ///< pixels of a picture; a line of text holds two
};

Layout layout_of(const ImageShape& shape, std::size_t n_components, std::size_t columns) {
  const std::size_t least = std::min(shape.width, kLeastWidth);
  const std::size_t fit = std::max<std::size_t>((columns + kGap) / (least + kGap), 1);
  const std::size_t side_by_side = std::min(fit, n_components);
  const std::size_t room = (columns - kGap * (side_by_side - 1)) / side_by_side;
  const std::size_t width = std::clamp<std::size_t>(room, 1, shape.width);
  const double scale = static_cast<double>(width) / static_cast<double>(shape.width);
  const double height = std::round(scale * static_cast<double>(shape.height));
  return {side_by_side, width, std::max<std::size_t>(static_cast<std::size_t>(height), 1)};
}

/// One axis of an area average: how much of old pixel `source` lies in new pixel `target`.
struct Share {
  std::size_t target, source;
  double part;
};

std::vector<Share> shares(std::size_t from, std::size_t to) {
  std::vector<Share> result;
  const double step = static_cast<double>(from) / static_cast<double>(to);
  for (std::size_t t = 0; t < to; ++t) {
    const double begin = static_cast<double>(t) * step, end = begin + step;
    for (auto s = static_cast<std::size_t>(begin); s < from && static_cast<double>(s) < end; ++s) {
      const double from_here = std::max(begin, static_cast<double>(s));
      const double to_here = std::min(end, static_cast<double>(s + 1));
      if (to_here > from_here) result.push_back({t, s, (to_here - from_here) / step});
    }
  }
  return result;
}

Picture shrunk(std::span<const double> pixels, const ImageShape& shape, const Layout& layout) {
  Picture picture{layout.height, layout.width, std::vector<double>(layout.height * layout.width, 0.0)};
  const auto columns = shares(shape.width, layout.width);
  for (const Share& row : shares(shape.height, layout.height)) {
    for (const Share& column : columns) {
      picture.values[row.target * layout.width + column.target] +=
          row.part * column.part * pixels[row.source * shape.width + column.source];
    }
  }
  // Means of many rows are pale: every picture gets the full range, from 0 to its own largest value.
  const double largest = *std::max_element(picture.values.begin(), picture.values.end());
  if (largest > 0) {
    for (double& value : picture.values) value /= largest;
  }
  return picture;
}

/// The colour of a grey value as the tail of an SGR sequence.
std::string grey(double value, Colours colours) {
  const double clipped = std::clamp(value, 0.0, 1.0);
  if (colours == Colours::kTrue) {
    const auto level = static_cast<int>(std::lround(255 * clipped));
    return fmt::format("2;{};{};{}", level, level, level);
  }
  return fmt::format("5;{}",
                     232 + static_cast<int>(std::lround(23 * clipped)));  // the grey ramp of 256 colours
}

std::string shaded_line(const Picture& picture, std::size_t y) {
  static constexpr std::array<const char*, 5> kShades = {" ", "░", "▒", "▓", "█"};
  std::string out;
  for (std::size_t x = 0; x < picture.width; ++x) {
    const double mean = std::clamp((picture.at(y, x) + picture.at(y + 1, x)) / 2, 0.0, 1.0);
    out += kShades[std::min<std::size_t>(static_cast<std::size_t>(mean * 5), 4)];
  }
  return out;
}

/// Half blocks: the upper pixel is the colour of the character, the lower one that of its background.
std::string coloured_line(const Picture& picture, std::size_t y, Colours colours) {
  std::string out, colour;
  for (std::size_t x = 0; x < picture.width; ++x) {
    const std::string wanted = fmt::format("\x1b[38;{};48;{}m", grey(picture.at(y, x), colours),
                                           grey(picture.at(y + 1, x), colours));
    if (wanted != colour) out += wanted;
    colour = wanted;
    out += "▀";
  }
  return out + "\x1b[0m";
}

/// Two lines of pixels as one line of text.
std::string text_line(const Picture& picture, std::size_t y, Colours colours) {
  return colours == Colours::kNone ? shaded_line(picture, y) : coloured_line(picture, y, colours);
}

void trim_and_end(std::string& line, std::string& out) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  out += line + "\n";
  line.clear();
}

}  // namespace

std::string component_pictures(const Mixture& mixture, const ItemLabels& items, const ImageShape& shape,
                               const ViewOptions& options) {
  const std::size_t shown = std::min(mixture.n_components(), options.most_components);
  const Layout layout = layout_of(shape, shown, options.width);
  std::string out, line;
  for (std::size_t first = 0; first < shown; first += layout.side_by_side) {
    const std::size_t end = std::min(first + layout.side_by_side, shown);
    std::vector<Picture> pictures;
    for (std::size_t k = first; k < end; ++k) {
      pictures.push_back(shrunk(mixture.probabilities(k), shape, layout));
      const std::string label = fmt::format("{}  {:.1f}%", items.component(k), 100 * mixture.weights()[k]);
      line += fitted(label, layout.width + kGap);
    }
    trim_and_end(line, out);
    for (std::size_t y = 0; y < layout.height; y += 2) {
      for (const Picture& picture : pictures)
        line += text_line(picture, y, options.colours) + std::string(kGap, ' ');
      trim_and_end(line, out);
    }
  }
  if (shown < mixture.n_components())
    out += fmt::format("… and {} more components\n", mixture.n_components() - shown);
  return out;
}

}  // namespace mixbern::app

#include "io/constraint_metadata.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "io/bounded_json.hpp"
#include "io/message.hpp"

namespace mixbern {

// Found by nlohmann-json beside their types.
static void to_json(nlohmann::json& json, const Constraints::Cell& cell) {
  json = {cell.component, cell.item};
}

static void from_json(const nlohmann::json& json, Constraints::Cell& cell) {
  const auto pair = json.get<std::array<std::size_t, 2>>();
  cell = {pair[0], pair[1]};
}

static void to_json(nlohmann::json& json, const Constraints::HeldCell& held) {
  json = {{"cell", held.cell}, {"probabilities", held.probabilities}};
}

static void from_json(const nlohmann::json& json, Constraints::HeldCell& held) {
  json.at("cell").get_to(held.cell);
  json.at("probabilities").get_to(held.probabilities);
}

static void to_json(nlohmann::json& json, const Constraints::HeldWeight& held) {
  json = {{"component", held.component}, {"weight", held.weight}};
}

static void from_json(const nlohmann::json& json, Constraints::HeldWeight& held) {
  json.at("component").get_to(held.component);
  json.at("weight").get_to(held.weight);
}

namespace io {

std::string to_text(const Constraints& constraints) {
  nlohmann::json json = {
      {"equal", constraints.equal}, {"held", constraints.held}, {"held_weights", constraints.held_weights}};
  if (!constraints.equal_weights.empty()) json["equal_weights"] = constraints.equal_weights;
  return json.dump();
}

Constraints parse_constraints(const Input& input, const std::string& text) {
  const auto refused = [&] {
    return input.error(fmt::format("metadata constraints does not fit: {}", in_quotes(text)),
                       "docs/formats.md says what it must be");
  };
  if (!is_bounded_json(text)) throw refused();
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    Constraints constraints;
    json.at("equal").get_to(constraints.equal);
    json.at("held").get_to(constraints.held);
    json.at("held_weights").get_to(constraints.held_weights);
    if (json.contains("equal_weights")) json.at("equal_weights").get_to(constraints.equal_weights);
    return constraints;
  } catch (const nlohmann::json::exception&) {
    throw refused();
  }
}

}  // namespace io
}  // namespace mixbern

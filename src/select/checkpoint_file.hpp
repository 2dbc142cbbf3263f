// The bytes of a checkpoint: docs/formats.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/row_facts.hpp"
#include "select/plan.hpp"

namespace mixbern {

/// Something that the bits of a result depend on.
struct Condition {
  std::string name;
  std::string value;
  bool operator==(const Condition&) const = default;
};

/// All of them; `rows` is a checksum of the rows.
std::vector<Condition> conditions_of(const RowFacts& facts, std::uint64_t rows, const Plan& plan);

/// `state` with the conditions that it holds under, and a checksum over both.
std::string sealed(const std::vector<Condition>& conditions, std::string_view state);

/// The state, a part of the bytes. Throws CheckpointError if the bytes are no checkpoint, are damaged, or
/// hold under other conditions. They may be anybody's: a checksum finds what a disk does, not what somebody
/// means to do.
std::string_view unsealed(std::string_view bytes, const std::vector<Condition>& conditions);

}  // namespace mixbern

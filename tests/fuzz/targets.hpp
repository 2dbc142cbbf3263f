// What the fuzzers run, and what tests/io runs on their corpora in every build.
#pragma once

#include <span>
#include <string_view>

namespace mixbern::fuzz {

struct Target {
  std::string_view name;
  /// Feeds bytes to a reader. InputError is a right answer; anything else that is thrown is a finding.
  void (*run)(std::string_view bytes);
};

std::span<const Target> targets();

/// Runs the target of that name. REQUIRES: there is one.
void run(std::string_view name, std::string_view bytes);

}  // namespace mixbern::fuzz

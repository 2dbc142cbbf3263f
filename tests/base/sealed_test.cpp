#include "base/sealed.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mixbern {
namespace {

constexpr std::string_view kMagic = "mixbern test 1\n";

TEST(Sealed, GivesTheBodyBack) {
  for (const std::string_view body : {"", "a", "twelve bytes", "more than sixteen bytes"}) {
    EXPECT_EQ(unsealed(kMagic, sealed(kMagic, body)), body);
  }
}

TEST(Sealed, RefusesWhatIsDamaged) {
  const std::string bytes = sealed(kMagic, "more than sixteen bytes");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    EXPECT_THROW(unsealed(kMagic, changed), std::invalid_argument) << i;
    EXPECT_THROW(unsealed(kMagic, std::string_view(bytes).substr(0, i)), std::invalid_argument) << i;
  }
  EXPECT_THROW(unsealed(kMagic, bytes + '\0'), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern

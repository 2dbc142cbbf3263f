#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/every_kernel.hpp"

namespace mixbern {
namespace {

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const KernelInfo& info : kernels()) result.push_back(info.name);
  return result;
}
INSTANTIATE_TEST_SUITE_P(All, EveryKernel, testing::ValuesIn(names()),
                         [](const auto& param) { return param.param; });

TEST(Registry, ListsAtLeastScalarLastAndOneActive) {
  const auto all = kernels();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back().name, "scalar");
  EXPECT_TRUE(all.back().supported);
  int n_active = 0;
  for (const KernelInfo& info : all) n_active += info.active ? 1 : 0;
  EXPECT_EQ(n_active, 1);
}

TEST(Registry, ForcingAnUnknownKernelFailsAndNamesTheOthers) {
  try {
    use_kernel("avx3");
    FAIL() << "an unknown kernel was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("avx3"), testing::HasSubstr("scalar")));
  }
}

}  // namespace
}  // namespace mixbern

#include "mixbern/dataset/class_sets.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "data/full_sets.hpp"

namespace mixbern {
namespace {

using Classes = std::vector<std::int64_t>;

Classes allowed(const ClassSets& sets, std::int64_t label) {
  const auto found = sets.allowed(label);
  return {found.begin(), found.end()};
}

Classes forbidden(const Classes& classes, std::size_t n_components) {
  Classes found;
  for_each_forbidden(classes, n_components,
                     [&](std::size_t k) { found.push_back(static_cast<std::int64_t>(k)); });
  return found;
}

TEST(ClassSetsTest, LabelsTellThem) {
  ClassSets sets;
  EXPECT_EQ(sets.label_of({3, 1, 3}), -2);
  EXPECT_EQ(sets.label_of({0, 1, 2}), -3);
  EXPECT_EQ(sets.label_of({1, 3}), -2);
  EXPECT_EQ(sets.label_of({4, 4}), 4);
  EXPECT_EQ(sets.size(), 2U);
  EXPECT_EQ(allowed(sets, -2), (Classes{1, 3}));
  EXPECT_EQ(allowed(sets, -3), (Classes{0, 1, 2}));
  EXPECT_EQ(allowed(sets, 7), Classes{7});
  EXPECT_EQ(allowed(sets, -1), Classes());
  EXPECT_EQ(allowed(sets, -4), Classes());
  EXPECT_THROW(sets.label_of({}), std::invalid_argument);
  EXPECT_THROW(sets.label_of({-1, 2}), std::invalid_argument);
}

TEST(ClassSetsTest, ForbidTheOtherComponents) {
  EXPECT_EQ(forbidden({1, 3}, 5), (Classes{0, 2, 4}));
  EXPECT_EQ(forbidden({0}, 3), (Classes{1, 2}));
  EXPECT_EQ(forbidden({0, 1, 2}, 3), Classes());
  EXPECT_EQ(forbidden({}, 3), Classes());
}

TEST(ClassSetsTest, GoWithTheRows) {
  Dataset data{.ones = BitMatrix(4, 2)};
  data.labels = {data.class_sets.label_of({0, 1}), 2, -1, data.class_sets.label_of({5, 1})};
  validate(data);
  EXPECT_EQ(largest_class(data), 5);
  const Dataset part = slice(data, 0, 3);
  EXPECT_EQ(part.class_sets, data.class_sets);
  EXPECT_EQ(largest_class(part), 2);
  EXPECT_EQ(largest_class({.ones = BitMatrix(2, 2)}), -1);
  data.labels[2] = -4;
  EXPECT_THROW(validate(data), std::invalid_argument);
}

TEST(ClassSetsTest, FullOnesSayNothing) {
  Dataset data{.ones = BitMatrix(3, 2)};
  data.labels = {data.class_sets.label_of({0, 1}), 1, data.class_sets.label_of({0, 2})};
  EXPECT_FALSE(has_full_sets(data, 3));
  EXPECT_TRUE(has_full_sets(data, 2));
  EXPECT_EQ(without_full_sets(data, 2).labels, (Classes{-1, 1, -1}));
}

}  // namespace
}  // namespace mixbern

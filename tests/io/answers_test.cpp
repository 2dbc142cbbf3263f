#include "mixbern/io/answers.hpp"

#include <gmock/gmock.h>

#include "support.hpp"

namespace mixbern::io_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Answers answers(std::string_view bytes) {
  return answers_of(read(bytes));
}

Dataset chosen(std::string_view bytes, const std::vector<std::string>& one) {
  Dataset data = read(bytes);
  choose_answers(one, data);
  validate(data);
  return data;
}

std::string refusal(std::string_view bytes, const std::vector<std::string>& one) {
  return error_of([&] { chosen(bytes, one); });
}

constexpr std::string_view kOpinions = "q1,q2\nAgree,Disagree\nDisagree,Agree\nAgree,\n";
constexpr std::string_view kMixed = "q1,q2,q3\nAgree,Ja,1\nDisagree,Nein,0\nAgree,Nein,1\n";

TEST(AnswersTest, OneAnswerOfAllItemsIsShared) {
  const Answers found = answers(kOpinions);
  EXPECT_THAT(found.of_item, ElementsAre("Disagree", "Disagree"));
  EXPECT_EQ(found.shared, "Disagree");
  EXPECT_FALSE(found.plain);
}

TEST(AnswersTest, DifferentAnswersAreNamedByItem) {
  const Answers found = answers(kMixed);
  EXPECT_THAT(found.of_item, ElementsAre("Disagree", "Ja", "1"));
  EXPECT_EQ(found.shared, "");
  EXPECT_FALSE(found.plain);
}

TEST(AnswersTest, ZerosAndOnesArePlain) {
  EXPECT_TRUE(answers("a,b,c\n0,1,0\n1,0,0\n").plain);
  EXPECT_FALSE(answers("a,b\n1,2\n2,1\n").plain);
  EXPECT_TRUE(answers_of({}, {}, 3).plain);
  EXPECT_TRUE(answers_of({}, {}, 3).of_item.empty());
}

TEST(AnswersTest, AColumnWithOneValueTakesTheAnswerOfTheOthers) {
  EXPECT_THAT(answers("a,b\nx,x\ny,x\n").of_item, ElementsAre("y", "y"));
  EXPECT_THAT(answers("a,b\nx,u\ny,u\n").of_item, ElementsAre("y", "not u"));
}

TEST(AnswersTest, AThresholdIsTheAnswer) {
  EXPECT_EQ(answers_of({}, 127, 2).shared, "> 127");
}

TEST(AnswersTest, AValueForAllItemsTurnsColumnsAndCodings) {
  const Dataset data = chosen(kOpinions, {"Agree"});
  EXPECT_EQ(cells(data), (CellRows{"10", "01", "1?"}));
  EXPECT_EQ(data.codings, (std::vector<Coding>{{"Disagree", "Agree"}, {"Disagree", "Agree"}}));
}

TEST(AnswersTest, WhatIsOneAlreadyStays) {
  EXPECT_EQ(cells(chosen(kOpinions, {"Disagree"})), (CellRows{"01", "10", "0?"}));
}

TEST(AnswersTest, ItemsAreChosenByNameNumberAndList) {
  const auto rows = CellRows{"110", "001", "101"};
  const std::string_view table = "q1,q2,q3\nAgree,Nein,1\nDisagree,Ja,0\nAgree,Ja,0\n";
  EXPECT_EQ(cells(chosen(table, {"q1=Agree,q2=Nein", "3=0"})), rows);
  EXPECT_EQ(cells(chosen(table, {"q1 = Agree , 2=Nein,q3=0.0"})), rows);
}

TEST(AnswersTest, AnItemsOwnChoiceGoesBeforeThatOfAll) {
  EXPECT_EQ(cells(chosen(kOpinions, {"Agree,q2=Disagree"})), (CellRows{"11", "00", "1?"}));
}

TEST(AnswersTest, SeveralValuesForAllAreTakenWhereTheyOccur) {
  const Dataset data = chosen(kMixed, {"Agree,Nein,0"});
  EXPECT_EQ(cells(data), (CellRows{"100", "011", "110"}));
}

TEST(AnswersTest, ValuesAndNamesMayHoldCommasAndEqualSigns) {
  const std::string_view table = "a=b,c\n\"no, never\",<=50K\nsometimes,>50K\n";
  EXPECT_EQ(cells(chosen(table, {"a=b=no, never", "c=<=50K"})), (CellRows{"11", "00"}));
  EXPECT_EQ(cells(chosen("c,d\n<=5,>5\n>5,<=5\n", {"<=5"})), (CellRows{"10", "01"}));
}

TEST(AnswersTest, AColumnWithOneValueTakesTheChoiceForAllAsItsOther) {
  const Dataset data = chosen("a,b,c\nAgree,Agree,\nDisagree,Agree,\n", {"Disagree"});
  EXPECT_EQ(data.codings[1], (Coding{"Agree", "Disagree"}));
  EXPECT_EQ(data.codings[2], (Coding{"", "Disagree"}));
  EXPECT_EQ(cells(data), (CellRows{"00?", "10?"}));
  EXPECT_EQ(cells(chosen("a,b\n0,1\n1,1\n", {"0"})), (CellRows{"10", "00"}));
}

TEST(AnswersTest, RowsWithoutCodingsAreZerosAndOnes) {
  Dataset data = read("0 1:1\n0 2:1\n", {}, "table.svm");
  choose_answers({"0"}, data);
  EXPECT_EQ(data.codings[0], (Coding{"1", "0"}));
  EXPECT_EQ(test(data.ones, 0, 0), !test(data.ones, 1, 0));
}

TEST(AnswersTest, RefusesWhatIsNotThereAndSaysWhatIs) {
  EXPECT_THAT(refusal(kOpinions, {"q9=Agree"}), HasSubstr("no item 'q9'"));
  EXPECT_THAT(refusal(kOpinions, {"q2=Yes"}),
              HasSubstr("column 2 ('q2') holds 'Agree' and 'Disagree', so 'Yes' cannot be its 1"));
  EXPECT_THAT(refusal(kOpinions, {"Yes"}), HasSubstr("holds 'Agree' and 'Disagree'"));
  EXPECT_THAT(refusal(kMixed, {"Agree"}), HasSubstr("column 2 ('q2') holds 'Nein' and 'Ja', so 'Agree'"));
  EXPECT_THAT(refusal(kOpinions, {"Agree,Disagree"}), HasSubstr("both of the answers"));
  EXPECT_THAT(refusal("a,b\nx,x\ny,x\n", {"b=z"}), HasSubstr("column 2 ('b') holds 'x' only"));
  EXPECT_THAT(refusal("a,a\nx,x\ny,y\n", {"a=x"}), HasSubstr("more than one item"));
  EXPECT_THAT(refusal(kOpinions, {"q1=Agree,q1=Disagree"}), HasSubstr("two answers"));
}

TEST(AnswersTest, AThresholdLeavesNoChoice) {
  Dataset data = read("a,b\n1,5\n9,3\n", {.threshold = 4});
  EXPECT_THAT(error_of([&] { choose_answers({"1"}, data); }), HasSubstr("threshold"));
}

TEST(AnswersTest, AReadFileHasTheChosenAnswers) {
  const TemporaryFolder folder;
  write_bytes(folder.file("t.csv"), kOpinions);
  const Dataset data = read_dataset(folder.file("t.csv"), {.one = {"Agree"}});
  EXPECT_EQ(answers_of(data).shared, "Agree");
  EXPECT_THAT(error_of([&] { read_dataset(folder.file("t.csv"), {.one = {"q1=x"}}); }),
              HasSubstr("t.csv: column 1 ('q1')"));
}

}  // namespace
}  // namespace mixbern::io_test

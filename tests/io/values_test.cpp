#include "io/values.hpp"

#include <gtest/gtest.h>

namespace mixbern::io {
namespace {

TEST(ValuesTest, NumbersAreWholeTextsAndFinite) {
  EXPECT_EQ(parse_number("1.50"), 1.5);
  EXPECT_EQ(parse_number("+2"), 2);
  EXPECT_EQ(parse_number("-1e-3"), -0.001);
  for (const char* text : {"", "+", "+-1", "1x", "0x10", "inf", "nan", "1e999", " 1", "1,5"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(ValuesTest, IntegersMayBeWrittenAsDecimals) {
  EXPECT_EQ(parse_integer("-3"), -3);
  EXPECT_EQ(parse_integer("3.0"), 3);
  EXPECT_EQ(parse_integer("9223372036854775807"), INT64_MAX);
  EXPECT_FALSE(parse_integer("3.5"));
  EXPECT_FALSE(parse_integer("1e300"));
}

TEST(ValuesTest, MissingWords) {
  for (const char* text : {"", ".", "?", "NA", "na", "N/A", "NaN", "nan", "null", "NULL"}) {
    EXPECT_TRUE(is_missing(text)) << text;
  }
  for (const char* text : {"0", "no", "-", "none", "NAN1"}) EXPECT_FALSE(is_missing(text)) << text;
}

TEST(ValuesTest, NumbersHaveOneSpelling) {
  for (const char* text : {"1", "1.0", "+1", "1e0", "01"}) EXPECT_EQ(canonical(text), "1") << text;
  EXPECT_EQ(canonical("-0"), "0");
  EXPECT_EQ(canonical("0.50"), "0.5");
  EXPECT_EQ(canonical("Yes"), "Yes");
  // Two numbers that one double stands for stay two values.
  EXPECT_NE(canonical("12345678901234567890"), canonical("12345678901234567891"));
  EXPECT_EQ(canonical("gr\xfcn"), "grün");  // Latin-1
}

TEST(ValuesTest, NaturalOrder) {
  EXPECT_TRUE(natural_less("2", "10"));
  EXPECT_TRUE(natural_less("-1", "0"));
  EXPECT_TRUE(natural_less("NO", "yes"));
  EXPECT_TRUE(natural_less("n", "Y"));
  EXPECT_TRUE(natural_less("FALSE", "TRUE"));
  EXPECT_TRUE(natural_less("f", "t"));
  EXPECT_TRUE(natural_less("absent", "Present"));
  EXPECT_TRUE(natural_less("5", "a"));
  EXPECT_TRUE(natural_less("A", "a"));
  EXPECT_FALSE(natural_less("a", "a"));
}

TEST(ValuesTest, NoComesBeforeYesInManyLanguages) {
  const std::pair<const char*, const char*> answers[] = {
      {"Nein", "Ja"},  {"non", "oui"}, {"no", "Sí"},  {"NO", "SI"},     {"no", "sì"},  {"Não", "Sim"},
      {"nao", "sim"},  {"Nie", "Tak"}, {"Нет", "Да"}, {"НЕТ", "ДА"},    {"Ні", "Так"}, {"Hayır", "Evet"},
      {"Nu", "Da"},    {"Nee", "Ja"},  {"Nej", "Ja"}, {"nei", "ja"},    {"ne", "ano"}, {"NÃO", "SIM"},
      {"nem", "igen"}, {"N", "J"},     {"н", "Д"},    {"HAYIR", "EVET"}};
  for (const auto& [no, yes] : answers) {
    EXPECT_TRUE(natural_less(no, yes)) << no << " " << yes;
    EXPECT_FALSE(natural_less(yes, no)) << no << " " << yes;
    EXPECT_TRUE(means_one(yes)) << yes;
    EXPECT_FALSE(means_one(no)) << no;
  }
}

TEST(ValuesTest, WordsOfDifferentLanguagesAreNoPair) {
  EXPECT_TRUE(natural_less("ja", "no"));
  EXPECT_TRUE(natural_less("d", "n"));  // day and night, too
  EXPECT_TRUE(natural_less("e", "h"));
}

TEST(ValuesTest, AListOfTextsIsInAlphabeticalOrder) {
  EXPECT_TRUE(listed_before("Ja", "kein"));
  EXPECT_TRUE(listed_before("kein", "nein"));
  EXPECT_TRUE(listed_before("ja", "Nein"));
}

TEST(ValuesTest, YesAndNoAreTheSameInAnyCase) {
  EXPECT_TRUE(same_value("YES", "yes"));
  EXPECT_TRUE(same_value("T", "t"));
  EXPECT_TRUE(same_value("НЕТ", "нет"));
  EXPECT_TRUE(same_value("Não", "NÃO"));
  EXPECT_FALSE(same_value("Red", "red"));
}

}  // namespace
}  // namespace mixbern::io

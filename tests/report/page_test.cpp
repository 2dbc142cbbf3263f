#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "mixbern/report/report.hpp"
#include "report/template.hpp"

namespace mixbern {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::string_view kPlace = R"(<script type="application/json" id="mixbern-report">null</script>)";

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Template, IsTheFileAndHasOnePlaceForTheDocument) {
  const std::string_view page = report::template_bytes();
  EXPECT_EQ(page, bytes_of(fs::path(MIXBERN_TEST_DIR) / "../src/report/template.html"));
  const std::size_t at = page.find(kPlace);
  ASSERT_NE(at, std::string_view::npos);
  EXPECT_EQ(page.find(R"(id="mixbern-report")", at + kPlace.size()), std::string_view::npos);
}

TEST(Template, AsksForNothingFromOutside) {
  const std::string page(report::template_bytes());
  EXPECT_THAT(page, HasSubstr("Content-Security-Policy"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  for (const char* load : {"<script src=", "<link rel=\"stylesheet\"", "@import"})
    EXPECT_THAT(page, testing::Not(HasSubstr(load)));
}

TEST(Page, HoldsTheDocumentInPlaceOfNothing) {
  const std::string page = report_page(R"({"a":1})");
  EXPECT_THAT(page, HasSubstr(R"(id="mixbern-report">{"a":1}</script>)"));
  EXPECT_EQ(page.size(), report::template_bytes().size() + 3);
}

TEST(Page, IsWrittenWholeOrNotAtAll) {
  const fs::path folder = fs::path(testing::TempDir()) / "mixbern_report_page";
  fs::create_directories(folder);
  write_report((folder / "r.html").string(), "{}");
  EXPECT_EQ(bytes_of(folder / "r.html"), report_page("{}"));
  EXPECT_THROW(write_report((folder / "no" / "r.html").string(), "{}"), InputError);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace mixbern

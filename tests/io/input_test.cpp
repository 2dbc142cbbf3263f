#include "io/input.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "io/line_reader.hpp"
#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

std::string gzipped(std::string_view bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("x.gz");
  write_file_atomically(path, [&](const ByteSink& sink) { sink(bytes); });
  return read_bytes(path);
}

std::string all_of(io::Input input) {
  std::string bytes;
  while (!input.at_end()) {
    const std::string_view view = input.peek(1);
    bytes += view;
    input.skip_buffered(view.size());
  }
  return bytes;
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + '\n';
  return text;
}

TEST(InputTest, ReadsGzipOfSeveralMembersAndPadding) {
  const std::string text = long_text();
  const std::string compressed = gzipped(text);
  EXPECT_EQ(all_of(io::open_memory("x", compressed)), text);
  EXPECT_EQ(all_of(io::open_memory("x", compressed + compressed)), text + text);
  EXPECT_EQ(all_of(io::open_memory("x", compressed + std::string(5000, '\0'))), text);
  EXPECT_EQ(all_of(io::open_memory("x", gzipped("") + compressed)), text);
}

TEST(InputTest, RefusesDamagedGzip) {
  const std::string text = long_text();
  const std::string compressed = gzipped(text);
  for (const std::size_t length :
       {std::size_t{2}, std::size_t{9}, compressed.size() / 2, compressed.size() - 1}) {
    const std::string cut = compressed.substr(0, length);
    EXPECT_THAT(error_of([&] { all_of(io::open_memory("x", cut)); }), HasSubstr("cut short")) << length;
  }
  const std::string trailing = compressed + "abc";
  EXPECT_THAT(error_of([&] { all_of(io::open_memory("x", trailing)); }), HasSubstr("damaged"));
  std::string flipped = compressed;
  flipped[flipped.size() - 6] ^= 1;  // in the checksum
  EXPECT_THAT(error_of([&] { all_of(io::open_memory("x", flipped)); }), HasSubstr("damaged"));
}

TEST(InputTest, PeekGrowsAndSkips) {
  const std::string text = long_text();
  io::Input input = io::open_memory("x", text);
  EXPECT_EQ(input.peek(600000), text.substr(0, input.peek(600000).size()));
  EXPECT_GE(input.peek(600000).size(), 600000U);
  EXPECT_TRUE(input.skip(500000));
  EXPECT_EQ(input.peek(10).substr(0, 10), text.substr(500000, 10));
  EXPECT_EQ(input.offset(), 500000U);
  EXPECT_FALSE(input.skip(10'000'000));
  EXPECT_TRUE(input.at_end());
}

TEST(InputTest, NamesWhatIsWrongWithAFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { read_dataset(folder.file("none.csv")); }), HasSubstr("No such file"));
  EXPECT_THAT(error_of([&] { read_dataset(folder.file("")); }), HasSubstr("directory"));
  const std::string path = folder.file("secret.csv");
  write_bytes(path, "0,1\n");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  // Root may read everything, so it steps down for a moment; where it cannot, there is nothing to see.
  std::filesystem::permissions(folder.file(""), std::filesystem::perms::all);
  constexpr ::uid_t kNobody = 65534;
  const bool root = ::geteuid() == 0;
  if (root && ::seteuid(kNobody) != 0) GTEST_SKIP() << "root may read everything";
  const std::string message = error_of([&] { read_dataset(path); });
  const bool back = !root || ::seteuid(0) == 0;
  ASSERT_TRUE(back);
  EXPECT_THAT(message, HasSubstr("permission"));
}

TEST(InputTest, ReadsFromAPipe) {
  const TemporaryFolder folder;
  const std::string pipe = folder.file("pipe.csv");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::string text = "a,b\n";
  for (int i = 0; i < 100000; ++i) text += i % 3 == 0 ? "1,0\n" : "0,1\n";
  std::thread writer([&] { write_bytes(pipe, text); });
  const Dataset data = read_dataset(pipe);
  writer.join();
  EXPECT_EQ(data.n_rows(), 100000U);
  EXPECT_EQ(count_ones(data.ones), 100000U);
}

TEST(LineReaderTest, FindsLinesOfAnyLengthAndEnd) {
  const std::string lengthy(700000, 'x');
  const std::string text = "a\r\n\n" + lengthy + "\nend";
  io::Input input = io::open_memory("x", text);
  io::LineReader lines(input);
  std::string_view line;
  for (const std::string& expected : {std::string("a"), std::string(), lengthy, std::string("end")}) {
    ASSERT_TRUE(lines.next(line));
    EXPECT_EQ(line, expected);
  }
  EXPECT_EQ(lines.line_number(), 4U);
  EXPECT_FALSE(lines.next(line));
}

TEST(LineReaderTest, RefusesLinesWithoutEnd) {
  const std::string text((std::size_t{64} << 20) + (std::size_t{1} << 20), 'x');
  EXPECT_THAT(read_error(std::string("1 1:1\n").append(text), {}, "x.svm"),
              HasSubstr("x.svm:2: the line is longer than 64 MiB"));
}

}  // namespace
}  // namespace mixbern::io_test

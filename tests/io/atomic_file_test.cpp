#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>
#include <stdexcept>
#include <thread>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

void write_text(const std::string& path, std::string_view text) {
  write_file_atomically(path, [&](const ByteSink& sink) { sink(text); });
}

mode_t mode_of(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777;
}

TEST(AtomicFileTest, ReplacesTheFileAndLeavesNothingElse) {
  const TemporaryFolder folder;
  write_text(folder.file("x"), "old");
  write_text(folder.file("x"), "new");
  EXPECT_EQ(read_bytes(folder.file("x")), "new");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(AtomicFileTest, AFailureLeavesTheOldFileWhole) {
  const TemporaryFolder folder;
  write_text(folder.file("x"), "old");
  const auto fail = [](const ByteSink& sink) {
    sink("half");
    throw std::runtime_error("stop");
  };
  EXPECT_THROW(write_file_atomically(folder.file("x"), fail), std::runtime_error);
  EXPECT_THROW(write_file_atomically(folder.file("y.gz"), fail), std::runtime_error);
  EXPECT_EQ(read_bytes(folder.file("x")), "old");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(AtomicFileTest, AFullDiskIsAnInputError) {
  const TemporaryFolder folder;
  write_text(folder.file("x"), "old");
  // A limit on the size of files stands in for a full disk; without a handler its signal would end the
  // process.
  struct rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 100000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string message = error_of([&] { write_text(folder.file("x"), std::string(200000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(message, HasSubstr("File too large; free some space"));
  EXPECT_EQ(read_bytes(folder.file("x")), "old");
  EXPECT_EQ(folder.n_files(), 1U);
  EXPECT_THAT(error_of([] { write_text("/dev/full", "x"); }), HasSubstr("No space left on device"));
}

TEST(AtomicFileTest, PermissionsAreThoseOfTheOldFileOrOfTheUmask) {
  const TemporaryFolder folder;
  const mode_t old = ::umask(027);
  write_text(folder.file("new"), "x");
  ::umask(old);
  EXPECT_EQ(mode_of(folder.file("new")), 0640U);
  ASSERT_EQ(::chmod(folder.file("new").c_str(), 0600), 0);
  write_text(folder.file("new"), "y");
  EXPECT_EQ(mode_of(folder.file("new")), 0600U);
}

TEST(AtomicFileTest, ALinkStaysALink) {
  const TemporaryFolder folder;
  write_text(folder.file("target"), "old");
  std::filesystem::create_symlink("target", folder.file("link"));
  write_text(folder.file("link"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link")));
  EXPECT_EQ(read_bytes(folder.file("target")), "new");
  std::filesystem::create_symlink(folder.file("later"), folder.file("dangling"));
  write_text(folder.file("dangling"), "made");
  EXPECT_EQ(read_bytes(folder.file("later")), "made");
}

TEST(AtomicFileTest, DevicesAndPipesAreWrittenDirectly) {
  write_text("/dev/null", "x");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const TemporaryFolder folder;
  const std::string pipe = folder.file("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::string received;
  std::thread reader([&] { received = read_bytes(pipe); });
  write_text(pipe, "through");
  reader.join();
  EXPECT_EQ(received, "through");
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST(AtomicFileTest, PlacesThatCannotBeWritten) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { write_text(folder.file("none/x"), "x"); }), HasSubstr("the folder must exist"));
  EXPECT_THAT(error_of([&] { write_text(folder.file(""), "x"); }), HasSubstr("Is a directory"));
  std::filesystem::create_directory(folder.file("folder"));
  EXPECT_THAT(error_of([&] { write_text(folder.file("folder"), "x"); }), HasSubstr("Is a directory"));
}

TEST(AtomicFileTest, NamesMayBeAsLongAsNamesCanBe) {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  write_text(folder.file(name), "x");
  EXPECT_EQ(read_bytes(folder.file(name)), "x");
}

TEST(AtomicFileTest, CompressedBytesAreTheSameEachTime) {
  const TemporaryFolder folder;
  const std::string text(300000, 'x');
  write_text(folder.file("a.gz"), text);
  write_text(folder.file("b.gz"), text);
  const std::string bytes = read_bytes(folder.file("a.gz"));
  EXPECT_EQ(bytes, read_bytes(folder.file("b.gz")));
  EXPECT_LT(bytes.size(), 1000U);
  EXPECT_EQ(bytes.substr(4, 4), std::string(4, '\0'));  // no time stamp
}

}  // namespace
}  // namespace mixbern::io_test

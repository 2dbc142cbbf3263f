#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <thread>

#include "io/support.hpp"
#include "io/temporary_file.hpp"

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

TEST(AtomicFileTest, OwnerAndGroupStay) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const TemporaryFolder folder;
  write_text(folder.file("x"), "old");
  ASSERT_EQ(::chown(folder.file("x").c_str(), 1234, 4321), 0);
  write_text(folder.file("x"), "new");
  struct stat status = {};
  ASSERT_EQ(::stat(folder.file("x").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 1234U);
  EXPECT_EQ(status.st_gid, 4321U);
}

TEST(AtomicFileTest, OnlyTheOwnerReadsAFileThatIsNotDone) {
  const TemporaryFolder folder;
  const io::TemporaryFile file(folder.file("x"));
  struct stat status = {};
  ASSERT_EQ(::fstat(file.descriptor(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST(AtomicFileTest, AKilledWriterLeavesNothingThatStays) {
  const TemporaryFolder folder;
  const ::pid_t child = ::fork();
  if (child == 0) {
    write_file_atomically(folder.file("x"), [](const ByteSink& sink) {
      sink("half");
      ::kill(::getpid(), SIGKILL);
    });
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(std::filesystem::exists(folder.file("x")));
  write_text(folder.file("x"), "whole");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(AtomicFileTest, WhatAKilledWriterLeftGoesAndWhatIsBeingWrittenStays) {
  const TemporaryFolder folder;
  const std::string target = folder.file("x");
  for (const int slot : {0, 3}) write_bytes(io::hidden_name(target, slot), "half");
  const int writer = ::open(io::hidden_name(target, 3).c_str(), O_RDWR);
  ASSERT_EQ(::flock(writer, LOCK_EX), 0);
  for (const char* text : {"new", "newer"}) write_text(target, text);
  EXPECT_EQ(read_bytes(target), "newer");
  EXPECT_FALSE(std::filesystem::exists(io::hidden_name(target, 0)));
  EXPECT_TRUE(std::filesystem::exists(io::hidden_name(target, 3)));
  ::close(writer);
}

TEST(AtomicFileTest, ManyMayWriteOneFile) {
  const TemporaryFolder folder;
  const std::string target = folder.file("x");
  const auto write_often = [&](char letter) {
    for (int i = 0; i < 100; ++i) write_text(target, std::string(10'000, letter));
  };
  std::thread other([&] { write_often('a'); });
  write_often('b');
  other.join();
  const std::string bytes = read_bytes(target);
  EXPECT_EQ(bytes, std::string(10'000, bytes.at(0)));
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(AtomicFileTest, CheckingANameWritesNothing) {
  const TemporaryFolder folder;
  check_writable(folder.file("x"));
  EXPECT_EQ(folder.n_files(), 0U);
  EXPECT_THAT(error_of([&] { check_writable(folder.file("none/x")); }), HasSubstr("the folder must exist"));
  EXPECT_THAT(error_of([&] { check_writable(folder.file(std::string(256, 'n'))); }), HasSubstr("too long"));
  EXPECT_THAT(error_of([] { check_writable(""); }), HasSubstr("without a name"));
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

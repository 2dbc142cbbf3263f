// What the tests of readers and writers share.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "io/input.hpp"
#include "io/readers.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::io_test {

/// A folder of its own for a test, removed afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mixbern-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::size_t n_files() const {
    const std::filesystem::directory_iterator entries(path_);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }

 private:
  std::filesystem::path path_;
};

inline void write_bytes(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Reads `bytes` as if they stood in a file called `name`.
inline Dataset read(std::string_view bytes, const ReadOptions& options = {},
                    const std::string& name = "table.csv") {
  io::Input input = io::open_memory(name, bytes);
  Dataset data = io::read_dataset(input, options);
  validate(data);
  return data;
}

/// The message of the InputError that `action` throws; fails when it throws none, or one of several lines.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }
  ADD_FAILURE() << "no InputError";
  return {};
}

inline std::string read_error(std::string_view bytes, const ReadOptions& options = {},
                              const std::string& name = "table.csv") {
  return error_of([&] { read(bytes, options, name); });
}

/// Rows as texts of 0, 1 and ? for missing cells: "01?".
inline std::vector<std::string> cells(const Dataset& data) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    std::string row;
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      const bool missing = data.missing && test(*data.missing, i, d);
      row += missing ? '?' : test(data.ones, i, d) ? '1' : '0';
    }
    rows.push_back(row);
  }
  return rows;
}

using CellRows = std::vector<std::string>;

}  // namespace mixbern::io_test

namespace mixbern {
inline void PrintTo(const Coding& coding, std::ostream* out) {
  *out << '{' << coding.zero << '|' << coding.one << '}';
}
}  // namespace mixbern

namespace mixbern::io_test {

/// Largest memory that the process has had, in MiB.
inline double peak_memory() {
  struct rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Random data in which every column has both values, so that its coding can be found again.
Dataset random_data(std::mt19937_64& random, std::size_t n_rows, std::size_t n_features,
                    double missing_share);

/// What a file that keeps cells alone must give back.
void expect_same_cells(const Dataset& a, const Dataset& b);
void expect_same(const Dataset& a, const Dataset& b);

}  // namespace mixbern::io_test

// The recipe of docs/formats.md: a few lines of NumPy read packed data and models, and write what is read
// here.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

// NOLINTBEGIN(bugprone-command-processor): the commands are ours.
constexpr const char* kPython = "/usr/bin/python3";

bool has_numpy() {
  return std::system(fmt::format("{} -c 'import numpy' >/dev/null 2>&1", kPython).c_str()) == 0;
}

// Runs a script with the path of a folder as its argument.
void run(const std::string& script, const TemporaryFolder& folder) {
  write_bytes(folder.file("script.py"), script);
  EXPECT_EQ(std::system(fmt::format("{} {} {}", kPython, folder.file("script.py"), folder.file("")).c_str()),
            0);
}
// NOLINTEND(bugprone-command-processor)

// The function that docs/formats.md gives, and the folder to use it in.
std::string recipe() {
  const std::string specification = read_bytes(MIXBERN_TEST_DIR "/../docs/formats.md");
  const std::size_t begin = specification.find("import json");
  const std::size_t end = specification.find("meta, tensors =");
  if (begin == std::string::npos || end == std::string::npos) return "raise SystemExit('no recipe')";
  return specification.substr(begin, end - begin) + "\nimport sys\nfolder = sys.argv[1]\n";
}

TEST(NumpyTest, ReadsPackedDataAndModels) {
  if (!has_numpy()) GTEST_SKIP() << "no NumPy";
  const TemporaryFolder folder;
  Dataset data;
  data.ones = BitMatrix(2, 70, {0b101, 0b100000, 0, 1});
  data.labels = {4, -1};
  write_dataset(folder.file("data.safetensors"), data);
  save_model(folder.file("model.safetensors"),
             {Mixture({0.25, 0.75}, {0, 0.5, 1, 0.125}), {"a", "b"}, {}, {}, {}, {}});
  run(recipe() + R"(
meta, t = load(folder + "data.safetensors")
X = np.unpackbits(t["rows"].view("u1"), axis=1, bitorder="little", count=int(meta["n_features"]))
assert X.shape == (2, 70) and np.argwhere(X).tolist() == [[0, 0], [0, 2], [0, 69], [1, 64]], X
assert t["labels"].tolist() == [4, -1]
meta, t = load(folder + "model.safetensors")
assert t["weights"].tolist() == [0.25, 0.75] and t["probabilities"].tolist() == [[0, 0.5], [1, 0.125]]
assert json.loads(meta["feature_names"]) == ["a", "b"]
)",
      folder);
}

TEST(NumpyTest, SavesWhatIsRead) {
  if (!has_numpy()) GTEST_SKIP() << "no NumPy";
  const TemporaryFolder folder;
  run(recipe() + R"(
X = np.random.default_rng(1).integers(0, 2, (50, 12, 7))
np.save(folder + "c.npy", X.astype("u1"))
np.save(folder + "f.npy", np.asfortranarray(X.astype(">i4")))
np.save(folder + "b.npy", X.astype(bool))
np.savetxt(folder + "t.txt", X.reshape(50, -1), fmt="%d")
np.savetxt(folder + "t.csv.gz", X.reshape(50, -1), fmt="%.3e", delimiter=",")
)",
      folder);
  const Dataset expected = read_dataset(folder.file("c.npy"));
  EXPECT_EQ(expected.shape, (ImageShape{12, 7}));
  for (const char* name : {"f.npy", "b.npy", "t.txt", "t.csv.gz"}) {
    expect_same_cells(read_dataset(folder.file(name)), expected);
  }
}

}  // namespace
}  // namespace mixbern::io_test

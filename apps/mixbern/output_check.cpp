#include "output_check.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "mixbern/io/error.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::app {

namespace {

namespace fs = std::filesystem;

/// Whether two names are of one file, that may not exist yet.
bool same_file(const std::string& name, const std::string& other) {
  if (name.empty() || other.empty()) return false;
  if (name == other) return true;
  std::error_code error;
  if (fs::equivalent(name, other, error)) return true;
  const fs::path path = fs::weakly_canonical(fs::absolute(name), error);
  return !error && path == fs::weakly_canonical(fs::absolute(other), error);
}

void check_folder(const std::string& output) {
  std::error_code error;
  if (fs::is_directory(output, error)) throw InputError({output}, "is a folder", "give the name of a file");
  const fs::path folder = fs::path(output).has_parent_path() ? fs::path(output).parent_path() : fs::path(".");
  if (fs::exists(fs::symlink_status(folder, error))) return;
  throw InputError({output}, fmt::format("the folder {} does not exist", folder.string()), "create it first");
}

/// The file that replaces one of somebody else has another owner or group, unless root writes it.
void tell_owner(const std::string& output, Messages& messages) {
  struct stat old = {};
  if (geteuid() == 0 || stat(output.c_str(), &old) != 0 || !S_ISREG(old.st_mode)) return;
  if (old.st_uid != geteuid()) {
    messages.note(output + " belongs to another user; the file that replaces it will be yours");
  } else if (old.st_gid != getegid() && group_member(old.st_gid) == 0) {
    messages.note(output +
                  " belongs to a group that you are not in; the file that replaces it will have yours");
  }
}

}  // namespace

void check_outputs(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs,
                   Messages& messages) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::string& output = outputs[i];
    if (output.empty()) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (same_file(output, outputs[j]))
        throw std::invalid_argument(
            fmt::format("two outputs go to the same file, {}; give each a name of its own", output));
    }
    if (output == "-") continue;
    for (const std::string& input : inputs) {
      if (same_file(output, input))
        throw std::invalid_argument(
            fmt::format("the output {} is the same file as the input {}; give another name", output, input));
    }
    check_folder(output);
    check_writable(output);
    tell_owner(output, messages);
  }
}

}  // namespace mixbern::app

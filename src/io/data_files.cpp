// Folders and patterns in place of files.
#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <system_error>

#include "io/format_names.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern {
namespace {

namespace fs = std::filesystem;

bool is_data_file(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  std::error_code error;
  return !name.starts_with('.') && entry.is_regular_file(error) &&
         io::format_of_extension(io::extension_of(name)).has_value();
}

std::vector<std::string> in_folder(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (is_data_file(*at)) files.push_back(at->path().string());
  }
  if (error) throw FileError({folder}, "cannot look into the folder", error.value());
  if (files.empty()) throw InputError({folder}, "is a folder without a data file", "name files of data");
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> matching(const std::string& pattern) {
  glob_t found = {};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> files;
  if (status == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status == GLOB_NOSPACE) throw std::bad_alloc();
  if (files.empty())
    throw InputError({pattern}, "no file matches the pattern", "check the name and the folder");
  return files;
}

}  // namespace

std::vector<std::string> data_files(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    std::error_code error;
    const bool is_there = fs::exists(name, error);
    const bool is_pattern = !is_there && name.find_first_of("*?[") != std::string::npos;
    const std::vector<std::string> found = fs::is_directory(name, error) ? in_folder(name)
                                           : is_pattern                  ? matching(name)
                                                                         : std::vector{name};
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace mixbern

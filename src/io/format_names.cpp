#include "io/format_names.hpp"

#include <algorithm>
#include <array>

namespace mixbern {
namespace {

struct NamedFormat {
  std::string_view name;
  DataFormat format;
};

constexpr std::array<NamedFormat, 7> kNames = {{{"idx", DataFormat::kIdx},
                                                {"npy", DataFormat::kNpy},
                                                {"csv", DataFormat::kDelimited},
                                                {"mtx", DataFormat::kMatrixMarket},
                                                {"libsvm", DataFormat::kLibsvm},
                                                {"fps", DataFormat::kFps},
                                                {"packed", DataFormat::kPacked}}};

constexpr std::array<NamedFormat, 15> kExtensions = {{{"csv", DataFormat::kDelimited},
                                                      {"tsv", DataFormat::kDelimited},
                                                      {"tab", DataFormat::kDelimited},
                                                      {"txt", DataFormat::kDelimited},
                                                      {"data", DataFormat::kDelimited},
                                                      {"dat", DataFormat::kDelimited},
                                                      {"npy", DataFormat::kNpy},
                                                      {"mtx", DataFormat::kMatrixMarket},
                                                      {"mm", DataFormat::kMatrixMarket},
                                                      {"svm", DataFormat::kLibsvm},
                                                      {"libsvm", DataFormat::kLibsvm},
                                                      {"svmlight", DataFormat::kLibsvm},
                                                      {"fps", DataFormat::kFps},
                                                      {"idx", DataFormat::kIdx},
                                                      {"safetensors", DataFormat::kPacked}}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view to_string(DataFormat format) {
  const auto known = std::ranges::find(kNames, format, &NamedFormat::format);
  return known == kNames.end() ? "unknown" : known->name;
}

std::optional<DataFormat> data_format_from_string(std::string_view name) {
  const auto known = std::ranges::find(kNames, name, &NamedFormat::name);
  return known == kNames.end() ? std::nullopt : std::optional(known->format);
}

namespace io {

std::string extension_of(std::string path) {
  const std::size_t folder = path.rfind('/');
  if (folder != std::string::npos) path.erase(0, folder + 1);
  std::ranges::transform(path, path.begin(), lower);
  if (path.ends_with(".gz")) path.erase(path.size() - 3);
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos || dot == 0 ? std::string() : path.substr(dot + 1);
}

std::optional<DataFormat> format_of_extension(std::string_view extension) {
  const auto known = std::ranges::find(kExtensions, extension, &NamedFormat::name);
  return known == kExtensions.end() ? std::nullopt : std::optional(known->format);
}

std::string all_format_names() {
  std::string names;
  for (const NamedFormat& known : kNames) names += (names.empty() ? "" : ", ") + std::string(known.name);
  return names;
}

}  // namespace io
}  // namespace mixbern

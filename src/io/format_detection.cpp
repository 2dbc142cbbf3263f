// A format shows in its first bytes, or in the extension of the name, or else in what a text looks like.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "io/format_names.hpp"
#include "io/message.hpp"
#include "io/readers.hpp"
#include "io/safetensors.hpp"
#include "io/values.hpp"

namespace mixbern {
namespace io {
namespace {

struct Foreign {
  std::string_view sign;
  std::string_view what;
  std::string_view remedy;
};

constexpr std::string_view kFromPython = "export the table as .csv, or fit it from Python, which reads it";

constexpr std::array<Foreign, 9> kForeignStarts = {{
    {"PK\x03\x04", "a zip, .npz or Excel file", kFromPython},
    {"PAR1", "a Parquet file", kFromPython},
    {"$FL2", "an SPSS file", kFromPython},
    {"$FL3", "an SPSS file", kFromPython},
    {"<stata_dta>", "a Stata file", kFromPython},
    {"\x89HDF", "an HDF5 file", "export the table as .csv or .npy"},
    {"BZh", "bzip2 data", "decompress it first; only gzip is read directly"},
    {"\xFD"
     "7zXZ",
     "xz data", "decompress it first; only gzip is read directly"},
    {"\x28\xB5\x2F\xFD", "Zstandard data", "decompress it first; only gzip is read directly"},
}};

/// Endings of files that hold no table of cells, or one that only their own program reads.
constexpr std::array<Foreign, 11> kForeignEndings = {{
    {"sav", "an SPSS file", kFromPython},
    {"dta", "a Stata file", kFromPython},
    {"por", "an SPSS file", "export the table as .csv"},
    {"sas7bdat", "a SAS file", "export the table as .csv"},
    {"xls", "an old Excel file", "export the table as .csv"},
    {"rds", "an R file", "write the table with write.csv"},
    {"rdata", "an R file", "write the table with write.csv"},
    {"json", "a JSON file", "export the table as .csv"},
    {"html", "a web page", "give the table that it was made of"},
    {"docx", "a Word file", "export the table as .csv"},
    {"pdf", "a PDF file", "export the table as .csv"},
}};

void refuse_foreign(const Input& input, std::string_view start, std::string_view ending) {
  const auto refuse = [&input](const Foreign& foreign) {
    throw input.error(fmt::format("this is {}", foreign.what), std::string(foreign.remedy));
  };
  for (const Foreign& foreign : kForeignStarts) {
    if (start.starts_with(foreign.sign)) refuse(foreign);
  }
  const auto known = std::ranges::find(kForeignEndings, ending, &Foreign::sign);
  if (known != kForeignEndings.end()) refuse(*known);
}

// Two zero bytes, a type code, the number of dimensions.
bool looks_like_idx(std::string_view start) {
  if (start.size() < 4 || start[0] != 0 || start[1] != 0 || start[3] == 0) return false;
  constexpr std::array<char, 6> kTypes = {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E};
  return std::ranges::find(kTypes, start[2]) != kTypes.end();
}

std::optional<DataFormat> by_magic(std::string_view start) {
  if (start.starts_with("\x93NUMPY")) return DataFormat::kNpy;
  if (start.starts_with("%%MatrixMarket")) return DataFormat::kMatrixMarket;
  if (start.starts_with("#FPS1")) return DataFormat::kFps;
  if (looks_like_safetensors(start)) return DataFormat::kPacked;
  if (looks_like_idx(start)) return DataFormat::kIdx;
  return {};
}

// "label index:value …" is LIBSVM; other printable text is taken as delimited.
std::optional<DataFormat> by_text(std::string_view start) {
  const bool text = !start.empty() && std::ranges::none_of(start, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
  if (!text) return {};
  const std::string_view line = start.substr(0, start.find('\n'));
  const std::size_t space = line.find(' ');
  const std::size_t colon = line.find(':');
  const bool pair = space != std::string_view::npos && colon != std::string_view::npos && colon > space &&
                    parse_count(line.substr(space + 1, colon - space - 1)).has_value();
  return pair ? DataFormat::kLibsvm : DataFormat::kDelimited;
}

}  // namespace

DataFormat detect_format(Input& input) {
  constexpr std::size_t kLookedAt = 4096;
  std::string_view start = input.peek(kLookedAt);
  start = start.substr(0, kLookedAt);
  if (const auto format = by_magic(start)) return *format;
  const std::string extension = extension_of(input.name());
  refuse_foreign(input, start, extension);
  if (const auto format = format_of_extension(extension)) return *format;
  if (start.empty()) throw input.error("the file is empty", "it needs at least one row");
  if (extension.empty()) {
    if (const auto format = by_text(start)) return *format;
  }
  throw input.error(extension.empty()
                        ? "the format is not known"
                        : fmt::format("the format of {} files is not known", in_quotes("." + extension)),
                    fmt::format("say which it is: --format {}", all_format_names()));
}

}  // namespace io

FileKind detect_file_kind(const std::string& path) {
  // Looking into a pipe would take its first bytes away.
  struct stat status = {};
  if (path == "-" || (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))) return FileKind::kData;
  io::Input input = io::open_input(path);
  if (!io::looks_like_safetensors(input.peek(16))) return FileKind::kData;
  const io::SafetensorsHeader header = io::read_safetensors_header(input);
  return header.metadata_or("format", "") == "mixbern-model" ? FileKind::kModel : FileKind::kData;
}

}  // namespace mixbern

#include "report_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "mixbern/report/report.hpp"
#include "output.hpp"
#include "text.hpp"

namespace mixbern::app {

void add_report_option(CLI::App& command, std::string& path) {
  add_value(
      command, "--report", [&path](const std::string& text) { path = text; }, "OUT",
      "Write a page that shows all of it in a browser (HTML)", "Output");
}

void check_report_option(const std::string& path) {
  if (path == "-")
    throw std::invalid_argument(
        "--report needs the name of a file; 'mixbern report -o -' writes to standard output");
  refuse_other_pages(path);
}

void refuse_other_pages(const std::string& path) {
  const std::filesystem::path name = path;
  const std::string ending = name.extension().string();
  constexpr std::array<std::string_view, 5> kOthers = {".pdf", ".doc", ".docx", ".png", ".svg"};
  if (std::find(kOthers.begin(), kOthers.end(), ending) == kOthers.end()) return;
  throw std::invalid_argument(fmt::format("a report is a web page, not {}: name it {}.html{}", ending,
                                          name.stem().string(),
                                          ending == ".pdf" ? ", and print it as PDF from a browser" : ""));
}

void save_page(const std::string& path, const std::string& document) {
  if (path.empty()) return;
  write_result(path, [&](const ByteSink& sink) { sink(report_page(document)); });
}

bool save_report(const std::string& path, Phases& phases, std::function<std::string()> document) {
  if (path.empty()) return false;
  const auto written = phases.run("report", std::move(document));
  if (written) save_page(path, *written);
  return written.has_value();
}

std::string report_line(const std::string& path) {
  return path.empty() || path == "-" ? "" : fmt::format("report written to {}\n", one_line(path));
}

}  // namespace mixbern::app

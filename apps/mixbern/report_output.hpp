// The report as a file that several commands write.
#pragma once

#include <functional>
#include <string>

#include "common_options.hpp"
#include "phases.hpp"

namespace mixbern::app {

/// --report OUT.html.
void add_report_option(CLI::App& command, std::string& path);

/// Throws std::invalid_argument for standard output, where the result already goes, and for what is no page.
void check_report_option(const std::string& path);

/// Throws std::invalid_argument for a name that ends like a PDF, a picture or another file that is no page.
void refuse_other_pages(const std::string& path);

/// Writes the page of a document; does nothing where `path` is empty.
void save_page(const std::string& path, const std::string& document);

/// The page of what `document` gives, which is a phase. Whether it was asked for and is written: what
/// `document` refers to must be made before the phases.
bool save_report(const std::string& path, Phases& phases, std::function<std::string()> document);

/// What is said about it: a line, or nothing where the page went to standard output or nowhere.
std::string report_line(const std::string& path);

}  // namespace mixbern::app

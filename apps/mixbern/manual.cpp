// The manual, as a man page and as Markdown.
#include <fmt/format.h>

#include <cctype>

#include "help_pages.hpp"
#include "mixbern/kernels/version.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

/// How troff writes a character that it does not take as it is; nullptr for the others.
const char* troff_escape(char c) {
  switch (c) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";  // a dash that can be copied into a shell
    case '\'':
      return "\\(aq";
    case '~':
      return "\\(ti";
    case '^':
      return "\\(ha";
    default:
      return nullptr;
  }
}

/// Text for troff. The only character outside ASCII is spelled out, because troff itself does not read UTF-8.
std::string troff(std::string_view text) {
  constexpr std::string_view kEllipsis = "…";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with(kEllipsis)) {
      out += "\\[u2026]";
      i += kEllipsis.size() - 1;
    } else if (const char* escape = troff_escape(text[i])) {
      out += escape;
    } else {
      out += text[i];
    }
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// A summary, which help puts behind a colon, as a sentence of its own.
std::string sentence(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + ".";
}

void man_command(std::string& out, const CommandPage& page) {
  out += fmt::format(".SS {}\n{}\n", troff(page.synopsis), troff(sentence(page.summary)));
  if (!page.details.empty()) out += ".PP\n" + troff(page.details) + "\n";
  for (const auto& group : page.groups) {
    if (group.title == "Options") continue;
    out += fmt::format(".PP\n.I {}\n", troff(group.title));
    for (const auto& option : group.options) {
      out += fmt::format(".TP\n.B {}", troff(joined(option.names, ", ")));
      out += option.value.empty() ? "\n" : fmt::format(" \\fR\\fI{}\\fR\n", troff(option.value));
      out += troff(option.description) + "\n";
    }
  }
  out += ".PP\nExamples:\n.PP\n.EX\n";
  for (const auto& line : split(page.examples, '\n')) out += troff(line) + "\n";
  out += ".EE\n";
}

/// Text for Markdown outside code: the characters that would start a tag.
std::string markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '*' || c == '|') out += '\\';
    out += c;
  }
  return out;
}

void markdown_command(std::string& out, const CommandPage& page) {
  out += fmt::format("\n## mixbern {}\n\n{}\n", page.name, markdown(sentence(page.summary)));
  if (!page.details.empty()) out += fmt::format("\n{}\n", markdown(page.details));
  out += fmt::format("\n    {}\n", page.synopsis);
  for (const auto& group : page.groups) {
    if (group.title == "Options") continue;
    out += fmt::format("\n{}:\n\n", group.title);
    for (const auto& option : group.options) {
      const std::string value = option.value.empty() ? "" : " " + option.value;
      out += fmt::format("* `{}{}`: {}\n", joined(option.names, ", "), value, markdown(option.description));
    }
  }
  out += "\n```sh\n" + page.examples + "\n```\n";
}

}  // namespace

std::string man_page(const CLI::App& program) {
  std::string out = fmt::format(
      ".TH MIXBERN 1 \"\" \"mixbern {}\" \"User Commands\"\n.SH NAME\nmixbern \\- {}\n.SH SYNOPSIS\n"
      ".B mixbern\n.I command\n[\\fIarguments\\fR] [\\fIoptions\\fR]\n.SH DESCRIPTION\n",
      version(), "mixtures of multivariate Bernoulli distributions");
  out += troff(program.get_description()) + "\n.SH COMMANDS\n";
  for (const auto& page : describe_commands(program)) man_command(out, page);
  for (const auto& chapter : manual_chapters()) {
    out += fmt::format(".SH {}\n", troff(upper(chapter.title)));
    bool first = true;
    for (const auto& paragraph : chapter.paragraphs) {
      out += (first ? "" : ".PP\n") + troff(paragraph) + "\n";
      first = false;
    }
  }
  return out;
}

std::string markdown_page(const CLI::App& program) {
  std::string out =
      "# The command line\n\n<!-- Printed by `mixbern man --markdown`; a test compares the two. -->\n\n";
  out += markdown(program.get_description()) + "\n\n```sh\n" + program.get_footer() + "\n```\n";
  for (const auto& chapter : manual_chapters()) {
    out += fmt::format("\n## {}\n", chapter.title);
    for (const auto& paragraph : chapter.paragraphs) out += fmt::format("\n{}\n", markdown(paragraph));
  }
  for (const auto& page : describe_commands(program)) markdown_command(out, page);
  return out;
}

}  // namespace mixbern::app

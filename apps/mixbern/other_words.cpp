#include "other_words.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace mixbern::app {

namespace {

struct Word {
  std::string_view theirs;
  std::string_view ours;
};

// poLCA, StepMix, scikit-learn, Latent GOLD, Mplus, R and pandas.
constexpr std::array kOptions = {
    Word{"--nclass", "--n-components"},
    Word{"--n-class", "--n-components"},
    Word{"--classes", "--n-components"},
    Word{"--n-classes", "--n-components"},
    Word{"--clusters", "--n-components"},
    Word{"--n-clusters", "--n-components"},
    Word{"--class-names", "--names"},
    Word{"--starts", "--n-init"},
    Word{"--n-starts", "--n-init"},
    Word{"--nstart", "--n-init"},
    Word{"--nrep", "--n-init"},
    Word{"--restarts", "--n-init"},
    Word{"--random-state", "--seed"},
    Word{"--iterations", "--max-iter"},
    Word{"--n-iter", "--max-iter"},
    Word{"--tolerance", "--tol"},
    Word{"--eps", "--tol"},
    Word{"--alpha", "--smoothing"},
    Word{"--prior", "--smoothing"},
    Word{"--pseudocount", "--smoothing"},
    Word{"--na", "--missing"},
    Word{"--na-values", "--missing"},
    Word{"--se", "--standard-errors"},
    Word{"--std-errors", "--standard-errors"},
    Word{"--save", "--model"},
    Word{"-o", "--model"},
    Word{"--output", "--model"},
    Word{"--out", "--model"},
    Word{"--html", "--report"},
    Word{"--csv", "--table"},
    Word{"--latex", "--table"},
    Word{"--jobs", "--threads"},
    Word{"--n-jobs", "--threads"},
    Word{"-j", "--threads"},
    Word{"-t", "--threads"},
    Word{"--items", "--columns"},
    Word{"--drop", "--exclude"},
    Word{"--silent", "--quiet"},
    Word{"-q", "--quiet"},
};

constexpr std::array kNotNeeded = {
    Word{"--sep", "what stands between cells is found by looking at the file"},
    Word{"--delimiter", "what stands between cells is found by looking at the file"},
    Word{"-d", "what stands between cells is found by looking at the file"},
    Word{"--verbose", "progress is shown unless --quiet is given"},
    Word{"-v", "progress is shown unless --quiet is given"},
};

constexpr std::array kCommands = {
    Word{"train", "fit"},      Word{"lca", "fit"},           Word{"cluster", "fit"},
    Word{"estimate", "fit"},   Word{"summary", "inspect"},   Word{"show", "inspect"},
    Word{"info", "inspect"},   Word{"describe", "inspect"},  Word{"classify", "predict"},
    Word{"assign", "predict"}, Word{"simulate", "sample"},   Word{"plot", "report"},
    Word{"fill", "impute"},    Word{"version", "--version"},
};

std::string found(std::span<const Word> words, std::string_view theirs) {
  const auto word = std::ranges::find(words, theirs, &Word::theirs);
  return word == words.end() ? std::string() : std::string(word->ours);
}

}  // namespace

std::string option_elsewhere(std::string_view name) {
  return found(kOptions, name);
}

std::string advice_for(std::string_view name) {
  return found(kNotNeeded, name);
}

std::string command_elsewhere(std::string_view name) {
  return found(kCommands, name);
}

}  // namespace mixbern::app

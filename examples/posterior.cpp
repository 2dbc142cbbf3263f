// A mixture given by hand: the class of a row with a missing answer, and that answer filled in.
#include <fmt/core.h>

#include "mixbern/mixture.hpp"

int main() {
  // Two classes, three items: the first class mostly says yes, the second mostly no.
  const mixbern::Mixture mixture({0.6, 0.4}, {0.9, 0.8, 0.9,  //
                                              0.2, 0.1, 0.3});

  // One row: yes, yes, no answer.
  mixbern::BitMatrix ones(1, 3);
  ones.set(0, 0);
  ones.set(0, 1);
  mixbern::BitMatrix missing(1, 3);
  missing.set(0, 2);
  mixbern::Dataset data;
  data.ones = ones;
  data.missing = missing;

  mixbern::for_each_posterior(mixture, data, {}, [](const mixbern::PosteriorBlock& block) {
    fmt::print("P(class | answers) = {:.4f} {:.4f}, log p(answers) = {:.4f}\n", block.responsibilities[0],
               block.responsibilities[1], block.log_likelihoods[0]);
  });

  const mixbern::Dataset filled = mixbern::impute(mixture, data);
  fmt::print("the missing answer is most likely {}\n", mixbern::test(filled.ones, 0, 2) ? "yes" : "no");
}

// Three latent classes of a table of yes/no answers: example FILE
#include <iostream>
#include <mixbern/mixbern.hpp>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const mixbern::Dataset data = mixbern::read_dataset(argv[1]);
  const mixbern::FitResult result = mixbern::fit(data, {.n_components = 3});
  std::cout << "log-likelihood " << result.log_likelihood << "\nclass sizes";
  for (const double weight : result.mixture.weights()) std::cout << ' ' << weight;
  std::cout << '\n';
}

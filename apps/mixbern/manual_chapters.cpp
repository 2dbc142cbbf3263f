// The chapters of the manual that belong to no single command.
#include "help_pages.hpp"

namespace mixbern::app {

const std::vector<Chapter>& manual_chapters() {
  static const std::vector<Chapter> chapters = {
      {"Data files",
       {"DATA is a text table (.csv, .tsv), IDX, NPY, Matrix Market (.mtx), LIBSVM (.svm), FPS fingerprints "
        "or the "
        "packed format (.safetensors), each also with .gz; - is standard input. A column with two values "
        "gets them as 0 "
        "and 1 in their natural order (numbers by size, no before yes, also in other languages, else by the "
        "alphabet); empty "
        "cells and NA are missing. Grey or count data needs --threshold. A probability is of the value that "
        "is 1: "
        "results name it where it is not a plain 1, and --one chooses it.",
        "Several files are one data set, row after row; so is a folder (the data files in it, by name) or a "
        "pattern in quotes ('part-*.safetensors'). They must have the same columns. Packed files that are "
        "not "
        "compressed and are larger than 256 MB together, or than a quarter of the memory, are read in pieces "
        "whenever their rows are needed, never held as a whole: convert other large data first. That changes "
        "no result.",
        "predict, score and impute read new data with the coding and the threshold that are stored in the "
        "model. Where "
        "model and file both have column names, columns are found by name: their order does not matter and "
        "others are "
        "ignored with a note. A pipe can be read only once, so its columns are taken by position."}},
      {"Rows and components",
       {"--rows A:B counts rows from 0 and leaves B out, as Python does. In what is printed and written, "
        "rows and "
        "components count from 1, and components are ordered by weight, largest first."}},
      {"JSON",
       {"With --json standard output is exactly one JSON object; everything else goes to standard error. A "
        "number that "
        "is not finite is null, and the list warnings says why.",
        "fit: version, data, n_rows, n_distinct_rows (null where they would not fit into 128 MB), "
        "n_features, total_weight, missing_share, n_components, "
        "n_parameters, log_likelihood, mean_log_likelihood, aic, bic, n_iter, converged, stop_reason "
        "(tolerance, "
        "max_iter or cancelled), init, n_init, n_init_at_best (how many starts reached the best likelihood "
        "within 1e-6 "
        "relative), log_likelihoods (one a start), answers (what the 1 of each feature is called; [] where "
        "the file "
        "has no values of its own), weights, trace (with --trace: mean log-likelihood before "
        "each "
        "M-step), max_iter, tol, smoothing, smoothing_target, smoothing_search (with --smoothing auto: "
        "n_folds, and for each of trials its smoothing and cv_log_likelihood), accelerate, precision (fast "
        "or double), semi_supervised, weights_kind, seed, "
        "threads, kernel, ways, total_iterations, seconds (read, init, "
        "em, total), "
        "seconds_per_iteration, agreement (with --labels), start_components (of a start from labels or a "
        "model: which of them each component was), model, warnings.",
        "fit --groups: log_likelihood given the groups, n_parameters, aic, bic, converged, n_init, "
        "n_init_at_best, group_column, free (names of items), free_items (their numbers from 1), weights of "
        "all, groups (each with name, n, "
        "weights, "
        "probabilities); with --standard-errors, standard_errors of each of groups (weights, probabilities) "
        "and of all (method, weights, n_free, rank, identified); with --statistics, statistics (criteria, "
        "classification, goodness_of_fit summed over the groups, groups with g2 and bivariate_residuals of "
        "each, group_residuals of items by group); design as without groups; with --bootstrap and "
        "--resample, "
        "bootstrap and resampling (n_samples, standard_errors with weights of all and groups, p-values of "
        "the "
        "summed statistics). select --groups: models, each as that of fit --groups with what select adds.",
        "score: n_rows, n_features, total_weight, log_likelihood, mean_log_likelihood, with --per-row "
        "log_likelihoods. predict: n_rows, n_components, sizes, and output, or components and posteriors "
        "where no "
        "file is written. inspect of a model: weights, probabilities, feature_names, codings, answers, "
        "threshold, "
        "shape, fit; "
        "of data: n_rows, n_features, n_ones, n_missing, feature_names, codings, answers, weights and "
        "labels."}},
      {"Progress and interruption",
       {"While a fit runs, progress stands on standard error: one line that is rewritten on a terminal, else "
        "a plain "
        "line every few seconds; --quiet turns it off.",
        "Ctrl-C (or SIGTERM, or SIGHUP where it is not ignored) ends a fit with the best model so far: it is "
        "printed, saved with --model, and "
        "its "
        "stop_reason is cancelled. In a bootstrap it ends the drawing, and a note says how many data sets "
        "were drawn. A second one ends the program at once."}},
      {"Exit status",
       {"0: done. 1: it failed while running, for example bad input data or a full disk. 2: the call is "
        "wrong. 130: "
        "interrupted by Ctrl-C, after the best model so far was saved; 143: the same for SIGTERM, 129 for "
        "SIGHUP.",
        "A fit that stops at --max-iter is a warning and \"converged\": false, not a failure. An error is "
        "one line on "
        "standard error that says what to do next."}},
      {"Environment",
       {"MIXBERN_KERNEL names the kernel to use where --kernel does not. MIXBERN_WAYS names ways to work on "
        "rows that are to be taken wherever they can be, for tests and measurements, see 'mixbern kernels'. "
        "MIXBERN_ROWS=memory or outside says where the rows of packed files are, in memory or read in "
        "pieces, "
        "whatever their size. NO_COLOR turns colours off."}},
  };
  return chapters;
}

}  // namespace mixbern::app

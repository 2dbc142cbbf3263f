// Processes that run the same command together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "mixbern/fit/federated.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::app {

/// All of them read the data, each has a share of the rows, and one of them leads: it alone speaks and
/// writes, and has the others do passes over their rows. What any of them throws ends all. Legal calls:
/// merged (run* | serve), or write_in_order add_up, by all alike.
class Team {
 public:
  virtual ~Team() = default;

  virtual bool leads() const = 0;
  /// Rows begin … end − 1 of `n` are those of this process.
  virtual std::pair<std::size_t, std::size_t> share(std::size_t n) const = 0;
  /// The facts of all rows, for the leader; all have to call.
  virtual Facts merged(const Facts& mine) = 0;
  /// The leader: the sums of all rows.
  virtual Sums run(const Pass& pass, Site& mine) = 0;
  /// The others: answer until the leader ends.
  virtual void serve(Site& mine) = 0;
  /// What `write` of each process writes, one after the other, into the sink of the leader. All write at the
  /// same time, the others into files of theirs without a name.
  virtual void write_in_order(const std::function<void(const ByteSink&)>& write, const ByteSink& sink) = 0;
  /// The sums of all, for the leader.
  virtual void add_up(std::vector<std::int64_t>& counts) = 0;
};

/// The team of this process, not owned; null where it works alone.
Team* team();
void join(Team& team);
/// Whether it is this process that says and writes something: it works alone, or leads.
bool speaks();

/// The rows of a data set, of which this process has its share.
class SharedRows {
 public:
  /// `data` is not owned.
  SharedRows(const Dataset& data, Team& team, unsigned threads);

  bool leads() const { return team_.leads(); }
  /// For the leader.
  const Helpers& helpers() const { return helpers_; }
  /// For the others, until the leader ends; the exit status.
  int serve() {
    team_.serve(site_);
    return 0;
  }

 private:
  Team& team_;
  Dataset mine_;
  Site site_;
  Helpers helpers_;
};

/// Null where this process works alone.
std::unique_ptr<SharedRows> shared_rows(const Dataset& data, unsigned threads);

}  // namespace mixbern::app

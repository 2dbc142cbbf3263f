#include "mpi_team.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <optional>

#include "spool.hpp"

namespace mixbern::app {

namespace {

constexpr std::uint64_t kMostAtOnce = std::uint64_t{1} << 26;  // what a call may count in an int

template <class T, class Action>
void in_pieces(T* values, std::uint64_t n, const Action& action) {
  for (std::uint64_t i = 0; i < n; i += kMostAtOnce) {
    action(values + i, static_cast<int>(std::min(kMostAtOnce, n - i)));
  }
}

int over_all(int value, MPI_Op operation) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT, operation, MPI_COMM_WORLD);
  return value;
}

}  // namespace

MpiTeam::MpiTeam(int& argc, char**& argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_SERIALIZED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
}

MpiTeam::~MpiTeam() {
  MPI_Finalize();
}

std::pair<std::size_t, std::size_t> MpiTeam::share(std::size_t n) const {
  const auto ranks = static_cast<std::size_t>(size_), rank = static_cast<std::size_t>(rank_);
  const std::size_t each = n / ranks, more = n % ranks;
  const std::size_t begin = rank * each + std::min(rank, more);
  return {begin, begin + each + (rank < more ? 1 : 0)};
}

// False: all are done.
bool MpiTeam::agree(State mine, const std::string& message) {
  const int worst = over_all(mine, MPI_MAX);
  ended_ = worst != kGoesOn;
  if (worst <= kDone) return worst == kGoesOn;
  const int first = over_all(mine >= kFails ? rank_ : size_, MPI_MIN);
  const std::string told = broadcast(message, first);
  const int status = worst == kFailsByCall ? 2 : 1;
  throw Failed{{first == 0 || told.empty() ? told : fmt::format("rank {}: {}", first, told), status}};
}

std::string MpiTeam::broadcast(std::string bytes, int from) const {
  std::uint64_t n = bytes.size();
  MPI_Bcast(&n, 1, MPI_UINT64_T, from, MPI_COMM_WORLD);
  bytes.resize(n);
  in_pieces(bytes.data(), n,
            [from](char* part, int count) { MPI_Bcast(part, count, MPI_CHAR, from, MPI_COMM_WORLD); });
  return bytes;
}

// What this rank has is of interest where it is the one.
std::string MpiTeam::at_leader(std::string bytes, int from) const {
  constexpr int kTag = 0;
  if (rank_ == from)
    MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_CHAR, 0, kTag, MPI_COMM_WORLD);
  if (!leads()) return {};
  MPI_Status status;
  MPI_Probe(from, kTag, MPI_COMM_WORLD, &status);
  int n = 0;
  MPI_Get_count(&status, MPI_CHAR, &n);
  bytes.resize(static_cast<std::size_t>(n));
  MPI_Recv(bytes.data(), n, MPI_CHAR, from, kTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  return bytes;
}

Facts MpiTeam::merged(const Facts& mine) {
  agree(kGoesOn);
  Facts all = mine;
  for (int rank = 1; rank < size_; ++rank) {
    const std::string bytes = broadcast(rank == rank_ ? mine.to_bytes() : std::string(), rank);
    if (leads()) all.merge(Facts::from_bytes(bytes));
  }
  return all;
}

void MpiTeam::reduce(std::int64_t* values, std::uint64_t n) const {
  in_pieces(values, n, [this](std::int64_t* part, int count) {
    MPI_Reduce(leads() ? MPI_IN_PLACE : part, leads() ? part : nullptr, count, MPI_INT64_T, MPI_SUM, 0,
               MPI_COMM_WORLD);
  });
}

Sums MpiTeam::accumulate(const Pass& pass, Site& mine) {
  std::optional<Sums> sums;
  Failure failure{"", 0};
  try {
    sums = mine.accumulate(pass);
  } catch (...) {
    failure = current_failure();
  }
  agree(failure.status == 0 ? kGoesOn : kFails, failure.message);
  std::vector<std::int64_t> values = sums->values();
  auto n_rows = static_cast<std::int64_t>(sums->n_rows());
  reduce(values.data(), values.size());
  reduce(&n_rows, 1);
  return {pass.id(), static_cast<std::size_t>(n_rows), std::move(values)};
}

Sums MpiTeam::run(const Pass& pass, Site& mine) {
  agree(kGoesOn);
  broadcast(pass.to_bytes(), 0);
  return accumulate(pass, mine);
}

void MpiTeam::serve(Site& mine) {
  while (agree(kGoesOn)) accumulate(Pass::from_bytes(broadcast({}, 0)), mine);
}

void MpiTeam::write_in_order(const std::function<void(const ByteSink&)>& write, const ByteSink& sink) {
  std::optional<Spool> spool;
  if (!leads()) spool.emplace();
  write(leads() ? sink : [&spool](std::string_view bytes) { spool->add(bytes); });
  agree(kGoesOn);
  for (int from = 1; from < size_; ++from) {
    std::uint64_t n = rank_ == from ? spool->size() : 0;
    MPI_Bcast(&n, 1, MPI_UINT64_T, from, MPI_COMM_WORLD);
    for (std::uint64_t done = 0; done < n; done += Spool::kPiece) {
      std::string piece = rank_ == from ? spool->next() : std::string();
      agree(kGoesOn);
      piece = at_leader(std::move(piece), from);
      if (leads()) sink(piece);
    }
  }
}

void MpiTeam::add_up(std::vector<std::int64_t>& counts) {
  agree(kGoesOn);
  reduce(counts.data(), counts.size());
}

void MpiTeam::end() {
  if (!ended_) agree(kDone);
}

void MpiTeam::fail(const Failure& failure) {
  if (!ended_) agree(failure.status == 2 ? kFailsByCall : kFails, failure.message);
}

}  // namespace mixbern::app

#include "kernels/tile_emulator.hpp"

#if defined(__x86_64__) && defined(__linux__)

#include <ucontext.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mixbern {
namespace {

constexpr std::size_t kTiles = 8, kMostRows = 16, kMostBytes = 64;

struct Tile {
  std::size_t rows = 0, row_bytes = 0;
  std::array<std::array<std::uint8_t, kMostBytes>, kMostRows> bytes{};

  std::uint32_t number(std::size_t m, std::size_t n) const {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes[m].data() + 4 * n, sizeof value);
    return value;
  }
};

thread_local std::array<Tile, kTiles> tiles;

// A three-byte VEX instruction of the 0F 38 map.
class Instruction {
 public:
  explicit Instruction(greg_t* registers)
      : registers_(registers), at_(reinterpret_cast<const std::uint8_t*>(registers[REG_RIP])) {
    mod_ = at_[4] >> 6;
    rm_ = at_[4] & 7U;
    length_ = 5;
    if (mod_ != 3) find_address();
  }

  bool is_vex() const { return at_[0] == 0xc4 && (at_[1] & 0x1fU) == 2 && (at_[2] & 0x84U) == 0; }
  unsigned prefix() const { return at_[2] & 3U; }  // none, 66, F3, F2
  unsigned opcode() const { return at_[3]; }
  bool has_memory() const { return mod_ != 3; }
  unsigned first() const { return (at_[4] >> 3) & 7U; }
  unsigned second() const { return rm_; }
  unsigned third() const { return ~(static_cast<unsigned>(at_[2]) >> 3) & 7U; }
  std::uint8_t* memory() const { return reinterpret_cast<std::uint8_t*>(base_ + index_); }
  std::uint8_t* row(std::size_t i) const { return reinterpret_cast<std::uint8_t*>(base_ + i * index_); }
  std::size_t length() const { return length_; }

 private:
  std::uintptr_t value_of(unsigned number) const {
    constexpr int kOrder[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                              REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
    return static_cast<std::uintptr_t>(registers_[kOrder[number]]);
  }

  void find_address() {
    const unsigned extend_index = (at_[1] & 0x40U) != 0 ? 0 : 8, extend_base = (at_[1] & 0x20U) != 0 ? 0 : 8;
    unsigned base = rm_;
    if (rm_ == 4) {
      const unsigned sib = at_[length_++];
      const unsigned index = ((sib >> 3) & 7U) | extend_index;
      if (index != 4) index_ = value_of(index) << (sib >> 6);
      base = sib & 7U;
    }
    const bool is_absolute = mod_ == 0 && base == 5;
    if (!is_absolute) base_ = value_of(base | extend_base);
    if (mod_ == 1) {
      base_ +=
          static_cast<std::uintptr_t>(static_cast<std::intptr_t>(static_cast<std::int8_t>(at_[length_++])));
    } else if (mod_ == 2 || is_absolute) {
      std::int32_t displacement = 0;
      std::memcpy(&displacement, at_ + length_, sizeof displacement);
      length_ += sizeof displacement;
      base_ += static_cast<std::uintptr_t>(static_cast<std::intptr_t>(displacement));
    }
    if (is_absolute && rm_ == 5) base_ += reinterpret_cast<std::uintptr_t>(at_) + length_;
  }

  greg_t* registers_;
  const std::uint8_t* at_;
  unsigned mod_ = 0, rm_ = 0;
  std::size_t length_ = 0;
  std::uintptr_t base_ = 0, index_ = 0;
};

bool configure(const std::uint8_t* config) {
  if (config[0] != 1 || config[1] != 0) return false;
  for (std::size_t t = 0; t < kTiles; ++t) {
    Tile tile;
    std::uint16_t row_bytes = 0;
    std::memcpy(&row_bytes, config + 16 + 2 * t, sizeof row_bytes);
    tile.row_bytes = row_bytes;
    tile.rows = config[48 + t];
    if (tile.row_bytes > kMostBytes || tile.rows > kMostRows) return false;
    tiles[t] = tile;
  }
  return true;
}

// c += a · b, of unsigned bytes, four at a time.
bool multiply(Tile& c, const Tile& a, const Tile& b) {
  if (a.rows != c.rows || b.row_bytes != c.row_bytes || a.row_bytes != 4 * b.rows) return false;
  for (std::size_t m = 0; m < c.rows; ++m) {
    for (std::size_t n = 0; n < c.row_bytes / 4; ++n) {
      std::uint32_t sum = c.number(m, n);
      for (std::size_t k = 0; k < b.rows; ++k) {
        for (std::size_t i = 0; i < 4; ++i) {
          sum += std::uint32_t{a.bytes[m][4 * k + i]} * b.bytes[k][4 * n + i];
        }
      }
      std::memcpy(c.bytes[m].data() + 4 * n, &sum, sizeof sum);
    }
  }
  return true;
}

bool run(const Instruction& instruction) {
  if (!instruction.is_vex()) return false;
  constexpr unsigned kNone = 0, kF3 = 2, kF2 = 3;
  const unsigned prefix = instruction.prefix();
  Tile& first = tiles[instruction.first()];
  switch (instruction.opcode()) {
    case 0x49:
      if (prefix == kNone && instruction.has_memory()) return configure(instruction.memory());
      if (instruction.has_memory()) return false;
      if (prefix == kNone) {
        tiles = {};
        return true;
      }
      if (prefix != kF2 || first.rows == 0) return false;
      first.bytes = {};
      return true;
    case 0x4b:
      if (!instruction.has_memory() || first.rows == 0) return false;
      for (std::size_t i = 0; i < first.rows; ++i) {
        if (prefix == kF2) {
          std::memcpy(first.bytes[i].data(), instruction.row(i), first.row_bytes);
        } else if (prefix == kF3) {
          std::memcpy(instruction.row(i), first.bytes[i].data(), first.row_bytes);
        } else {
          return false;
        }
      }
      return true;
    case 0x5e:
      return prefix == kNone && !instruction.has_memory() && first.rows != 0 &&
             multiply(first, tiles[instruction.second()], tiles[instruction.third()]);
    default:
      return false;
  }
}

void on_illegal(int signal, siginfo_t*, void* context) {
  greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const Instruction instruction(registers);
  if (run(instruction)) {
    registers[REG_RIP] += static_cast<greg_t>(instruction.length());
  } else {
    std::signal(signal, SIG_DFL);
  }
}

}  // namespace

TileEmulator::TileEmulator() {
  struct sigaction action = {};
  action.sa_sigaction = on_illegal;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGILL, &action, &before_);
}

TileEmulator::~TileEmulator() {
  sigaction(SIGILL, &before_, nullptr);
}

}  // namespace mixbern

#endif

// Loaded before the C library (LD_PRELOAD): the n-th call of one kind fails.
//
// MIXBERN_FAULT=KIND:N fails call N of that kind, counted from 1 where main begins, KIND:N+ that one and all
// later ones. The file MIXBERN_FAULT_MARK gets a byte when the call is reached, so that whoever counts N up
// knows the end.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

// The allocator of the C library under the names that it keeps for itself.
// NOLINTBEGIN(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}
// NOLINTEND(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)

namespace {

struct Fault {
  const char* kind = "";
  long first = 0;
  bool lasting = false;
  const char* mark = nullptr;
};

Fault fault;
std::atomic<bool> in_main{false};
std::atomic<long> n_calls{0};
thread_local bool loads_library = false;

void read_environment() {
  static char kind[32];
  const char* text = getenv("MIXBERN_FAULT");
  const char* colon = text == nullptr ? nullptr : strchr(text, ':');
  if (colon == nullptr || colon - text >= static_cast<std::ptrdiff_t>(sizeof kind)) return;
  memcpy(kind, text, static_cast<std::size_t>(colon - text));
  fault = {kind, strtol(colon + 1, nullptr, 10), text[strlen(text) - 1] == '+', getenv("MIXBERN_FAULT_MARK")};
}

void leave_mark() {
  if (fault.mark == nullptr) return;
  const long file = syscall(SYS_openat, AT_FDCWD, fault.mark, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0) return;
  syscall(SYS_write, file, "x", 1);
  syscall(SYS_close, file);
}

// Whether this call of `kind` is to fail.
bool fails(const char* kind) {
  if (!in_main.load() || loads_library || strcmp(fault.kind, kind) != 0) return false;
  const long call = n_calls.fetch_add(1) + 1;
  if (call == fault.first) leave_mark();
  return fault.lasting ? call >= fault.first : call == fault.first;
}

template <class Result>
Result failure(int code, Result result) {
  errno = code;
  return result;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

using Main = int(int, char**, char**);
Main* real_main = nullptr;

int watched_main(int argc, char** argv, char** variables) {
  read_environment();
  in_main.store(true);
  const int status = real_main(argc, argv, variables);
  in_main.store(false);
  return status;
}

int open_file(int folder, const char* path, int flags, ::mode_t mode) {
  if (fails("open")) return failure(EMFILE, -1);
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)
extern "C" {

int __libc_start_main(Main* main, int argc, char** argv, void (*begin)(), void (*end)(), void (*loader)(),
                      void* stack) {
  real_main = main;
  using Start = int(Main*, int, char**, void (*)(), void (*)(), void (*)(), void*);
  return next<Start>("__libc_start_main")(watched_main, argc, argv, begin, end, loader, stack);
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = static_cast<::mode_t>(va_arg(rest, unsigned));
  va_end(rest);
  return open_file(AT_FDCWD, path, flags, mode);
}

// Files are as large as they like on 64-bit machines: one function by both names.
int open64(const char* path, int flags, ...) __attribute__((alias("open")));

::ssize_t read(int file, void* bytes, std::size_t size) {
  if (fails("read")) return failure<::ssize_t>(EIO, -1);
  return syscall(SYS_read, file, bytes, size);
}

::ssize_t write(int file, const void* bytes, std::size_t size) {
  if (fails("write")) return failure<::ssize_t>(ENOSPC, -1);
  // A disk that fills up takes a part first.
  if (size > 1 && fails("short-write")) size /= 2;
  return syscall(SYS_write, file, bytes, size);
}

int fsync(int file) {
  return fails("fsync") ? failure(EIO, -1) : static_cast<int>(syscall(SYS_fsync, file));
}

int rename(const char* from, const char* to) {
  return fails("rename") ? failure(EIO, -1)
                         : static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  if (fails("rename")) return failure(EPERM, -1);
  return static_cast<int>(syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}

void* mmap(void* at, std::size_t size, int protection, int flags, int file, ::off_t offset) {
  if (fails("mmap")) return failure(ENOMEM, MAP_FAILED);
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, size, protection, flags, file, offset));
}

void* mmap64(void* at, std::size_t size, int protection, int flags, int file, ::off64_t offset) {
  return mmap(at, size, protection, flags, file, offset);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                   void* argument) {
  if (fails("thread")) return EAGAIN;
  using Create = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static Create* const create = next<Create>("pthread_create");
  return create(thread, attributes, function, argument);
}

// glibc crashes in there when it gets no memory, and oneTBB loads its allocator at the first use of threads.
void* dlopen(const char* path, int mode) {
  using Open = void*(const char*, int);
  static Open* const load = next<Open>("dlopen");
  loads_library = true;
  void* const library = load(path, mode);
  loads_library = false;
  return library;
}

void* malloc(std::size_t size) {
  return fails("malloc") ? failure<void*>(ENOMEM, nullptr) : __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  return fails("malloc") ? failure<void*>(ENOMEM, nullptr) : __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
  return fails("malloc") ? failure<void*>(ENOMEM, nullptr) : __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return fails("malloc") ? failure<void*>(ENOMEM, nullptr) : __libc_memalign(alignment, size);
}

int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
  if (fails("malloc")) return ENOMEM;
  *result = __libc_memalign(alignment, size);
  return *result == nullptr ? ENOMEM : 0;
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)

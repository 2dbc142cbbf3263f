/* Plugin of the emulator: how many instructions of the guest ran, and in which functions. The part of qemu-plugin.h
   (version 1) that it needs is declared here, as Debian's packages lack that header. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t Id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { kAddU64 = 0 };
void qemu_plugin_register_vcpu_tb_trans_cb(Id, void (*)(Id, struct qemu_plugin_tb*));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb*, int operation, void* counter, uint64_t n);
void qemu_plugin_register_atexit_cb(Id, void (*)(Id, void*), void*);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*, size_t);
const char* qemu_plugin_insn_symbol(const struct qemu_plugin_insn*);

enum { kMostFunctions = 20000, kShown = 12 };
struct Function {
  char name[256];
  uint64_t n_instructions;
};
/* The last one stands for all that have no room. */
static struct Function functions[kMostFunctions];
static size_t n_functions;

static struct Function* function_of(const char* name) {
  size_t i = 0;
  while (i < n_functions && strncmp(functions[i].name, name, sizeof(functions[i].name) - 1) != 0) ++i;
  if (i == kMostFunctions) return &functions[kMostFunctions - 1];
  if (i == n_functions) strncpy(functions[n_functions++].name, name, sizeof(functions[i].name) - 1);
  return &functions[i];
}

static void translated(Id id, struct qemu_plugin_tb* block) {
  (void)id;
  const char* name = qemu_plugin_insn_symbol(qemu_plugin_tb_get_insn(block, 0));
  struct Function* function = function_of(name == NULL ? "no name" : name);
  qemu_plugin_register_vcpu_tb_exec_inline(block, kAddU64, &function->n_instructions, qemu_plugin_tb_n_insns(block));
}

static int by_count(const void* a, const void* b) {
  const uint64_t x = ((const struct Function*)a)->n_instructions;
  const uint64_t y = ((const struct Function*)b)->n_instructions;
  return (x < y) - (x > y);
}

static void ended(Id id, void* unused) {
  (void)id, (void)unused;
  uint64_t sum = 0;
  for (size_t i = 0; i < n_functions; ++i) sum += functions[i].n_instructions;
  qsort(functions, n_functions, sizeof(functions[0]), by_count);
  printf("%" PRIu64 " instructions\n", sum);
  for (size_t i = 0; i < kShown && i < n_functions; ++i) {
    printf("%6.1f %%  %s\n", 100.0 * (double)functions[i].n_instructions / (double)sum, functions[i].name);
  }
  fflush(stdout);
}

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default"))) int qemu_plugin_install(Id id, const void* info, int argc, char** argv) {
  (void)info, (void)argc, (void)argv;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, ended, NULL);
  return 0;
}

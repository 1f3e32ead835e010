#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's own entry, for programs with a main of their own (LLVM, "Using libFuzzer as a library").
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*once)(const uint8_t *bytes, size_t length));

#include "functions.h"

#define FAULTY_NAME(name, ...) #name,
static const char *const names[] = {"*", FAULTY_PLAIN(FAULTY_NAME) FAULTY_SPECIAL(FAULTY_NAME) "C_GetFunctionList"};

const char *faulty_function_name(int function) { return names[function]; }

/// A PKCS#11 module that wraps a real one and attacks the process that loaded it. `README.md` beside it has
/// the variables.
#ifndef CHOSTILEMODULE_H
#define CHOSTILEMODULE_H

#include <p11-kit/pkcs11.h>

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR *list);

#endif

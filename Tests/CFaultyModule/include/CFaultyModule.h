/// A PKCS#11 module that wraps a real one and misbehaves by script. `README.md` beside it has the grammar.
///
/// Environment:
///   SIGNET_FAULTY_MODULE   path of the real module
///   SIGNET_FAULTY_CONTROL  path of the script; read again whenever it changes, and counting starts anew
///   SIGNET_FAULTY_SCRIPT   the script itself, rules separated by `;`, when there is no file of that path
///   SIGNET_FAULTY_STATE    optional: folder of the state files, which otherwise lie beside the script
///   SIGNET_FAULTY_LOG      optional: every call is appended, one name a line
///   SIGNET_FAULTY_PIN      path of the PIN that is typed on the PIN pad (`pinpad`)
///
/// A script has one rule a line, `FUNCTION CALL ACTION [ARGUMENT]`, and `#` begins a comment.
#ifndef CFAULTYMODULE_H
#define CFAULTYMODULE_H

#include <p11-kit/pkcs11.h>

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR *list);

#endif

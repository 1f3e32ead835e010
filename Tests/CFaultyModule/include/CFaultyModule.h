/// A PKCS#11 module that wraps a real one and misbehaves by script.
///
/// Environment:
///   SIGNET_FAULTY_MODULE   path of the real module
///   SIGNET_FAULTY_CONTROL  path of the script; read again whenever it changes, and counting starts anew; beside it
///                          a file with the ending `.fired` says what fired
///   SIGNET_FAULTY_LOG      optional: every call of a wrapped function is appended, one name a line
///
/// A script has one rule a line, `FUNCTION CALL ACTION [ARGUMENT]`, and `#` begins a comment:
///   FUNCTION  a wrapped function, such as C_Sign
///   CALL      which call since the script changed: a number from 1, which counts in each process and fires in one,
///             or `*` for every call
///   ACTION    return 0x30    answer this CK_RV without calling the real module
///             delay 200      wait so many milliseconds, then go on as usual
///             hang           never come back
///             crash          end the process with SIGSEGV
///             corrupt        go on as usual, then flip a bit of the signature (C_Sign)
///             lie 0x162=01   go on as usual, then report this attribute as these bytes (C_GetAttributeValue)
///             logout         log out on the real module first, then go on: handles are lost
///             fork           try to fork; CKR_GENERAL_ERROR if that worked, and go on as usual if it was refused
#ifndef CFAULTYMODULE_H
#define CFAULTYMODULE_H

#include <p11-kit/pkcs11.h>

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR *list);

#endif

/// The 68 functions of CK_FUNCTION_LIST (PKCS#11 2.40), each once.
#ifndef FAULTY_FUNCTIONS_H
#define FAULTY_FUNCTIONS_H

#include "CFaultyModule.h"

#include <stddef.h>

// What a call is about, as seen in its parameters: nothing, a slot, or a session.
typedef enum { NOTHING, SLOT, SESSION } faulty_subject;

/// Functions that no action treats specially: X(name, subject, handle, parameters, arguments).
// clang-format off
#define FAULTY_PLAIN(X)                                                                                               \
    X(C_Initialize, NOTHING, 0, (void *arguments), (arguments))                                                       \
    X(C_GetInfo, NOTHING, 0, (CK_INFO *info), (info))                                                                 \
    X(C_WaitForSlotEvent, NOTHING, 0, (CK_FLAGS flags, CK_SLOT_ID *s, void *reserved), (flags, s, reserved))          \
    X(C_GetMechanismList, SLOT, s, (CK_SLOT_ID s, CK_MECHANISM_TYPE *list, CK_ULONG *count), (s, list, count))        \
    X(C_GetMechanismInfo, SLOT, s, (CK_SLOT_ID s, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info), (s, type, info))  \
    X(C_InitToken, SLOT, s, (CK_SLOT_ID s, BYTES pin, CK_ULONG n, BYTES label), (s, pin, n, label))                   \
    X(C_InitPIN, SESSION, h, (HANDLE h, BYTES pin, CK_ULONG n), (h, pin, n))                                          \
    X(C_SetPIN, SESSION, h, (HANDLE h, BYTES a, CK_ULONG n, BYTES b, CK_ULONG m), (h, a, n, b, m))                    \
    X(C_GetSessionInfo, SESSION, h, (HANDLE h, CK_SESSION_INFO *info), (h, info))                                     \
    X(C_GetOperationState, SESSION, h, (HANDLE h, BYTES out, CK_ULONG *n), (h, out, n))                               \
    X(C_SetOperationState, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, OBJECT a, OBJECT b), (h, in, n, a, b))        \
    X(C_Logout, SESSION, h, (HANDLE h), (h))                                                                          \
    X(C_CreateObject, SESSION, h, (HANDLE h, CK_ATTRIBUTE *t, CK_ULONG n, OBJECT *o), (h, t, n, o))                   \
    X(C_CopyObject, SESSION, h, (HANDLE h, OBJECT o, CK_ATTRIBUTE *t, CK_ULONG n, OBJECT *copy), (h, o, t, n, copy))  \
    X(C_DestroyObject, SESSION, h, (HANDLE h, OBJECT o), (h, o))                                                      \
    X(C_GetObjectSize, SESSION, h, (HANDLE h, OBJECT o, CK_ULONG *size), (h, o, size))                                \
    X(C_SetAttributeValue, SESSION, h, (HANDLE h, OBJECT o, CK_ATTRIBUTE *t, CK_ULONG n), (h, o, t, n))               \
    X(C_FindObjectsInit, SESSION, h, (HANDLE h, CK_ATTRIBUTE *t, CK_ULONG n), (h, t, n))                              \
    X(C_FindObjectsFinal, SESSION, h, (HANDLE h), (h))                                                                \
    X(C_EncryptInit, SESSION, h, (HANDLE h, CK_MECHANISM *m, OBJECT key), (h, m, key))                                \
    X(C_Encrypt, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, BYTES out, CK_ULONG *m), (h, in, n, out, m))            \
    X(C_EncryptUpdate, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, BYTES out, CK_ULONG *m), (h, in, n, out, m))      \
    X(C_EncryptFinal, SESSION, h, (HANDLE h, BYTES out, CK_ULONG *n), (h, out, n))                                    \
    X(C_DecryptInit, SESSION, h, (HANDLE h, CK_MECHANISM *m, OBJECT key), (h, m, key))                                \
    X(C_Decrypt, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, BYTES out, CK_ULONG *m), (h, in, n, out, m))            \
    X(C_DecryptUpdate, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, BYTES out, CK_ULONG *m), (h, in, n, out, m))      \
    X(C_DecryptFinal, SESSION, h, (HANDLE h, BYTES out, CK_ULONG *n), (h, out, n))                                    \
    X(C_DigestInit, SESSION, h, (HANDLE h, CK_MECHANISM *m), (h, m))                                                  \
    X(C_Digest, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, BYTES out, CK_ULONG *m), (h, in, n, out, m))             \
    X(C_DigestUpdate, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n), (h, in, n))                                       \
    X(C_DigestKey, SESSION, h, (HANDLE h, OBJECT key), (h, key))                                                      \
    X(C_DigestFinal, SESSION, h, (HANDLE h, BYTES out, CK_ULONG *n), (h, out, n))                                     \
    X(C_SignInit, SESSION, h, (HANDLE h, CK_MECHANISM *m, OBJECT key), (h, m, key))                                   \
    X(C_SignUpdate, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n), (h, in, n))                                         \
    X(C_SignRecoverInit, SESSION, h, (HANDLE h, CK_MECHANISM *m, OBJECT key), (h, m, key))                            \
    X(C_SignRecover, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, BYTES out, CK_ULONG *m), (h, in, n, out, m))        \
    X(C_VerifyInit, SESSION, h, (HANDLE h, CK_MECHANISM *m, OBJECT key), (h, m, key))                                 \
    X(C_Verify, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, BYTES s, CK_ULONG m), (h, in, n, s, m))                  \
    X(C_VerifyUpdate, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n), (h, in, n))                                       \
    X(C_VerifyFinal, SESSION, h, (HANDLE h, BYTES s, CK_ULONG n), (h, s, n))                                          \
    X(C_VerifyRecoverInit, SESSION, h, (HANDLE h, CK_MECHANISM *m, OBJECT key), (h, m, key))                          \
    X(C_VerifyRecover, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n, BYTES out, CK_ULONG *m), (h, in, n, out, m))      \
    X(C_DigestEncryptUpdate, SESSION, h, (HANDLE h, BYTES i, CK_ULONG n, BYTES o, CK_ULONG *m), (h, i, n, o, m))      \
    X(C_DecryptDigestUpdate, SESSION, h, (HANDLE h, BYTES i, CK_ULONG n, BYTES o, CK_ULONG *m), (h, i, n, o, m))      \
    X(C_SignEncryptUpdate, SESSION, h, (HANDLE h, BYTES i, CK_ULONG n, BYTES o, CK_ULONG *m), (h, i, n, o, m))        \
    X(C_DecryptVerifyUpdate, SESSION, h, (HANDLE h, BYTES i, CK_ULONG n, BYTES o, CK_ULONG *m), (h, i, n, o, m))      \
    X(C_GenerateKey, SESSION, h, (HANDLE h, CK_MECHANISM *m, CK_ATTRIBUTE *t, CK_ULONG n, OBJECT *key),               \
      (h, m, t, n, key))                                                                                              \
    X(C_GenerateKeyPair, SESSION, h,                                                                                  \
      (HANDLE h, CK_MECHANISM *m, CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE *u, CK_ULONG k, OBJECT *a, OBJECT *b),    \
      (h, m, t, n, u, k, a, b))                                                                                       \
    X(C_WrapKey, SESSION, h, (HANDLE h, CK_MECHANISM *m, OBJECT by, OBJECT key, BYTES out, CK_ULONG *n),              \
      (h, m, by, key, out, n))                                                                                        \
    X(C_UnwrapKey, SESSION, h,                                                                                        \
      (HANDLE h, CK_MECHANISM *m, OBJECT by, BYTES in, CK_ULONG n, CK_ATTRIBUTE *t, CK_ULONG k, OBJECT *key),         \
      (h, m, by, in, n, t, k, key))                                                                                   \
    X(C_DeriveKey, SESSION, h, (HANDLE h, CK_MECHANISM *m, OBJECT by, CK_ATTRIBUTE *t, CK_ULONG n, OBJECT *key),      \
      (h, m, by, t, n, key))                                                                                          \
    X(C_SeedRandom, SESSION, h, (HANDLE h, BYTES in, CK_ULONG n), (h, in, n))                                         \
    X(C_GenerateRandom, SESSION, h, (HANDLE h, BYTES out, CK_ULONG n), (h, out, n))                                   \
    X(C_GetFunctionStatus, SESSION, h, (HANDLE h), (h))                                                               \
    X(C_CancelFunction, SESSION, h, (HANDLE h), (h))

/// Functions with a wrapper of their own; C_GetFunctionList is the other one.
#define FAULTY_SPECIAL(X)                                                                                             \
    X(C_GetSlotList) X(C_GetSlotInfo) X(C_GetTokenInfo)            /* token.c */                                      \
    X(C_Finalize) X(C_OpenSession) X(C_CloseSession) X(C_CloseAllSessions) /* sessions.c */                           \
    X(C_Login)                                                     /* login.c */                                      \
    X(C_GetAttributeValue) X(C_FindObjects)                         /* objects.c */                                    \
    X(C_Sign) X(C_SignFinal)                                       /* signature.c */
// clang-format on

#define FAULTY_NUMBER(name, ...) FAULTY_##name,
/// A number for each function, and 0 for all of them.
enum { FAULTY_ANY, FAULTY_PLAIN(FAULTY_NUMBER) FAULTY_SPECIAL(FAULTY_NUMBER) FAULTY_C_GetFunctionList, FAULTY_END };
#undef FAULTY_NUMBER

_Static_assert(FAULTY_END - 1 == (sizeof(CK_FUNCTION_LIST) - offsetof(CK_FUNCTION_LIST, C_Initialize)) / sizeof(void *),
               "every function of the list is wrapped");

#pragma GCC visibility push(hidden)

#define FAULTY_DECLARE(name, ...) __typeof__(name) faulty_##name;
FAULTY_PLAIN(FAULTY_DECLARE)
FAULTY_SPECIAL(FAULTY_DECLARE)
#undef FAULTY_DECLARE

/// The function list of the module that is wrapped.
extern CK_FUNCTION_LIST_PTR faulty_real;

/// The name of a function, `*` for `FAULTY_ANY`.
const char *faulty_function_name(int function);

#pragma GCC visibility pop
#endif

/// NULL-checked calls over a Cryptoki function list, and the RFC 7512 URI parser of p11-kit.
///
/// A module may leave any entry of its function list NULL (PKCS#11 2.40, section 3.6, allows stubs; vendors
/// forget them). Every call here then returns CKR_FUNCTION_NOT_SUPPORTED instead of jumping to address zero.
/// This target only translates; it makes no decisions.
#ifndef CPKCS11_H
#define CPKCS11_H

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

/// Resolves C_GetFunctionList in a module opened with dlopen and calls it.
CK_RV signet_C_GetFunctionList(void *module, CK_FUNCTION_LIST_PTR *list);

/// C_Initialize for many threads, with the system's locks (CKF_OS_LOCKING_OK). `parameters` become pReserved,
/// which the standard requires to be NULL.
CK_RV signet_C_Initialize(CK_FUNCTION_LIST_PTR list, const char *parameters);
CK_RV signet_C_GetInfo(CK_FUNCTION_LIST_PTR list, CK_INFO *info);
CK_RV signet_C_GetSlotList(CK_FUNCTION_LIST_PTR list, CK_BBOOL token_present, CK_SLOT_ID *slots, CK_ULONG *count);
CK_RV signet_C_GetTokenInfo(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, CK_TOKEN_INFO *info);
CK_RV signet_C_OpenSession(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE *session);
CK_RV signet_C_CloseSession(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session);
CK_RV signet_C_Login(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_USER_TYPE user,
                     const unsigned char *pin, CK_ULONG pin_length);
CK_RV signet_C_GenerateKeyPair(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                               CK_ATTRIBUTE *public_template, CK_ULONG public_count,
                               CK_ATTRIBUTE *private_template, CK_ULONG private_count,
                               CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key);
CK_RV signet_C_FindObjectsInit(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_ATTRIBUTE *attributes,
                               CK_ULONG count);
CK_RV signet_C_FindObjects(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects,
                           CK_ULONG capacity, CK_ULONG *count);
CK_RV signet_C_FindObjectsFinal(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session);
CK_RV signet_C_GetAttributeValue(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                 CK_ATTRIBUTE *attributes, CK_ULONG count);
CK_RV signet_C_SignInit(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                        CK_OBJECT_HANDLE key);
CK_RV signet_C_Sign(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, const unsigned char *data,
                    CK_ULONG length, unsigned char *signature, CK_ULONG *signature_length);

CK_RV signet_C_CopyObject(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                          CK_ATTRIBUTE *attributes, CK_ULONG count, CK_OBJECT_HANDLE *copy);
CK_RV signet_C_DestroyObject(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);
CK_RV signet_C_SetAttributeValue(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                 CK_ATTRIBUTE *attributes, CK_ULONG count);
CK_RV signet_C_GenerateKey(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                           CK_ATTRIBUTE *attributes, CK_ULONG count, CK_OBJECT_HANDLE *key);
CK_RV signet_C_WrapKey(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                       CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key, unsigned char *wrapped,
                       CK_ULONG *wrapped_length);
CK_RV signet_C_DecryptInit(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                           CK_OBJECT_HANDLE key);

CK_RV signet_C_Logout(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session);
/// `label` has 32 bytes, padded with blanks.
CK_RV signet_C_InitToken(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, const unsigned char *pin, CK_ULONG pin_length,
                         const unsigned char *label);
CK_RV signet_C_InitPIN(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, const unsigned char *pin,
                       CK_ULONG pin_length);
CK_RV signet_C_SetPIN(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, const unsigned char *old_pin,
                      CK_ULONG old_length, const unsigned char *new_pin, CK_ULONG new_length);
CK_RV signet_C_GetMechanismList(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, CK_MECHANISM_TYPE *mechanisms,
                                CK_ULONG *count);
CK_RV signet_C_GetMechanismInfo(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, CK_MECHANISM_TYPE mechanism,
                                CK_MECHANISM_INFO *info);
CK_RV signet_C_GetSessionInfo(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_SESSION_INFO *info);
CK_RV signet_C_GenerateRandom(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, unsigned char *bytes,
                              CK_ULONG count);

#endif

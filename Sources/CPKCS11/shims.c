#include "CPKCS11.h"

#include <dlfcn.h>
#include <string.h>

#define CALL(function, ...)                                                                                  \
    do {                                                                                                     \
        if (list == NULL || list->function == NULL) return CKR_FUNCTION_NOT_SUPPORTED;                       \
        return list->function(__VA_ARGS__);                                                                  \
    } while (0)

CK_RV signet_C_GetFunctionList(void *module, CK_FUNCTION_LIST_PTR *list) {
    CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList");
    if (get == NULL) return CKR_FUNCTION_NOT_SUPPORTED;
    return get(list);
}

CK_RV signet_C_Initialize(CK_FUNCTION_LIST_PTR list, const char *parameters) {
    // The standard's structure and one zero after it. NSS has one more member, in front of its own pReserved.
    struct {
        CK_C_INITIALIZE_ARGS arguments;
        void *nss_reserved;
    } padded;
    memset(&padded, 0, sizeof padded);
    // PKCS#11 2.40, section 5.4: without CKF_OS_LOCKING_OK the module may assume a single-threaded caller.
    padded.arguments.flags = CKF_OS_LOCKING_OK;
    padded.arguments.pReserved = (void *)parameters;
    CALL(C_Initialize, &padded);
}

CK_RV signet_C_GetInfo(CK_FUNCTION_LIST_PTR list, CK_INFO *info) { CALL(C_GetInfo, info); }

CK_RV signet_C_GetSlotList(CK_FUNCTION_LIST_PTR list, CK_BBOOL token_present, CK_SLOT_ID *slots, CK_ULONG *count) {
    CALL(C_GetSlotList, token_present, slots, count);
}

CK_RV signet_C_GetTokenInfo(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    CALL(C_GetTokenInfo, slot, info);
}

CK_RV signet_C_OpenSession(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE *session) {
    CALL(C_OpenSession, slot, flags, NULL, NULL, session);
}

CK_RV signet_C_CloseSession(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session) { CALL(C_CloseSession, session); }

CK_RV signet_C_Login(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_USER_TYPE user,
                     const unsigned char *pin, CK_ULONG pin_length) {
    CALL(C_Login, session, user, (unsigned char *)pin, pin_length);
}

CK_RV signet_C_GenerateKeyPair(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                               CK_ATTRIBUTE *public_template, CK_ULONG public_count,
                               CK_ATTRIBUTE *private_template, CK_ULONG private_count,
                               CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
    CALL(C_GenerateKeyPair, session, mechanism, public_template, public_count, private_template, private_count,
         public_key, private_key);
}

CK_RV signet_C_FindObjectsInit(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_ATTRIBUTE *attributes,
                               CK_ULONG count) {
    CALL(C_FindObjectsInit, session, attributes, count);
}

CK_RV signet_C_FindObjects(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects,
                           CK_ULONG capacity, CK_ULONG *count) {
    CALL(C_FindObjects, session, objects, capacity, count);
}

CK_RV signet_C_FindObjectsFinal(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session) {
    CALL(C_FindObjectsFinal, session);
}

CK_RV signet_C_GetAttributeValue(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                 CK_ATTRIBUTE *attributes, CK_ULONG count) {
    CALL(C_GetAttributeValue, session, object, attributes, count);
}

CK_RV signet_C_SignInit(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                        CK_OBJECT_HANDLE key) {
    CALL(C_SignInit, session, mechanism, key);
}

CK_RV signet_C_Sign(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, const unsigned char *data,
                    CK_ULONG length, unsigned char *signature, CK_ULONG *signature_length) {
    CALL(C_Sign, session, (unsigned char *)data, length, signature, signature_length);
}

CK_RV signet_C_CopyObject(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                          CK_ATTRIBUTE *attributes, CK_ULONG count, CK_OBJECT_HANDLE *copy) {
    CALL(C_CopyObject, session, object, attributes, count, copy);
}

CK_RV signet_C_DestroyObject(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
    CALL(C_DestroyObject, session, object);
}

CK_RV signet_C_SetAttributeValue(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                 CK_ATTRIBUTE *attributes, CK_ULONG count) {
    CALL(C_SetAttributeValue, session, object, attributes, count);
}

CK_RV signet_C_GenerateKey(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                           CK_ATTRIBUTE *attributes, CK_ULONG count, CK_OBJECT_HANDLE *key) {
    CALL(C_GenerateKey, session, mechanism, attributes, count, key);
}

CK_RV signet_C_WrapKey(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                       CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key, unsigned char *wrapped,
                       CK_ULONG *wrapped_length) {
    CALL(C_WrapKey, session, mechanism, wrapping_key, key, wrapped, wrapped_length);
}

CK_RV signet_C_DecryptInit(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                           CK_OBJECT_HANDLE key) {
    CALL(C_DecryptInit, session, mechanism, key);
}

CK_RV signet_C_Logout(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session) { CALL(C_Logout, session); }

CK_RV signet_C_InitToken(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, const unsigned char *pin, CK_ULONG pin_length,
                         const unsigned char *label) {
    CALL(C_InitToken, slot, (unsigned char *)pin, pin_length, (unsigned char *)label);
}

CK_RV signet_C_InitPIN(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, const unsigned char *pin,
                       CK_ULONG pin_length) {
    CALL(C_InitPIN, session, (unsigned char *)pin, pin_length);
}

CK_RV signet_C_SetPIN(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, const unsigned char *old_pin,
                      CK_ULONG old_length, const unsigned char *new_pin, CK_ULONG new_length) {
    CALL(C_SetPIN, session, (unsigned char *)old_pin, old_length, (unsigned char *)new_pin, new_length);
}

CK_RV signet_C_GetMechanismList(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, CK_MECHANISM_TYPE *mechanisms,
                                CK_ULONG *count) {
    CALL(C_GetMechanismList, slot, mechanisms, count);
}

CK_RV signet_C_GetMechanismInfo(CK_FUNCTION_LIST_PTR list, CK_SLOT_ID slot, CK_MECHANISM_TYPE mechanism,
                                CK_MECHANISM_INFO *info) {
    CALL(C_GetMechanismInfo, slot, mechanism, info);
}

CK_RV signet_C_GetSessionInfo(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, CK_SESSION_INFO *info) {
    CALL(C_GetSessionInfo, session, info);
}

CK_RV signet_C_GenerateRandom(CK_FUNCTION_LIST_PTR list, CK_SESSION_HANDLE session, unsigned char *bytes,
                              CK_ULONG count) {
    CALL(C_GenerateRandom, session, bytes, count);
}

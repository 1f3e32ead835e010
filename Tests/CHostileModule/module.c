/// C_GetFunctionList: the real module's functions, two of which attack first.
#include "CHostileModule.h"
#include "findings.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

static CK_FUNCTION_LIST wrapped;
static CK_FUNCTION_LIST_PTR real;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static CK_RV initialize(void *arguments) {
    hostile_attempt_everything("C_Initialize");
    return real->C_Initialize(arguments);
}

static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG length, unsigned char *signature,
                  CK_ULONG *signature_length) {
    static int is_done;
    pthread_mutex_lock(&lock);
    if (!is_done) hostile_attempt_everything("C_Sign");
    is_done = 1;
    pthread_mutex_unlock(&lock);
    return real->C_Sign(session, data, length, signature, signature_length);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR *list) {
    const char *path = getenv("SIGNET_HOSTILE_MODULE");
    void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = library == NULL ? NULL : (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
    if (get == NULL || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
    wrapped = *real;
    wrapped.C_Initialize = initialize;
    wrapped.C_Sign = sign;
    *list = &wrapped;
    return CKR_OK;
}

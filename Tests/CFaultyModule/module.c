/// C_GetFunctionList: the one symbol of a module.
#include "call.h"
#include "log.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

CK_FUNCTION_LIST_PTR faulty_real;

static CK_FUNCTION_LIST wrapped;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static CK_RV load(void) {
    const char *path = getenv("SIGNET_FAULTY_MODULE");
    if (path == NULL) {
        faulty_complain("SIGNET_FAULTY_MODULE does not name a module");
        return CKR_GENERAL_ERROR;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = library == NULL ? NULL : (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
    if (get == NULL) {
        faulty_complain("%s", dlerror());
        return CKR_GENERAL_ERROR;
    }
    CK_RV rv = get(&faulty_real);
    if (rv != CKR_OK) faulty_real = NULL;
    return rv;
}

/// The list is made once, because callers keep it. Functions that the real module lacks stay NULL.
static void wrap(void) {
    wrapped.version = faulty_real->version;
#define ENTRY(name, ...)                                                                                     \
    if (faulty_real->name != NULL && !faulty_script_is_null(FAULTY_##name)) wrapped.name = faulty_##name;
    FAULTY_PLAIN(ENTRY)
    FAULTY_SPECIAL(ENTRY)
    if (!faulty_script_is_null(FAULTY_C_GetFunctionList)) wrapped.C_GetFunctionList = C_GetFunctionList;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR *list) {
    FAULTY_BEGIN(C_GetFunctionList, NOTHING, 0);
    if (list == NULL) return CKR_ARGUMENTS_BAD;
    rv = CKR_OK;
    pthread_mutex_lock(&lock);
    if (faulty_real == NULL) {
        rv = load();
        if (rv == CKR_OK) wrap();
    }
    pthread_mutex_unlock(&lock);
    if (rv == CKR_OK) *list = &wrapped;
    return rv;
}

// Puts data objects on a token, so that a benchmark can show that they cost nothing.
//
// usage: fill-token MODULE TOKEN-LABEL PIN-FILE COUNT
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *function, CK_RV rv) {
    if (rv == CKR_OK) return;
    fprintf(stderr, "fill-token: %s: 0x%lx\n", function, rv);
    exit(1);
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: fill-token MODULE TOKEN-LABEL PIN-FILE COUNT\n");
        return 64;
    }
    void *library = dlopen(arguments[1], RTLD_NOW);
    CK_C_GetFunctionList get = library == NULL ? NULL : (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
    CK_FUNCTION_LIST_PTR module;
    if (get == NULL || get(&module) != CKR_OK) return 1;
    check("C_Initialize", module->C_Initialize(NULL));
    CK_SLOT_ID slots[64];
    CK_ULONG slot_count = 64;
    check("C_GetSlotList", module->C_GetSlotList(1, slots, &slot_count));
    char label[33];
    snprintf(label, sizeof label, "%-32s", arguments[2]);
    CK_SESSION_HANDLE session = 0;
    for (CK_ULONG index = 0; index < slot_count; index++) {
        CK_TOKEN_INFO info;
        check("C_GetTokenInfo", module->C_GetTokenInfo(slots[index], &info));
        if (memcmp(info.label, label, 32) != 0) continue;
        check("C_OpenSession", module->C_OpenSession(slots[index], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                                                     &session));
    }
    char pin[256];
    FILE *file = fopen(arguments[3], "re");
    if (file == NULL || fgets(pin, sizeof pin, file) == NULL) return 1;
    fclose(file);
    check("C_Login", module->C_Login(session, CKU_USER, (unsigned char *)pin, strcspn(pin, "\n")));
    for (long number = 0; number < atol(arguments[4]); number++) {
        CK_OBJECT_CLASS class = CKO_DATA;
        CK_BBOOL yes = CK_TRUE;
        char name[32];
        snprintf(name, sizeof name, "filler-%ld", number);
        CK_ATTRIBUTE attributes[] = {{CKA_CLASS, &class, sizeof class},
                                     {CKA_TOKEN, &yes, sizeof yes},
                                     {CKA_LABEL, name, strlen(name)}};
        CK_OBJECT_HANDLE object;
        check("C_CreateObject", module->C_CreateObject(session, attributes, 3, &object));
    }
    return 0;
}

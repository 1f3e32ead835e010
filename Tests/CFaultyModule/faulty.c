#define _GNU_SOURCE
#include "CFaultyModule.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RULES = 32 };

typedef struct {
    char function[40];
    long call; // 0: every call
    char action[16];
    char argument[64];
    long seen;
    int fired;
} rule;

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST wrapped;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static rule rules[RULES];
static int rule_count;
static struct timespec script_time;

static void read_script(void) {
    const char *path = getenv("SIGNET_FAULTY_CONTROL");
    struct stat status;
    if (path == NULL || stat(path, &status) != 0) {
        rule_count = 0;
        return;
    }
    if (status.st_mtim.tv_sec == script_time.tv_sec && status.st_mtim.tv_nsec == script_time.tv_nsec) return;
    script_time = status.st_mtim;
    rule_count = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    char line[256];
    while (rule_count < RULES && fgets(line, sizeof line, file) != NULL) {
        rule *next = &rules[rule_count];
        char call[16];
        memset(next, 0, sizeof *next);
        if (line[0] == '#') continue;
        if (sscanf(line, "%39s %15s %15s %63s", next->function, call, next->action, next->argument) < 3) continue;
        next->call = strcmp(call, "*") == 0 ? 0 : strtol(call, NULL, 10);
        rule_count++;
    }
    fclose(file);
    // What fired in another process has fired: a worker that was replaced must not meet it again.
    char path_fired[4096];
    snprintf(path_fired, sizeof path_fired, "%s.fired", path);
    file = fopen(path_fired, "re");
    if (file == NULL) return;
    long seconds, nanoseconds;
    int index;
    while (fscanf(file, "%ld.%ld %d", &seconds, &nanoseconds, &index) == 3)
        if (seconds == script_time.tv_sec && nanoseconds == script_time.tv_nsec && index < rule_count)
            rules[index].fired = 1;
    fclose(file);
}

static void note_fired(int index) {
    const char *path = getenv("SIGNET_FAULTY_CONTROL");
    char path_fired[4096];
    if (path == NULL) return;
    snprintf(path_fired, sizeof path_fired, "%s.fired", path);
    FILE *file = fopen(path_fired, "ae");
    if (file == NULL) return;
    fprintf(file, "%ld.%ld %d\n", (long)script_time.tv_sec, (long)script_time.tv_nsec, index);
    fclose(file);
}

static void note(const char *function) {
    const char *path = getenv("SIGNET_FAULTY_LOG");
    if (path == NULL) return;
    FILE *file = fopen(path, "ae");
    if (file == NULL) return;
    fprintf(file, "%s\n", function);
    fclose(file);
}

/// The rule that holds for this call of `function`; an action of "" when none does.
static rule next_rule(const char *function) {
    rule found;
    memset(&found, 0, sizeof found);
    pthread_mutex_lock(&lock);
    read_script();
    note(function);
    for (int index = 0; index < rule_count; index++) {
        if (strcmp(rules[index].function, function) != 0) continue;
        rules[index].seen++;
        int is_due = rules[index].call == rules[index].seen && !rules[index].fired;
        if (found.action[0] != 0 || (rules[index].call != 0 && !is_due)) continue;
        found = rules[index];
        if (is_due) {
            rules[index].fired = 1;
            note_fired(index);
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}

static int is(const rule *found, const char *action) { return strcmp(found->action, action) == 0; }

/// What happens before the real call. True when the call is answered already, with `*rv`.
static int before(const rule *found, CK_SESSION_HANDLE session, CK_RV *rv) {
    if (is(found, "return")) {
        *rv = strtoul(found->argument, NULL, 0);
        return 1;
    }
    if (is(found, "delay")) usleep((useconds_t)(strtoul(found->argument, NULL, 10) * 1000));
    if (is(found, "hang"))
        for (;;) pause();
    if (is(found, "crash")) {
        signal(SIGSEGV, SIG_DFL);
        raise(SIGSEGV);
    }
    if (is(found, "logout") && session != 0) real->C_Logout(session);
    if (is(found, "fork")) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        if (child > 0) {
            waitpid(child, NULL, 0);
            *rv = CKR_GENERAL_ERROR;
            return 1;
        }
    }
    return 0;
}

#define WRAP(name, session, parameters, arguments)                                                           \
    static CK_RV faulty_##name parameters {                                                                  \
        rule found = next_rule(#name);                                                                       \
        CK_RV rv;                                                                                            \
        if (before(&found, session, &rv)) return rv;                                                         \
        return real->name arguments;                                                                         \
    }

WRAP(C_Initialize, 0, (void *arguments), (arguments))
WRAP(C_GetSlotList, 0, (CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count), (present, slots, count))
WRAP(C_GetTokenInfo, 0, (CK_SLOT_ID slot, CK_TOKEN_INFO *info), (slot, info))
WRAP(C_OpenSession, 0,
     (CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *session),
     (slot, flags, application, notify, session))
WRAP(C_Login, session, (CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length),
     (session, user, pin, length))
WRAP(C_FindObjectsInit, session, (CK_SESSION_HANDLE session, CK_ATTRIBUTE *attributes, CK_ULONG count),
     (session, attributes, count))
WRAP(C_GenerateKeyPair, session,
     (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public_template, CK_ULONG public_count,
      CK_ATTRIBUTE *private_template, CK_ULONG private_count, CK_OBJECT_HANDLE *public_key,
      CK_OBJECT_HANDLE *private_key),
     (session, mechanism, public_template, public_count, private_template, private_count, public_key, private_key))
WRAP(C_SignInit, session, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
     (session, mechanism, key))

static CK_RV faulty_C_Sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG length, unsigned char *signature,
                           CK_ULONG *signature_length) {
    rule found = next_rule("C_Sign");
    CK_RV rv;
    if (before(&found, session, &rv)) return rv;
    rv = real->C_Sign(session, data, length, signature, signature_length);
    if (rv == CKR_OK && is(&found, "corrupt") && *signature_length > 8) signature[8] ^= 1;
    return rv;
}

static CK_RV faulty_C_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes,
                                        CK_ULONG count) {
    rule found = next_rule("C_GetAttributeValue");
    CK_RV rv;
    if (before(&found, session, &rv)) return rv;
    rv = real->C_GetAttributeValue(session, object, attributes, count);
    char *equals = strchr(found.argument, '=');
    if (rv == CKR_OK && is(&found, "lie") && equals != NULL) {
        CK_ATTRIBUTE_TYPE type = strtoul(found.argument, NULL, 0);
        for (CK_ULONG index = 0; index < count; index++) {
            if (attributes[index].type != type || attributes[index].pValue == NULL) continue;
            CK_ULONG bytes = strlen(equals + 1) / 2;
            for (CK_ULONG at = 0; at < bytes; at++) {
                unsigned int byte = 0;
                sscanf(equals + 1 + 2 * at, "%2x", &byte);
                ((unsigned char *)attributes[index].pValue)[at] = (unsigned char)byte;
            }
            attributes[index].ulValueLen = bytes;
        }
    }
    return rv;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR *list) {
    const char *path = getenv("SIGNET_FAULTY_MODULE");
    if (path == NULL) return CKR_GENERAL_ERROR;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return CKR_GENERAL_ERROR;
    CK_RV (*get)(CK_FUNCTION_LIST_PTR *) = (CK_RV(*)(CK_FUNCTION_LIST_PTR *))dlsym(library, "C_GetFunctionList");
    if (get == NULL) return CKR_GENERAL_ERROR;
    CK_RV rv = get(&real);
    if (rv != CKR_OK) return rv;
    wrapped = *real;
    wrapped.C_GetFunctionList = C_GetFunctionList;
    wrapped.C_Initialize = faulty_C_Initialize;
    wrapped.C_GetSlotList = faulty_C_GetSlotList;
    wrapped.C_GetTokenInfo = faulty_C_GetTokenInfo;
    wrapped.C_OpenSession = faulty_C_OpenSession;
    wrapped.C_Login = faulty_C_Login;
    wrapped.C_FindObjectsInit = faulty_C_FindObjectsInit;
    wrapped.C_GetAttributeValue = faulty_C_GetAttributeValue;
    wrapped.C_GenerateKeyPair = faulty_C_GenerateKeyPair;
    wrapped.C_SignInit = faulty_C_SignInit;
    wrapped.C_Sign = faulty_C_Sign;
    *list = &wrapped;
    return CKR_OK;
}

// The limit: C_SignInit and C_Sign with CKM_ECDSA on cached sessions and a cached handle, one session a thread, and
// nothing else. Prints one line of JSON: {"operations": n, "seconds": s, "p50": ms, "p99": ms}.
// usage: raw-sign MODULE TOKEN-LABEL PIN-FILE SECONDS THREADS
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static CK_FUNCTION_LIST_PTR module;
static CK_SLOT_ID slot;
static CK_OBJECT_HANDLE key;
static double seconds;

typedef struct {
    pthread_t thread;
    double *latencies;
    size_t count;
    size_t capacity;
} worker;

static void check(const char *what, CK_RV rv) {
    if (rv == CKR_OK) return;
    fprintf(stderr, "error: %s: 0x%lx\n", what, rv);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static CK_SESSION_HANDLE open_session(void) {
    CK_SESSION_HANDLE session;
    check("C_OpenSession", module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session));
    return session;
}

static void *sign(void *argument) {
    worker *self = argument;
    CK_SESSION_HANDLE session = open_session();
    CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
    unsigned char digest[32] = {1}, signature[256];
    double end = now() + seconds;
    for (double start = now(); start < end;) {
        CK_ULONG length = sizeof signature;
        check("C_SignInit", module->C_SignInit(session, &mechanism, key));
        check("C_Sign", module->C_Sign(session, digest, sizeof digest, signature, &length));
        double stop = now();
        if (self->count == self->capacity) {
            self->capacity *= 2;
            self->latencies = realloc(self->latencies, self->capacity * sizeof(double));
        }
        self->latencies[self->count++] = stop - start;
        start = stop;
    }
    return NULL;
}

static int ascending(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return a < b ? -1 : a > b;
}

int main(int count, char **arguments) {
    if (count != 6) return 64;
    void *library = dlopen(arguments[1], RTLD_NOW);
    if (library == NULL) {
        fprintf(stderr, "error: %s\n", dlerror());
        return 1;
    }
    CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
    check("C_GetFunctionList", get(&module));
    CK_C_INITIALIZE_ARGS initialize = {.flags = CKF_OS_LOCKING_OK};
    check("C_Initialize", module->C_Initialize(&initialize));
    CK_SLOT_ID slots[64];
    CK_ULONG slot_count = 64;
    check("C_GetSlotList", module->C_GetSlotList(1, slots, &slot_count));
    int found = 0;
    for (CK_ULONG index = 0; index < slot_count && !found; index++) {
        CK_TOKEN_INFO info;
        check("C_GetTokenInfo", module->C_GetTokenInfo(slots[index], &info));
        size_t length = strlen(arguments[2]);
        if (memcmp(info.label, arguments[2], length) == 0 && (length == 32 || info.label[length] == ' ')) {
            slot = slots[index];
            found = 1;
        }
    }
    if (!found) return 1;
    char pin[256];
    FILE *file = fopen(arguments[3], "r");
    if (file == NULL) return 1;
    size_t pin_length = fread(pin, 1, sizeof pin, file);
    fclose(file);
    while (pin_length > 0 && pin[pin_length - 1] == '\n') pin_length--;
    CK_SESSION_HANDLE anchor = open_session();
    check("C_Login", module->C_Login(anchor, CKU_USER, (unsigned char *)pin, pin_length));
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_KEY_TYPE type = CKK_EC;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class}, {CKA_KEY_TYPE, &type, sizeof type}};
    CK_ULONG objects = 0;
    check("C_FindObjectsInit", module->C_FindObjectsInit(anchor, template, 2));
    check("C_FindObjects", module->C_FindObjects(anchor, &key, 1, &objects));
    check("C_FindObjectsFinal", module->C_FindObjectsFinal(anchor));
    if (objects != 1) return 1;

    seconds = atof(arguments[4]);
    int threads = atoi(arguments[5]);
    worker *workers = calloc((size_t)threads, sizeof(worker));
    double start = now();
    for (int index = 0; index < threads; index++) {
        workers[index].capacity = 1 << 16;
        workers[index].latencies = malloc(workers[index].capacity * sizeof(double));
        pthread_create(&workers[index].thread, NULL, sign, &workers[index]);
    }
    size_t total = 0;
    for (int index = 0; index < threads; index++) {
        pthread_join(workers[index].thread, NULL);
        total += workers[index].count;
    }
    double elapsed = now() - start;
    double *all = malloc(total * sizeof(double));
    size_t at = 0;
    for (int index = 0; index < threads; index++) {
        memcpy(all + at, workers[index].latencies, workers[index].count * sizeof(double));
        at += workers[index].count;
    }
    qsort(all, total, sizeof(double), ascending);
    printf("{\"operations\": %zu, \"seconds\": %f, \"p50\": %f, \"p99\": %f}\n", total, elapsed, all[total / 2] * 1e3,
           all[(size_t)((double)total * 0.99)] * 1e3);
    return 0;
}

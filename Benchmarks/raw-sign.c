// The limit: C_SignInit and C_Sign on cached sessions and a cached handle, one session a thread, and nothing else, on
// any module. Prints one line of JSON: {"operations": n, "seconds": s, "p50": ms, "p99": ms}.
//
// usage: raw-sign MODULE TOKEN-LABEL PIN-FILE SECONDS CALLERS [KEY [apart]]
//   MODULE   path of a PKCS#11 module
//   CALLERS  threads, each with a session of its own; they begin together
//   KEY      ecP256   P-256, CKM_ECDSA over 32 bytes (what is left out)
//            rsa2048  RSA of 2048 bits, CKM_RSA_PKCS over the DigestInfo of a SHA-256 digest
//   apart    the callers are in a process of their own and ask over a socket: what a second process costs that gets
//            a message for each signature
//
// The key pair is made for the run: on the token and not extractable, as a daemon's keys are. It is destroyed at the
// end. What a run that was killed left behind is destroyed by the next one, so only one run at a time may use a token.
//
// build: gcc -O2 -o raw-sign Benchmarks/raw-sign.c $(pkg-config --cflags p11-kit-1) -ldl -pthread
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static CK_FUNCTION_LIST_PTR module;
static CK_SLOT_ID slot;
static CK_OBJECT_HANDLE key;
static CK_MECHANISM_TYPE signing;
static unsigned char input[51];
static CK_ULONG input_length;
static double seconds;
static pthread_barrier_t ready;

typedef struct {
    pthread_t thread;
    /// Where the callers are apart: a caller's end and its session's, one message for each signature and its answer.
    int caller, session;
    double *latencies;
    size_t count;
    size_t capacity;
} worker;

static void fail(const char *what) {
    fprintf(stderr, "error: %s\n", what);
    exit(1);
}

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

// The token

static void load(const char *path) {
    void *library = dlopen(path, RTLD_NOW);
    if (library == NULL) fail(dlerror());
    CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
    if (get == NULL) fail(dlerror());
    check("C_GetFunctionList", get(&module));
    CK_C_INITIALIZE_ARGS initialize = {.flags = CKF_OS_LOCKING_OK};
    check("C_Initialize", module->C_Initialize(&initialize));
}

static void find_slot(const char *label) {
    CK_SLOT_ID slots[64];
    CK_ULONG count = 64;
    size_t length = strlen(label);
    check("C_GetSlotList", module->C_GetSlotList(1, slots, &count));
    for (CK_ULONG index = 0; index < count && length <= 32; index++) {
        CK_TOKEN_INFO info;
        check("C_GetTokenInfo", module->C_GetTokenInfo(slots[index], &info));
        if (memcmp(info.label, label, length) != 0 || (length < 32 && info.label[length] != ' ')) continue;
        slot = slots[index];
        return;
    }
    fail("no token has this label");
}

static CK_SESSION_HANDLE open_session(void) {
    CK_SESSION_HANDLE session;
    check("C_OpenSession", module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session));
    return session;
}

static void log_in(CK_SESSION_HANDLE session, const char *path) {
    char pin[256];
    FILE *file = fopen(path, "r");
    if (file == NULL) fail("the PIN file cannot be read");
    size_t length = fread(pin, 1, sizeof pin, file);
    fclose(file);
    while (length > 0 && pin[length - 1] == '\n') length--;
    check("C_Login", module->C_Login(session, CKU_USER, (unsigned char *)pin, length));
}

// The key

/// Random once, the same in every run.
static unsigned char identifier[] = {0x5e, 0x1a, 0x97, 0xc0, 0x3b, 0x6d, 0x42, 0xf8,
                                     0x8b, 0x15, 0xd2, 0x7e, 0xa9, 0x60, 0x34, 0xcf};
static CK_BBOOL yes = 1, no = 0;

static void destroy_keys(CK_SESSION_HANDLE session) {
    CK_ATTRIBUTE template[] = {{CKA_ID, identifier, sizeof identifier}};
    CK_OBJECT_HANDLE objects[64];
    CK_ULONG count = 0;
    check("C_FindObjectsInit", module->C_FindObjectsInit(session, template, 1));
    check("C_FindObjects", module->C_FindObjects(session, objects, 64, &count));
    check("C_FindObjectsFinal", module->C_FindObjectsFinal(session));
    while (count > 0) check("C_DestroyObject", module->C_DestroyObject(session, objects[--count]));
}

static void generate(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, const CK_ATTRIBUTE *parameters,
                     CK_ULONG count) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    CK_ATTRIBUTE public_key[5] = {{CKA_TOKEN, &yes, 1}, {CKA_VERIFY, &yes, 1}, {CKA_ID, identifier, sizeof identifier}};
    CK_ATTRIBUTE private_key[] = {{CKA_TOKEN, &yes, 1},       {CKA_PRIVATE, &yes, 1},
                                  {CKA_SENSITIVE, &yes, 1},   {CKA_EXTRACTABLE, &no, 1},
                                  {CKA_SIGN, &yes, 1},        {CKA_ID, identifier, sizeof identifier}};
    CK_OBJECT_HANDLE unused;
    memcpy(public_key + 3, parameters, count * sizeof(CK_ATTRIBUTE));
    check("C_GenerateKeyPair", module->C_GenerateKeyPair(session, &mechanism, public_key, 3 + count, private_key,
                                                         sizeof private_key / sizeof private_key[0], &unused, &key));
}

static void choose(const char *kind) {
    static const unsigned char digest_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                                0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    memset(input, 1, sizeof input);
    if (strcmp(kind, "rsa2048") == 0) {
        // RFC 8017, section 9.2, note 1: the DigestInfo of SHA-256 is these octets and the digest.
        memcpy(input, digest_info, sizeof digest_info);
        input_length = sizeof digest_info + 32;
        signing = CKM_RSA_PKCS;
    } else {
        input_length = 32;
        signing = CKM_ECDSA;
    }
}

static void make_key(CK_SESSION_HANDLE session) {
    static unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
    static unsigned char exponent[] = {0x01, 0x00, 0x01};
    CK_ULONG bits = 2048;
    destroy_keys(session);
    if (signing == CKM_RSA_PKCS) {
        CK_ATTRIBUTE parameters[] = {{CKA_MODULUS_BITS, &bits, sizeof bits},
                                     {CKA_PUBLIC_EXPONENT, exponent, sizeof exponent}};
        generate(session, CKM_RSA_PKCS_KEY_PAIR_GEN, parameters, 2);
    } else {
        CK_ATTRIBUTE parameters[] = {{CKA_EC_PARAMS, p256, sizeof p256}};
        generate(session, CKM_EC_KEY_PAIR_GEN, parameters, 1);
    }
}

// The measurement

static CK_ULONG sign_once(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG count, unsigned char *signature,
                          CK_ULONG capacity) {
    CK_MECHANISM mechanism = {signing, NULL, 0};
    check("C_SignInit", module->C_SignInit(session, &mechanism, key));
    check("C_Sign", module->C_Sign(session, data, count, signature, &capacity));
    return capacity;
}

/// A session whose caller is apart.
static void *serve(void *argument) {
    worker *self = argument;
    CK_SESSION_HANDLE session = open_session();
    unsigned char data[sizeof input], signature[512];
    ssize_t count;
    while ((count = recv(self->session, data, sizeof data, 0)) > 0) {
        CK_ULONG length = sign_once(session, data, (CK_ULONG)count, signature, sizeof signature);
        if (send(self->session, signature, length, 0) < 0) fail("no answer can be sent");
    }
    return NULL;
}

/// One signature, by the module or the worker.
static void ask(const worker *self, CK_SESSION_HANDLE session) {
    unsigned char signature[512];
    if (module != NULL) {
        sign_once(session, input, input_length, signature, sizeof signature);
    } else if (send(self->caller, input, input_length, 0) < 0 ||
               recv(self->caller, signature, sizeof signature, 0) <= 0) {
        fail("the session is gone");
    }
}

static void *sign(void *argument) {
    worker *self = argument;
    CK_SESSION_HANDLE session = module == NULL ? 0 : open_session();
    ask(self, session);
    pthread_barrier_wait(&ready);
    double start = now(), end = start + seconds;
    while (start < end) {
        ask(self, session);
        double stop = now();
        if (self->count == self->capacity) {
            self->capacity = self->capacity * 2 + (1 << 16);
            self->latencies = realloc(self->latencies, self->capacity * sizeof(double));
            if (self->latencies == NULL) fail("out of memory");
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

static void measure(worker *workers, unsigned callers) {
    size_t total = 0, at = 0;
    pthread_barrier_init(&ready, NULL, callers + 1);
    for (unsigned index = 0; index < callers; index++)
        if (pthread_create(&workers[index].thread, NULL, sign, &workers[index]) != 0) fail("no more threads");
    pthread_barrier_wait(&ready);
    double start = now();
    for (unsigned index = 0; index < callers; index++) {
        pthread_join(workers[index].thread, NULL);
        total += workers[index].count;
    }
    double elapsed = now() - start;
    if (total == 0) fail("no time for a signature");
    double *all = malloc(total * sizeof(double));
    if (all == NULL) fail("out of memory");
    for (unsigned index = 0; index < callers; index++) {
        // A caller that was too late has no latencies.
        if (workers[index].count == 0) continue;
        memcpy(all + at, workers[index].latencies, workers[index].count * sizeof(double));
        at += workers[index].count;
        free(workers[index].latencies);
    }
    qsort(all, total, sizeof(double), ascending);
    printf("{\"operations\": %zu, \"seconds\": %f, \"p50\": %f, \"p99\": %f}\n", total, elapsed, all[total / 2] * 1e3,
           all[total * 99 / 100] * 1e3);
    free(all);
}

/// Measures in a process of its own, which asks over sockets, from the moment that `serve_apart` answers.
static void measure_apart(worker *workers, unsigned callers) {
    for (unsigned index = 0; index < callers; index++) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) fail("no more sockets");
        workers[index].caller = ends[0];
        workers[index].session = ends[1];
    }
    pid_t child = fork();
    if (child < 0) fail("no more processes");
    if (child > 0) return;
    for (unsigned index = 0; index < callers; index++) close(workers[index].session);
    measure(workers, callers);
    exit(0);
}

/// Until the callers are gone.
static void serve_apart(worker *workers, unsigned callers) {
    for (unsigned index = 0; index < callers; index++) {
        close(workers[index].caller);
        if (pthread_create(&workers[index].thread, NULL, serve, &workers[index]) != 0) fail("no more threads");
    }
    for (unsigned index = 0; index < callers; index++) pthread_join(workers[index].thread, NULL);
    int status;
    if (wait(&status) < 0 || status != 0) fail("the callers have failed");
}

int main(int count, char **arguments) {
    const char *kind = count > 6 ? arguments[6] : "ecP256";
    bool is_apart = count == 8 && strcmp(arguments[7], "apart") == 0;
    int callers = count < 6 ? 0 : atoi(arguments[5]);
    seconds = count < 6 ? 0 : atof(arguments[4]);
    if (count < 6 || count > 8 || (count == 8 && !is_apart) || callers < 1 || seconds <= 0 ||
        (strcmp(kind, "ecP256") != 0 && strcmp(kind, "rsa2048") != 0)) {
        fprintf(stderr, "usage: raw-sign MODULE TOKEN-LABEL PIN-FILE SECONDS CALLERS [ecP256|rsa2048 [apart]]\n");
        return 64;
    }
    worker *workers = calloc((size_t)callers, sizeof(worker));
    if (workers == NULL) fail("out of memory");
    choose(kind);
    // Before the module is there: a module is not for both sides of a fork.
    if (is_apart) measure_apart(workers, (unsigned)callers);
    load(arguments[1]);
    find_slot(arguments[2]);
    CK_SESSION_HANDLE anchor = open_session();
    log_in(anchor, arguments[3]);
    make_key(anchor);
    if (is_apart) {
        serve_apart(workers, (unsigned)callers);
    } else {
        measure(workers, (unsigned)callers);
    }
    destroy_keys(anchor);
    module->C_Finalize(NULL);
    free(workers);
    return 0;
}

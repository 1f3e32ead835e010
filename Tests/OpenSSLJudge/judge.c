/// Judges a token and certificates with OpenSSL alone: libp11 for the keys, libcrypto for signatures and
/// chains, libssl for a handshake. Nothing of Signet is linked. Says what it did on standard output, and
/// leaves with 1 at the first thing that is not as it must be.
///
///     judge token MODULE LABEL PINFILE [CERTIFICATE...]
///         Signs with every private key of the token through OpenSSL and verifies the signatures, with the
///         certificate that
///         has the key's public key where one is given; tries to get each private key out.
///     judge chain ROOT LEAF [INTERMEDIATE...]
///         Verifies a chain with -x509_strict.
///     judge handshake ROOT CHAIN KEY HOST
///         A TLS handshake in memory between a server with CHAIN and KEY, and a client that trusts ROOT and
///         wants HOST.
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libp11.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <p11-kit/pkcs11.h>

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("judge: ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static X509 *read_certificate(const char *path) {
    FILE *file = fopen(path, "r");
    X509 *certificate = file == NULL ? NULL : PEM_read_X509(file, NULL, NULL, NULL);
    if (certificate == NULL) fail("`%s` holds no certificate in PEM", path);
    fclose(file);
    return certificate;
}

static void read_pin(const char *path, char *pin, size_t size) {
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(pin, (int)size, file) == NULL) fail("`%s` cannot be read", path);
    fclose(file);
    pin[strcspn(pin, "\n")] = 0;
}

static void print_hex(const unsigned char *bytes, size_t count, char *text, size_t size) {
    text[0] = 0;
    for (size_t index = 0; index < count && 2 * index + 2 < size; index++) sprintf(text + 2 * index, "%02x", bytes[index]);
}

/// A signature over a fresh digest by the token's key, which must verify with `public_key`, and not over
/// another digest.
static void sign_and_verify(EVP_PKEY *private_key, EVP_PKEY *public_key, const char *name) {
    unsigned char digest[32], signature[1024];
    size_t length = sizeof signature;
    if (RAND_bytes(digest, sizeof digest) != 1) fail("no random octets");
    EVP_PKEY_CTX *signing = EVP_PKEY_CTX_new(private_key, NULL);
    if (signing == NULL || EVP_PKEY_sign_init(signing) <= 0 || EVP_PKEY_CTX_set_signature_md(signing, EVP_sha256()) <= 0
        || EVP_PKEY_sign(signing, signature, &length, digest, sizeof digest) <= 0)
        fail("the key %s does not sign through OpenSSL", name);
    EVP_PKEY_CTX_free(signing);
    for (int change = 0; change < 2; change++) {
        digest[0] ^= (unsigned char)change;
        EVP_PKEY_CTX *verifying = EVP_PKEY_CTX_new(public_key, NULL);
        if (verifying == NULL || EVP_PKEY_verify_init(verifying) <= 0
            || EVP_PKEY_CTX_set_signature_md(verifying, EVP_sha256()) <= 0)
            fail("OpenSSL cannot verify with the public key of %s", name);
        int verdict = EVP_PKEY_verify(verifying, signature, length, digest, sizeof digest);
        if (change == 0 && verdict != 1) fail("the signature of %s does not verify", name);
        if (change == 1 && verdict == 1) fail("the signature of %s verifies over another digest", name);
        EVP_PKEY_CTX_free(verifying);
    }
    ERR_clear_error();
}

// MARK: Export

static CK_FUNCTION_LIST *functions;

static CK_RV get(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE type, void *value, CK_ULONG *length) {
    CK_ATTRIBUTE attribute = {type, value, *length};
    CK_RV rv = functions->C_GetAttributeValue(session, key, &attribute, 1);
    *length = attribute.ulValueLen;
    return rv;
}

static void require_flag(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE type, CK_BBOOL wanted,
    const char *attribute, const char *name) {
    CK_BBOOL value = 2;
    CK_ULONG length = sizeof value;
    if (get(session, key, type, &value, &length) != CKR_OK || length != 1) fail("%s of %s cannot be read", attribute, name);
    if ((value != 0) != (wanted != 0)) fail("%s of %s is %s", attribute, name, value ? "TRUE" : "FALSE");
}

/// The key's flags say that it cannot leave, and everything that would take it out is refused.
static void require_no_export(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, const char *name) {
    require_flag(session, key, CKA_SENSITIVE, CK_TRUE, "CKA_SENSITIVE", name);
    require_flag(session, key, CKA_ALWAYS_SENSITIVE, CK_TRUE, "CKA_ALWAYS_SENSITIVE", name);
    require_flag(session, key, CKA_EXTRACTABLE, CK_FALSE, "CKA_EXTRACTABLE", name);
    require_flag(session, key, CKA_NEVER_EXTRACTABLE, CK_TRUE, "CKA_NEVER_EXTRACTABLE", name);
    static const struct {
        CK_ATTRIBUTE_TYPE type;
        const char *name;
    } secrets[] = {
        {CKA_VALUE, "CKA_VALUE"}, {CKA_PRIVATE_EXPONENT, "CKA_PRIVATE_EXPONENT"}, {CKA_PRIME_1, "CKA_PRIME_1"},
        {CKA_PRIME_2, "CKA_PRIME_2"}, {CKA_EXPONENT_1, "CKA_EXPONENT_1"}, {CKA_EXPONENT_2, "CKA_EXPONENT_2"},
        {CKA_COEFFICIENT, "CKA_COEFFICIENT"},
    };
    for (size_t index = 0; index < sizeof secrets / sizeof secrets[0]; index++) {
        unsigned char value[4096];
        CK_ULONG length = sizeof value;
        // CKR_ATTRIBUTE_SENSITIVE, or CKR_ATTRIBUTE_TYPE_INVALID for what this kind of key does not have.
        CK_RV rv = get(session, key, secrets[index].type, value, &length);
        if (rv == CKR_OK && length != CK_UNAVAILABLE_INFORMATION && length > 0) fail("%s of %s can be read", secrets[index].name, name);
    }
    // C_WrapKey with a key of our own, which is how a key is taken out in one piece.
    CK_OBJECT_CLASS secret_key = CKO_SECRET_KEY;
    CK_KEY_TYPE aes = CKK_AES;
    CK_ULONG size = 32;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE wrapping[] = {{CKA_CLASS, &secret_key, sizeof secret_key}, {CKA_KEY_TYPE, &aes, sizeof aes},
        {CKA_VALUE_LEN, &size, sizeof size}, {CKA_TOKEN, &no, sizeof no}, {CKA_WRAP, &yes, sizeof yes}};
    CK_OBJECT_HANDLE wrapper = 0;
    if (functions->C_GenerateKey(session, &generate, wrapping, 5, &wrapper) == CKR_OK) {
        static const CK_MECHANISM_TYPE wraps[] = {CKM_AES_KEY_WRAP, CKM_AES_KEY_WRAP_PAD, CKM_AES_CBC_PAD};
        for (size_t index = 0; index < sizeof wraps / sizeof wraps[0]; index++) {
            unsigned char wrapped[8192], iv[16] = {0};
            CK_ULONG length = sizeof wrapped;
            CK_MECHANISM wrap = {wraps[index], wraps[index] == CKM_AES_CBC_PAD ? iv : NULL, wraps[index] == CKM_AES_CBC_PAD ? 16 : 0};
            if (functions->C_WrapKey(session, &wrap, wrapper, key, wrapped, &length) == CKR_OK) fail("%s can be wrapped", name);
        }
        functions->C_DestroyObject(session, wrapper);
    }
    // A session object, which nothing is left of.
    CK_ATTRIBUTE weaker[] = {{CKA_TOKEN, &no, sizeof no}, {CKA_EXTRACTABLE, &yes, sizeof yes}, {CKA_SENSITIVE, &no, sizeof no}};
    CK_OBJECT_HANDLE copy = 0;
    if (functions->C_CopyObject(session, key, weaker, 3, &copy) == CKR_OK) fail("%s can be copied as an extractable key", name);
}

/// Of the private key with this CKA_ID, on the token with this label, in the login that libp11 made: a login
/// counts for every session of a process.
static void judge_export(const char *module, const char *label, unsigned char *id, size_t id_length, const char *name) {
    void *handle = dlopen(module, RTLD_NOW);
    CK_C_GetFunctionList list = NULL;
    if (handle != NULL) *(void **)&list = dlsym(handle, "C_GetFunctionList");
    if (list == NULL || list(&functions) != CKR_OK) fail("`%s` is no PKCS#11 module", module);
    CK_SLOT_ID slots[64];
    CK_ULONG count = 64;
    if (functions->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK) fail("C_GetSlotList");
    for (CK_ULONG index = 0; index < count; index++) {
        CK_TOKEN_INFO info;
        if (functions->C_GetTokenInfo(slots[index], &info) != CKR_OK) continue;
        size_t length = strlen(label);
        if (length > 32 || memcmp(info.label, label, length) != 0 || (length < 32 && info.label[length] != ' ')) continue;
        CK_SESSION_HANDLE session;
        if (functions->C_OpenSession(slots[index], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) != CKR_OK)
            fail("C_OpenSession");
        CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
        CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &private_key, sizeof private_key}, {CKA_ID, id, id_length}};
        CK_OBJECT_HANDLE keys[2];
        CK_ULONG found = 0;
        if (functions->C_FindObjectsInit(session, wanted, 2) != CKR_OK || functions->C_FindObjects(session, keys, 2, &found) != CKR_OK)
            fail("C_FindObjects");
        functions->C_FindObjectsFinal(session);
        if (found != 1) fail("there are %lu private keys with the CKA_ID of %s", found, name);
        require_no_export(session, keys[0], name);
        functions->C_CloseSession(session);
        return;
    }
    fail("the token `%s` is not there", label);
}

// MARK: The token

static int judge_token(int count, char **arguments) {
    const char *module = arguments[0], *label = arguments[1];
    char pin[1025];
    read_pin(arguments[2], pin, sizeof pin);
    PKCS11_CTX *context = PKCS11_CTX_new();
    if (context == NULL || PKCS11_CTX_load(context, module) != 0) fail("libp11 cannot load `%s`", module);
    PKCS11_SLOT *slots, *slot = NULL;
    unsigned int slot_count;
    if (PKCS11_enumerate_slots(context, &slots, &slot_count) != 0) fail("libp11 finds no slots");
    for (unsigned int index = 0; index < slot_count; index++)
        if (slots[index].token != NULL && slots[index].token->label != NULL && strcmp(slots[index].token->label, label) == 0)
            slot = &slots[index];
    if (slot == NULL) fail("libp11 does not find the token `%s`", label);
    if (PKCS11_open_session(slot, 1) != 0 || PKCS11_login(slot, 0, pin) != 0) fail("libp11 cannot log in");
    OPENSSL_cleanse(pin, sizeof pin);
    PKCS11_KEY *keys;
    unsigned int key_count;
    if (PKCS11_enumerate_keys(slot->token, &keys, &key_count) != 0) fail("libp11 finds no keys");
    if (key_count == 0) fail("the token has no private key");
    for (unsigned int index = 0; index < key_count; index++) {
        char name[160];
        print_hex(keys[index].id, keys[index].id_len, name, sizeof name);
        EVP_PKEY *private_key = PKCS11_get_private_key(&keys[index]);
        EVP_PKEY *public_key = PKCS11_get_public_key(&keys[index]);
        if (private_key == NULL || public_key == NULL) fail("OpenSSL gets no key of %s", name);
        const char *by = "its public object";
        for (int file = 3; file < count; file++) {
            X509 *certificate = read_certificate(arguments[file]);
            if (EVP_PKEY_eq(X509_get0_pubkey(certificate), public_key) == 1) {
                EVP_PKEY_free(public_key);
                public_key = X509_get_pubkey(certificate);
                by = arguments[file];
            }
            X509_free(certificate);
        }
        sign_and_verify(private_key, public_key, name);
        judge_export(module, label, keys[index].id, keys[index].id_len, name);
        printf("key %s: signs, verified by %s; does not leave\n", name, by);
        EVP_PKEY_free(private_key);
        EVP_PKEY_free(public_key);
    }
    PKCS11_release_all_slots(context, slots, slot_count);
    fflush(stdout);
    // Modules install exit handlers that do not bear libp11's.
    _Exit(0);
}

// MARK: Certificates

static int judge_chain(int count, char **arguments) {
    X509_STORE *store = X509_STORE_new();
    STACK_OF(X509) *between = sk_X509_new_null();
    X509_STORE_add_cert(store, read_certificate(arguments[0]));
    X509 *leaf = read_certificate(arguments[1]);
    for (int index = 2; index < count; index++) sk_X509_push(between, read_certificate(arguments[index]));
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, leaf, between);
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context), X509_V_FLAG_X509_STRICT | X509_V_FLAG_POLICY_CHECK);
    if (X509_verify_cert(context) != 1)
        fail("`%s` does not verify: %s", arguments[1], X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
    printf("chain: %d certificates verify\n", sk_X509_num(X509_STORE_CTX_get0_chain(context)));
    return 0;
}

static int judge_handshake(char **arguments) {
    SSL_CTX *server_context = SSL_CTX_new(TLS_server_method()), *client_context = SSL_CTX_new(TLS_client_method());
    if (SSL_CTX_use_certificate_chain_file(server_context, arguments[1]) != 1
        || SSL_CTX_use_PrivateKey_file(server_context, arguments[2], SSL_FILETYPE_PEM) != 1)
        fail("the server cannot use `%s` with `%s`", arguments[1], arguments[2]);
    if (SSL_CTX_load_verify_locations(client_context, arguments[0], NULL) != 1) fail("`%s` is no root", arguments[0]);
    SSL_CTX_set_verify(client_context, SSL_VERIFY_PEER, NULL);
    SSL *server = SSL_new(server_context), *client = SSL_new(client_context);
    X509_VERIFY_PARAM_set_flags(SSL_get0_param(client), X509_V_FLAG_X509_STRICT);
    SSL_set1_host(client, arguments[3]);
    BIO *one, *other;
    BIO_new_bio_pair(&one, 0, &other, 0);
    SSL_set_bio(server, one, one);
    SSL_set_bio(client, other, other);
    SSL_set_accept_state(server);
    SSL_set_connect_state(client);
    for (int round = 0; round < 100; round++) {
        int done = SSL_do_handshake(client);
        int client_error = SSL_get_error(client, done);
        if (done != 1 && client_error != SSL_ERROR_WANT_READ && client_error != SSL_ERROR_WANT_WRITE)
            fail("the client refuses: %s", X509_verify_cert_error_string(SSL_get_verify_result(client)));
        int accepted = SSL_do_handshake(server);
        int server_error = SSL_get_error(server, accepted);
        if (accepted != 1 && server_error != SSL_ERROR_WANT_READ && server_error != SSL_ERROR_WANT_WRITE)
            fail("the server refuses");
        if (done == 1 && accepted == 1) {
            printf("handshake: %s, the certificate of %s verifies\n", SSL_get_version(client), arguments[3]);
            return 0;
        }
    }
    fail("the handshake does not end");
    return 1;
}

int main(int count, char **arguments) {
    if (count >= 5 && strcmp(arguments[1], "token") == 0) return judge_token(count - 2, arguments + 2);
    if (count >= 4 && strcmp(arguments[1], "chain") == 0) return judge_chain(count - 2, arguments + 2);
    if (count == 6 && strcmp(arguments[1], "handshake") == 0) return judge_handshake(arguments + 2);
    fail("judge token MODULE LABEL PINFILE [CERTIFICATE...] | chain ROOT LEAF [INTERMEDIATE...] | handshake ROOT CHAIN KEY HOST");
    return 1;
}

/* The master key and what is derived from it. */
#include "crypto/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct keyring {
    uint8_t master[AEAD_KEY_LEN];
    uint8_t wrap[AEAD_KEY_LEN];
};

static bool read_key_text(int fd, char ret_text[AEAD_KEY_LEN * 2 + 2], size_t *ret_n, const char *path, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return err_cause(e, "%s: %m", path);
    if ((st.st_mode & 077) != 0)
        return err_cause(e, "%s: the master key may be readable by its user only (mode 0600)", path);
    ssize_t n = read(fd, ret_text, AEAD_KEY_LEN * 2 + 2);
    if (n < 0)
        return err_cause(e, "%s: %m", path);
    *ret_n = (size_t)n;
    return true;
}

bool keyring_load(const char *path, struct keyring **ret_keyring, struct err *e)
{
    char text[AEAD_KEY_LEN * 2 + 2];
    size_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_cause(e, "master key %s: %m", path);
    bool ok = read_key_text(fd, text, &n, path, e);
    close(fd);
    if (!ok)
        return false;
    struct arena *a = arena_new();
    struct str bytes;
    ok = crypto_unhex(a, str_trim(str_of(text, n)), &bytes) && bytes.n == AEAD_KEY_LEN;
    crypto_cleanse(text, sizeof text);
    if (ok) {
        *ret_keyring = keyring_from_bytes((const uint8_t *)bytes.p);
        crypto_cleanse((char *)bytes.p, bytes.n);
    }
    arena_destroy(a);
    return ok || err_cause(e, "master key %s: 64 hexadecimal digits are expected", path);
}

bool keyring_create_file(const char *path, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST || err_cause(e, "master key %s: %m", path);
    struct arena *a = arena_new();
    uint8_t key[AEAD_KEY_LEN];
    crypto_random(key, sizeof key);
    struct str hex = crypto_hex(a, key, sizeof key);
    char *line = arena_printf(a, STR_FMT "\n", STR_ARG(hex));
    ssize_t n = (ssize_t)hex.n + 1;
    bool ok = write(fd, line, (size_t)n) == n && fsync(fd) == 0;
    int saved = errno;
    crypto_cleanse(key, sizeof key);
    crypto_cleanse(line, (size_t)n);
    crypto_cleanse((char *)hex.p, hex.n);
    arena_destroy(a);
    close(fd);
    if (!ok) {
        unlink(path);
        errno = saved;
        return err_cause(e, "master key %s: %m", path);
    }
    return true;
}

struct keyring *keyring_from_bytes(const uint8_t master[AEAD_KEY_LEN])
{
    struct keyring *k = calloc(1, sizeof *k);
    BUG_IF(k == NULL);
    memcpy(k->master, master, AEAD_KEY_LEN);
    keyring_derive(k, KEY_PERSON_WRAP, k->wrap);
    return k;
}

void keyring_destroy(struct keyring *k)
{
    if (k == NULL)
        return;
    crypto_cleanse(k, sizeof *k);
    free(k);
}

/* HKDF with SHA-256 (RFC 5869), one block: several keys are derived in most requests, and EVP takes ten times as long for each. */
void keyring_derive(const struct keyring *k, const char *purpose, uint8_t ret_key[AEAD_KEY_LEN])
{
    uint8_t extracted[SHA256_LEN];
    char info[80];
    size_t n = strlen(purpose);
    _Static_assert(AEAD_KEY_LEN == SHA256_LEN, "one block of HKDF is one key");
    BUG_IF(n >= sizeof info);
    memcpy(info, purpose, n);
    info[n] = 1;
    crypto_hmac_sha256(STR("souk"), str_of((const char *)k->master, AEAD_KEY_LEN), extracted);
    crypto_hmac_sha256(str_of((const char *)extracted, sizeof extracted), str_of(info, n + 1), ret_key);
    crypto_cleanse(extracted, sizeof extracted);
}

struct str keyring_wrap(const struct keyring *k, struct arena *a, struct str context, const uint8_t key[AEAD_KEY_LEN])
{
    return crypto_seal(a, k->wrap, context, str_of((const char *)key, AEAD_KEY_LEN));
}

bool keyring_unwrap(const struct keyring *k, struct arena *a, struct str context, struct str wrapped, uint8_t ret_key[AEAD_KEY_LEN], struct err *e)
{
    struct str plain;
    if (!crypto_open(a, k->wrap, context, wrapped, &plain, e))
        return false;
    bool ok = plain.n == AEAD_KEY_LEN;
    if (ok)
        memcpy(ret_key, plain.p, AEAD_KEY_LEN);
    crypto_cleanse((char *)plain.p, plain.n);
    return ok || err_cause(e, "a wrapped key has the wrong length");
}

/* argon2 (RFC 9106) by libargon2. Its memory is mapped for each hash and given back at once: 19 MiB that stay in a heap would be most of a worker. */
#include <argon2.h>
#include <sys/mman.h>

#include "auth/password_forms.h"

enum { THREADS_MAX = 8 };

static int memory_get(uint8_t **ret_memory, size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (p == MAP_FAILED) return ARGON2_MEMORY_ALLOCATION_ERROR;
    *ret_memory = p;
    return ARGON2_OK;
}

static void memory_put(uint8_t *memory, size_t n)
{
    munmap(memory, n);
}

bool password_argon2(const struct password_form *f, struct str password, void *ret_hash, struct err *e)
{
    argon2_context c = {
        .out = ret_hash, .outlen = (uint32_t)f->hash.n,
        .pwd = (uint8_t *)(password.p ? password.p : ""), .pwdlen = (uint32_t)password.n,
        .salt = (uint8_t *)f->salt.p, .saltlen = (uint32_t)f->salt.n,
        .t_cost = f->passes, .m_cost = f->memory_kib, .lanes = f->lanes, .threads = f->lanes < THREADS_MAX ? f->lanes : THREADS_MAX,
        .version = f->version, .allocate_cbk = memory_get, .free_cbk = memory_put, .flags = ARGON2_DEFAULT_FLAGS,
    };
    static const argon2_type types[] = {Argon2_d, Argon2_i, Argon2_id};
    int rc = argon2_ctx(&c, types[f->variant]);
    return rc == ARGON2_OK || err_cause(e, "argon2: %s", argon2_error_message(rc));
}

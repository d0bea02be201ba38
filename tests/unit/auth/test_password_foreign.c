/* Hashes made elsewhere: crypt_blowfish's own vectors, Python's hashlib, RFC 7914. */
#include "with_arena.h"

#include "auth/password.h"

static void foreign(void **state)
{
    static const struct { const char *password, *encoded; } rows[] = {
        {"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
        {"U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"},
        {"U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"},
        {"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
         "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"},
        {"correct horse battery", "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."},
        {"correct horse battery", "$2y$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."},
        {"correct horse battery", "$scrypt$ln=14,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$LPDRs+d7MJ+D4v778lUnSsMuTt3eMzZtYlcDVF6agWU"},
        {"password", "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA"},
        {"correct horse battery", "$pbkdf2-sha256$29000$8PHy8/T19vf4.fr7/P3./w$VFpe5nvOToI0tO.N2zM.r92ISNkTbVgP5xCCmjjviog"},
        {"correct horse battery", "$pbkdf2-sha512$i=25000$8PHy8/T19vf4+fr7/P3+/w$/bw0Bli/m/echwrdbEpP+2Yb/UPltDsXOhIuG6h+PgOABf/IWjOyx/6nVLZFvNCvxGi7ZFSu6F+8jsJCvVFTlg"},
        {"correct horse battery", "$pbkdf2$131000$8PHy8/T19vf4.fr7/P3./w$4pp5e4nSdU5WZOilLPdvC80QwS0"},
        {"correct horse battery", "pbkdf2_sha256$26000$seasalt2Xy$QRrhIhUKDs0C/QSwuulllwd0Zp079bIvQ9Zoj+8mJ5k="},
        {"correct horse battery", "pbkdf2_sha1$26000$seasalt2Xy$qrGp21F3JeCIcoDrQwWEa++ZDqs="}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool match = false;
        struct err e;
        err_clear(&e);
        if (!password_verify(*state, str_from(rows[i].encoded), str_from(rows[i].password), &match, &e)) fail_msg("%s: %s", rows[i].encoded, e.cause);
        if (!match) fail_msg("%s", rows[i].encoded);
        assert_true(password_verify(*state, str_from(rows[i].encoded), STR("incorrect horse"), &match, &e));
        assert_false(match);
        assert_true(password_needs_rehash(&(struct password_params){8192, 1, 1}, str_from(rows[i].encoded)));
    }
}

/* A password longer than crypt(3) takes is cut where bcrypt stops reading anyway. */
static void long_bcrypt(void **state)
{
    char text[700];
    bool match = false;
    struct err e;
    err_clear(&e);
    memset(text, 'x', sizeof text);
    assert_true(password_verify(*state, STR("$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."), str_of(text, sizeof text), &match, &e));
    assert_false(match);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(foreign), WITH_ARENA(long_bcrypt)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

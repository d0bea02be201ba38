#define Q \
    "DELETE FROM t"

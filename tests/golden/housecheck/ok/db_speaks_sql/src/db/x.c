#include <libpq-fe.h>
const char *const begin = "BEGIN";
const char *const list = "SELECT name FROM platform.migration";

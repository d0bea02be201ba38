#!/usr/bin/env bash
# Banned functions: a call of each one does not compile, what stands in their place does, and every file of the build is compiled with the ban.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOUK_SRC=${SOUK_SRC:-$(cd "$here/../.." && pwd)}
SOUK_BUILD=${SOUK_BUILD:-$SOUK_SRC/build}
# shellcheck source=tests/lib/tap.sh
. "$SOUK_SRC/tests/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() { # compile FILE.c
    "${CC:-cc}" -c -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -include "$SOUK_SRC/src/base/banned.h" -o "$work/x.o" "$1"
}

refused() { # refused FUNCTION
    printf '#include <stdio.h>\nvoid f(char *a, char *b);\nvoid f(char *a, char *b)\n{\n    (void)%s(a, b);\n}\n' "$1" >"$work/bad.c"
    ! compile "$work/bad.c" 2>"$work/said" && grep -q "souk_banned_function_$1" "$work/said"
}

mapfile -t functions < <(sed -n 's/^#define \([a-z0-9_]*\)(\.\.\.) BANNED(.*/\1/p' "$SOUK_SRC/src/base/banned.h")
is "the list is there" "$([ "${#functions[@]}" -ge 20 ] && echo yes)" yes
for f in strcpy strcat sprintf strtok gets; do like "$f is among them" " ${functions[*]} " " $f "; done
for f in "${functions[@]}"; do ok "$f does not compile" refused "$f"; done

cat >"$work/good.c" <<'TEXT'
#include <arpa/inet.h>
#include <netdb.h>
#include <stdint.h>
#include <sys/random.h>
#include <unistd.h>
struct words { int random, time; };
int f(char *to, size_t n, const char *from, struct words w);
int f(char *to, size_t n, const char *from, struct words w)
{
    char *rest = NULL;
    struct tm tm;
    time_t t = 0;
    memcpy(to, from, n);
    if (gmtime_r(&t, &tm) == NULL || strtok_r(to, " ", &rest) == NULL) return 0;
    return snprintf(to, n, "%s%d", from, w.random + w.time) + (int)strtol(from, NULL, 10);
}
TEXT
ok "what stands in their place compiles" compile "$work/good.c"
ok "the build compiles everything with the ban" grep -q '^AM_CPPFLAGS = .*-include .*/src/base/banned\.h' "$SOUK_BUILD/Makefile"
done_testing

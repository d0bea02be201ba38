/* Included before every file by the compiler's command line: functions that have no safe use here do not compile. Only functions of the headers
 * below: a header that came later would find its own declaration replaced. tests/golden/run-banned.sh tries each of them. */
#ifndef SOUK_BASE_BANNED_H
#define SOUK_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(f) souk_banned_function_##f
#undef strcpy
#define strcpy(...) BANNED(strcpy)
#undef strcat
#define strcat(...) BANNED(strcat)
#undef strncpy
#define strncpy(...) BANNED(strncpy)
#undef strncat
#define strncat(...) BANNED(strncat)
#undef strtok
#define strtok(...) BANNED(strtok)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef gets
#define gets(...) BANNED(gets)
#undef atoi
#define atoi(...) BANNED(atoi)
#undef atol
#define atol(...) BANNED(atol)
#undef atof
#define atof(...) BANNED(atof)
#undef rand
#define rand(...) BANNED(rand)
#undef localtime
#define localtime(...) BANNED(localtime)
#undef gmtime
#define gmtime(...) BANNED(gmtime)
#undef asctime
#define asctime(...) BANNED(asctime)
#undef ctime
#define ctime(...) BANNED(ctime)
#undef alloca
#define alloca(...) BANNED(alloca)
#undef tmpnam
#define tmpnam(...) BANNED(tmpnam)
#undef mktemp
#define mktemp(...) BANNED(mktemp)
#undef stpcpy
#define stpcpy(...) BANNED(stpcpy)
#undef stpncpy
#define stpncpy(...) BANNED(stpncpy)
#undef scanf
#define scanf(...) BANNED(scanf)
#undef fscanf
#define fscanf(...) BANNED(fscanf)
#undef srand
#define srand(...) BANNED(srand)
#undef random
#define random(...) BANNED(random)
#undef srandom
#define srandom(...) BANNED(srandom)
#undef rand_r
#define rand_r(...) BANNED(rand_r)
#undef drand48
#define drand48(...) BANNED(drand48)
#undef putenv
#define putenv(...) BANNED(putenv)
#undef tempnam
#define tempnam(...) BANNED(tempnam)

#endif

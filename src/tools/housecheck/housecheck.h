/* housecheck: refuses what the house rules refuse. Reads the source tree, writes nothing.
 *
 *   main.c      walks the tree, calls the rules
 *   scan.c      C source -> tokens (comments gone, strings kept)
 *   layers.c    who may include whom; third-party headers
 *   c_rules.c   SQL in C, floating point, clocks, machine paths, mutable state, sizes, keys of texts
 *   sql_rules.c clocks and floating point in sql/
 *   tree.c      a README with its steps per folder, a unit test per source file
 *
 * Every rule is named in its message, so that tests/golden/housecheck can show that each one refuses. */
#ifndef SOUK_TOOLS_HOUSECHECK_H
#define SOUK_TOOLS_HOUSECHECK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { FILE_LINES_MAX = 600, FUNCTION_LINES_MAX = 80, FUNCTION_LINES_WANTED = 60 };

struct file {
    const char *path;           /* below the root: "src/db/db.c" */
    struct str layer;           /* "db", "fcgi-handlers"; absent: no layer of the table */
    struct str unit;            /* "db", "order": the folder itself */
    struct str content;
};

struct house {
    struct arena *a;
    const char *root;
    size_t n_files, cap_files;
    struct file *files;
    struct str keys;            /* "\nkey\n" of templates/text/en*.po, to look keys up; absent: no texts here */
    bool quiet;                 /* no warnings */
    int errors, warnings;
};

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_CHAR, TOKEN_PUNCT, TOKEN_INCLUDE, TOKEN_PREPROCESSOR };

struct token {
    enum token_kind kind;
    struct str s;               /* strings without quotes; includes with their "" or <> */
    int line;
    bool macro;                 /* in the text of a #define: part of no function and no declaration */
};

struct tokens {
    size_t n, cap;
    struct token *v;
    int lines;                  /* of the file */
};

void house_error(struct house *h, const char *path, int line, const char *rule, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void house_warn(struct house *h, const char *path, int line, const char *rule, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
const struct file *house_file(const struct house *h, const char *path);       /* NULL: there is none */
bool in_words(struct str s, const char *words);

void scan_c(struct arena *a, struct str content, struct tokens *ret_tokens);
bool token_is(const struct token *t, const char *s);

void check_layers(struct house *h, const struct file *f, const struct tokens *t);
void check_c(struct house *h, const struct file *f, const struct tokens *t);
void check_functions(struct house *h, const struct file *f, const struct tokens *t);
void check_state(struct house *h, const struct file *f, const struct tokens *t);
void check_sql(struct house *h, const struct file *f);
void check_tree(struct house *h);

#endif

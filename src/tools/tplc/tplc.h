/* tplc: the template compiler. One run reads every template and every text, checks them, and writes C.
 *
 * The passes, one file each:
 *   lex.c      bytes -> pieces: text, {{ hole }}, {% directive %}; comments and lines that hold only a directive vanish
 *   fields.c   the {% in %} block -> types
 *   parse.c    pieces -> a tree of nodes
 *   bind.c     names in the tree -> fields, loop variables and text keys; everything unknown or unused is refused
 *   context.c  follows the HTML through the tree, picks an escaper for each hole, refuses what cannot be made safe
 *   tables.c   which element and attribute may do what (allow-lists)
 *   words.c    tells words from punctuation, for the rule that every visible word is a key
 *   emit.c     tree -> C;   emit_text.c  texts -> C
 *   po.c       gettext files -> texts
 *
 * Everything lives in one arena until the end of the program. An error is printed as "file:line: message"; a
 * function that fails returns false and the file is given up, the others are still checked. */
#ifndef SOUK_TOOLS_TPLC_H
#define SOUK_TOOLS_TPLC_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { PATH_MAX_SEGS = 6, NAME_MAX_LEN = 64 };

/* --- texts ------------------------------------------------------------------------------------------------------- */

enum { PLURALS_MAX = 6, HOLES_MAX = 16 };

struct text {
    struct str key;
    bool plural;
    size_t n_forms;                     /* 1 without plural */
    struct str forms[PLURALS_MAX];
    size_t n_holes;                     /* names of the {placeholders}, each once */
    struct str holes[HOLES_MAX];
    const char *file;
    int line;
};

struct texts {                          /* of one language; sorted by key after po_finish() */
    struct str lang;
    size_t n_plurals;
    struct str plural_rule;             /* the C expression of the header */
    size_t n, cap;
    struct text *v;
};

/* --- types and fields -------------------------------------------------------------------------------------------- */

enum type_kind {
    T_STR, T_INT, T_BOOL, T_MONEY, T_TIME, T_DATE, T_URL, T_TRUSTED, T_JSON, T_TEXT,   /* scalars: see type_names in fields.c */
    T_STRUCT, T_LIST
};

struct tpl;

struct fields {
    size_t n, cap;
    struct field *v;
};

struct type {
    enum type_kind kind;
    struct str name;                    /* T_STRUCT: the other template's name, until it is resolved */
    struct tpl *tpl;                    /* T_STRUCT: that template; NULL for an anonymous struct */
    struct fields *anon;                /* T_STRUCT of a `list { ... }` */
    const char *ctag;                   /* T_STRUCT: "tpl_shop_card" */
    struct type *item;                  /* T_LIST */
};

struct field {
    struct str name;
    struct type type;
    int line;
    bool used;
};

/* --- the tree ---------------------------------------------------------------------------------------------------- */

/* How a hole is written; chosen by context.c. */
enum esc {
    ESC_NONE,           /* not decided */
    ESC_TEXT,           /* visible text, in the reader's locale, escaped */
    ESC_MACHINE,        /* attribute that programs read: no locale, escaped */
    ESC_URL,            /* a whole URL */
    ESC_URL_SEGMENT,    /* part of a path */
    ESC_URL_PART,       /* a query value or fragment */
    ESC_RAW_HTML,       /* trusted */
    ESC_SCRIPT_JSON,    /* inside <script type="application/ld+json"> */
    ESC_PLAIN           /* text templates: no escaping, in the reader's locale */
};

struct path {
    int line;
    size_t n;
    struct str seg[PATH_MAX_SEGS];
    const struct type *type;            /* from bind.c */
    const char *c;                      /* the C expression, from bind.c */
};

enum value_kind { V_PATH, V_LITERAL, V_INT, V_BOOL };

struct arg {                            /* name=value */
    struct str name;
    enum value_kind kind;
    struct path path;
    struct str literal;                 /* V_LITERAL, and the digits or word of the others */
    const struct type *want;            /* named arguments of `use`: the field's type */
    const struct text *key;             /* `use`: a literal for a field of type text */
    struct arg *next;
};

enum expr_kind { E_PATH, E_TEXT, E_ASSET };

struct expr {
    enum expr_kind kind;
    struct path path;
    struct str literal;                 /* key or asset name */
    const struct text *text;
    struct arg *args;
};

struct cond {                           /* [not] path { and|or [not] path } */
    struct path path;
    bool negated;
    bool and_next;                      /* joins this one with the next by && instead of || */
    struct cond *next;
};

enum node_kind { N_TEXT, N_HOLE, N_IF, N_FOR, N_USE, N_CONTENT };

struct branch {
    struct cond *cond;                  /* NULL: else */
    struct node *body;
    struct branch *next;
};

struct node {
    enum node_kind kind;
    int line;
    struct node *next;
    struct str text;                    /* N_TEXT: as in the file, later as it is written */
    struct expr expr;                   /* N_HOLE */
    enum esc esc;                       /* N_HOLE */
    bool leading_newline;               /* N_HOLE right behind <textarea>: HTML drops one newline there */
    struct branch *branches;            /* N_IF */
    struct path path;                   /* N_FOR, N_USE */
    struct str var;                     /* N_FOR */
    struct node *body;                  /* N_FOR */
    struct node *other;                 /* N_FOR: {% else %} */
    struct str callee_name;             /* N_USE */
    struct tpl *callee;
    struct arg *args;                   /* N_USE with named arguments */
};

/* --- a template -------------------------------------------------------------------------------------------------- */

enum piece_kind { P_TEXT, P_HOLE, P_DIRECTIVE };

struct piece {
    enum piece_kind kind;
    struct str s;
    int line;
};

struct compiler;

struct tpl {
    struct compiler *compiler;
    const char *file;                   /* as named on the command line, for messages */
    const char *name;                   /* "shop_product"; a .txt beside an .html: "mail_order_txt" */
    const char *struct_name;            /* "tpl_shop_product" */
    struct str dir;                     /* "shop" */
    bool plain;                         /* *.txt */
    bool mail;                          /* in mail/: inline style is needed there */
    bool failed;
    bool called;                        /* by the folder that is being written: its header is needed */
    bool has_in;
    bool shares_struct;                 /* a .txt without fields of its own, beside an .html */
    struct tpl *twin;                   /* that .html */
    struct str source;
    size_t n_pieces;
    struct piece *pieces;
    struct fields fields;
    bool has_layout;
    struct path layout;                 /* {% layout page %} */
    int content_line;                   /* > 0: this is a layout */
    struct node *body;
};

struct compiler {
    struct arena *a;
    size_t n;
    struct tpl *v;
    size_t n_texts;
    struct texts *texts;                /* [0] is "en" */
    const char *out;
    bool failed;
};

/* Prints "file:line: message", marks the template as failed and returns false. */
bool tpl_fail(struct tpl *t, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

bool lex_template(struct tpl *t);
bool fields_parse(struct tpl *t, struct str block, int line);
bool fields_resolve(struct tpl *t);
struct field *fields_find(const struct fields *f, struct str name);
const char *type_name(const struct type *type);
bool parse_template(struct tpl *t);
bool parse_path(struct tpl *t, struct str word, int line, struct path *ret_path);
bool name_is_valid(struct str s);
bool bind_template(struct tpl *t);
bool bind_check_unused(struct tpl *t);
bool context_template(struct tpl *t);
void emit_template_header(struct tpl *t, struct buf *b);
void emit_template_body(struct tpl *t, struct buf *b);
void emit_c_string(struct buf *b, struct str s);
const char *emit_text_ident(struct arena *a, struct str key);
void emit_texts_header(struct compiler *c, struct buf *b);
void emit_texts_body(struct compiler *c, struct buf *b);

bool po_read(struct compiler *c, const char *file, struct str content);
bool po_finish(struct compiler *c, bool strict);     /* strict: other languages must be complete */
const struct text *po_find(const struct texts *t, struct str key);
bool text_has_hole(const struct text *text, struct str name);
struct texts *po_language(struct compiler *c, struct str lang);

/* --- allow-lists and words --------------------------------------------------------------------------------------- */

enum attr_class {
    ATTR_UNKNOWN,       /* holes are refused */
    ATTR_HUMAN,         /* read by people: no bare words, holes in the reader's locale */
    ATTR_MACHINE,       /* read by programs */
    ATTR_URL,           /* one URL */
    ATTR_URL_STATIC,    /* one URL that begins in the template */
    ATTR_SRCSET,        /* URLs with descriptors */
    ATTR_CONTENT,       /* <meta content>: depends on what the element names */
    ATTR_STATIC,        /* decides what its element does: neither holes nor branches */
    ATTR_STYLE,         /* mails only, no holes */
    ATTR_REFUSED        /* on*, srcdoc, ... never allowed */
};

enum attr_class attr_classify(struct str element, struct str attr);
bool attr_is_url(struct str attr);
bool element_is_void(struct str name);
bool element_is_refused(struct str name);
bool element_keeps_space(struct str name);
bool element_is_untranslated(struct str name);      /* code, kbd, samp */
bool element_is_fixed(struct str name);             /* script, link, meta, style: no branches among their attributes */
bool meta_content_may_be_words(struct str name);    /* viewport, robots, og:type ... : not language */
bool meta_content_may_have_holes(struct str name);
bool link_rel_may_have_holes(struct str rel);
bool url_scheme_is_safe(struct str static_text);    /* of a URL's static beginning */

/* False, with the first word, when `s` (HTML text: entities count as one character) holds a letter. */
bool words_absent(struct str s, bool entities, struct str *ret_word);
/* True when `s` begins with a character reference that templates may use; its length goes to *ret_n. */
bool entity_at(struct str s, size_t *ret_n);

#endif

/* The state of the HTML tracker: shared by context.c (the tree, holes) and html.c (static text). */
#ifndef SOUK_TOOLS_TPLC_CONTEXT_H
#define SOUK_TOOLS_TPLC_CONTEXT_H

#include "tools/tplc/tplc.h"

enum { STACK_MAX = 64, ATTRS_MAX = 40 };

enum html_state {
    S_DATA,             /* visible text */
    S_RCDATA,           /* inside <title> or <textarea> */
    S_RAW,              /* inside <script> or <style> */
    S_LT,               /* behind '<' */
    S_TAG_NAME, S_END_NAME,
    S_AFTER_END_NAME,   /* blanks in "</p >" */
    S_BEFORE_ATTR,      /* a blank was seen: an attribute may begin */
    S_AFTER_ATTR,       /* a blank is needed before the next attribute */
    S_ATTR_NAME,
    S_BEFORE_VALUE,     /* behind '=' */
    S_VALUE,
    S_SLASH             /* behind '/' in a tag */
};

enum url_state {
    U_START,            /* nothing written yet */
    U_PREFIX,           /* static text that may still become a scheme */
    U_PATH, U_QUERY,
    U_DESCRIPTOR        /* srcset: behind the URL */
};

struct context {
    struct tpl *t;
    enum html_state state;
    char quote;
    bool space;                         /* the last byte written was white space */
    bool fresh_textarea;
    bool json_written;                  /* the one hole of a JSON-LD script */
    /* the tag that is being read, or the one whose text is raw */
    struct str element, attr;
    enum attr_class cls;
    enum url_state url;
    bool dynamic;                       /* the value holds a hole or a branch */
    struct str value;                   /* static text of the value so far */
    struct str meta_name, rel, type;
    bool http_equiv, has_src, has_value, has_alt, untranslated;
    size_t n_attrs;
    struct str attrs[ATTRS_MAX];
    /* open elements */
    size_t depth;
    struct str stack[STACK_MAX];
    size_t untranslated_from;           /* depth + 1 of the element with translate="no"; 0: none */
    size_t keep_from;                   /* depth + 1 of the <pre> */
    size_t svg_from;
};

/* Reads static text, writes what will be sent, moves the state. */
bool html_static(struct context *c, struct str text, int line, struct buf *out);
/* Refuses a directive where the HTML is in the middle of something. */
bool html_boundary(struct context *c, int line);

#endif

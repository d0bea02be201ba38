/* Which element and attribute may do what. Allow-lists: what is not named here takes no holes.
 * (A deny-list forgets <object data>, <meta content> of a refresh, xlink:href.) */
#include "tools/tplc/tplc.h"

static bool in_words(struct str s, const char *words)
{
    struct str rest = str_from(words), word;
    while (str_split(&rest, ' ', &word))
        if (str_eq(word, s))
            return true;
    return false;
}

struct attr_row {
    const char *elements;       /* separated by blanks; "*" for any */
    const char *attrs;
    enum attr_class cls;
};

/* The first row that fits decides. */
static const struct attr_row attr_rows[] = {
    {"*", "style", ATTR_STYLE},
    {"*", "srcdoc background ping manifest codebase classid archive longdesc lowsrc dynsrc xmlns:xlink", ATTR_REFUSED},
    /* what decides how a browser treats the element is written in the template, in full */
    {"script", "type async defer nomodule crossorigin integrity", ATTR_STATIC},
    {"link", "rel as type media crossorigin integrity sizes", ATTR_STATIC},
    {"meta", "name property http-equiv charset itemprop media", ATTR_STATIC},
    {"form", "method enctype target", ATTR_STATIC},
    {"button", "type formmethod formtarget", ATTR_STATIC},
    {"a area", "target rel download type", ATTR_STATIC},
    {"*", "translate", ATTR_STATIC},
    /* read by people */
    {"*", "alt title placeholder aria-label aria-description aria-roledescription aria-valuetext aria-placeholder summary abbr", ATTR_HUMAN},
    {"option optgroup track", "label", ATTR_HUMAN},
    /* addresses */
    {"script", "src", ATTR_URL_STATIC},
    {"use image", "href", ATTR_URL_STATIC},
    {"link a area", "href", ATTR_URL},
    {"img source video audio track input", "src", ATTR_URL},
    {"video", "poster", ATTR_URL},
    {"form", "action", ATTR_URL},
    {"button input", "formaction", ATTR_URL},
    {"blockquote q del ins", "cite", ATTR_URL},
    {"img source", "srcset", ATTR_SRCSET},
    {"link", "imagesrcset", ATTR_SRCSET},
    {"meta", "content", ATTR_CONTENT},
    /* read by programs */
    {"*", "id class lang dir for name value list form headers datetime min max step minlength maxlength rows cols size width height "
          "colspan rowspan span start high low optimum hreflang autocomplete inputmode enterkeyhint itemprop itemtype itemid sizes "
          "accept-charset role tabindex fetchpriority loading decoding popovertarget commandfor", ATTR_MACHINE},
    {"input", "type accept pattern", ATTR_MACHINE},
    {"svg rect circle line ellipse path text g polyline polygon use", "x y x1 y1 x2 y2 cx cy r rx ry d points viewbox transform", ATTR_MACHINE},
};

enum attr_class attr_classify(struct str element, struct str attr)
{
    if (attr.n > 2 && str_starts(attr, STR("on")))
        return ATTR_REFUSED;
    for (size_t i = 0; i < sizeof attr_rows / sizeof *attr_rows; i++) {
        const struct attr_row *row = &attr_rows[i];
        if (in_words(attr, row->attrs) && (row->elements[0] == '*' || in_words(element, row->elements)))
            return row->cls;
    }
    if (str_starts(attr, STR("data-")) || str_starts(attr, STR("aria-")))
        return ATTR_MACHINE;
    return ATTR_UNKNOWN;
}

/* Attributes that hold an address even where holes are not allowed: their static text is checked. */
bool attr_is_url(struct str attr)
{
    return in_words(attr, "href src action formaction poster cite data xlink:href");
}

bool element_is_void(struct str name)
{
    return in_words(name, "area br col hr img input link meta source track wbr");
}

/* They load, frame or redirect: the content security policy forbids them, so pages cannot use them. */
bool element_is_refused(struct str name)
{
    return in_words(name, "base object embed applet iframe frame frameset noframes portal math foreignobject animate animatetransform "
                          "animatemotion set xmp plaintext listing noembed marquee");
}

bool element_keeps_space(struct str name)
{
    return in_words(name, "pre textarea");
}

bool element_is_untranslated(struct str name)
{
    return in_words(name, "code kbd samp");
}

bool element_is_fixed(struct str name)
{
    return in_words(name, "script link meta style");
}

bool meta_content_may_be_words(struct str name)
{
    return in_words(name, "viewport robots color-scheme theme-color format-detection referrer generator twitter:card og:type og:locale "
                          "x-apple-disable-message-reformatting apple-mobile-web-app-capable mobile-web-app-capable supported-color-schemes");
}

bool meta_content_may_have_holes(struct str name)
{
    return in_words(name, "description author application-name robots og:title og:description og:type og:url og:image og:image:alt og:image:width og:image:height "
                          "og:site_name og:locale twitter:title twitter:description twitter:image twitter:card product:price:amount product:price:currency "
                          "product:availability theme-color");
}

bool link_rel_may_have_holes(struct str rel)
{
    return in_words(rel, "canonical alternate next prev preload prefetch icon");
}

bool url_scheme_is_safe(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '/' || s.p[i] == '?' || s.p[i] == '#')
            return true;
        if (s.p[i] == '&' || (unsigned char)s.p[i] <= ' ')      /* an entity or a blank may hide a colon */
            return false;
        if (s.p[i] == ':') {
            struct str scheme = str_sub(s, 0, i);
            return str_eq_c(scheme, "https") || str_eq_c(scheme, "http") || str_eq_c(scheme, "mailto") || str_eq_c(scheme, "tel");
        }
    }
    return true;
}

# Writes nginx's HTML error pages, <OUT>/<status>.html, at build time: they must be there when no pool is. The words come from
# templates/text/en.po, the names of the assets from gen/assets.h; the markup is that of templates/shop/error.html.
#   awk -v OUT=folder -f error-pages.awk gen/assets.h templates/text/en.po
function word(key) {
    if (!(key in text)) {
        print "error-pages.awk: en.po has no " key > "/dev/stderr"
        missing = 1
    }
    return text[key]
}

function icon(class, size, name) {
    return "<svg class=\"" class "\" width=\"" size "\" height=\"" size "\" aria-hidden=\"true\"><use href=\"" asset["ICONS_SVG"] "#" name "\"/></svg>"
}

function page(file, status, key,    out) {
    out = OUT "/" file ".html"
    print "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">" >out
    print "<title>" word("error." key "_title") " · " word("shop.name") "</title>" >out
    print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">" >out
    print "<meta name=\"color-scheme\" content=\"light dark\">" >out
    print "<link rel=\"icon\" href=\"" asset["FAVICON_SVG"] "\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\"" asset["SHOP_CSS"] "\">" >out
    print "</head>\n<body class=\"quiet\">\n<a class=\"skip\" href=\"#main\">" word("layout.skip") "</a>" >out
    print "<header class=\"top\">\n<div class=\"top-row\">\n<a class=\"logo\" href=\"/\">" icon("logo-mark", 34, "logo") >out
    print "<span class=\"logo-word\">" word("shop.name") "</span></a>\n</div>\n</header>\n<main class=\"main\" id=\"main\" tabindex=\"-1\">" >out
    print "<div class=\"empty empty-page\">" icon("empty-picture", 120, "shelf") "\n<p class=\"eyebrow\">" status "</p>" >out
    print "<h1 class=\"title\">" word("error." key "_title") "</h1>\n<p class=\"lead\">" word("error." key) "</p>" >out
    print "<p><a class=\"button\" href=\"/\">" word("error.home") "</a></p></div>\n</main>" >out
    print "<footer class=\"foot foot-quiet\">\n<p class=\"foot-end\">" word("layout.footer_end") "</p>\n</footer>\n</body>\n</html>" >out
    close(out)
}

/^#define ASSET_/ { name = $2; sub(/^ASSET_/, "", name); gsub(/"/, "", $3); asset[name] = $3; next }
/^msgid "/ { id = substr($0, 8, length($0) - 8); next }
/^msgstr "/ {
    line = substr($0, 9, length($0) - 9)
    gsub(/\\"/, "\"", line)
    gsub(/&/, "\\&amp;", line)
    gsub(/</, "\\&lt;", line)
    text[id] = line
}

END {
    page(400, 400, "bad_request"); page(494, 400, "bad_request"); page(413, 413, "bad_request"); page(414, 414, "bad_request")
    page(403, 403, "forbidden"); page(404, 404, "not_found"); page(405, 405, "method"); page(429, 429, "too_many")
    page(500, 500, "internal"); page(502, 502, "unavailable"); page(503, 503, "unavailable"); page(504, 504, "unavailable")
    exit missing
}

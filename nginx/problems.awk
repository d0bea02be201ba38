# Writes nginx's own problem answers from src/base/problem.def, so that they have the same fields as those of the pools.
# (494 is nginx's number for headers that do not fit into its buffers; clients see 400.)
BEGIN {
    FS = "[(),\"]+"
    n = split("BAD_REQUEST=400 FORBIDDEN=403 NOT_FOUND=404 METHOD_NOT_ALLOWED=405 PRECONDITION_FAILED=412 BODY_TOO_LARGE=413 URI_TOO_LONG=414 " \
              "RATE_LIMITED=429 HEADERS_TOO_LARGE=494 INTERNAL=500 BAD_GATEWAY=502 UNAVAILABLE=503 TIMEOUT=504", pairs, " ")
    for (i = 1; i <= n; i++) {
        split(pairs[i], pair, "=")
        number[pair[1]] = pair[2]
    }
    print "# made by problems.awk from src/base/problem.def"
}


/^PROBLEM\(/ {
    name = $2
    if (!(name in number)) next
    split($0, quoted, "\"")
    code = quoted[2]
    title = quoted[4]
    gsub(/'/, "\\'", title)
    status = quoted[3]
    gsub(/[^0-9]/, "", status)
    extra = (status == 429 || status == 502 || status == 503) ? " \"Retry-After: 1\"" : ""
    printf "location = /_errors/json/%s {\n    internal;\n    client_max_body_size 0;\n    default_type application/problem+json;\n", number[name]
    printf "    more_set_headers \"Cache-Control: no-store\"%s;\n", extra
    printf "    return %s '{\"type\":\"urn:souk:problem:%s\",\"title\":\"%s\",\"status\":%s,\"code\":\"%s\",\"request_id\":\"$souk_request_id\"}';\n}\n", \
        status, code, title, status, code
    found++
}

END {
    if (found != n) {
        print "problems.awk: problem.def lacks " n - found " of the problems that nginx raises" > "/dev/stderr"
        exit 1
    }
}

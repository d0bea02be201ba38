# Counts TAP. Each program stands between `#@ begin NAME` and `#@ end STATUS SECONDS`; one that printed no plan, another number of
# tests than planned, or ended badly without a failed test is a failure of its own. Prints failures; writes totals to TOTALS.
function failure(text) { failed++; printf "  FAILED  %s: %s\n", program, text; fflush() }

/^#@ begin / {
    program = substr($0, 10)
    planned = ran = bad = showing = 0
    plans = 0
    before_passed = passed
    before_skipped = skipped
    next
}

/^#@ end / {
    split($0, word, " ")
    if (!plans) failure("died before it said how many tests it has (exit code " word[3] ")")
    else if (planned != ran) failure("planned " planned " tests and ran " ran " (exit code " word[3] ")")
    else if (word[3] != 0 && !bad) failure("all its tests passed, but it ended with exit code " word[3])
    printf "  %-52s %5d passed %3d failed %3d skipped %8s s\n", program, passed - before_passed, bad, skipped - before_skipped, word[4]
    fflush()
    program = ""
    next
}

/^[ \t]*1\.\.[0-9]+/ {
    sub(/^[ \t]*1\.\./, "")
    plans++
    planned += $1 + 0
    if ($1 + 0 == 0 && /SKIP/) {
        skipped++
        sub(/^.*SKIP */, "")
        printf "  skipped %s: %s\n", program, $0
    }
    next
}

# What cmocka calls a test that was skipped.
/^not ok [0-9]+ # SKIP/ {
    ran++
    skipped++
    line = $0
    sub(/^not ok [0-9]+ # SKIP */, "", line)
    printf "  skipped %s: %s\n", program, line
    next
}

/^not ok/ { ran++; bad++; showing = 1; line = $0; sub(/^not ok [0-9]* *-? */, "", line); failure(line); next }

/^ok/ {
    ran++
    showing = 0
    if (toupper($0) ~ /# SKIP/) {
        skipped++
        line = $0
        sub(/^ok [0-9]* *-? */, "", line)
        printf "  skipped %s: %s\n", program, line
    } else {
        passed++
    }
    next
}

/^Bail out!/ { failure($0); next }
/^#/ { if (showing && shown[program]++ < 200) print "          " $0; next }

END {
    if (program != "") failure("the group ended in the middle of it")
    printf "%d %d %d\n", passed, failed, skipped >TOTALS
}

# shellcheck shell=bash
# Builds out of tree and installs into PREFIX, only when something changed since the last time.

STAMP_NAME=.installed

# Sources newer than the last installation (folders count: a file that was removed changes its folder).
sources_changed() {
    local stamp=$BUILD/$STAMP_NAME
    [ -f "$stamp" ] && [ -x "$PREFIX/bin/souk" ] && [ "$(cat "$stamp")" = "$(build_signature)" ] || return 0
    [ -n "$(cd "$SOUK_SRC" && find src sql templates fcgi-handlers nginx configure.ac Makefile.am -newer "$stamp" -print -quit)" ]
}

build_signature() { printf '%s %s %s %s' "$PREFIX" "${CC:-}" "${CFLAGS:-}" "${SOUK_CONFIGURE:-}"; }

# A clone that cannot be written is copied: autoreconf writes beside configure.ac.
writable_sources() {
    if [ -x "$SOUK_SRC/configure" ] || [ -w "$SOUK_SRC" ]; then
        printf '%s' "$SOUK_SRC"
    else
        mkdir -p "$BUILD/source"
        tar -C "$SOUK_SRC" --exclude=.git --exclude=./build --exclude=./var --exclude=node_modules -cf - . | tar -C "$BUILD/source" -xf -
        printf '%s' "$BUILD/source"
    fi
}

configure_build() {
    local src
    src=$(writable_sources)
    mkdir -p "$BUILD"
    if [ ! -x "$src/configure" ] || [ "$src/configure.ac" -nt "$src/configure" ]; then
        (cd "$src" && autoreconf -fi) || return 1
    fi
    if [ ! -f "$BUILD/Makefile" ] || [ "$src/configure" -nt "$BUILD/config.status" ] || [ "$(cat "$BUILD/.configured" 2>/dev/null)" != "$(build_signature)" ]; then
        # shellcheck disable=SC2086  # several arguments in one variable
        (cd "$BUILD" && "$src/configure" --prefix="$PREFIX" --enable-silent-rules ${SOUK_CONFIGURE:-}) || return 1
        build_signature >"$BUILD/.configured"
    fi
}

make_all() { make -C "$BUILD" -j"$(nproc)" all; }
make_install() { make -C "$BUILD" -j"$(nproc)" install; }

# Remembers what was installed and when the sources were read, so that a change during the build counts as one.
stamp_next() { touch "$BUILD/$STAMP_NAME.next"; }

stamp() {
    build_signature >"$BUILD/$STAMP_NAME.text"
    touch -r "$BUILD/$STAMP_NAME.next" "$BUILD/$STAMP_NAME.text"
    mv "$BUILD/$STAMP_NAME.text" "$BUILD/$STAMP_NAME"
}

# Everything at once and in silence, for ./check.
build_now() { mkdir -p "$BUILD" && stamp_next && configure_build && make_all && make_install && stamp; }

# Two homes of one clone share a build; a second ./run waits for the first one's build.
build_and_install() {
    find_build
    mkdir -p "$BUILD" 2>/dev/null || die "no permission to make $BUILD"
    exec 8>>"$BUILD/.lock" || die "no permission to write to $BUILD"
    if ! flock -n 8; then
        say "another ./run is building here; waiting"
        flock 8
    fi
    if sources_changed; then
        check_room "$BUILD" 500 "the build"
        step "configuring the build" configure_build
        stamp_next
        step "building" make_all
        step "installing into $PREFIX" make_install
        stamp
    fi
    exec 8>&-
}

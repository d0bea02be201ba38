# src/db: sources and tests of this folder
libsouk_la_SOURCES += \
	src/db/conn.c src/db/conn.h \
	src/db/db.c src/db/db.h \
	src/db/migrate.c src/db/migrate.h \
	src/db/query.c src/db/query.h \
	src/db/schema.c \
	src/db/sqlstate.c

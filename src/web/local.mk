# src/web: sources and tests of this folder
libsouk_la_SOURCES += \
	src/web/answer.c \
	src/web/app.c src/web/app.h \
	src/web/bucket.c src/web/bucket.h \
	src/web/gates.c src/web/gates.h \
	src/web/identity.c \
	src/web/handoff.c src/web/handoff.h \
	src/web/index.c src/web/index.h \
	src/web/input.c src/web/input.h \
	src/web/listen.c src/web/listen.h \
	src/web/main.c \
	src/web/master.c src/web/master.h \
	src/web/ops.c src/web/ops.h \
	src/web/serve.c \
	src/web/shared.c src/web/shared.h \
	src/web/state.c src/web/state.h \
	src/web/web.h \
	src/web/worker.c src/web/worker.h

# A pool for tests of the runtime: every kind of answer and refusal, no database.
noinst_PROGRAMS += testpool
testpool_SOURCES = tests/lib/testpool/main.c tests/lib/testpool/routes.c tests/lib/testpool/testpool.h
UNIT_TESTS += tests/unit/web/test_answer
tests_unit_web_test_answer_SOURCES = tests/unit/web/test_answer.c
UNIT_TESTS += tests/unit/web/test_bucket
tests_unit_web_test_bucket_SOURCES = tests/unit/web/test_bucket.c
UNIT_TESTS += tests/unit/web/test_gates
tests_unit_web_test_gates_SOURCES = tests/unit/web/test_gates.c
UNIT_TESTS += tests/unit/web/test_handoff
tests_unit_web_test_handoff_SOURCES = tests/unit/web/test_handoff.c
UNIT_TESTS += tests/unit/web/test_index
tests_unit_web_test_index_SOURCES = tests/unit/web/test_index.c
UNIT_TESTS += tests/unit/web/test_input
tests_unit_web_test_input_SOURCES = tests/unit/web/test_input.c
UNIT_TESTS += tests/unit/web/test_listen
tests_unit_web_test_listen_SOURCES = tests/unit/web/test_listen.c
UNIT_TESTS += tests/unit/web/test_ops
tests_unit_web_test_ops_SOURCES = tests/unit/web/test_ops.c
UNIT_TESTS += tests/unit/web/test_shared
tests_unit_web_test_shared_SOURCES = tests/unit/web/test_shared.c
UNIT_TESTS += tests/unit/web/test_state
tests_unit_web_test_state_SOURCES = tests/unit/web/test_state.c

EXTRA_DIST += src/json/README.md src/http/README.md src/kv/README.md src/web/README.md tests/unit/unit_arena.h tests/unit/web/dial.h tests/unit/web/process.h \
	tests/golden/run-routegen.sh tests/golden/routegen tests/http tests/lib
UNIT_TESTS += tests/unit/web/test_app
tests_unit_web_test_app_SOURCES = tests/unit/web/test_app.c
UNIT_TESTS += tests/unit/web/test_master
tests_unit_web_test_master_SOURCES = tests/unit/web/test_master.c
UNIT_TESTS += tests/unit/web/test_serve
tests_unit_web_test_serve_SOURCES = tests/unit/web/test_serve.c
UNIT_TESTS += tests/unit/web/test_worker
tests_unit_web_test_worker_SOURCES = tests/unit/web/test_worker.c
UNIT_TESTS += tests/unit/web/test_identity
tests_unit_web_test_identity_SOURCES = tests/unit/web/test_identity.c

#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "db/db.h"
#include "domain/tax.h"
#include "service/own.h"
#include "sql/catalog.h"

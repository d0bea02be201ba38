/* What the user pool's routes take and answer. */
#ifndef SOUK_USER_SHAPES_H
#define SOUK_USER_SHAPES_H

#include "json/shape.h"

extern const struct shape account_shape;

#endif

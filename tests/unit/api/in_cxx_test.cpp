// SPDX-License-Identifier: Apache-2.0
// The same claims when the headers are read as C++.
#include "attribute_layout_test.c"
#include "context_flag_test.c"
#include "layout_test.c"
#include "number_test.c"
#include "schannel_layout_test.c"
#include "schannel_number_test.c"
#include "status_test.c"

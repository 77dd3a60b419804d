/* SPDX-License-Identifier: Apache-2.0 */
/* The Security Support Provider Interface, as Windows' sspi.h has it. */
#ifndef BARESSPI_SSPI_H
#define BARESSPI_SSPI_H

#include "attributes.h"
#include "buffers.h"
#include "context.h"
#include "credentials.h"
#include "function_table.h"
#include "identity.h"
#include "message.h"
#include "package.h"
#include "status.h"
#include "types.h"

#endif

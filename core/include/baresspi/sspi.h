/* SPDX-License-Identifier: Apache-2.0 */
/* The Security Support Provider Interface, with the names, values and layouts of Windows' sspi.h: C99 or
 * C++11, no C library.
 *
 * A client, in short:
 *   AcquireCredentialsHandle(OUTBOUND, identity)             who am I
 *   InitializeSecurityContext -> token to the server         again with each answer, while it says
 * SEC_I_CONTINUE_NEEDED MakeSignature, EncryptMessage, QueryContextAttributes    once it has said SEC_E_OK
 *   DeleteSecurityContext, FreeCredentialsHandle
 * A server is the same with INBOUND and AcceptSecurityContext, and QuerySecurityContextToken says who came.
 *
 * What differs from Windows
 * - Nothing allocates. ISC_REQ_ALLOCATE_MEMORY and ASC_REQ_ALLOCATE_MEMORY are refused with
 * SEC_E_UNSUPPORTED_FUNCTION before anything happens: give output buffers of SecPkgInfo.cbMaxToken octets.
 * Strings and keys that are handed out lie in flash, or in the context or credential that was asked, and hold
 * until that is deleted. FreeContextBuffer accepts them and does nothing, so that code which frees them stays
 * right.
 * - Credentials and contexts come from pools of fixed sizes (config/baresspi_config.h). When one is full:
 * SEC_E_INSUFFICIENT_MEMORY.
 * - A functions take and give UTF-8. ULONG has 32 bits everywhere (types.h).
 * - Input strings are const. A program that assigns functions of its own to the *_FN types has to say so too.
 * - pAuthData may be a BARESSPI_DEVICE: <baresspi/authority.h>, the rest of what is BareSSPI's own.
 *
 * What holds for every function
 * - A call that returns what its caller can mend (status.h says which codes) has changed nothing but cbBuffer
 * and *pfContextAttr.
 * - It returns at once: no I/O, no waiting (an acceptor may wait for the firmware's own authority). Not for
 * interrupt handlers.
 * - Contexts may be used by several tasks, one at a time each; a handle that one task deletes while another
 * uses it stays good until that call is done. Pools are guarded by the port's lock.
 * - Input and output buffers must not overlap. Octets may be at any alignment; structures and strings of
 * SEC_WCHAR at their own.
 *
 * The files below include each other by name alone, so that <sspi.h> of core/include/compat works with one
 * include path. */
#ifndef BARESSPI_SSPI_H
#define BARESSPI_SSPI_H

#include "attributes.h"
#include "buffers.h"
#include "context.h"
#include "context_flags.h"
#include "credentials.h"
#include "function_table.h"
#include "identity.h"
#include "message.h"
#include "package.h"
#include "status.h"
#include "types.h"

#endif

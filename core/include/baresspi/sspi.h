/* SPDX-License-Identifier: Apache-2.0 */
/* The Security Support Provider Interface, with the names, values and layouts of Windows' sspi.h, for C99 and
 * C++11; no C library is needed.
 *
 * A client, in short:
 *   AcquireCredentialsHandle, OUTBOUND: who am I?
 *   InitializeSecurityContext: a token for the server; again with each answer, until it says SEC_E_OK
 *   MakeSignature, EncryptMessage and their opposites; QueryContextAttributes
 *   DeleteSecurityContext, FreeCredentialsHandle
 * A server is the same with INBOUND and AcceptSecurityContext; QuerySecurityContextToken says who came.
 *
 * What differs from Windows
 * - Nothing allocates. ISC_REQ_ALLOCATE_MEMORY and ASC_REQ_ALLOCATE_MEMORY are SEC_E_UNSUPPORTED_FUNCTION
 *   before anything happens: bring output buffers of SecPkgInfo.cbMaxToken octets. Strings and keys handed
 *   out lie in flash, or in the context or credential that was asked, and hold until that is gone.
 *   FreeContextBuffer accepts them and does nothing, so that code which frees them stays right.
 * - Credentials and contexts come from pools of a fixed size (config/baresspi_config.h). When one is full:
 *   SEC_E_INSUFFICIENT_MEMORY.
 * - A functions take and give UTF-8. ULONG has 32 bits everywhere (types.h).
 * - Input strings are const. A program that assigns functions of its own to the *_FN types says so too.
 * - pAuthData may be a BARESSPI_DEVICE; see <baresspi/authority.h> for all that is BareSSPI's own.
 *
 * What holds for every function
 * - What its caller can mend (status.h says which codes) has changed nothing but cbBuffer and
 *   *pfContextAttr.
 * - It returns at once: no I/O and no waiting, but for an acceptor that asks the firmware's authority. It is
 *   not for interrupt handlers.
 * - A context is used by one task at a time; several contexts, and a credential, by several tasks. What one
 *   task deletes while another is in a handshake with it stays until that call is done. A handle goes from
 *   task to task as other data do: by a queue, or under a lock.
 * - Input and output buffers must not overlap. Octets may be at any alignment; structures, and strings of
 *   SEC_WCHAR, at their own.
 *
 * The files below include each other by name alone, so that <sspi.h> of core/include/compat needs one include
 * path only. */
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

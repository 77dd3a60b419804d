/* SPDX-License-Identifier: Apache-2.0 */
/* Octets as the line protocol writes them: base64 (RFC 4648 section 4, "-" for none) and hexadecimal. */
#ifndef GSS_PEER_TEXT_H
#define GSS_PEER_TEXT_H

#include <gssapi/gssapi.h>
#include <stdbool.h>

/* Writes the octets to stdout as base64, or "-" when there are none. */
void PrintBase64(const gss_buffer_desc* octets);
void PrintHex(const gss_buffer_desc* octets);

/* Decodes into memory that the caller frees (octets->value, NULL when there are none). "-" and NULL are no
 * octets. False, and nothing to free, when the text is no base64 or no hexadecimal. */
bool ParseBase64(const char* text, gss_buffer_desc* octets);
bool ParseHex(const char* text, gss_buffer_desc* octets);

#endif

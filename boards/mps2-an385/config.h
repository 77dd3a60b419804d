/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes for a device that serves several clients at once and logs in elsewhere meanwhile: the
 * BARESSPI_CONFIG_FILE of preset m3. The board has 4 MiB of RAM, of which the arenas of TLS take 64 KiB for
 * each context. What is given with -D has that value. */
#ifndef BARESSPI_BOARDS_MPS2_AN385_CONFIG_H
#define BARESSPI_BOARDS_MPS2_AN385_CONFIG_H

/* Eight clients inside TLS, each with a login. */
#ifndef BARESSPI_SCHANNEL_MAX_CONTEXTS
#define BARESSPI_SCHANNEL_MAX_CONTEXTS 8
#endif
#ifndef BARESSPI_MAX_CONTEXTS
#define BARESSPI_MAX_CONTEXTS 8
#endif
/* The page's own, and one for each client and peer that the device itself is to. */
#ifndef BARESSPI_SCHANNEL_MAX_CREDENTIALS
#define BARESSPI_SCHANNEL_MAX_CREDENTIALS 8
#endif
#ifndef BARESSPI_MAX_CREDENTIALS
#define BARESSPI_MAX_CREDENTIALS 8
#endif
/* As many sessions to resume as there are clients, and some for servers. */
#ifndef BARESSPI_SCHANNEL_SESSIONS
#define BARESSPI_SCHANNEL_SESSIONS 12
#endif

#endif

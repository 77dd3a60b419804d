/* SPDX-License-Identifier: Apache-2.0 */
/* The line that port/threadx asks for. */
#define TX_THREAD_USER_EXTENSION \
  VOID* baresspi_token;          \
  VOID* baresspi_arena;

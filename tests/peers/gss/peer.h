/* SPDX-License-Identifier: Apache-2.0 */
/* One GSSAPI context and what is needed to make another like it. */
#ifndef GSS_PEER_PEER_H
#define GSS_PEER_PEER_H

#include <gssapi/gssapi.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct Peer {
  bool initiator;
  gss_OID mechanism;
  bool ntlm_alone; /* SPNEGO is to negotiate nothing else */
  gss_cred_id_t credential;
  gss_name_t target; /* initiator */
  OM_uint32 flags;   /* initiator: what it asks for */
  gss_channel_bindings_t bindings;
  gss_ctx_id_t context;
} Peer;

/* Reads argv[1..] (see gss_peer.c) and acquires the credential. False after a message on stderr. */
bool SetUp(Peer* peer, int argc, char** argv);

/* Carries out one command line, already split into words (NULL for those that are not there), and prints its
 * answer. */
void Obey(Peer* peer, char* const words[4]);

/* "ERR what 0xMAJOR 0xMINOR text", with the newline. */
void PrintError(const Peer* peer, FILE* to, const char* what, OM_uint32 major, OM_uint32 minor);

#endif

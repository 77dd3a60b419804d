/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of the line protocol, each one GSSAPI call. */
#include <gssapi/gssapi_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"
#include "text.h"

static void PrintStatus(FILE* to, OM_uint32 status, int kind, gss_OID mechanism) {
  OM_uint32 minor = 0;
  OM_uint32 more = 0;
  do {
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    if (gss_display_status(&minor, status, kind, mechanism, &more, &text) != GSS_S_COMPLETE) return;
    fprintf(to, " %.*s", (int)text.length, (char*)text.value);
    gss_release_buffer(&minor, &text);
  } while (more != 0);
}

void PrintError(const Peer* peer, FILE* to, const char* what, OM_uint32 major, OM_uint32 minor) {
  fprintf(to, "ERR %s 0x%08x 0x%08x", what, major, minor);
  PrintStatus(to, major, GSS_C_GSS_CODE, peer->mechanism);
  PrintStatus(to, minor, GSS_C_MECH_CODE, peer->mechanism);
  fputc('\n', to);
}

static void Step(Peer* peer, gss_buffer_desc* in) {
  gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
  OM_uint32 major = 0;
  OM_uint32 minor = 0;
  OM_uint32 ignored = 0;
  if (peer->initiator) {
    major = gss_init_sec_context(&minor, peer->credential, &peer->context, peer->target, peer->mechanism,
                                 peer->flags, 0, peer->bindings, in, NULL, &out, NULL, NULL);
  } else {
    major = gss_accept_sec_context(&minor, &peer->context, peer->credential, in, peer->bindings, NULL, NULL,
                                   &out, NULL, NULL, NULL);
  }
  if (GSS_ERROR(major)) {
    PrintError(peer, stdout, "step", major, minor);
  } else {
    fputs("TOK ", stdout);
    PrintBase64(&out);
    puts((major & GSS_S_CONTINUE_NEEDED) != 0 ? " CONTINUE" : " DONE");
  }
  gss_release_buffer(&ignored, &out);
}

static void Wrap(Peer* peer, bool seal, gss_buffer_desc* data) {
  gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor = 0;
  int sealed = 0;
  OM_uint32 major = gss_wrap(&minor, peer->context, seal, GSS_C_QOP_DEFAULT, data, &sealed, &out);
  if (GSS_ERROR(major)) {
    PrintError(peer, stdout, "wrap", major, minor);
    return;
  }
  printf("WRAPPED %d ", sealed);
  PrintBase64(&out);
  putchar('\n');
  gss_release_buffer(&minor, &out);
}

static void Unwrap(Peer* peer, gss_buffer_desc* token) {
  gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor = 0;
  int sealed = 0;
  gss_qop_t qop = GSS_C_QOP_DEFAULT;
  OM_uint32 major = gss_unwrap(&minor, peer->context, token, &out, &sealed, &qop);
  if (major != GSS_S_COMPLETE) { /* a supplementary bit, a replay for one, is a refusal too */
    PrintError(peer, stdout, "unwrap", major, minor);
    return;
  }
  printf("PLAIN %d %u ", sealed, qop);
  PrintBase64(&out);
  putchar('\n');
  gss_release_buffer(&minor, &out);
}

static void Mic(Peer* peer, gss_buffer_desc* data) {
  gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor = 0;
  OM_uint32 major = gss_get_mic(&minor, peer->context, GSS_C_QOP_DEFAULT, data, &out);
  if (GSS_ERROR(major)) {
    PrintError(peer, stdout, "mic", major, minor);
    return;
  }
  fputs("MIC ", stdout);
  PrintBase64(&out);
  putchar('\n');
  gss_release_buffer(&minor, &out);
}

static void Verify(Peer* peer, gss_buffer_desc* data, gss_buffer_desc* token) {
  OM_uint32 minor = 0;
  gss_qop_t qop = GSS_C_QOP_DEFAULT;
  OM_uint32 major = gss_verify_mic(&minor, peer->context, data, token, &qop);
  if (major == GSS_S_COMPLETE) {
    printf("VALID %u\n", qop);
  } else {
    PrintError(peer, stdout, "verify", major, minor);
  }
}

static void Key(Peer* peer) {
  gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
  OM_uint32 minor = 0;
  OM_uint32 major = gss_inquire_sec_context_by_oid(&minor, peer->context, GSS_C_INQ_SSPI_SESSION_KEY, &set);
  if (major != GSS_S_COMPLETE || set == GSS_C_NO_BUFFER_SET || set->count == 0) {
    PrintError(peer, stdout, "key", major, minor);
  } else {
    fputs("KEY ", stdout);
    PrintHex(&set->elements[0]);
    putchar('\n');
  }
  gss_release_buffer_set(&minor, &set);
}

static void Info(Peer* peer) {
  OM_uint32 minor = 0;
  OM_uint32 flags = 0;
  int open = 0;
  /* No names are asked for: gss-ntlmssp 1.2.0 dies when an acceptor asks for its own. */
  OM_uint32 major = gss_inquire_context(&minor, peer->context, NULL, NULL, NULL, NULL, &flags, NULL, &open);
  if (major == GSS_S_COMPLETE) {
    printf("INFO flags=0x%x open=%d\n", flags, open);
  } else {
    PrintError(peer, stdout, "info", major, minor);
  }
}

static void Reset(Peer* peer) {
  OM_uint32 minor = 0;
  if (peer->context != GSS_C_NO_CONTEXT) gss_delete_sec_context(&minor, &peer->context, GSS_C_NO_BUFFER);
  peer->context = GSS_C_NO_CONTEXT;
  puts("FRESH");
}

void Obey(Peer* peer, char* const words[4]) {
  const char* command = words[0];
  bool wrap = strcmp(command, "WRAP") == 0;
  gss_buffer_desc first = GSS_C_EMPTY_BUFFER;
  gss_buffer_desc second = GSS_C_EMPTY_BUFFER;
  if (!ParseBase64(wrap ? words[2] : words[1], &first) || (!wrap && !ParseBase64(words[2], &second))) {
    puts("ERR base64");
  } else if (wrap) {
    Wrap(peer, words[1] != NULL && strcmp(words[1], "1") == 0, &first);
  } else if (strcmp(command, "STEP") == 0) {
    Step(peer, &first);
  } else if (strcmp(command, "UNWRAP") == 0) {
    Unwrap(peer, &first);
  } else if (strcmp(command, "MIC") == 0) {
    Mic(peer, &first);
  } else if (strcmp(command, "VERIFY") == 0) {
    Verify(peer, &first, &second);
  } else if (strcmp(command, "KEY") == 0) {
    Key(peer);
  } else if (strcmp(command, "INFO") == 0) {
    Info(peer);
  } else if (strcmp(command, "RESET") == 0) {
    Reset(peer);
  } else {
    puts("ERR unknown command");
  }
  free(first.value);
  free(second.value);
}

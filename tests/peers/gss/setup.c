/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: which mechanism, whose credential, what to ask for. */
#define _POSIX_C_SOURCE 200809L
#include <gssapi/gssapi_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"
#include "text.h"

/* 1.3.6.1.4.1.311.2.2.10, NTLMSSP */
static gss_OID_desc kNtlm = {10, (void*)"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};
/* 1.3.6.1.5.5.2, SPNEGO */
static gss_OID_desc kSpnego = {6, (void*)"\x2b\x06\x01\x05\x05\x02"};

static const struct {
  const char* name;
  OM_uint32 flag;
} kFlags[] = {{"none", 0},
              {"mutual", GSS_C_MUTUAL_FLAG},
              {"replay", GSS_C_REPLAY_FLAG},
              {"sequence", GSS_C_SEQUENCE_FLAG},
              {"conf", GSS_C_CONF_FLAG},
              {"integ", GSS_C_INTEG_FLAG},
              {"identify", GSS_C_IDENTIFY_FLAG}};

typedef struct Options {
  const char* user;
  const char* password;
  const char* target;
  const char* flags;
  const char* bindings;
} Options;

static bool Complain(const char* what, const char* detail) {
  fprintf(stderr, "gss-peer: %s %s\n", what, detail);
  return false;
}

static bool ParseOptions(Options* options, int argc, char** argv) {
  const struct {
    const char* name;
    const char** value;
  } known[] = {{"--user", &options->user},
               {"--password", &options->password},
               {"--target", &options->target},
               {"--flags", &options->flags},
               {"--cb", &options->bindings}};
  for (int i = 3; i < argc; i += 2) {
    size_t k = 0;
    while (k < sizeof known / sizeof known[0] && strcmp(argv[i], known[k].name) != 0) k++;
    if (k == sizeof known / sizeof known[0]) return Complain("unknown option", argv[i]);
    if (i + 1 == argc) return Complain("no value after", argv[i]);
    *known[k].value = argv[i + 1];
  }
  return true;
}

static bool ParseFlags(char* list, OM_uint32* flags) {
  char* rest = NULL;
  *flags = 0;
  for (char* name = strtok_r(list, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest)) {
    size_t k = 0;
    while (k < sizeof kFlags / sizeof kFlags[0] && strcmp(name, kFlags[k].name) != 0) k++;
    if (k == sizeof kFlags / sizeof kFlags[0]) return Complain("unknown flag", name);
    *flags |= kFlags[k].flag;
  }
  return true;
}

static bool Import(const Peer* peer, const char* text, gss_OID type, gss_name_t* name) {
  gss_buffer_desc octets = {strlen(text), (void*)text};
  OM_uint32 minor = 0;
  OM_uint32 major = gss_import_name(&minor, &octets, type, name);
  if (major == GSS_S_COMPLETE) return true;
  PrintError(peer, stderr, "import_name", major, minor);
  return false;
}

static bool Acquire(Peer* peer, const Options* options) {
  gss_name_t name = GSS_C_NO_NAME;
  gss_OID_set_desc mechanisms = {1, peer->mechanism};
  gss_cred_usage_t usage = peer->initiator ? GSS_C_INITIATE : GSS_C_ACCEPT;
  OM_uint32 major = 0;
  OM_uint32 minor = 0;
  if (options->user != NULL && !Import(peer, options->user, GSS_C_NT_USER_NAME, &name)) return false;
  if (options->password != NULL) {
    gss_buffer_desc password = {strlen(options->password), (void*)options->password};
    major = gss_acquire_cred_with_password(&minor, name, &password, GSS_C_INDEFINITE, &mechanisms, usage,
                                           &peer->credential, NULL, NULL);
  } else {
    major =
        gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, &mechanisms, usage, &peer->credential, NULL, NULL);
  }
  if (major != GSS_S_COMPLETE) {
    PrintError(peer, stderr, "acquire_cred", major, minor);
    return false;
  }
  if (!peer->ntlm_alone) return true;
  gss_OID_set_desc negotiated = {1, &kNtlm};
  major = gss_set_neg_mechs(&minor, peer->credential, &negotiated);
  if (major == GSS_S_COMPLETE) return true;
  PrintError(peer, stderr, "set_neg_mechs", major, minor);
  return false;
}

static bool Bind(Peer* peer, const char* hex) {
  gss_channel_bindings_t bindings = calloc(1, sizeof *bindings);
  if (bindings == NULL || !ParseHex(hex, &bindings->application_data)) {
    free(bindings);
    return Complain("--cb is no hexadecimal:", hex);
  }
  peer->bindings = bindings;
  return true;
}

bool SetUp(Peer* peer, int argc, char** argv) {
  Options options = {NULL, NULL, "host@localhost", NULL, NULL};
  memset(peer, 0, sizeof *peer);
  peer->flags =
      GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
  if (argc < 3)
    return Complain("usage: gss-peer", "client|server ntlm|spnego|spnego-ntlm [options], see gss_peer.c");
  if (strcmp(argv[1], "client") != 0 && strcmp(argv[1], "server") != 0) {
    return Complain("neither client nor server:", argv[1]);
  }
  peer->initiator = strcmp(argv[1], "client") == 0;
  peer->ntlm_alone = strcmp(argv[2], "spnego-ntlm") == 0;
  peer->mechanism = peer->ntlm_alone || strcmp(argv[2], "spnego") == 0 ? &kSpnego : &kNtlm;
  if (peer->mechanism == &kNtlm && strcmp(argv[2], "ntlm") != 0)
    return Complain("unknown mechanism", argv[2]);
  if (!ParseOptions(&options, argc, argv)) return false;
  if (options.flags != NULL) {
    char* list = strdup(options.flags);
    bool parsed = list != NULL && ParseFlags(list, &peer->flags);
    free(list);
    if (!parsed) return false;
  }
  if (options.bindings != NULL && !Bind(peer, options.bindings)) return false;
  if (peer->initiator && !Import(peer, options.target, GSS_C_NT_HOSTBASED_SERVICE, &peer->target)) {
    return false;
  }
  return Acquire(peer, &options);
}

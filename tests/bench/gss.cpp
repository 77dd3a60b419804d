// SPDX-License-Identifier: Apache-2.0
// gss-ntlmssp, as MIT's GSSAPI loads it. Its server reads the account from the file that NTLM_USER_FILE names
// (DOMAIN:user:password), when it acquires its credential. What it seals is a new buffer.
#include <gssapi/gssapi_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/subject.h"

namespace bench {
namespace {

constexpr OM_uint32 kAsked = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;

// 1.3.6.1.4.1.311.2.2.10, NTLMSSP; 1.3.6.1.5.5.2, SPNEGO.
char ntlm_oid[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
char spnego_oid[] = "\x2b\x06\x01\x05\x05\x02";
gss_OID_desc ntlm = {sizeof ntlm_oid - 1, ntlm_oid};
gss_OID_desc spnego = {sizeof spnego_oid - 1, spnego_oid};

gss_name_t user;
gss_name_t target;
gss_cred_id_t credentials[2];
gss_ctx_id_t contexts[2];
gss_OID mechanism;
gss_buffer_desc wrapped;    // the message on its way: with it, the signature
gss_buffer_desc unwrapped;  // as it arrived

bool Good(const char* what, OM_uint32 major, OM_uint32 minor) {
  if (!GSS_ERROR(major)) return true;
  gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
  OM_uint32 more = 0;
  OM_uint32 ignored = 0;
  gss_display_status(&ignored, minor, GSS_C_MECH_CODE, &ntlm, &more, &text);
  fprintf(stderr, "%s: 0x%08x: %.*s\n", what, major, static_cast<int>(text.length),
          static_cast<char*>(text.value));
  gss_release_buffer(&ignored, &text);
  return false;
}

bool Import(const char* format, const char* a, const char* b, gss_OID type, gss_name_t* name) {
  char text[64];
  OM_uint32 minor = 0;
  const int size = snprintf(text, sizeof text, format, a, b);
  gss_buffer_desc octets = {static_cast<size_t>(size), text};
  return Good("gss_import_name", gss_import_name(&minor, &octets, type, name), minor);
}

bool Start() {
  if (getenv("NTLM_USER_FILE") == nullptr) {
    fprintf(stderr, "NTLM_USER_FILE names no file\n");
    return false;
  }
  return Import("%s\\%s", kDomain, kUser, GSS_C_NT_USER_NAME, &user) &&
         Import("%s@%s", kService, kHost, GSS_C_NT_HOSTBASED_SERVICE, &target);
}

bool Acquire(Who who, Package package) {
  mechanism = package == Package::kNtlm ? &ntlm : &spnego;
  gss_OID_set_desc set = {1, mechanism};
  OM_uint32 minor = 0;
  OM_uint32 major = 0;
  if (who == kClient) {
    char secret[sizeof kPassword];
    memcpy(secret, kPassword, sizeof secret);
    gss_buffer_desc password = {sizeof secret - 1, secret};
    major = gss_acquire_cred_with_password(&minor, user, &password, GSS_C_INDEFINITE, &set, GSS_C_INITIATE,
                                           &credentials[who], nullptr, nullptr);
  } else {
    major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &set, GSS_C_ACCEPT, &credentials[who],
                             nullptr, nullptr);
  }
  if (!Good("gss_acquire_cred", major, minor)) return false;
  if (package == Package::kNtlm) return true;
  gss_OID_set_desc inner = {1, &ntlm};
  return Good("gss_set_neg_mechs", gss_set_neg_mechs(&minor, credentials[who], &inner), minor);
}

bool Release(Who who) {
  OM_uint32 minor = 0;
  return Good("gss_release_cred", gss_release_cred(&minor, &credentials[who]), minor);
}

Progress Step(Who who, const Token* in, Token* out) {
  gss_buffer_desc input = GSS_C_EMPTY_BUFFER;
  if (in != nullptr) input = {in->size, const_cast<uint8_t*>(in->octets)};
  gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor = 0;
  OM_uint32 major = 0;
  if (who == kClient) {
    major = gss_init_sec_context(&minor, credentials[who], &contexts[who], target, mechanism, kAsked, 0,
                                 GSS_C_NO_CHANNEL_BINDINGS, &input, nullptr, &output, nullptr, nullptr);
  } else {
    major =
        gss_accept_sec_context(&minor, &contexts[who], credentials[who], &input, GSS_C_NO_CHANNEL_BINDINGS,
                               nullptr, nullptr, &output, nullptr, nullptr, nullptr);
  }
  if (!Good("the handshake", major, minor) || output.length > kTokenRoom) return Progress::kFailed;
  if (output.length != 0) memcpy(out->octets, output.value, output.length);
  out->size = output.length;
  gss_release_buffer(&minor, &output);
  return major == GSS_S_COMPLETE ? Progress::kDone : Progress::kGoesOn;
}

bool End(Who who) {
  OM_uint32 minor = 0;
  return Good("gss_delete_sec_context", gss_delete_sec_context(&minor, &contexts[who], GSS_C_NO_BUFFER),
              minor);
}

bool Protect(Protection protection, Message* message) {
  OM_uint32 minor = 0;
  int sealed = 0;
  gss_buffer_desc text = {message->size, message->text};
  gss_release_buffer(&minor, &wrapped);
  if (protection == Protection::kSigned) {
    return Good("gss_get_mic", gss_get_mic(&minor, contexts[kClient], 0, &text, &wrapped), minor);
  }
  return Good("gss_wrap", gss_wrap(&minor, contexts[kClient], 1, 0, &text, &sealed, &wrapped), minor) &&
         sealed != 0;
}

bool Unprotect(Protection protection, Message* message) {
  OM_uint32 minor = 0;
  int sealed = 0;
  gss_qop_t qop = 0;
  if (protection == Protection::kSigned) {
    gss_buffer_desc text = {message->size, message->text};
    return Good("gss_verify_mic", gss_verify_mic(&minor, contexts[kServer], &text, &wrapped, &qop), minor);
  }
  gss_release_buffer(&minor, &unwrapped);
  const OM_uint32 major = gss_unwrap(&minor, contexts[kServer], &wrapped, &unwrapped, &sealed, &qop);
  if (!Good("gss_unwrap", major, minor)) return false;
  message->text = static_cast<uint8_t*>(unwrapped.value);
  return sealed != 0 && unwrapped.length == message->size;
}

}  // namespace

constexpr Subject kGss = {"gss-ntlmssp", true, true, Start, Acquire, Release, Step, End, Protect, Unprotect};

}  // namespace bench

// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sspi/functions.h"

namespace two_sides {
namespace {

// A message and room for its signature.
struct Message {
  uint8_t text[4] = {1, 2, 3, 4};
  uint8_t signature[16] = {1};
  SecBuffer buffers[2] = {{4, SECBUFFER_DATA, text}, {16, SECBUFFER_TOKEN, signature}};
  SecBufferDesc list = {SECBUFFER_VERSION, 2, buffers};
};

// A token in, room for one out.
struct Leg {
  uint8_t in[40] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 1};
  uint8_t out[1024];
  SecBuffer input_buffer = {sizeof in, SECBUFFER_TOKEN, in};
  SecBuffer output_buffer = {sizeof out, SECBUFFER_TOKEN, out};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &input_buffer};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &output_buffer};
  CtxtHandle fresh = {};
};

SECURITY_STATUS InitializeA(PCredHandle credential, PCtxtHandle context) {
  Leg leg;
  return InitializeSecurityContextA(credential, context, nullptr, 0, 0, 0, &leg.input, 0, &leg.fresh,
                                    &leg.output, nullptr, nullptr);
}

SECURITY_STATUS InitializeW(PCredHandle credential, PCtxtHandle context) {
  Leg leg;
  return InitializeSecurityContextW(credential, context, nullptr, 0, 0, 0, &leg.input, 0, &leg.fresh,
                                    &leg.output, nullptr, nullptr);
}

SECURITY_STATUS Accept(PCredHandle credential, PCtxtHandle context) {
  Leg leg;
  return AcceptSecurityContext(credential, context, &leg.input, 0, 0, &leg.fresh, &leg.output, nullptr,
                               nullptr);
}

// Room for whatever a query answers.
union Answer {
  SecPkgContext_Sizes sizes;
  SecPkgCredentials_NamesA names;
  void* pointers[8];
};

SECURITY_STATUS QueryToken(PCtxtHandle context) {
  void* token = nullptr;
  return QuerySecurityContextToken(context, &token);
}

SECURITY_STATUS Export(PCtxtHandle context) {
  SecBuffer buffer = {};
  void* token = nullptr;
  return ExportSecurityContext(context, 0, &buffer, &token);
}

template <SECURITY_STATUS (*Query)(SecHandle*, ULONG, void*), ULONG Attribute>
SECURITY_STATUS Ask(SecHandle* handle) {
  Answer answer = {};
  return Query(handle, Attribute, &answer);
}

template <SECURITY_STATUS (*QueryOrSet)(SecHandle*, ULONG, void*, ULONG), ULONG Attribute>
SECURITY_STATUS AskSized(SecHandle* handle) {
  Answer answer = {};
  return QueryOrSet(handle, Attribute, &answer, sizeof answer);
}

template <SECURITY_STATUS (*Protect)(SecHandle*, ULONG, PSecBufferDesc, ULONG)>
SECURITY_STATUS Send(SecHandle* handle) {
  Message message;
  return Protect(handle, 0, &message.list, 0);
}

template <SECURITY_STATUS (*Unprotect)(SecHandle*, PSecBufferDesc, ULONG, ULONG*)>
SECURITY_STATUS Receive(SecHandle* handle) {
  Message message;
  ULONG qop = 0;
  return Unprotect(handle, &message.list, 0, &qop);
}

SECURITY_STATUS Complete(SecHandle* handle) {
  Message message;
  return CompleteAuthToken(handle, &message.list);
}

SECURITY_STATUS Control(SecHandle* handle) {
  Message message;
  return ApplyControlToken(handle, &message.list);
}

SECURITY_STATUS AddA(SecHandle* handle) {
  return AddCredentialsA(handle, nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, nullptr, nullptr, nullptr);
}

SECURITY_STATUS AddW(SecHandle* handle) {
  return AddCredentialsW(handle, nullptr, u"NTLM", SECPKG_CRED_OUTBOUND, nullptr, nullptr, nullptr, nullptr);
}

}  // namespace

const std::vector<Function>& ContextFunctions() {
  constexpr ULONG kSizes = SECPKG_ATTR_SIZES;
  static const std::vector<Function> functions = {
      {"InitializeSecurityContextA", [](SecHandle* h) { return InitializeA(nullptr, h); }, false, true},
      {"InitializeSecurityContextW", [](SecHandle* h) { return InitializeW(nullptr, h); }, false, true},
      {"AcceptSecurityContext", [](SecHandle* h) { return Accept(nullptr, h); }, false, true},
      {"CompleteAuthToken", Complete, false, false},
      {"DeleteSecurityContext", DeleteSecurityContext, false, false},
      {"ApplyControlToken", Control, false, false},
      {"QueryContextAttributesA", Ask<QueryContextAttributesA, kSizes>, true, false},
      {"QueryContextAttributesW", Ask<QueryContextAttributesW, kSizes>, true, false},
      {"QueryContextAttributesExA", AskSized<QueryContextAttributesExA, kSizes>, true, false},
      {"QueryContextAttributesExW", AskSized<QueryContextAttributesExW, kSizes>, true, false},
      {"SetContextAttributesA", AskSized<SetContextAttributesA, kSizes>, false, false},
      {"SetContextAttributesW", AskSized<SetContextAttributesW, kSizes>, false, false},
      {"MakeSignature", Send<MakeSignature>, true, false},
      {"VerifySignature", Receive<VerifySignature>, true, false},
      {"EncryptMessage", Send<EncryptMessage>, true, false},
      {"DecryptMessage", Receive<DecryptMessage>, true, false},
      {"QuerySecurityContextToken", QueryToken, true, false},
      {"ImpersonateSecurityContext", ImpersonateSecurityContext, true, false},
      {"RevertSecurityContext", RevertSecurityContext, true, false},
      {"ExportSecurityContext", Export, false, false},
  };
  return functions;
}

const std::vector<Function>& CredentialFunctions() {
  constexpr ULONG kNames = SECPKG_CRED_ATTR_NAMES;
  static const std::vector<Function> functions = {
      {"InitializeSecurityContextA", [](SecHandle* h) { return InitializeA(h, nullptr); }, false, false},
      {"InitializeSecurityContextW", [](SecHandle* h) { return InitializeW(h, nullptr); }, false, false},
      {"AcceptSecurityContext", [](SecHandle* h) { return Accept(h, nullptr); }, false, false},
      {"AddCredentialsA", AddA, false, false},
      {"AddCredentialsW", AddW, false, false},
      {"FreeCredentialsHandle", FreeCredentialsHandle, false, false},
      {"QueryCredentialsAttributesA", Ask<QueryCredentialsAttributesA, kNames>, false, false},
      {"QueryCredentialsAttributesW", Ask<QueryCredentialsAttributesW, kNames>, false, false},
      {"QueryCredentialsAttributesExA", AskSized<QueryCredentialsAttributesExA, kNames>, false, false},
      {"QueryCredentialsAttributesExW", AskSized<QueryCredentialsAttributesExW, kNames>, false, false},
      {"SetCredentialsAttributesA", AskSized<SetCredentialsAttributesA, BARESSPI_CRED_ATTR_POLICY>, false,
       false},
      {"SetCredentialsAttributesW", AskSized<SetCredentialsAttributesW, BARESSPI_CRED_ATTR_POLICY>, false,
       false},
  };
  return functions;
}

}  // namespace two_sides

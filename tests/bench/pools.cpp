// SPDX-License-Identifier: Apache-2.0
// Whether a call takes longer when many slots are taken: one more credential and one more context are made,
// looked up and given up, while 1, 10, 100 and 1,000 others are there (or as many as the configuration has).
//
//   PROGRAM NTLM|Negotiate|Schannel
//
// Prints, or has callgrind count (meter.h), "CALL with N". A Schannel context has sent its ClientHello.
#include <baresspi/authority.h>
#include <baresspi/schannel.h>
#include <stdio.h>
#include <string.h>

#include <initializer_list>

#include "tests/bench/login.h"
#include "tests/bench/meter.h"
#include "tests/bench/ours.h"
#include "tests/bench/port.h"
#include "tests/support/pki/certificates.h"

namespace {

using bench::Measure;

constexpr size_t kMost = 1000;

char package[16];
bool tls;
CredHandle credentials[kMost + 1];
CtxtHandle contexts[kMost + 1];

UCHAR* Text(const char* text) {
  return reinterpret_cast<UCHAR*>(const_cast<char*>(text));
}

bool Acquire(CredHandle* credential) {
  static SEC_WINNT_AUTH_IDENTITY_A identity = {Text(bench::kUser),          sizeof bench::kUser - 1,
                                               Text(bench::kDomain),        sizeof bench::kDomain - 1,
                                               Text(bench::kPassword),      sizeof bench::kPassword - 1,
                                               SEC_WINNT_AUTH_IDENTITY_ANSI};
  static const BARESSPI_BLOB kAnchor = {static_cast<ULONG>(baresspi::pki::kRoot.size),
                                        baresspi::pki::kRoot.data};
  static const BARESSPI_CERT_STORE kRoots = {BARESSPI_CERT_STORE_VERSION, 1, &kAnchor, nullptr, 0, nullptr};
  static SCHANNEL_CRED trust;
  trust.dwVersion = SCHANNEL_CRED_VERSION;
  trust.hRootStore = &kRoots;
  trust.grbitEnabledProtocols = SP_PROT_TLS1_2;
  return AcquireCredentialsHandleA(nullptr, package, SECPKG_CRED_OUTBOUND, nullptr,
                                   tls ? static_cast<void*>(&trust) : &identity, nullptr, nullptr, credential,
                                   nullptr) == SEC_E_OK;
}

bool Initialize(CtxtHandle* context) {
  static uint8_t token[32768];
  static SEC_CHAR target[] = "device.example.test";
  SecBuffer out = {sizeof token, SECBUFFER_TOKEN, token};
  SecBufferDesc outs = {SECBUFFER_VERSION, 1, &out};
  ULONG attributes = 0;
  return InitializeSecurityContextA(&credentials[0], nullptr, target,
                                    ISC_REQ_CONFIDENTIALITY | (tls ? ISC_REQ_STREAM : 0), 0, 0, nullptr, 0,
                                    context, &outs, &attributes, nullptr) == SEC_I_CONTINUE_NEEDED;
}

bool Query(PCtxtHandle context) {
  SecPkgContext_PackageInfoA info = {};
  ULONG peak = 0, size = 0;
  if (tls) return BareSspiTlsArenaPeak(context, &peak, &size) == SEC_E_OK;  // before the handshake's end, too
  return QueryContextAttributesA(context, SECPKG_ATTR_PACKAGE_INFO, &info) == SEC_E_OK;
}

// One more client and server, whose handshake is over.
bool LogIn() {
  static bench::Token tokens[2];
  const bench::Package which =
      strcmp(package, "NTLM") == 0 ? bench::Package::kNtlm : bench::Package::kNegotiate;
  for (const bench::Who who : bench::kBoth) {
    if (!bench::kOurs.acquire(who, which)) return false;
  }
  return bench::LogIn(bench::kOurs, tokens, [](const char*, bench::Who, auto call) { return call(); });
}

bool LogOut() {
  for (const bench::Who who : bench::kBoth) {
    if (!bench::kOurs.end(who) || !bench::kOurs.release(who)) return false;
  }
  return true;
}

bool Seal() {
  uint8_t text[64] = {};
  bench::Message message = {text, sizeof text, {}};
  return bench::kOurs.protect(bench::Protection::kSealed, &message);
}

bool QueryCredential(CredHandle* credential) {
  BARESSPI_POLICY policy = {};
  return QueryCredentialsAttributesA(credential, BARESSPI_CRED_ATTR_POLICY, &policy) != SEC_E_INVALID_HANDLE;
}

// The second time, since the first one may do what is done once.
template <typename Call>
bool Try(bool second, const char* what, size_t others, Call call) {
  char name[64];
  snprintf(name, sizeof name, "%s with %zu", what, others);
  bench::StartRandomAnew();
  if (Measure(second, name, bench::kClient, call)) return true;
  fprintf(stderr, "%s: %s failed\n", package, name);
  return false;
}

bool TryContext(size_t others) {
  CtxtHandle& context = contexts[others];
  for (const bool second : {false, true}) {
    if (!Try(second, "Initialize", others, [&] { return Initialize(&context); }) ||
        (tls && !Try(second, "Query", others, [&] { return Query(&context); })) ||
        !Try(second, "Delete", others, [&] { return DeleteSecurityContext(&context) == SEC_E_OK; })) {
      return false;
    }
  }
  return true;
}

bool TryEstablished(size_t others) {
  if (!LogIn()) return false;
  for (const bool second : {false, true}) {
    if (!Try(second, "Query", others, [] { return Query(bench::OurContext(bench::kClient)); }) ||
        !Try(second, "Encrypt", others, Seal)) {
      return false;
    }
  }
  return LogOut();
}

bool TryCredential(size_t others) {
  CredHandle& credential = credentials[others];
  for (const bool second : {false, true}) {
    if (!Try(second, "Acquire", others, [&] { return Acquire(&credential); }) ||
        !Try(second, "Query a credential", others, [&] { return QueryCredential(&credential); }) ||
        !Try(second, "Free", others, [&] { return FreeCredentialsHandle(&credential) == SEC_E_OK; })) {
      return false;
    }
  }
  return true;
}

bool Run() {
  size_t taken = 0;
  for (const size_t others : {1, 10, 100, 1000}) {
    for (; taken < others; ++taken) {
      if (!Acquire(&credentials[taken])) return false;
    }
    if (!TryCredential(others)) return false;
  }
  taken = 0;
  for (const size_t others : {1, 10, 100, 1000}) {
    for (; taken < others; ++taken) {
      if (!Initialize(&contexts[taken])) return false;
    }
    if (!TryContext(others) || (!tls && !TryEstablished(others))) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || strlen(argv[1]) >= sizeof package) {
    fprintf(stderr, "usage: %s NTLM|Negotiate|Schannel\n", argv[0]);
    return 2;
  }
  memcpy(package, argv[1], strlen(argv[1]));
  tls = strcmp(package, "Schannel") == 0;
  if (bench::kOurs.start() && Run()) return 0;
  fprintf(stderr, "%s: something failed\n", package);
  return 1;
}

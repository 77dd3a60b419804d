// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/support/authority.h"

#include <string.h>

#include <utility>

#include "core/ntlm/keys.h"
#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"

namespace faults {
namespace {

struct Script {
  unsigned calls = 0;
  unsigned answered = 0;
  SECURITY_STATUS status = SEC_E_OK;
  unsigned hooked = 0;
  std::function<void()> hook;
};

Script& Current() {
  static Script script;
  return script;
}

// Counts a call, and says what it is to answer where it would answer SEC_E_OK.
SECURITY_STATUS Answer() {
  Script& script = Current();
  const unsigned n = ++script.calls;
  if (n == script.hooked && script.hook) std::exchange(script.hook, nullptr)();
  return n == script.answered ? script.status : SEC_E_OK;
}

const BARESSPI_AUTHORITY& Table() {
  return *two_sides::ServerDevice().Authority;
}

SECURITY_STATUS GetNtHash(const void*, const BARESSPI_NAME* domain, const BARESSPI_NAME* user,
                          uint8_t nt_hash[16], BARESSPI_ACCOUNT* account) {
  const SECURITY_STATUS status = Table().GetNtHash(Table().Context, domain, user, nt_hash, account);
  return status == SEC_E_OK ? Answer() : status;
}

// As a domain controller does it ([MS-NLMP] 3.3.2).
SECURITY_STATUS Validate(const void*, const BARESSPI_LOGON* logon, uint8_t session_base_key[16],
                         BARESSPI_ACCOUNT* account) {
  uint8_t key[16], proof[16];
  SECURITY_STATUS status = Table().GetNtHash(Table().Context, &logon->Domain, &logon->User, key, account);
  if (status != SEC_E_OK) return status;
  baresspi::ntlm::NtOwfV2(key, {logon->User.Utf16le, logon->User.cbUtf16le},
                          {logon->Domain.Utf16le, logon->Domain.cbUtf16le}, key);
  baresspi::ntlm::Proof(key, logon->ServerChallenge, {logon->NtResponse + 16, logon->cbNtResponse - 16},
                        proof);
  if (memcmp(proof, logon->NtResponse, sizeof proof) != 0) return SEC_E_LOGON_DENIED;
  baresspi::ntlm::SessionBaseKey(key, proof, session_base_key);
  return Answer();
}

SECURITY_STATUS MapCertificate(const void*, const uint8_t*, ULONG, BARESSPI_NAME* domain, BARESSPI_NAME* user,
                               BARESSPI_ACCOUNT* account) {
  static constexpr uint8_t kDomain[] = {'E', 0, 'X', 0};
  static constexpr uint8_t kUser[] = {'a', 0, 'l', 0};
  *domain = {kDomain, sizeof kDomain};
  *user = {kUser, sizeof kUser};
  account->UserId = two_sides::kAliceId;
  return Answer();
}

}  // namespace

const BARESSPI_DEVICE& Device(bool elsewhere) {
  static const SEC_WINNT_AUTH_IDENTITY_A alice = two_sides::Alice();
  static const BARESSPI_AUTHORITY authorities[2] = {{nullptr, GetNtHash, nullptr, MapCertificate},
                                                    {nullptr, nullptr, Validate, MapCertificate}};
  static const auto with = [](const BARESSPI_AUTHORITY& authority) {
    BARESSPI_DEVICE device = two_sides::ServerDevice();
    device.Authority = &authority;
    device.Identity = &alice;
    return device;
  };
  static const BARESSPI_DEVICE devices[2] = {with(authorities[0]), with(authorities[1])};
  return devices[elsewhere ? 1 : 0];
}

void Restart() {
  scripted_port::Reset();
  scripted_port::SetDevice(&Device(false));
  Current() = Script();
}

unsigned AuthorityCalls() {
  return Current().calls;
}

void AuthorityAnswers(unsigned n, SECURITY_STATUS status) {
  Current().answered = n;
  Current().status = status;
}

void AtAuthorityCall(unsigned n, std::function<void()> hook) {
  Current().hooked = n;
  Current().hook = std::move(hook);
}

}  // namespace faults

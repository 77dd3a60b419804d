// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/model/device.h"

#include <string.h>

#include "tests/support/pki/certificates.h"

namespace model {
namespace {

namespace pki = baresspi::pki;

constexpr char kPassword[] = "Passw0rd!";

struct Hash {
  Hash() { (void)BareSspiNtHash(kPassword, sizeof kPassword - 1, octets); }
  uint8_t octets[16] = {};
};

const BARESSPI_ACCOUNT_TABLE& Accounts() {
  static const Hash hash;
  static const BARESSPI_ACCOUNT_ENTRY entries[] = {{"EXAMPLE", "alice", hash.octets, kAliceId}};
  static const BARESSPI_ACCOUNT_TABLE table = {entries, 1};
  return table;
}

// Every certificate that was verified is alice's.
SECURITY_STATUS MapCertificate(const void*, const uint8_t*, ULONG, BARESSPI_NAME* domain, BARESSPI_NAME* user,
                               BARESSPI_ACCOUNT* account) {
  static constexpr uint8_t kAlice[] = {'a', 0, 'l', 0, 'i', 0, 'c', 0, 'e', 0};
  *domain = {nullptr, 0};
  *user = {kAlice, sizeof kAlice};
  account->UserId = kAliceId;
  return SEC_E_OK;
}

const BARESSPI_AUTHORITY& Authority() {
  static const BARESSPI_AUTHORITY authority = {&Accounts(), BareSspiAccountTableGetNtHash, nullptr,
                                               MapCertificate};
  return authority;
}

BARESSPI_DEVICE Device(const BARESSPI_AUTHORITY* authority, const void* identity) {
  return {BARESSPI_DEVICE_VERSION, sizeof(BARESSPI_DEVICE), "DEVICE", "EXAMPLE", "device.example.org",
          "example.org",           "example.org",           0,        authority, identity};
}

SEC_WINNT_AUTH_IDENTITY_A Identity(const char* user, const char* password) {
  static char domain[] = "EXAMPLE";
  const auto text = [](const char* from) {
    return reinterpret_cast<unsigned char*>(const_cast<char*>(from));
  };
  return {text(user),
          static_cast<ULONG>(strlen(user)),
          text(domain),
          static_cast<ULONG>(sizeof domain - 1),
          text(password),
          static_cast<ULONG>(strlen(password)),
          SEC_WINNT_AUTH_IDENTITY_ANSI};
}

const CERT_CONTEXT& CertificateOf(bool server) {
  static const BARESSPI_CERT_STORE stores[2] = {
      {BARESSPI_CERT_STORE_VERSION, 0, nullptr, pki::kClientKey.data,
       static_cast<ULONG>(pki::kClientKey.size), nullptr},
      {BARESSPI_CERT_STORE_VERSION, 0, nullptr, pki::kServerKey.data,
       static_cast<ULONG>(pki::kServerKey.size), nullptr}};
  static const CERT_CONTEXT certificates[2] = {{X509_ASN_ENCODING, const_cast<BYTE*>(pki::kClient.data),
                                                static_cast<DWORD>(pki::kClient.size), nullptr, &stores[0]},
                                               {X509_ASN_ENCODING, const_cast<BYTE*>(pki::kServer.data),
                                                static_cast<DWORD>(pki::kServer.size), nullptr, &stores[1]}};
  return certificates[server];
}

}  // namespace

const BARESSPI_DEVICE& ThePortsDevice() {
  static const SEC_WINNT_AUTH_IDENTITY_A alice = IdentityOf(Who::kAlice);
  static const BARESSPI_DEVICE device = Device(&Authority(), &alice);
  return device;
}

const BARESSPI_DEVICE& ServerDevice(bool authority) {
  static const BARESSPI_DEVICE with = Device(&Authority(), nullptr);
  static const BARESSPI_DEVICE without = Device(nullptr, nullptr);
  return authority ? with : without;
}

SEC_WINNT_AUTH_IDENTITY_A IdentityOf(Who who) {
  switch (who) {
    case Who::kWrongPassword:
      return Identity("alice", "password");
    case Who::kStranger:
      return Identity("mallory", kPassword);
    case Who::kNoName:
      return Identity("", "");
    default:
      return Identity("alice", kPassword);
  }
}

SCHANNEL_CRED TlsCredentialOf(const Credential& credential) {
  static const BARESSPI_BLOB anchor = {static_cast<ULONG>(pki::kRoot.size), pki::kRoot.data};
  static const BARESSPI_CERT_STORE roots = {BARESSPI_CERT_STORE_VERSION, 1, &anchor, nullptr, 0, nullptr};
  static PCCERT_CONTEXT lists[2] = {&CertificateOf(false), &CertificateOf(true)};
  const bool server = (credential.use & SECPKG_CRED_INBOUND) != 0;
  SCHANNEL_CRED cred = {};
  cred.dwVersion = SCHANNEL_CRED_VERSION;
  cred.grbitEnabledProtocols = credential.versions;
  cred.dwFlags = SCH_CRED_DISABLE_RECONNECTS | (credential.manual ? SCH_CRED_MANUAL_CRED_VALIDATION : 0);
  if (credential.trusts) cred.hRootStore = &roots;
  if (credential.certificate) {
    cred.cCreds = 1;
    cred.paCred = &lists[server];
  }
  return cred;
}

}  // namespace model

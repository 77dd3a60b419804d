// SPDX-License-Identifier: Apache-2.0
// What core/schannel reads without a handshake: records' heads and what goes over in the clear, certificates
// and keys in any form, credentials with any numbers in them, lists of protocols, targets' names, and the
// texts that mbed TLS has formatted.
#include <string>

#include "core/schannel/format.h"
#include "core/schannel/hello.h"
#include "core/schannel/record.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/octets.h"
#include "tests/support/pki/certificates.h"

#include <baresspi/schannel.h>

namespace {

namespace pki = baresspi::pki;
namespace schannel = baresspi::schannel;
using baresspi::Bytes;
using fuzz::Buffer;
using fuzz::Input;
using fuzz::Octets;

// ---- Records. ----
void TryRecords(Input* input) {
  const Buffer octets(input->Rest());
  size_t missing = 0;
  const size_t one = schannel::WholeRecords(octets.bytes(), true, &missing);
  FUZZ_CHECK(one <= octets.size() && one <= schannel::kMostRecord);
  FUZZ_CHECK(one != 0 || missing <= schannel::kMostRecord);
  const size_t all = schannel::WholeRecords(octets.bytes(), false, &missing);
  FUZZ_CHECK(all <= octets.size() && all >= one && (one == 0) == (all == 0));
  if (all == 0) return;
  // Whole ones stay so without the rest.
  FUZZ_CHECK(schannel::WholeRecords(octets.bytes().Sub(0, all), false, &missing) == all);
}

// What is read of flights is the same, however they were cut between records.
void TryHello(Input* input) {
  const unsigned directions = input->U8();
  schannel::Hello whole = {};
  schannel::Hello pieces = {};
  for (unsigned flight = 0; flight < 4 && !input->empty(); ++flight) {
    const auto direction =
        (directions >> flight & 1) != 0 ? schannel::Hello::kFromServer : schannel::Hello::kFromClient;
    const Buffer octets(input->Counted());
    Bytes authorities;
    if (whole.AsksForCertificate(octets.bytes(), &authorities)) {
      FUZZ_CHECK(fuzz::IsInside(authorities, octets.bytes()));
    }
    whole.Read(direction, octets.bytes());
    size_t at = 0;
    for (size_t missing = 0; at < octets.size();) {
      const Bytes rest = octets.bytes().Sub(at, octets.size() - at);
      size_t size = schannel::WholeRecords(rest, true, &missing);
      if (size == 0) size = rest.size();
      const Buffer record(rest.data(), size);
      pieces.Read(direction, record.bytes());
      at += size;
    }
  }
  FUZZ_CHECK(whole.resumed() == pieces.resumed() && whole.version() == pieces.version());
  FUZZ_CHECK(whole.alert() == pieces.alert() && whole.has_ticket() == pieces.has_ticket());
  FUZZ_CHECK(whole.asked() == pieces.asked());
}

// ---- Credentials. ----
// Acquired and freed. True: it is one, and a context was tried with it.
SECURITY_STATUS Acquire(ULONG use, void* data, const char* target) {
  CredHandle credential;
  const SECURITY_STATUS status = AcquireCredentialsHandleA(nullptr, UNISP_NAME_A, use, nullptr, data, nullptr,
                                                           nullptr, &credential, nullptr);
  FUZZ_STATUS(status, SEC_E_OK, SEC_E_UNKNOWN_CREDENTIALS, SEC_E_UNSUPPORTED_FUNCTION, SEC_E_NO_CREDENTIALS,
              SEC_E_INSUFFICIENT_MEMORY, SEC_E_INTERNAL_ERROR, SEC_E_ALGORITHM_MISMATCH);
  if (status != SEC_E_OK) return status;
  SecPkgCred_SupportedAlgs algorithms = {};
  SecPkgCred_CipherStrengths strengths = {};
  SecPkgCred_SupportedProtocols protocols = {};
  FUZZ_STATUS(QueryCredentialsAttributesA(&credential, SECPKG_ATTR_SUPPORTED_ALGS, &algorithms), SEC_E_OK);
  FUZZ_STATUS(QueryCredentialsAttributesA(&credential, SECPKG_ATTR_CIPHER_STRENGTHS, &strengths), SEC_E_OK);
  FUZZ_STATUS(QueryCredentialsAttributesA(&credential, SECPKG_ATTR_SUPPORTED_PROTOCOLS, &protocols),
              SEC_E_OK);
  FUZZ_CHECK(protocols.grbitProtocol != 0);
  if ((use & SECPKG_CRED_OUTBOUND) != 0) {
    const Buffer room(18432);
    SecBuffer out = {static_cast<ULONG>(room.size()), SECBUFFER_TOKEN, room.data()};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    CtxtHandle context;
    ULONG attributes = 0;
    const SECURITY_STATUS first =
        InitializeSecurityContextA(&credential, nullptr, target, ISC_REQ_STREAM, 0, 0, nullptr, 0, &context,
                                   &output, &attributes, nullptr);
    FUZZ_STATUS(first, SEC_I_CONTINUE_NEEDED, SEC_E_TARGET_UNKNOWN, SEC_E_ALGORITHM_MISMATCH,
                SEC_E_INTERNAL_ERROR);
    FUZZ_CHECK(first >= 0 || out.cbBuffer == 0);
    if (first >= 0) FUZZ_CHECK(DeleteSecurityContext(&context) == SEC_E_OK);
  }
  FUZZ_CHECK(FreeCredentialsHandle(&credential) == SEC_E_OK);
  return status;
}

// Certificate, intermediate, key and anchor, any of which may be the input's.
void TryCertificates(Input* input) {
  const unsigned choice = input->U8();
  const bool server = (choice & 1) != 0;
  const bool rsa = (choice & 2) != 0;
  const pki::Octets& right = rsa ? pki::kServerRsa : pki::kServer;
  const pki::Octets& right_key = rsa ? pki::kServerRsaKey : pki::kServerKey;
  const Buffer own((choice & 4) != 0 ? input->Counted() : Octets(right.data, right.data + right.size));
  const Buffer key((choice & 8) != 0 ? input->Counted()
                                     : Octets(right_key.data, right_key.data + right_key.size));
  const Buffer more(input->Counted());
  const BARESSPI_BLOB blob = {static_cast<ULONG>(more.size()), more.data()};
  const bool anchors = (choice & 16) != 0;
  const BARESSPI_CERT_STORE roots = {
      BARESSPI_CERT_STORE_VERSION, anchors ? 1u : 0u, &blob, nullptr, 0, nullptr};
  const BARESSPI_CERT_STORE store = {BARESSPI_CERT_STORE_VERSION,
                                     (choice & 32) != 0 ? 1u : 0u,
                                     &blob,
                                     (choice & 64) != 0 ? nullptr : key.data(),
                                     static_cast<ULONG>(key.size()),
                                     (choice & 128) != 0 ? key.data() : nullptr};
  const CERT_CONTEXT certificate = {X509_ASN_ENCODING, own.data(), static_cast<DWORD>(own.size()), nullptr,
                                    &store};
  PCCERT_CONTEXT list[] = {&certificate};
  SCH_CREDENTIALS credentials = {};
  credentials.dwVersion = SCH_CREDENTIALS_VERSION;
  credentials.cCreds = 1;
  credentials.paCred = list;
  credentials.hRootStore = &roots;
  (void)Acquire(server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND, &credentials, "device.example.test");
}

// SCHANNEL_CRED with any numbers.
void TryOldStructure(Input* input) {
  ALG_ID algorithms[8];
  SCHANNEL_CRED cred = {};
  const unsigned choice = input->U8();
  cred.dwVersion = (choice & 1) != 0 ? input->U32() : SCHANNEL_CRED_VERSION;
  cred.cSupportedAlgs = input->U8() % 9;
  for (ALG_ID& algorithm : algorithms) algorithm = input->U16();
  cred.palgSupportedAlgs = (choice & 2) != 0 ? algorithms : nullptr;
  cred.grbitEnabledProtocols = (choice & 4) != 0 ? input->U32() : 0;
  cred.dwMinimumCipherStrength = input->U16();
  cred.dwMaximumCipherStrength = input->U16();
  cred.dwSessionLifespan = input->U32();
  cred.dwFlags = (choice & 8) != 0 ? input->U32() : 0;
  cred.dwCredFormat = (choice & 16) != 0 ? input->U32() : 0;
  cred.cMappers = (choice & 32) != 0 ? 1 : 0;
  // A version that is the newer one's would have the newer structure there.
  if (cred.dwVersion == SCH_CREDENTIALS_VERSION) return;
  (void)Acquire(SECPKG_CRED_OUTBOUND, &cred, "device.example.test");
}

// A name of an algorithm: one of Windows', or the input's.
UNICODE_STRING NameOf(Input* input, std::u16string* storage) {
  static constexpr const char16_t* kNames[] = {u"AES",
                                               u"CHACHA20_POLY1305",
                                               u"ECDH",
                                               u"ECDH_P384",
                                               u"nistP521",
                                               u"RSA",
                                               u"ECDSA",
                                               u"SHA256",
                                               u"ChainingModeGCM",
                                               u"ChainingModeCCM",
                                               u"ChainingModeN/A"};
  const unsigned choice = input->U8();
  if (choice < std::size(kNames)) {
    *storage = kNames[choice];
  } else {
    for (const uint8_t unit : input->Take(choice % 32)) storage->push_back(unit);
  }
  const auto size = static_cast<USHORT>(storage->size() * 2);
  return {size, size, reinterpret_cast<SEC_WCHAR*>(storage->data())};
}

void TryNewStructure(Input* input) {
  constexpr size_t kMost = 4;
  std::u16string storage[kMost][3];
  UNICODE_STRING modes[kMost][2];
  CRYPTO_SETTINGS settings[kMost] = {};
  TLS_PARAMETERS parameters = {};
  SCH_CREDENTIALS cred = {};
  const unsigned choice = input->U8();
  cred.dwVersion = SCH_CREDENTIALS_VERSION;
  cred.dwFlags = (choice & 1) != 0 ? input->U32() : 0;
  cred.cTlsParameters = (choice & 2) != 0 ? input->U8() % 3 : 1;
  cred.pTlsParameters = &parameters;
  parameters.grbitDisabledProtocols = (choice & 4) != 0 ? input->U32() : 0;
  parameters.dwFlags = (choice & 8) != 0 ? input->U32() : 0;
  parameters.cDisabledCrypto = input->U8() % (kMost + 1);
  parameters.pDisabledCrypto = settings;
  for (size_t i = 0; i < parameters.cDisabledCrypto; ++i) {
    CRYPTO_SETTINGS& one = settings[i];
    one.eAlgorithmUsage = static_cast<eTlsAlgorithmUsage>(input->U8() % 6);
    one.strCngAlgId = NameOf(input, &storage[i][0]);
    one.cChainingModes = input->U8() % 3;
    for (size_t mode = 0; mode < 2; ++mode) modes[i][mode] = NameOf(input, &storage[i][mode + 1]);
    one.rgstrChainingModes = modes[i];
    one.dwMinBitLength = input->U16();
    one.dwMaxBitLength = input->U16();
  }
  (void)Acquire(SECPKG_CRED_OUTBOUND, &cred, "device.example.test");
}

// ---- What comes with a client's first call. ----
// Starts a client with this target, wide or not, and these protocols.
void TryFirstCall(Input* input) {
  const unsigned choice = input->U8();
  const Buffer protocols(input->Counted());
  Octets name = input->Rest();
  const bool wide = (choice & 1) != 0;
  name.resize(name.size() / 2 * 2 + 2);
  name[name.size() - 1] = name[name.size() - 2] = 0;
  const Buffer target(name);
  SCH_CREDENTIALS cred = {};
  cred.dwVersion = SCH_CREDENTIALS_VERSION;
  cred.dwFlags = (choice & 2) != 0 ? SCH_CRED_NO_SERVERNAME_CHECK : 0;
  CredHandle credential;
  CtxtHandle context;
  FUZZ_STATUS(AcquireCredentialsHandleA(nullptr, UNISP_NAME_A, SECPKG_CRED_OUTBOUND, nullptr, &cred, nullptr,
                                        nullptr, &credential, nullptr),
              SEC_E_OK);
  const Buffer room(18432);
  SecBuffer in[] = {
      {0, SECBUFFER_EMPTY, nullptr},
      {static_cast<ULONG>(protocols.size()), SECBUFFER_APPLICATION_PROTOCOLS, protocols.data()}};
  SecBuffer out = {static_cast<ULONG>(room.size()), SECBUFFER_TOKEN, room.data()};
  SecBufferDesc from = {SECBUFFER_VERSION, 2, in};
  SecBufferDesc to = {SECBUFFER_VERSION, 1, &out};
  const SECURITY_STATUS status =
      wide
          ? InitializeSecurityContextW(&credential, nullptr,
                                       reinterpret_cast<const SEC_WCHAR*>(target.data()), 0, 0, 0, &from, 0,
                                       &context, &to, nullptr, nullptr)
          : InitializeSecurityContextA(&credential, nullptr, reinterpret_cast<const SEC_CHAR*>(target.data()),
                                       0, 0, 0, &from, 0, &context, &to, nullptr, nullptr);
  FUZZ_STATUS(status, SEC_I_CONTINUE_NEEDED, SEC_E_TARGET_UNKNOWN, SEC_E_INVALID_TOKEN,
              SEC_E_UNSUPPORTED_FUNCTION, SEC_E_INTERNAL_ERROR);
  FUZZ_CHECK(status >= 0 || out.cbBuffer == 0);
  if (status >= 0) FUZZ_CHECK(DeleteSecurityContext(&context) == SEC_E_OK);
  FUZZ_CHECK(FreeCredentialsHandle(&credential) == SEC_E_OK);
}

// ---- Formatted texts. ----
// What snprintf says and writes, ours must, where ours knows the format.
int FormatOurs(char* out, size_t room, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int size = schannel::Format(out, room, format, arguments);
  va_end(arguments);
  return size;
}

void TryFormat(Input* input) {
  const unsigned number = input->U32();
  const size_t room = input->U8();
  const unsigned octet = input->U8();
  const Octets rest = input->Rest();
  std::string text(rest.begin(), rest.end());
  text.resize(std::min(text.find('\0'), text.size()));
  const Buffer ours(room);
  const Buffer theirs(room);
  char* const out = reinterpret_cast<char*>(ours.data());
  char* const expected = reinterpret_cast<char*>(theirs.data());
  const char character = static_cast<char>(octet == 0 ? 'x' : octet);
  const int size = FormatOurs(out, room, "%s-%u.%02X%c", text.c_str(), number, octet, character);
  FUZZ_CHECK(size == snprintf(expected, room, "%s-%u.%02X%c", text.c_str(), number, octet, character));
  FUZZ_CHECK(room == 0 || memcmp(out, expected, strlen(expected) + 1) == 0);
  // A format of the input's, without what would take an argument that is not there.
  for (size_t at = 0; (at = text.find('%', at)) != std::string::npos; ++at) {
    if (at + 1 < text.size() &&
        (text[at + 1] == 's' || text[at + 1] == 'c' || text[at + 1] == 'u' || text[at + 1] == '0')) {
      text[at] = '_';
    }
  }
  const int known = FormatOurs(out, room, text.c_str());
  FUZZ_CHECK((known < 0) == (text.find('%') != std::string::npos));
}

constexpr void (*kTries[])(Input*) = {TryRecords,      TryHello,     TryCertificates, TryOldStructure,
                                      TryNewStructure, TryFirstCall, TryFormat};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Case one;
  Input input(data, size);
  kTries[input.U8() % std::size(kTries)](&input);
  return 0;
}

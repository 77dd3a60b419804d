// SPDX-License-Identifier: Apache-2.0
// baresspi-http-get: requests by HTTP or HTTPS, with a login at the server and the proxy where they want one.
// Prints of each
//   status: 200 OK
//   server: EXAMPLE\\alice by Negotiate (NTLM)      and a line proxy:, for each login
// an empty line, the content of the answer and a line's end; and at the end
//   connections: 1, logins: 1
#include "boards/common/console.h"
#include "boards/examples/certificate_file.h"
#include "boards/examples/examples.h"
#include "boards/http/get_options.h"
#include "boards/stream/identity.h"

namespace http {
namespace {

constexpr int kOk = 0;
constexpr int kAnotherStatus = 1;
constexpr int kUsage = 2;
constexpr int kNoAnswer = 3;

// Files of certificates, as they are read. A device has them in flash, and no such room.
constexpr size_t kTrustRoom = 16384;
constexpr size_t kCertificateRoom = 8192;
constexpr size_t kKeyRoom = 4096;

constinit Client client;
constinit BARESSPI_DEVICE device = {};
constinit stream::TlsCredential credential;
constinit stream::TlsSettings tls;
constinit uint8_t trust_file[kTrustRoom] = {};
constinit uint8_t certificate_file[kCertificateRoom] = {};
constinit uint8_t key_file[kKeyRoom] = {};
constinit bool head_is_out = false;

void Put(Text text) {
  board::Write(text.data, text.size);
}

void PutLogin(Place place) {
  char buffer[1024];
  TextWriter line(buffer, sizeof buffer);
  ClientLogin& login = *client.login(place);
  if (login.state() == ClientLogin::State::kIdle) return;
  line.Put(place == Place::kServer ? "server: " : "proxy: ");
  if (login.state() == ClientLogin::State::kUnderway) {
    line.Put("the login by ");
    line.Put(NameOf(login.scheme()));
    line.Put(" was not ended");
  } else {
    const char* const who = login.Who();
    const char* const package = login.Package();
    line.Put(who != nullptr ? who : "nobody");
    line.Put(" by ");
    line.Put(NameOf(login.scheme()));
    line.Put(" (");
    line.Put(package != nullptr ? package : "?");
    line.Put(")");
  }
  line.Put("\n");
  Put(line.text());
}

void PutHead() {
  if (head_is_out) return;
  head_is_out = true;
  char buffer[256];
  TextWriter line(buffer, sizeof buffer);
  line.Put("status: ");
  line.PutNumber(client.status());
  line.Put(" ");
  line.Put(client.reason());
  line.Put(client.by_proxy() ? "\nfrom: the proxy, which makes no way to the server\n" : "\n");
  Put(line.text());
  PutLogin(Place::kProxy);
  PutLogin(Place::kServer);
  Put("\n");
}

void PutContent(Text piece) {
  PutHead();
  Put(piece);
}

void PutCounts(bool apart) {
  char buffer[96];
  TextWriter line(buffer, sizeof buffer);
  if (apart) {
    line.Put("resumed: ");
    line.PutNumber(client.resumed());
    line.Put("\n");
  }
  line.Put("connections: ");
  line.PutNumber(client.connections());
  line.Put(", logins: ");
  line.PutNumber(client.logins());
  line.Put("\n");
  Put(line.text());
}

const char* Complaint(Outcome outcome) {
  switch (outcome) {
    case Outcome::kBadUrl:
      return "this is no URL that begins with http:// or https://";
    case Outcome::kUnreachable:
      return "no connection: no such host, no way to it, or nobody listens there";
    case Outcome::kLost:
      return "the connection ended before the answer";
    case Outcome::kTimeout:
      return "no answer in time";
    case Outcome::kMalformed:
      return "the answer is no HTTP, or too long";
    case Outcome::kTlsFailed:
      return "TLS with the server failed";
    case Outcome::kLoginFailed:
      return "the login failed";
    case Outcome::kAnswered:
      break;
  }
  return "";
}

void Complain(const char* what, SECURITY_STATUS status) {
  char buffer[128];
  TextWriter line(buffer, sizeof buffer - 1);
  line.Put("baresspi-http-get: ");
  line.Put(what);
  if (status != SEC_E_OK) {
    line.Put(": 0x");
    line.PutHex(static_cast<uint32_t>(status));
  }
  line.Put("\n");
  buffer[line.text().size] = 0;
  board::Complain(buffer);
}

// False: it said which file is none.
bool LoadFiles(const GetOptions& options, stream::Identity* identity) {
  const char* none = nullptr;
  if (!examples::LoadCertificateFile(options.key, key_file, sizeof key_file, &identity->key))
    none = "--key: no such file, or too long";
  if (!examples::LoadCertificateFile(options.certificate, certificate_file, sizeof certificate_file,
                                     &identity->certificate))
    none = "--certificate: no such file, or too long";
  if (!examples::LoadCertificateFile(options.trust, trust_file, sizeof trust_file, &identity->anchors))
    none = "--trust: no such file, or too long";
  if (none != nullptr) Complain(none, SEC_E_OK);
  return none == nullptr;
}

bool BeginTls(const GetOptions& options) {
  stream::Identity identity;
  identity.no_dates = options.no_dates;
  if (!LoadFiles(options, &identity)) return false;
  const SECURITY_STATUS status = credential.Begin(stream::Side::kClient, identity);
  if (status == SEC_E_SECPKG_NOT_FOUND) {
    Complain("there is no TLS in this build (BARESSPI_SCHANNEL_CLIENT)", status);
  } else if (status != SEC_E_OK) {
    Complain("these are no certificates or no key", status);
  }
  tls = {};
  tls.side = stream::Side::kClient;
  tls.credential = credential.handle();
  return status == SEC_E_OK;
}

// Volatile: the compiler would leave out what nobody reads.
void Wipe(volatile uint8_t* octets, size_t size) {
  for (size_t i = 0; i < size; ++i) octets[i] = 0;
}

int RunAll(const GetOptions& options) {
  int result = kOk;
  for (size_t i = 0; i < options.request_count; ++i) {
    head_is_out = false;
    const Outcome outcome = client.Run(options.requests[i]);
    if (outcome == Outcome::kAnswered) PutHead();
    if (head_is_out) Put("\n");
    if (options.apart) client.End();
    if (outcome != Outcome::kAnswered) {
      Complain(Complaint(outcome), client.error());
      return kNoAnswer;
    }
    const uint32_t status = client.status();
    if (status / 100 != 2) result = kAnotherStatus;
    // With the same account it would be the same again, until the account is locked.
    if (status == StatusOf(Place::kServer) || status == StatusOf(Place::kProxy)) break;
  }
  return result;
}

int Run(GetOptions* options) {
  device = {};
  device.Version = BARESSPI_DEVICE_VERSION;
  device.Length = sizeof device;
  device.NetBiosComputerName = "BARESSPI";
  board::SetDevice(&device);
  int result = kUsage;
  if (!options->any_secure || BeginTls(*options)) {
    options->settings.tls = &tls;
    options->settings.on_content = PutContent;
    client.Begin(&options->settings);
    result = RunAll(*options);
    if (client.connections() != 0) PutCounts(options->apart);
    board::Flush();
    client.End();
  }
  credential.End();
  Wipe(key_file, sizeof key_file);
  return result;
}

}  // namespace
}  // namespace http

int examples::HttpsGet(int count, char** arguments) {
  http::GetOptions options;
  if (!http::ParseGetOptions(count, arguments, &options)) {
    board::Complain(http::kGetUsage);
    return http::kUsage;
  }
  return http::Run(&options);
}

// SPDX-License-Identifier: Apache-2.0
// A device's web page: HTTPS (or HTTP), whose callers log in by Negotiate, NTLM or a certificate, and are
// told who they are. Prints where it listens, and a line for each login; ends when the console says so.
#include "boards/common/console.h"
#include "boards/examples/certificate_file.h"
#include "boards/examples/examples.h"
#include "boards/examples/web_page_content.h"
#include "boards/examples/web_page_options.h"
#include "boards/http/server.h"
#include "boards/stream/identity.h"
#include "port/sockets.h"

// Octets of a file with certificates (as PEM: one's own with its chain, or all those to trust) or a key.
#ifndef BARESSPI_WEB_PAGE_FILE
#define BARESSPI_WEB_PAGE_FILE 8192
#endif

namespace examples {
namespace {

using http::Text;
using http::TextWriter;

constinit WebPageOptions options;
constinit http::Server server;
// What BareSSPI keeps pointers to.
constinit Accounts accounts;
constinit WebPageContent page;
constinit BARESSPI_DEVICE device = {};
constinit stream::TlsCredential credential;
constinit stream::TlsSettings tls;

struct File {
  uint8_t octets[BARESSPI_WEB_PAGE_FILE];
};
constinit File certificate = {};
constinit File key = {};
constinit File trust = {};

constexpr int kUsage = 2;
constexpr int kCannotBegin = 3;

void Put(TextWriter* line) {
  line->Put("\n");
  board::Write(line->text().data, line->text().size);
  board::Flush();
}

void PutLogin(Text who, Text package, Text scheme, SECURITY_STATUS status) {
  char buffer[1280];
  TextWriter line(buffer, sizeof buffer);
  if (status == SEC_E_OK) {
    line.Put("in: ");
    line.Put(who);
    line.Put(" by ");
    line.Put(scheme);
    line.Put(" (");
    line.Put(package);
    line.Put(")");
  } else {
    line.Put("refused: by ");
    line.Put(scheme);
    line.Put(", 0x");
    line.PutHex(static_cast<uint32_t>(status));
  }
  Put(&line);
}

int CannotBegin(const char* why, SECURITY_STATUS status) {
  char buffer[128];
  TextWriter line(buffer, sizeof buffer - 1);
  line.Put("baresspi-httpd: ");
  line.Put(why);
  if (status != SEC_E_OK) {
    line.Put(", 0x");
    line.PutHex(static_cast<uint32_t>(status));
  }
  line.Put("\n");
  buffer[line.text().size] = 0;
  board::Complain(buffer);
  return kCannotBegin;
}

bool Load(const char* path, File* file, BARESSPI_BLOB* blob) {
  return LoadCertificateFile(path, file->octets, sizeof file->octets, blob);
}

int BeginTls() {
  stream::Identity identity;
  identity.no_dates = options.no_dates;
  if (!Load(options.certificate, &certificate, &identity.certificate))
    return CannotBegin("--certificate: no such file, or too long", SEC_E_OK);
  if (!Load(options.key, &key, &identity.key))
    return CannotBegin("--key: no such file, or too long", SEC_E_OK);
  if (!Load(options.trust, &trust, &identity.anchors))
    return CannotBegin("--trust: no such file, or too long", SEC_E_OK);
  const SECURITY_STATUS status = credential.Begin(stream::Side::kServer, identity);
  if (status == SEC_E_SECPKG_NOT_FOUND)
    return CannotBegin("there is no TLS in this build (BARESSPI_SCHANNEL_SERVER)", status);
  if (status != SEC_E_OK)
    return CannotBegin("these are no certificates or no key, or not of one another", status);
  tls = {stream::Side::kServer, credential.handle(), options.trust != nullptr};
  options.settings.tls = &tls;
  return 0;
}

void SetDevice() {
  device = {};
  device.Version = BARESSPI_DEVICE_VERSION;
  device.Length = sizeof device;
  device.NetBiosComputerName = options.computer;
  device.NetBiosDomainName = options.domain;
  device.Authority = accounts.authority();
  board::SetDevice(&device);
}

void SayWhere(uint16_t port) {
  char buffer[128];
  TextWriter line(buffer, sizeof buffer);
  line.Put("listening: ");
  line.Put(options.address);
  line.Put(" ");
  line.PutNumber(port);
  Put(&line);
}

int Serve() {
  if (options.certificate != nullptr && BeginTls() != 0) return kCannotBegin;
  uint16_t port = options.port;
  const int listener = baresspi_socket_listen(options.address, &port);
  if (listener < 0)
    return CannotBegin("cannot listen: the port is taken, or --address is not its own", SEC_E_OK);
  const SECURITY_STATUS status = server.Begin(listener, &options.settings, &device);
  if (status != SEC_E_OK) return CannotBegin("no credential", status);
  // The first question catches signals, so that there is no moment in which one would end the program.
  if (!board::StopAsked()) {
    SayWhere(port);
    if (!server.Run(board::StopAsked)) return CannotBegin("the sockets failed", SEC_E_OK);
  }
  return 0;
}

}  // namespace

int WebPage(int count, char** arguments) {
  if (!ParseWebPageOptions(count, arguments, &options, &accounts)) {
    board::Complain(kWebPageUsage);
    return kUsage;
  }
  if (accounts.Finish() != SEC_E_OK) return CannotBegin("a password is no UTF-8", SEC_E_OK);
  page = {options.computer, &accounts, baresspi_milliseconds(),
          options.settings.place == http::Place::kProxy};
  options.settings.on_login = PutLogin;
  options.settings.page = MakeWebPage;
  SetWebPageContent(&page);
  SetDevice();
  const int status = Serve();
  server.End();
  credential.End();
  key = {};
  accounts.Clear();
  board::SetDevice(nullptr);
  SetWebPageContent(nullptr);
  return status;
}

}  // namespace examples

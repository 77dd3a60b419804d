// SPDX-License-Identifier: Apache-2.0
// baresspi-httpd: an HTTP server (or what looks like a proxy) that wants a login. Prints where it listens,
// and a line for each login. SIGTERM and SIGINT end it.
#include <signal.h>

#include "boards/common/console.h"
#include "boards/http/httpd_options.h"
#include "port/sockets.h"

namespace http {
namespace {

constinit ServerOptions options;
constinit Server server;
constinit volatile bool stop = false;

// What BareSSPI keeps pointers to.
constinit uint8_t hashes[kMostAccounts][16] = {};
constinit BARESSPI_ACCOUNT_ENTRY entries[kMostAccounts] = {};
constinit BARESSPI_ACCOUNT_TABLE table = {entries, 0};
constinit BARESSPI_AUTHORITY authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
constinit BARESSPI_DEVICE device = {};

constexpr int kUsage = 2;
constexpr int kCannotBegin = 3;

void Put(TextWriter* line) {
  line->Put("\n");
  board::Write(line->text().data, line->text().size);
  board::Flush();
}

void PutLogin(Text who, Text package, Scheme scheme, SECURITY_STATUS status) {
  char buffer[1280];
  TextWriter line(buffer, sizeof buffer);
  if (status == SEC_E_OK) {
    line.Put("in: ");
    line.Put(who);
    line.Put(" by ");
    line.Put(NameOf(scheme));
    line.Put(" (");
    line.Put(package);
    line.Put(")");
  } else {
    line.Put("refused: by ");
    line.Put(NameOf(scheme));
    line.Put(", 0x");
    line.PutHex(static_cast<uint32_t>(status));
  }
  Put(&line);
}

SECURITY_STATUS SetAccounts() {
  for (size_t i = 0; i < options.account_count; ++i) {
    const Account& account = options.accounts[i];
    const SECURITY_STATUS status =
        BareSspiNtHash(account.password, static_cast<ULONG>(LengthOf(account.password)), hashes[i]);
    if (status != SEC_E_OK) return status;
    entries[i] = {account.domain, account.user, hashes[i], static_cast<ULONG>(1000 + i)};
  }
  table.Count = static_cast<ULONG>(options.account_count);
  device.Version = BARESSPI_DEVICE_VERSION;
  device.Length = sizeof device;
  device.NetBiosComputerName = options.computer;
  device.NetBiosDomainName = options.domain;
  device.Authority = &authority;
  board::SetDevice(&device);
  return SEC_E_OK;
}

void Stop(int) {
  stop = true;
}

void StopOn(int signal) {
  struct sigaction action = {};
  action.sa_handler = Stop;
  (void)sigaction(signal, &action, nullptr);
}

int Run() {
  options.settings.on_login = PutLogin;
  if (SetAccounts() != SEC_E_OK) {
    board::Complain("baresspi-httpd: a password is no UTF-8\n");
    return kCannotBegin;
  }
  uint16_t port = options.port;
  const int listener = baresspi_socket_listen(options.address, &port);
  if (listener < 0) {
    board::Complain("baresspi-httpd: cannot listen there\n");
    return kCannotBegin;
  }
  if (server.Begin(listener, &options.settings, &device) != SEC_E_OK) {
    board::Complain("baresspi-httpd: no credential\n");
    return kCannotBegin;
  }
  char buffer[128];
  TextWriter line(buffer, sizeof buffer);
  line.Put("listening: ");
  line.Put(options.address);
  line.Put(" ");
  line.PutNumber(port);
  Put(&line);
  StopOn(SIGTERM);
  StopOn(SIGINT);
  server.Run(&stop);
  server.End();
  return 0;
}

}  // namespace
}  // namespace http

int main(int argc, char** argv) {
  if (!http::ParseServerOptions(argc, argv, &http::options)) {
    board::Complain(http::kServerUsage);
    return http::kUsage;
  }
  return http::Run();
}

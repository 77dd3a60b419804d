// SPDX-License-Identifier: Apache-2.0
// baresspi-http-get: one request by HTTP, with a login at the server and the proxy where they want one.
// Prints
//   status: 200 OK
//   server: EXAMPLE\alice by Negotiate (NTLM)      and a line proxy:, for each login
// an empty line, and the content of the answer.
#include "boards/common/console.h"
#include "boards/examples/examples.h"
#include "boards/http/get_options.h"

namespace http {
namespace {

constinit Client client;
constinit BARESSPI_DEVICE device = {};

constexpr int kOk = 0;
constexpr int kAnotherStatus = 1;
constexpr int kUsage = 2;
constexpr int kNoAnswer = 3;

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
  line.Put("\n");
  Put(line.text());
  PutLogin(Place::kProxy);
  PutLogin(Place::kServer);
  Put("\n");
}

void PutContent(Text piece) {
  PutHead();
  Put(piece);
}

const char* Complaint(Outcome outcome) {
  switch (outcome) {
    case Outcome::kBadUrl:
      return "this is no URL that begins with http://";
    case Outcome::kUnreachable:
      return "no connection to the server";
    case Outcome::kLost:
      return "the connection ended before the answer";
    case Outcome::kTimeout:
      return "no answer in time";
    case Outcome::kMalformed:
      return "the answer is no HTTP, or too long";
    case Outcome::kLoginFailed:
      return "the login failed";
    case Outcome::kAnswered:
      break;
  }
  return "";
}

void Complain(Outcome outcome) {
  char buffer[128];
  TextWriter line(buffer, sizeof buffer - 1);
  line.Put("baresspi-http-get: ");
  line.Put(Complaint(outcome));
  if (client.error() != SEC_E_OK) {
    line.Put(": 0x");
    line.PutHex(static_cast<uint32_t>(client.error()));
  }
  line.Put("\n");
  buffer[line.text().size] = 0;
  board::Complain(buffer);
}

int Run(const ClientSettings& settings) {
  head_is_out = false;
  device.Version = BARESSPI_DEVICE_VERSION;
  device.Length = sizeof device;
  device.NetBiosComputerName = "BARESSPI";
  board::SetDevice(&device);
  const Outcome outcome = client.Run(&settings);
  if (outcome == Outcome::kAnswered) PutHead();
  board::Flush();
  client.End();
  if (outcome != Outcome::kAnswered) {
    Complain(outcome);
    return kNoAnswer;
  }
  return client.status() / 100 == 2 ? kOk : kAnotherStatus;
}

}  // namespace
}  // namespace http

int examples::HttpsGet(int count, char** arguments) {
  http::ClientSettings settings;
  if (!http::ParseGetOptions(count, arguments, &settings)) {
    board::Complain(http::kGetUsage);
    return http::kUsage;
  }
  settings.on_content = http::PutContent;
  return http::Run(settings);
}

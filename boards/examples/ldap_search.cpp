// SPDX-License-Identifier: Apache-2.0
// baresspi-ldap-search: logs in at a directory, and shows an entry: the device's own, if no other is asked
// for. Prints
//   bind: EXAMPLE\DEV1$ by Negotiate (NTLM), sealed, 128 bits
//   base: DC=example,DC=test                        where it was not given
//   dn: CN=DEV1,CN=Computers,DC=example,DC=test     and so on, as LDIF
//   entries: 1
#include "boards/common/console.h"
#include "boards/examples/certificate_file.h"
#include "boards/examples/examples.h"
#include "boards/ldap/filter.h"
#include "boards/ldap/ldif.h"
#include "boards/ldap/options.h"
#include "boards/stream/identity.h"

namespace ldap {
namespace {

constexpr int kOk = 0;
constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr int kNoAnswer = 3;

constexpr size_t kTrustRoom =
    16384;  // of a file of certificates. A device has them in flash, and no such room
constexpr size_t kBaseRoom = 512;
constexpr size_t kFilterRoom = 512;

constinit Client client;
constinit BARESSPI_DEVICE device = {};
constinit stream::TlsCredential credential;
constinit stream::TlsSettings tls;
constinit uint8_t trust_file[kTrustRoom] = {};

void Put(Text text) {
  board::Write(text.data, text.size);
}

const char* Complaint(Outcome outcome) {
  switch (outcome) {
    case Outcome::kUnreachable:
      return "no connection: no such host, no way to it, or nobody listens there";
    case Outcome::kTlsFailed:
      return "TLS failed";
    case Outcome::kLost:
      return "the connection ended before the answer";
    case Outcome::kTimeout:
      return "no answer in time";
    case Outcome::kMalformed:
      return "the answer is no LDAP, or none to what was asked";
    case Outcome::kTooLong:
      return "a message is too long for us, or outside of the security layer";
    case Outcome::kBadFilter:
      return "this is no filter that is known here";
    case Outcome::kLoginFailed:
      return "the login failed";
    case Outcome::kAltered:
      return "a message was altered on its way";
    case Outcome::kDone:
    case Outcome::kRefused:
    case Outcome::kDisconnected:
      break;
  }
  return "";
}

void Complain(Text why, SECURITY_STATUS error) {
  char buffer[160];
  TextWriter line(buffer, sizeof buffer - 1);
  line.Put("baresspi-ldap-search: ");
  line.Put(why);
  if (error != SEC_E_OK) {
    line.Put(": 0x");
    line.PutHex(static_cast<uint32_t>(error));
  }
  line.Put("\n");
  buffer[line.text().size] = 0;
  board::Complain(buffer);
}

// "refused: 49 invalidCredentials" and what the server says to it.
void PutResult(Text what) {
  const Result& result = client.result();
  char buffer[128];
  TextWriter line(buffer, sizeof buffer);
  line.Put(what);
  line.Put(": ");
  line.PutNumber(result.code);
  line.Put(" ");
  line.Put(ResultName(result.code));
  line.Put("\n");
  Put(line.text());
  if (!result.diagnostic.empty()) PutLine("diagnostic", result.diagnostic, Put);
}

int StatusOf(Outcome outcome, Text what) {
  switch (outcome) {
    case Outcome::kDone:
      return kOk;
    case Outcome::kRefused:
      PutResult(what);
      return kRefused;
    case Outcome::kDisconnected:
      PutResult("disconnected");
      return kRefused;
    default:
      Complain(Complaint(outcome), client.error());
      return kNoAnswer;
  }
}

void PutBindLine(const SearchOptions& options) {
  Login& login = *client.login();
  char buffer[640];
  TextWriter line(buffer, sizeof buffer);
  line.Put("bind: ");
  line.Put(login.Who());
  line.Put(" by Negotiate (");
  line.Put(login.Package());
  line.Put("), ");
  switch (login.protection()) {
    case Protection::kSealed:
    case Protection::kSigned:
      line.Put(login.protection() == Protection::kSealed ? "sealed, " : "signed, ");
      line.PutNumber(login.KeyBits());
      line.Put(" bits");
      break;
    case Protection::kNone:
      line.Put(!options.secure ? "in the clear" : client.bound() ? "bound to TLS" : "inside TLS, not bound");
      break;
  }
  line.Put("\n");
  Put(line.text());
}

// The first value of the first attribute of an entry.
struct FirstValue {
  char text[kBaseRoom];
  size_t size;
  static void Keep(void* self, const Entry& entry);
};

void FirstValue::Keep(void* self, const Entry& entry) {
  auto* const kept = static_cast<FirstValue*>(self);
  Entry::Attributes attributes = entry.attributes();
  Text name;
  BerReader values({});
  Octets value;
  if (!attributes.Next(&name, &values) || !values.TakeIf(kOctetString, &value)) return;
  TextWriter text(kept->text, sizeof kept->text);
  text.Put(TextOf(value));
  kept->size = text.ok() ? text.text().size : 0;
}

// What the directory holds, by its root (RFC 4512 5.1); defaultNamingContext is Active Directory's.
int FindBase(FirstValue* base) {
  static constexpr Text kAttributes[] = {"defaultNamingContext"};
  SearchRequest request;
  request.scope = Scope::kBase;
  request.attributes = kAttributes;
  request.attribute_count = 1;
  const int status =
      StatusOf(client.Search(request, {FirstValue::Keep, nullptr, base}), "the root's search was refused");
  if (status != kOk) return status;
  if (base->size == 0) {
    Complain("the server names no base: --base", SEC_E_OK);
    return kNoAnswer;
  }
  PutLine("base", {base->text, base->size}, Put);
  return kOk;
}

void PutFound(void* self, const Entry& entry) {
  ++*static_cast<uint32_t*>(self);
  PutEntry(entry, Put);
}

void PutReference(void*, Text url) {
  PutLine("# elsewhere", url, Put);
}

int Find(const SearchOptions& options) {
  FirstValue base = {};
  SearchRequest request;
  char own[kFilterRoom];
  if (options.base != nullptr) {
    request.base = options.base;
  } else {
    const int status = FindBase(&base);
    if (status != kOk) return status;
    request.base = {base.text, base.size};
  }
  TextWriter filter(own, sizeof own);
  filter.Put("(sAMAccountName=");
  PutFilterValue(&filter, options.settings.account.user);
  filter.Put(")");
  request.filter = options.filter.empty() ? filter.text() : options.filter;
  request.attributes = options.attributes;
  request.attribute_count = options.attribute_count;
  uint32_t found = 0;
  const Outcome outcome = client.Search(request, {PutFound, PutReference, &found});
  const int status = StatusOf(outcome, "the search was refused");
  if (status != kOk) return status;
  char buffer[32];
  TextWriter line(buffer, sizeof buffer);
  line.Put("entries: ");
  line.PutNumber(found);
  line.Put("\n");
  Put(line.text());
  return kOk;
}

bool BeginTls(SearchOptions* options) {
  stream::Identity identity;
  if (!examples::LoadCertificateFile(options->trust, trust_file, sizeof trust_file, &identity.anchors)) {
    Complain("--trust: no such file, or too long", SEC_E_OK);
    return false;
  }
  identity.no_dates = options->no_dates;
  const SECURITY_STATUS status = credential.Begin(stream::Side::kClient, identity);
  if (status != SEC_E_OK) {
    Complain(status == SEC_E_SECPKG_NOT_FOUND ? "there is no TLS in this build (BARESSPI_SCHANNEL_CLIENT)"
                                              : "--trust has no certificates",
             status);
    return false;
  }
  tls.credential = credential.handle();
  options->settings.tls = &tls;
  return true;
}

int Run(SearchOptions* options) {
  device.Version = BARESSPI_DEVICE_VERSION;
  device.Length = sizeof device;
  device.NetBiosComputerName = "BARESSPI";
  board::SetDevice(&device);
  if (options->secure && !BeginTls(options)) return kUsage;
  int status = StatusOf(client.Open(&options->settings), "");
  if (status == kOk) status = StatusOf(client.Bind(), "the bind was refused");
  if (status == kOk) {
    PutBindLine(*options);
    status = Find(*options);
  }
  board::Flush();
  client.Close();
  if (options->secure) credential.End();
  return status;
}

}  // namespace
}  // namespace ldap

int examples::LdapSearch(int count, char** arguments) {
  ldap::SearchOptions options;
  if (!ldap::ParseSearchOptions(count, arguments, &options)) {
    board::Complain(ldap::kSearchUsage);
    return ldap::kUsage;
  }
  return ldap::Run(&options);
}

// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/support/exchange.h"

#include <utility>

#include "tests/faults/support/authority.h"
#if BARESSPI_FAULTS_TLS
#include "tests/unit/schannel/pair.h"
#endif

namespace faults {
namespace {

constexpr ULONG kIscSeal = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY;
constexpr ULONG kAscDatagram = ASC_REQ_DATAGRAM;
const Octets kText = {'o', 'v', 'e', 'r', ' ', 't', 'h', 'e', ' ', 'w', 'i', 'r', 'e'};

// A SEC_CHANNEL_BINDINGS of application data alone ([MSDN] SEC_CHANNEL_BINDINGS).
Octets BindingsOf(const Octets& data) {
  SEC_CHANNEL_BINDINGS head = {};
  head.cbApplicationDataLength = static_cast<ULONG>(data.size());
  head.dwApplicationDataOffset = sizeof head;
  const auto* octets = reinterpret_cast<const uint8_t*>(&head);
  Octets all(octets, octets + sizeof head);
  all.insert(all.end(), data.begin(), data.end());
  return all;
}

}  // namespace

const std::vector<Scenario>& Logins() {
  constexpr Package kN = Package::kNtlm, kS = Package::kNegotiate;
  static const std::vector<Scenario> scenarios = {
      {.name = "NTLM, sealed", .client = kN, .server = kN, .client_requests = kIscSeal},
      {.name = "NTLM, signed, bindings",
       .client = kN,
       .server = kN,
       .client_requests = ISC_REQ_INTEGRITY,
       .bindings = true},
      {.name = "NTLM, datagram, sealed",
       .client = kN,
       .server = kN,
       .client_requests = kIscSeal | ISC_REQ_DATAGRAM,
       .server_requests = kAscDatagram},
      {.name = "NTLM, datagram, bindings",
       .client = kN,
       .server = kN,
       .client_requests = kIscSeal | ISC_REQ_DATAGRAM,
       .server_requests = kAscDatagram,
       .bindings = true},
      {.name = "NTLM, the device's own account",
       .client = kN,
       .server = kN,
       .client_requests = kIscSeal,
       .device = true},
      {.name = "NTLM, validated elsewhere",
       .client = kN,
       .server = kN,
       .client_requests = kIscSeal,
       .elsewhere = true},
      {.name = "Negotiate, mechListMIC", .client = kS, .server = kS, .client_requests = kIscSeal},
      {.name = "Negotiate, bindings",
       .client = kS,
       .server = kS,
       .client_requests = kIscSeal,
       .bindings = true},
      {.name = "Negotiate, server first",
       .client = kS,
       .server = kS,
       .client_requests = kIscSeal,
       .server_first = true},
      {.name = "Negotiate, raw NTLM client", .client = kN, .server = kS, .client_requests = kIscSeal},
      {.name = "Negotiate, the device's own account",
       .client = kS,
       .server = kS,
       .client_requests = kIscSeal,
       .device = true}};
  return scenarios;
}

const std::vector<Scenario>& TlsConnections() {
  static const std::vector<Scenario> scenarios = {
#if BARESSPI_FAULTS_TLS
    {.name = "TLS 1.2", .client = Package::kTls, .server = Package::kTls, .kind = 0},
    {.name = "TLS 1.3", .client = Package::kTls, .server = Package::kTls, .kind = 1},
    {.name = "TLS 1.2, client certificate", .client = Package::kTls, .server = Package::kTls, .kind = 2},
    {.name = "TLS 1.3, client certificate", .client = Package::kTls, .server = Package::kTls, .kind = 3},
    {.name = "TLS 1.2, resumed",
     .client = Package::kTls,
     .server = Package::kTls,
     .kind = 0,
     .resumes = true},
    {.name = "TLS 1.3, resumed",
     .client = Package::kTls,
     .server = Package::kTls,
     .kind = 1,
     .resumes = true},
    {.name = "NTLM inside of TLS 1.3, bound",
     .client = Package::kTls,
     .server = Package::kTls,
     .kind = 1,
     .inside = true},
#endif
  };
  return scenarios;
}

const char* NameOf(What what) {
  static constexpr const char* kNames[] = {"acquire", "handshake", "query",  "protect", "unprotect",
                                           "token",   "control",   "delete", "free"};
  return kNames[static_cast<size_t>(what)];
}

struct Exchange::Data {
  SEC_WINNT_AUTH_IDENTITY_A identity = two_sides::Alice();
#if BARESSPI_FAULTS_TLS
  explicit Data(const Scenario& scenario)
      : client(tls_sides::kKinds[scenario.kind], scenario.flags),
        server(tls_sides::kKinds[scenario.kind], scenario.flags) {}
  tls_sides::ClientSetupOf client;
  tls_sides::ServerSetupOf server;
#else
  explicit Data(const Scenario&) {}
#endif
};

Exchange::Exchange(const Scenario& scenario) : scenario_(scenario) {
  SetUp();
  Build(true);
}

Exchange::Exchange(const Scenario& scenario, const CredHandle& client, const CredHandle& server)
    : scenario_(scenario) {
  SetUp();
  sides_[0].party->Borrow(client);
  sides_[1].party->Borrow(server);
  Build(false);
}

Exchange::~Exchange() = default;

void Exchange::SetUp() {
  data_ = std::make_unique<Data>(scenario_);
  const void* of_client = &data_->identity;
  const void* of_server = &Device(scenario_.elsewhere);
#if BARESSPI_FAULTS_TLS
  if (scenario_.client == Package::kTls) {
    of_client = &data_->client.cred;
    of_server = &data_->server.cred;
    scenario_.client_requests = tls_sides::kClientFlags & ~ULONG{ISC_REQ_EXTENDED_ERROR};
    scenario_.server_requests = tls_sides::kServerFlags & ~ULONG{ASC_REQ_EXTENDED_ERROR};
    if (tls_sides::kKinds[scenario_.kind].mutual) scenario_.server_requests |= ASC_REQ_MUTUAL_AUTH;
  }
#endif
  if (scenario_.device) of_client = of_server = nullptr;
  sides_[0].party = std::make_unique<Party>(scenario_.client, SECPKG_CRED_OUTBOUND, of_client);
  sides_[1].party = std::make_unique<Party>(scenario_.server, SECPKG_CRED_INBOUND, of_server);
  client().requested = scenario_.client_requests;
  server().requested = scenario_.server_requests;
  if (scenario_.bindings) client().bindings = server().bindings = BindingsOf({'t', 'l', 's', ':', 1, 2, 3});
}

void Exchange::Build(bool owns) {
  if (owns) {
    for (const size_t side : {size_t{0}, size_t{1}})
      Add(What::kAcquire, side, [](Party& party) { return party.Acquire(); });
  }
  AddHandshake();
  if (scenario_.resumes) {
    AddTickets();
    for (const size_t side : {size_t{0}, size_t{1}})
      Add(What::kDelete, side, [](Party& party) { return party.Delete(); });
    AddHandshake();
  }
  if (scenario_.client == Package::kTls) AddTickets();
  AddQueries();
  const bool seals =
      scenario_.client == Package::kTls || (scenario_.client_requests & ISC_REQ_CONFIDENTIALITY) != 0;
  for (const size_t from : {size_t{0}, size_t{1}}) AddMessage(from, seals);
  if (scenario_.client != Package::kTls) AddMessage(0, false);
  if (scenario_.inside) AddInside();
  AddEnd(owns);
}

void Exchange::Add(What what, size_t side, std::function<SECURITY_STATUS(Party&)> call) {
  steps_.push_back({what,
                    [this, what, side, call = std::move(call)] {
                      Party& party = *sides_[side].party;
                      return Made{what, &party, call(party), true, false};
                    },
                    nullptr});
}

void Exchange::AddHandshake() {
  steps_.push_back({What::kHandshake,
                    [this] {
                      if (established()) {  // a second one begins
                        for (SideOf& side : sides_) {
                          side.done = false;
                          side.inbox.clear();
                        }
                      }
                      return Leg();
                    },
                    [this] { return !established(); }});
  turn_ = scenario_.server_first ? 1 : 0;
}

Made Exchange::Leg() {
  SideOf& mine = sides_[turn_];
  SideOf& other = sides_[1 - turn_];
  const bool began = !mine.party->has_context();
  at_work_ = mine.party.get();
  const Handed handed = mine.party->Step(mine.inbox);
  const Made made = {What::kHandshake, mine.party.get(), handed.status, handed.quiet, began};
  if (handed.status < 0) return made;
  mine.inbox.erase(mine.inbox.begin(), mine.inbox.end() - static_cast<ptrdiff_t>(handed.extra));
  mine.done = handed.status == SEC_E_OK;
  other.inbox.insert(other.inbox.end(), handed.token.begin(), handed.token.end());
  tokens_.push_back(handed.token);
  if (!other.done) turn_ = 1 - turn_;
  if (established()) turn_ = scenario_.server_first ? 1 : 0;
  return made;
}

// A server of TLS 1.3 sends them behind its last flight ([MSDN] "Renegotiating an Schannel Connection").
void Exchange::AddTickets() {
  const auto none_left = [this] { return sides_[0].inbox.empty(); };
  steps_.push_back({What::kUnprotect,
                    [this, none_left] {
                      Party& party = client();
                      Made made = {What::kUnprotect, &party, SEC_E_OK, true, false};
                      if (none_left()) return made;
                      Octets text, rest;
                      made.status = party.Unprotect(true, sides_[0].inbox, &text, &rest);
                      if (made.status == SEC_I_RENEGOTIATE) {
                        const Handed handed = party.Step(rest);
                        made.status = handed.status;
                        made.quiet = handed.quiet;
                        rest.erase(rest.begin(), rest.end() - static_cast<ptrdiff_t>(handed.extra));
                      }
                      if (made.status == SEC_E_OK) sides_[0].inbox = rest;
                      return made;
                    },
                    [none_left] { return !none_left(); }});
}

void Exchange::AddMessage(size_t from, bool seal) {
  Add(What::kProtect, from, [this, seal](Party& party) { return party.Protect(seal, kText, &wire_); });
  Add(What::kUnprotect, 1 - from, [this, seal](Party& party) {
    Octets text;
    const SECURITY_STATUS status = party.Unprotect(seal, wire_, &text);
    if (status == SEC_E_OK) {
      EXPECT_EQ(text, kText);
    }
    return status;
  });
}

void Exchange::AddQueries() {
  const bool tls = scenario_.client == Package::kTls;
  for (const size_t side : {size_t{0}, size_t{1}}) {
    for (const ULONG attribute :
         tls ? std::vector<ULONG>{SECPKG_ATTR_STREAM_SIZES, SECPKG_ATTR_CONNECTION_INFO,
                                  SECPKG_ATTR_PACKAGE_INFO}
             : std::vector<ULONG>{SECPKG_ATTR_SIZES, SECPKG_ATTR_NAMES, SECPKG_ATTR_SESSION_KEY}) {
      Add(What::kQuery, side, [attribute](Party& party) { return party.Query(attribute); });
    }
  }
  if (tls) {  // what a query has to find room for
    for (const size_t side : {size_t{0}, size_t{1}})
      Add(What::kQuery, side, [](Party& party) { return party.Query(SECPKG_ATTR_ENDPOINT_BINDINGS); });
    for (const ULONG attribute :
         {SECPKG_ATTR_NAMES, SECPKG_ATTR_REMOTE_CERT_CHAIN, SECPKG_ATTR_CIPHER_INFO}) {
      if (!scenario_.resumes)
        Add(What::kQuery, 0, [attribute](Party& party) { return party.Query(attribute); });
    }
  }
  Add(What::kQuery, 0, [this](Party&) {
    EXPECT_EQ(client().Key(), server().Key());
    return SECURITY_STATUS{SEC_E_OK};
  });
  if (scenario_.resumes) {
    Add(What::kQuery, 1, [](Party& party) {
      SecPkgContext_SessionInfo info = {};
      const SECURITY_STATUS status =
          QueryContextAttributesA(party.context(), SECPKG_ATTR_SESSION_INFO, &info);
      return status == SEC_E_OK && (info.dwFlags & SSL_SESSION_RECONNECT) == 0 ? kNotResumed : status;
    });
  }
  const bool somebody =
      !tls || (server().requested & ASC_REQ_MUTUAL_AUTH) != 0;  // a TLS client need not be anybody
  if (!somebody) return;
  Add(What::kToken, 1, [](Party& party) { return ImpersonateSecurityContext(party.context()); });
  Add(What::kToken, 1, [](Party& party) {
    void* token = nullptr;
    const SECURITY_STATUS status = QuerySecurityContextToken(party.context(), &token);
    BARESSPI_TOKEN_INFO info;
    return status == SEC_E_OK ? BareSspiQueryTokenInformation(token, &info) : status;
  });
  Add(What::kToken, 1, [](Party& party) { return RevertSecurityContext(party.context()); });
}

// Its calls are this exchange's.
void Exchange::AddInside() {
  Add(What::kQuery, 0, [this](Party&) {
    static const Scenario login = {
        .name = "inside", .client = Package::kNtlm, .server = Package::kNtlm, .client_requests = kIscSeal};
    auto inner = std::make_unique<Exchange>(login);
    for (const bool of_client : {true, false}) {
      SecPkgContext_Bindings bindings = {};
      const SECURITY_STATUS status = QueryContextAttributesA((of_client ? client() : server()).context(),
                                                             SECPKG_ATTR_ENDPOINT_BINDINGS, &bindings);
      if (status != SEC_E_OK) return status;
      const auto* octets = reinterpret_cast<const uint8_t*>(bindings.Bindings);
      (of_client ? inner->client() : inner->server()).bindings =
          Octets(octets, octets + bindings.BindingsLength);
    }
    inner_ = std::move(inner);
    return SECURITY_STATUS{SEC_E_OK};
  });
  steps_.push_back({What::kHandshake, [this] { return inner_->Next(); }, [this] { return !inner_->over(); }});
}

void Exchange::AddEnd(bool owns) {
  if (scenario_.client == Package::kTls) {
    Add(What::kControl, 0, [](Party& party) { return party.ShutDown(); });
    Add(What::kControl, 0, [](Party& party) { return party.Step({}).status; });
  }
  for (const size_t side : {size_t{0}, size_t{1}})
    Add(What::kDelete, side, [](Party& party) { return party.Delete(); });
  if (!owns) return;
  for (const size_t side : {size_t{0}, size_t{1}})
    Add(What::kFree, side, [](Party& party) { return party.Free(); });
}

What Exchange::next() const {
  return inner_ && !inner_->over() && at_ + 1 < steps_.size() && steps_[at_].what == What::kHandshake
             ? inner_->next()
             : steps_[at_].what;
}

Made Exchange::Next() {
  Step& step = steps_[at_];
  const Made made = step.make();
  if (made.status >= 0 && (!step.again || !step.again())) ++at_;
  return made;
}

void Exchange::Spoil(const Octets& token) {
  sides_[turn_].inbox = token;
}

void Exchange::Finish() {
  while (!over()) {
    const Made made = Next();
    ASSERT_GE(made.status, 0) << scenario_.name << ", " << NameOf(made.what) << ": "
                              << two_sides::StatusText(made.status);
  }
}

void Exchange::End() {
  if (inner_) inner_->End();
  for (SideOf& side : sides_) {
    if (side.party->has_context()) {
      EXPECT_STATUS(SEC_E_OK, side.party->Delete());
    }
  }
  for (SideOf& side : sides_) {
    if (side.party->owns_credential()) {
      EXPECT_STATUS(SEC_E_OK, side.party->Free());
    }
  }
  at_ = steps_.size();
}

}  // namespace faults

// SPDX-License-Identifier: Apache-2.0
// A whole exchange, from the credentials to their end, one call of the interface at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tests/faults/support/party.h"

namespace faults {

struct Scenario {
  const char* name;
  Package client;
  Package server;
  ULONG client_requests = 0;
  ULONG server_requests = 0;
  bool bindings = false;      // channel bindings on both sides
  bool server_first = false;  // Negotiate: a hint comes before all
  bool device = false;        // both credentials are the port's device's (pAuthData NULL)
  bool elsewhere = false;     // the authority validates responses
  // Of TLS: which of tls_sides::kKinds, and whether a session is resumed. inside: a login of this package
  // (NTLM's) with tls-server-end-point's bindings goes through the connection.
  size_t kind = 0;
  bool resumes = false;
  bool inside = false;
  ULONG flags = 0;  // SCH_CRED_*, of both credentials
};
const std::vector<Scenario>& Logins();          // NTLM and Negotiate
const std::vector<Scenario>& TlsConnections();  // empty where there is no TLS

enum class What : uint8_t {
  kAcquire,
  kHandshake,
  kQuery,
  kProtect,
  kUnprotect,
  kToken,
  kControl,
  kDelete,
  kFree
};
const char* NameOf(What what);
// A query's, which no package returns: the handshake went well, but was a whole one.
constexpr SECURITY_STATUS kNotResumed = -1;

// A call, and what came of it.
struct Made {
  What what;
  Party* who;
  SECURITY_STATUS status;
  bool quiet;          // see Handed
  bool began_context;  // or would have: the first call of a handshake
};

class Exchange {
 public:
  explicit Exchange(const Scenario& scenario);
  // With credentials that others own, and so without the calls that acquire and free them.
  Exchange(const Scenario& scenario, const CredHandle& client, const CredHandle& server);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  bool over() const { return at_ == steps_.size(); }
  // Whose the call at work is, of a handshake; and what the next call is.
  Party* at_work() const { return at_work_; }
  What next() const;
  // The next call. It is made again by the next Next() when it failed; else the exchange goes on.
  Made Next();
  // What comes from the other side next is this instead.
  void Spoil(const Octets& token);
  // The calls that are left, all expected to succeed.
  void Finish();
  // All that is left is given back.
  void End();

  Party& client() { return *sides_[0].party; }
  Party& server() { return *sides_[1].party; }
  // Of the handshakes so far, by turns.
  const std::vector<Octets>& tokens() const { return tokens_; }
  bool established() const { return sides_[0].done && sides_[1].done; }

 private:
  struct SideOf {
    std::unique_ptr<Party> party;
    Octets inbox;
    bool done = false;
  };
  struct Step {
    What what;
    std::function<Made()> make;
    std::function<bool()> again;  // it is not done yet, though it succeeded; may be empty
  };
  struct Data;  // what credentials are acquired with

  void SetUp();
  void Build(bool owns);
  void Add(What what, size_t side, std::function<SECURITY_STATUS(Party&)> call);
  void AddHandshake();
  void AddTickets();
  void AddMessage(size_t from, bool seal);
  void AddQueries();
  void AddInside();
  void AddEnd(bool owns);
  Made Leg();

  Scenario scenario_;
  std::unique_ptr<Data> data_;
  SideOf sides_[2];
  size_t turn_ = 0;
  Octets wire_;
  std::unique_ptr<Exchange> inner_;
  std::vector<Step> steps_;
  size_t at_ = 0;
  Party* at_work_ = nullptr;
  std::vector<Octets> tokens_;
};

}  // namespace faults

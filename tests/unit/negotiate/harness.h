// SPDX-License-Identifier: Apache-2.0
// Client and server of the Negotiate package as an application has them, on the scripted port.
#pragma once

#include <functional>

#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/negotiate/spnego.h"
#include "tests/unit/ntlm/harness.h"

namespace negotiate_test {

using ntlm_test::Hex;

// How many contexts, credentials of a package could be taken now (the others are in use).
size_t FreeContexts(const char* package);
size_t FreeCredentials(const char* package);

// Every test: the port is as new before it, and no lock and no place of either package's pools is taken after
// it.
class NegotiateTest : public testing::Test {
 protected:
  void SetUp() override { scripted_port::Reset(); }
  // Runs when the sides that a fixture has are gone.
  ~NegotiateTest() override;
};

struct Result {
  SECURITY_STATUS status;
  Octets token;  // empty after an error
  ULONG attributes;
  ULONG size;  // cbBuffer of the output
};

// One end of a login. The messages and queries are ntlm_test::Endpoint's.
class Side : public ntlm_test::Endpoint {
 public:
  // A call of InitializeSecurityContext or AcceptSecurityContext; room as Endpoint has it.
  Result Step(const Octets& token);
  // With room for so many octets, this once.
  Result StepInto(size_t room, const Octets& token);
  // As if there had been no call yet.
  void DeleteContext();
  bool has_context() const { return has_context_; }

  // What NEGOTIATION_INFO says, and the package's name; -1 when it is refused.
  int State();
  std::string Package();
  SECURITY_STATUS Query(ULONG attribute, void* buffer) {
    return QueryContextAttributesA(&context_, attribute, buffer);
  }

 protected:
  Side(ULONG use, const void* auth_data, const char* package);

 private:
  ULONG use_;
};

// User of DOMAIN with Password.
struct Client : Side {
  explicit Client(ULONG request = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY,
                  const char* password = "Password", const char* package = "Negotiate");
};

// An identity with nobody in it.
struct AnonymousClient : Side {
  AnonymousClient();
};

const BARESSPI_DEVICE& Device();
struct Server : Side {
  explicit Server(const BARESSPI_DEVICE& device = Device(), const char* package = "Negotiate");
};

// The tokens of a login, as they were sent, and how it ended for both.
struct Login {
  std::vector<Octets> legs;
  SECURITY_STATUS client = SEC_E_INTERNAL_ERROR;
  SECURITY_STATUS server = SEC_E_INTERNAL_ERROR;
  bool established() const { return client == SEC_E_OK && server == SEC_E_OK; }
};

// Ours on both sides. edit, given the leg's number from 0 and its token, returns what arrives.
using Edit = std::function<Octets(size_t leg, const Octets& token)>;
Login LogIn(Side* client, Side* server, const Edit& edit = nullptr);

// Both hold one key, and what either seals or signs the other takes.
void ExpectWorking(Side* client, Side* server);

}  // namespace negotiate_test

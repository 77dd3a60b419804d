// SPDX-License-Identifier: Apache-2.0
// What is around an exchange into which a fault is put: others, who must not notice, and the pools, of which
// nothing may be lost. And the table that tells how it went.
#pragma once

#include <map>

#include "tests/faults/support/exchange.h"

namespace faults {

// Contexts and credentials in use, of all packages.
struct Use {
  ULONG contexts = 0;
  ULONG credentials = 0;
  bool operator==(const Use&) const = default;
};
Use UseOfPools();

// A login established and, where there is TLS, a connection, with credentials of their own.
class Bystanders {
 public:
  explicit Bystanders(bool with_tls);
  // Messages both ways, as if nothing had been. TLS costs more.
  void Converse(bool tls_too);
  Exchange& login() { return *login_; }
  Exchange* connection() { return connection_.get(); }

 private:
  std::unique_ptr<Exchange> login_;
  std::unique_ptr<Exchange> connection_;
};
void ConverseBetween(Party& one, Party& other);

// After each call: no lock is held, and the task has no arena.
void ExpectPortAtRest();

// A row: scenario x what fails.
struct Row {
  unsigned calls = 0;     // of the function in an exchange without faults
  unsigned tried = 0;     // n that were tried
  unsigned mended = 0;    // the call failed, and worked when it was made again
  unsigned broken = 0;    // the context failed for good, and says so
  unsigned refused = 0;   // the call fails, the context is well
  unsigned unharmed = 0;  // nothing failed
  std::map<SECURITY_STATUS, unsigned> statuses;
};
// Nothing, where the function is not called at all.
void Print(const char* scenario, const char* fault, const Row& row);

class Test : public testing::Test {
 protected:
  void SetUp() override;
  // Runs when all that a fixture has is gone.
  ~Test() override;

 private:
  Use before_;
};

}  // namespace faults

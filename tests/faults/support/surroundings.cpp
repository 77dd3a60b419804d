// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/support/surroundings.h"

#include <stdio.h>

#include "config/baresspi_config.h"
#include "port/port.h"
#include "tests/faults/support/authority.h"
#include "tests/support/scripted_port.h"

namespace faults {

Use UseOfPools() {
  Use all;
  for (const Package package : {Package::kNtlm, Package::kTls}) {
    BARESSPI_POOL_USE use = {};
    if (BareSspiQueryPoolUse(NameOf(package), &use) != SEC_E_OK) continue;
    all.contexts += use.Contexts;
    all.credentials += use.Credentials;
  }
  return all;
}

Bystanders::Bystanders(bool with_tls) {
  login_ = std::make_unique<Exchange>(Logins().front());
  while (!login_->established() && login_->Next().status >= 0) {
  }
  if (with_tls && !TlsConnections().empty()) {
    connection_ = std::make_unique<Exchange>(TlsConnections().front());
    while (!connection_->established() && connection_->Next().status >= 0) {
    }
  }
}

void Bystanders::Converse(bool tls_too) {
  ConverseBetween(login_->client(), login_->server());
  if (tls_too && connection_) ConverseBetween(connection_->client(), connection_->server());
}

void ConverseBetween(Party& one, Party& other) {
  const Octets text = {'s', 't', 'i', 'l', 'l', ' ', 'h', 'e', 'r', 'e'};
  for (const bool forth : {true, false}) {
    Octets wire, arrived;
    ASSERT_STATUS(SEC_E_OK, (forth ? one : other).Protect(true, text, &wire));
    ASSERT_STATUS(SEC_E_OK, (forth ? other : one).Unprotect(true, wire, &arrived));
    EXPECT_EQ(arrived, text);
  }
}

void ExpectPortAtRest() {
  EXPECT_EQ(scripted_port::LockDepth(), 0);
  EXPECT_EQ(scripted_port::TlsLockDepth(), 0);
#if BARESSPI_SCHANNEL
  EXPECT_EQ(baresspi_port_task_arena(), nullptr);
#endif
}

void Print(const char* scenario, const char* fault, const Row& row) {
  if (row.calls == 0) return;
  printf("| %s | %s | %u | %u | %u | %u | %u | %u |", scenario, fault, row.calls, row.tried, row.mended,
         row.broken, row.refused, row.unharmed);
  for (const auto& [status, times] : row.statuses)
    printf(" %s x%u", two_sides::StatusText(status).c_str(), times);
  printf(" |\n");
}

void Test::SetUp() {
  Restart();
  before_ = UseOfPools();
}

Test::~Test() {
  ExpectPortAtRest();
  EXPECT_TRUE(UseOfPools() == before_) << "places are lost in the pools";
  scripted_port::Reset();
}

}  // namespace faults

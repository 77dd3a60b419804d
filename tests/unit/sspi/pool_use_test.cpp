// SPDX-License-Identifier: Apache-2.0
// What BareSspiQueryPoolUse says of the pools while handles come and go.
#include <baresspi/authority.h>

#include "config/baresspi_config.h"
#include "tests/support/two_sides.h"

namespace two_sides {
namespace {

using PoolUse = Test;

void ExpectUse(ULONG contexts, ULONG credentials) {
  BARESSPI_POOL_USE use = {};
  ASSERT_STATUS(SEC_E_OK, BareSspiQueryPoolUse("NTLM", &use));
  EXPECT_EQ(use.Contexts, contexts);
  EXPECT_EQ(use.Credentials, credentials);
  EXPECT_EQ(use.MaxContexts, static_cast<ULONG>(BARESSPI_MAX_CONTEXTS));
  EXPECT_EQ(use.MaxCredentials, static_cast<ULONG>(BARESSPI_MAX_CREDENTIALS));
}

TEST_F(PoolUse, CountsWhatIsInUseNow) {
  ExpectUse(0, 0);
  {
    Client client;
    ExpectUse(0, 1);
    (void)client.Step({});
    ExpectUse(1, 1);
    Server server;
    ExpectUse(1, 2);
  }
  ExpectUse(0, 0);
}

TEST_F(PoolUse, CountsFreedCredentialThatAContextStillNeeds) {
  Client client;
  (void)client.Step({});
  client.FreeCredential();
  ExpectUse(1, 1);
}

TEST_F(PoolUse, NegotiateSharesItsMechanismsPools) {
  Client client;
  BARESSPI_POOL_USE use = {};
  ASSERT_STATUS(SEC_E_OK, BareSspiQueryPoolUse("negotiate", &use));
  EXPECT_EQ(use.Credentials, 1u);
}

TEST_F(PoolUse, ForgedAndStaleHandlesTakeNothing) {
  Client client;
  CtxtHandle forged = {1, 2};
  ASSERT_STATUS(SEC_E_INVALID_HANDLE, DeleteSecurityContext(&forged));
  ExpectUse(0, 1);
}

TEST_F(PoolUse, NoSuchPackage_IsNotFound) {
  BARESSPI_POOL_USE use = {};
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, BareSspiQueryPoolUse("Kerberos5", &use));
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, BareSspiQueryPoolUse(nullptr, &use));
}

}  // namespace
}  // namespace two_sides

// SPDX-License-Identifier: Apache-2.0
// The queries whose answers a context keeps only where the configuration gives it room: TARGET_INFORMATION of
// a client, CLIENT_SPECIFIED_TARGET of a server.
#include <string.h>

#include <string>

#include "config/baresspi_config.h"
#include "tests/support/two_sides.h"

namespace two_sides {
namespace {

using KeptForQueries = Test;

SECURITY_STATUS AskTargetInformation(Side& side, SecPkgContext_TargetInformation* answer) {
  SecPkgContext_TargetInformation w = {};
  const SECURITY_STATUS status =
      QueryContextAttributesA(side.context(), SECPKG_ATTR_TARGET_INFORMATION, answer);
  EXPECT_STATUS(status, QueryContextAttributesW(side.context(), SECPKG_ATTR_TARGET_INFORMATION, &w));
  EXPECT_EQ(answer->MarshalledTargetInfo, w.MarshalledTargetInfo);
  return status;
}

SECURITY_STATUS AskClientTarget(Side& side, SecPkgContext_ClientSpecifiedTarget* answer) {
  SecPkgContext_ClientSpecifiedTarget a = {};
  const SECURITY_STATUS status =
      QueryContextAttributesW(side.context(), SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, answer);
  EXPECT_STATUS(status, QueryContextAttributesA(side.context(), SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &a));
  EXPECT_EQ(answer->sTargetName, a.sTargetName) << "UTF-16 from both";
  return status;
}

TEST_F(KeptForQueries, TargetInformationAsTheServerSentIt) {
  Client client;
  Server server;
  const Octets challenge = LogIn(client, server).challenge;
  const size_t size = static_cast<size_t>(challenge[40] | (challenge[41] << 8)), offset = challenge[44];
  ASSERT_LE(size, static_cast<size_t>(BARESSPI_NTLM_TARGET_INFORMATION_BYTES))
      << "or this test tests nothing";
  SecPkgContext_TargetInformation answer = {};
  ASSERT_STATUS(SEC_E_OK, AskTargetInformation(client, &answer));
  ASSERT_EQ(answer.MarshalledTargetInfoLength, size);
  EXPECT_EQ(memcmp(answer.MarshalledTargetInfo, &challenge[offset], size), 0);
}

TEST_F(KeptForQueries, TargetInformationThatIsTooLongIsNotKept) {
  BARESSPI_DEVICE device = ServerDevice();
  const std::string name(BARESSPI_NTLM_TARGET_INFORMATION_BYTES / 2, 'x');
  device.DnsTreeName = name.c_str();
  Client client;
  Server server(device);
  LogIn(client, server, {0, nullptr, nullptr, 2048}, {0, nullptr, nullptr, 2048});
  SecPkgContext_TargetInformation answer = {};
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, AskTargetInformation(client, &answer));
}

TEST_F(KeptForQueries, EachIsOneSidesAlone) {
  Client client;
  Server server;
  LogIn(client, server);
  SecPkgContext_TargetInformation info = {};
  SecPkgContext_ClientSpecifiedTarget target = {};
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AskTargetInformation(server, &info));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AskClientTarget(client, &target));
}

TEST_F(KeptForQueries, ClientSpecifiedTargetUpToItsRoom) {
  // Its room holds the zero too
  constexpr size_t kLongest = BARESSPI_NTLM_CLIENT_TARGET_BYTES / 2 - 1;
  for (size_t length = 1; length <= kLongest + 2; ++length) {
    const std::string name(length, 'h');
    Client client;
    Server server;
    LogIn(client, server, {0, name.c_str(), nullptr, 1024});
    SecPkgContext_ClientSpecifiedTarget answer = {};
    if (length <= kLongest) {
      ASSERT_STATUS(SEC_E_OK, AskClientTarget(server, &answer)) << length;
      EXPECT_EQ(std::u16string(answer.sTargetName), std::u16string(name.begin(), name.end()));
    } else {
      EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, AskClientTarget(server, &answer)) << length;
    }
  }
}

TEST_F(KeptForQueries, ClientThatNamesNoTarget) {
  Client client;
  Server server;
  LogIn(client, server, {0, nullptr, nullptr, 1024});
  SecPkgContext_ClientSpecifiedTarget answer = {};
  EXPECT_STATUS(SEC_E_TARGET_UNKNOWN, AskClientTarget(server, &answer));
}

TEST_F(KeptForQueries, ExKnowsTheirSizes) {
  Client client;
  Server server;
  LogIn(client, server);
  uint64_t room[4];
  EXPECT_STATUS(SEC_E_OK, QueryContextAttributesExA(client.context(), SECPKG_ATTR_TARGET_INFORMATION, room,
                                                    sizeof(SecPkgContext_TargetInformation)));
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                QueryContextAttributesExA(client.context(), SECPKG_ATTR_TARGET_INFORMATION, room,
                                          sizeof(SecPkgContext_TargetInformation) - 1));
  EXPECT_STATUS(SEC_E_OK, QueryContextAttributesExW(server.context(), SECPKG_ATTR_CLIENT_SPECIFIED_TARGET,
                                                    room, sizeof(SecPkgContext_ClientSpecifiedTarget)));
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                QueryContextAttributesExW(server.context(), SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, room,
                                          sizeof(SecPkgContext_ClientSpecifiedTarget) - 1));
}

TEST_F(KeptForQueries, AllGoneWithTheContext) {
  Client client;
  Server server;
  LogIn(client, server);
  SecPkgContext_ClientSpecifiedTarget answer = {};
  ASSERT_STATUS(SEC_E_OK, AskClientTarget(server, &answer));
  server.DeleteContext();
  EXPECT_EQ(answer.sTargetName[0], 0) << "wiped (the pools are static memory, so looking is harmless)";
}

}  // namespace
}  // namespace two_sides

// SPDX-License-Identifier: Apache-2.0
// What stands on baresspi-device's command line.
#include "boards/device/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace device {
namespace {

// The options keep pointers into the arguments.
class Parsed {
 public:
  explicit Parsed(std::vector<std::string> words) : words_(std::move(words)) {
    words_.insert(words_.begin(), "baresspi-device");
    std::vector<char*> arguments;
    for (std::string& word : words_) arguments.push_back(word.data());
    good = ParseOptions(static_cast<int>(arguments.size()), arguments.data(), &options);
  }
  bool good = false;
  Options options;

 private:
  std::vector<std::string> words_;
};

TEST(DeviceOptions, WithoutAny_AddressIsByDhcpAndTimeIsTheMachines) {
  const Parsed parsed({});
  EXPECT_TRUE(parsed.good);
  EXPECT_TRUE(parsed.options.dhcp);
  EXPECT_EQ(parsed.options.time, TimeFrom::kMachine);
}

TEST(DeviceOptions, Address_IsCutIntoItsParts) {
  const Parsed parsed({"--address", "192.0.2.7/20,192.0.2.1,192.0.2.53"});
  ASSERT_TRUE(parsed.good);
  EXPECT_FALSE(parsed.options.dhcp);
  EXPECT_STREQ(parsed.options.address, "192.0.2.7");
  EXPECT_STREQ(parsed.options.netmask, "255.255.240.0");
  EXPECT_STREQ(parsed.options.gateway, "192.0.2.1");
  EXPECT_STREQ(parsed.options.name_server, "192.0.2.53");
}

TEST(DeviceOptions, AddressAlone_HasNoGatewayAndNoNameServer) {
  const Parsed parsed({"--address", "192.0.2.7/32"});
  ASSERT_TRUE(parsed.good);
  EXPECT_STREQ(parsed.options.netmask, "255.255.255.255");
  EXPECT_EQ(parsed.options.gateway, nullptr);
  EXPECT_EQ(parsed.options.name_server, nullptr);
}

TEST(DeviceOptions, AddressWithNameServerButNoGateway_LeavesTheGatewayOut) {
  const Parsed parsed({"--address", "192.0.2.7/0,,192.0.2.53"});
  ASSERT_TRUE(parsed.good);
  EXPECT_STREQ(parsed.options.netmask, "0.0.0.0");
  EXPECT_EQ(parsed.options.gateway, nullptr);
  EXPECT_STREQ(parsed.options.name_server, "192.0.2.53");
}

TEST(DeviceOptions, Time_IsAServersOrANumberOrNone) {
  const Parsed sntp({"--time", "sntp:time.example.test"});
  ASSERT_TRUE(sntp.good);
  EXPECT_EQ(sntp.options.time, TimeFrom::kSntp);
  EXPECT_STREQ(sntp.options.time_server, "time.example.test");
  EXPECT_EQ(sntp.options.time_port, 0);

  const Parsed with_port({"--time", "sntp:192.0.2.9:1123"});
  ASSERT_TRUE(with_port.good);
  EXPECT_STREQ(with_port.options.time_server, "192.0.2.9");
  EXPECT_EQ(with_port.options.time_port, 1123);

  const Parsed given({"--time", "4294967295"});
  ASSERT_TRUE(given.good);
  EXPECT_EQ(given.options.time, TimeFrom::kGiven);
  EXPECT_EQ(given.options.unix_seconds, 4294967295U);

  const Parsed none({"--time", "none"});
  ASSERT_TRUE(none.good);
  EXPECT_EQ(none.options.time, TimeFrom::kNowhere);
}

TEST(DeviceOptions, WhatIsNoneOfTheseIsRefused) {
  const std::vector<std::vector<std::string>> wrong = {
      {"--address"},
      {"--address", "192.0.2.7"},
      {"--address", "192.0.2.7/33"},
      {"--address", "192.0.2.7/"},
      {"--address", "192.0.2.7/2x"},
      {"--time", "soon"},
      {"--time", "ntp:192.0.2.9"},
      {"--time", "sntp:192.0.2.9:65536"},
      {"--time", "sntp:"},
      {"--time", "sntp::123"},
      {"--time", "4294967296"},
      {"--address", "dhcp", "--time"},
      {"--adress", "dhcp"},
      {"serve"},
  };
  for (const std::vector<std::string>& words : wrong) EXPECT_FALSE(Parsed(words).good) << words.back();
}

}  // namespace
}  // namespace device

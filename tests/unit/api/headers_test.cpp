// SPDX-License-Identifier: Apache-2.0
// The headers at work: macros, text, and a program written for Windows.
#include <baresspi/authority.h>
#include <baresspi/schannel.h>
#include <gtest/gtest.h>

#include <string>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/api/windows_style_program.h"

namespace {

TEST(Headers, InvalidatedHandle_IsNotValid) {
  CtxtHandle handle = {1, 2};
  EXPECT_TRUE(SecIsValidHandle(&handle));
  if (handle.dwLower != 0) SecInvalidateHandle(&handle);
  EXPECT_FALSE(SecIsValidHandle(&handle));
  EXPECT_EQ(handle.dwLower, static_cast<ULONG_PTR>(-1));
  EXPECT_EQ(handle.dwUpper, static_cast<ULONG_PTR>(-1));
}

TEST(Headers, TimeStamp_HasItsHalvesInEitherByteOrder) {
  TimeStamp stamp;
  stamp.QuadPart = 0x0123456789ABCDEF;
  EXPECT_EQ(stamp.LowPart, 0x89ABCDEFu);
  EXPECT_EQ(stamp.HighPart, 0x01234567);
}

TEST(Headers, Status_SuccessIsWhatIsNotNegative) {
  EXPECT_TRUE(SEC_SUCCESS(SEC_E_OK));
  EXPECT_TRUE(SEC_SUCCESS(SEC_I_CONTINUE_NEEDED));
  EXPECT_FALSE(SEC_SUCCESS(SEC_E_LOGON_DENIED));
}

TEST(Headers, PackageNames_SayTheSameInBothForms) {
  const auto widen = [](const std::string& text) { return std::u16string(text.begin(), text.end()); };
  EXPECT_EQ(widen(NTLMSP_NAME_A), NTLMSP_NAME_W);
  EXPECT_EQ(widen(NEGOSSP_NAME_A), NEGOSSP_NAME_W);
  EXPECT_EQ(widen(MICROSOFT_KERBEROS_NAME_A), MICROSOFT_KERBEROS_NAME_W);
  EXPECT_EQ(widen(WDIGEST_SP_NAME_A), WDIGEST_SP_NAME_W);
  EXPECT_EQ(widen(UNISP_NAME_A), UNISP_NAME_W);
  EXPECT_EQ(widen(SCHANNEL_NAME_A), SCHANNEL_NAME_W);
  EXPECT_EQ(std::string(NTLMSP_NAME_A), "NTLM");
}

#if BARESSPI_NTLM_CLIENT && BARESSPI_NTLM_SERVER

class WindowsStyleProgram : public testing::Test {
 protected:
  void SetUp() override {
    scripted_port::Reset();
    ASSERT_EQ(BareSspiNtHash("secret", 6, nt_hash_), SEC_E_OK);
    scripted_port::SetDevice(&device_);
  }
  void TearDown() override { scripted_port::Reset(); }

  uint8_t nt_hash_[16] = {};
  const BARESSPI_ACCOUNT_ENTRY entry_ = {"DOMAIN", "alice", nt_hash_, 7};
  const BARESSPI_ACCOUNT_TABLE table_ = {&entry_, 1};
  const BARESSPI_AUTHORITY authority_ = {&table_, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  const BARESSPI_DEVICE device_ = {BARESSPI_DEVICE_VERSION,
                                   sizeof(BARESSPI_DEVICE),
                                   "SERVER",
                                   "DOMAIN",
                                   "server.example",
                                   "example",
                                   nullptr,
                                   0,
                                   &authority_,
                                   nullptr};
  REPORT report_ = {};
};

void ExpectTalk(const REPORT& report) {
  EXPECT_GE(report.cPackages, 1u);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(report.Received), report.cbReceived),
            std::string("open the pod bay doors", 23));
  EXPECT_TRUE(report.fAnswerVerified);
  EXPECT_NE(report.fClientAttr & ISC_RET_CONFIDENTIALITY, 0u);
  EXPECT_NE(report.fServerAttr & ASC_RET_CONFIDENTIALITY, 0u);
}

TEST_F(WindowsStyleProgram, LogsInAndTalks) {
  EXPECT_EQ(RunWindowsStyleProgramA("secret", &report_), SEC_E_OK);
  ExpectTalk(report_);
  EXPECT_STREQ(reinterpret_cast<const char*>(report_.CallersName), "DOMAIN\\alice");
}

TEST_F(WindowsStyleProgram, LogsInAndTalksInUnicode) {
  EXPECT_EQ(RunWindowsStyleProgramW(u"secret", &report_), SEC_E_OK);
  ExpectTalk(report_);
  char16_t name[sizeof report_.CallersName / sizeof(char16_t)];
  memcpy(name, report_.CallersName, sizeof name);
  EXPECT_EQ(std::u16string(name), u"DOMAIN\\alice");
}

TEST_F(WindowsStyleProgram, IsRefusedWithAnotherPassword) {
  EXPECT_EQ(RunWindowsStyleProgramA("sesame", &report_), SEC_E_LOGON_DENIED);
  EXPECT_EQ(RunWindowsStyleProgramW(u"sesame", &report_), SEC_E_LOGON_DENIED);
  EXPECT_EQ(report_.cbReceived, 0u);
}

#endif

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// Records of data: their sizes, their parts, what may be cut off, and what happens when somebody meddles.
#include <string.h>

#include "tests/support/scripted_port.h"
#include "tests/unit/schannel/pair.h"

namespace tls_sides {
namespace {

using two_sides::Buffer;

struct Cipher {
  const char* name;
  ULONG protocol;
  std::vector<ALG_ID> algorithms;  // empty: the default's, AES-256-GCM
};
const Cipher kCiphers[] = {
    {"TLS 1.2, default", SP_PROT_TLS1_2, {}},
    {"TLS 1.3, default", SP_PROT_TLS1_3, {}},
    {"TLS 1.2, AES-128", SP_PROT_TLS1_2, {CALG_AES_128, CALG_SHA_256}},
    {"TLS 1.3, AES-128", SP_PROT_TLS1_3, {CALG_AES_128, CALG_SHA_256}},
};

struct CipherSetup : ClientSetup {
  explicit CipherSetup(const Cipher& cipher) : algorithms(cipher.algorithms) {
    cred.grbitEnabledProtocols = cipher.protocol;
    cred.palgSupportedAlgs = algorithms.empty() ? nullptr : algorithms.data();
    cred.cSupportedAlgs = static_cast<DWORD>(algorithms.size());
  }
  std::vector<ALG_ID> algorithms;
};

struct Connection {
  explicit Connection(const Cipher& cipher)
      : client_setup(cipher), client(client_setup), server(server_setup) {
    Establish(client, server);
  }
  Side& from(bool is_client) { return is_client ? static_cast<Side&>(client) : server; }
  Side& to(bool is_client) { return from(!is_client); }

  CipherSetup client_setup;
  ServerSetup server_setup;
  Client client;
  Server server;
};

class TlsData : public Test {};
struct TlsDataOfAll : TlsData, testing::WithParamInterface<size_t> {
  const Cipher& cipher() const { return kCiphers[GetParam()]; }
};
INSTANTIATE_TEST_SUITE_P(Cipher, TlsDataOfAll,
                         testing::Range(size_t{0}, sizeof kCiphers / sizeof kCiphers[0]));

Octets Text(size_t size) {
  Octets text(size);
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<uint8_t>(i * 7 + size);
  return text;
}

TEST_P(TlsDataOfAll, AnySizeUpToTheMostGoesOver) {
  Connection connection(cipher());
  SecPkgContext_StreamSizes sizes = {};
  ASSERT_STATUS(SEC_E_OK, connection.from(true).Query(SECPKG_ATTR_STREAM_SIZES, &sizes));
  const size_t most = sizes.cbMaximumMessage;
  ASSERT_GT(most, 1000u);
  for (const bool from_client : {true, false}) {
    for (const size_t size : {size_t{0}, size_t{1}, size_t{15}, size_t{16}, size_t{17}, size_t{255},
                              size_t{1000}, most - 1, most, size_t{0}}) {
      SCOPED_TRACE(size);
      Octets record;
      ASSERT_STATUS(SEC_E_OK, connection.from(from_client).Seal(Text(size), &record));
      EXPECT_LE(record.size(), sizes.cbHeader + size + sizes.cbTrailer);
      EXPECT_EQ(1u, Records(record).size());
      const Opened opened = connection.to(from_client).Open(record);
      ASSERT_STATUS(SEC_E_OK, opened.status);
      EXPECT_EQ(Text(size), opened.text);
      EXPECT_TRUE(opened.extra.empty());
    }
    Octets record;
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, connection.from(from_client).Seal(Text(most + 1), &record));
    EXPECT_STATUS(SEC_E_OK, connection.from(from_client).Seal(Text(1), &record)) << "nothing had happened";
    EXPECT_STATUS(SEC_E_OK, connection.to(from_client).Open(record).status);
  }
}

TEST_P(TlsDataOfAll, HeaderTextAndTrailerLieInTheInput) {
  Connection connection(cipher());
  Octets record;
  ASSERT_STATUS(SEC_E_OK, connection.from(true).Seal(Text(100), &record));
  const Octets rest = {0x17, 3, 3};
  Buffer data(Joined(record, rest));
  SecBuffer buffers[4] = {{static_cast<ULONG>(data.size()), SECBUFFER_DATA, data.data()},
                          {0, SECBUFFER_EMPTY, nullptr},
                          {0, SECBUFFER_EMPTY, nullptr},
                          {0, SECBUFFER_EMPTY, nullptr}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  ASSERT_STATUS(SEC_E_OK, DecryptMessage(connection.to(true).context(), &message, 0, nullptr));
  EXPECT_EQ(ULONG{SECBUFFER_STREAM_HEADER}, buffers[0].BufferType);
  EXPECT_EQ(data.data(), buffers[0].pvBuffer);
  EXPECT_EQ(ULONG{SECBUFFER_DATA}, buffers[1].BufferType);
  EXPECT_EQ(data.data() + buffers[0].cbBuffer, buffers[1].pvBuffer);
  EXPECT_EQ(100u, buffers[1].cbBuffer);
  EXPECT_EQ(0, memcmp(Text(100).data(), buffers[1].pvBuffer, 100));
  EXPECT_EQ(ULONG{SECBUFFER_STREAM_TRAILER}, buffers[2].BufferType);
  EXPECT_EQ(record.size(), buffers[0].cbBuffer + buffers[1].cbBuffer + buffers[2].cbBuffer);
  EXPECT_EQ(ULONG{SECBUFFER_EXTRA}, buffers[3].BufferType);
  EXPECT_EQ(data.data() + record.size(), buffers[3].pvBuffer);
  EXPECT_EQ(rest.size(), buffers[3].cbBuffer);
  EXPECT_EQ(rest, Tail(data.First(data.size()), rest.size())) << "untouched";
}

TEST_P(TlsDataOfAll, EncryptsInOnePieceInPlace) {
  Connection connection(cipher());
  SecPkgContext_StreamSizes sizes = {};
  ASSERT_STATUS(SEC_E_OK, connection.from(true).Query(SECPKG_ATTR_STREAM_SIZES, &sizes));
  const Octets text = Text(777);
  Buffer all(sizes.cbHeader + text.size() + sizes.cbTrailer);
  memcpy(all.data() + sizes.cbHeader, text.data(), text.size());
  SecBuffer buffers[4] = {
      {sizes.cbHeader, SECBUFFER_STREAM_HEADER, all.data()},
      {static_cast<ULONG>(text.size()), SECBUFFER_DATA, all.data() + sizes.cbHeader},
      {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, all.data() + sizes.cbHeader + text.size()},
      {0, SECBUFFER_EMPTY, nullptr}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  ASSERT_STATUS(SEC_E_OK, EncryptMessage(connection.from(true).context(), 0, &message, 0));
  const size_t size = buffers[0].cbBuffer + buffers[1].cbBuffer + buffers[2].cbBuffer;
  EXPECT_EQ(text, connection.to(true).Open(all.First(size)).text);
}

TEST_P(TlsDataOfAll, MalformedCallsAreRefusedAndHarmNothing) {
  Connection connection(cipher());
  Side& side = connection.from(true);
  SecPkgContext_StreamSizes sizes = {};
  ASSERT_STATUS(SEC_E_OK, side.Query(SECPKG_ATTR_STREAM_SIZES, &sizes));
  Buffer header(sizes.cbHeader);
  Buffer text(Text(50));
  Buffer trailer(sizes.cbTrailer);
  const SecBuffer good[4] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, header.data()},
                             {50, SECBUFFER_DATA, text.data()},
                             {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, trailer.data()},
                             {0, SECBUFFER_EMPTY, nullptr}};
  for (size_t missing = 0; missing < 3; ++missing) {
    SecBuffer buffers[4] = {good[0], good[1], good[2], good[3]};
    buffers[missing] = good[3];
    SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, EncryptMessage(side.context(), 0, &message, 0));
  }
  for (const size_t small : {size_t{0}, size_t{2}}) {
    SecBuffer buffers[4] = {good[0], good[1], good[2], good[3]};
    --buffers[small].cbBuffer;
    SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, EncryptMessage(side.context(), 0, &message, 0));
    EXPECT_EQ(sizes.cbHeader, buffers[0].cbBuffer);
    EXPECT_EQ(sizes.cbTrailer, buffers[2].cbBuffer);
  }
  EXPECT_EQ(Text(50), text.First(50)) << "not touched";
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, EncryptMessage(side.context(), 0, nullptr, 0));
  Octets record;
  ASSERT_STATUS(SEC_E_OK, side.Seal(Text(50), &record));
  Side& other = connection.to(true);
  Buffer data(record);
  for (ULONG count = 0; count < 4; ++count) {
    SecBuffer buffers[4] = {
        {static_cast<ULONG>(record.size()), SECBUFFER_DATA, data.data()}, good[3], good[3], good[3]};
    SecBufferDesc message = {SECBUFFER_VERSION, count, buffers};
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, DecryptMessage(other.context(), &message, 0, nullptr)) << count;
  }
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, DecryptMessage(other.context(), nullptr, 0, nullptr));
  EXPECT_EQ(record, data.First(record.size()));
  SecBuffer one = {static_cast<ULONG>(record.size()), SECBUFFER_DATA, data.data()};
  SecBufferDesc message = {SECBUFFER_VERSION, 1, &one};
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, MakeSignature(side.context(), 0, &message, 0));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, VerifySignature(other.context(), &message, 0, nullptr));
  EXPECT_EQ(Text(50), other.Open(record).text);
}

TEST_P(TlsDataOfAll, CutOffAtEachOctetItIsIncompleteAndNothingIsConsumed) {
  Connection connection(cipher());
  Octets record;
  ASSERT_STATUS(SEC_E_OK, connection.from(true).Seal(Text(60), &record));
  for (size_t size = 0; size < record.size(); ++size) {
    const Octets part(record.begin(), record.begin() + static_cast<ptrdiff_t>(size));
    const Opened opened = connection.to(true).Open(part);
    ASSERT_STATUS(SEC_E_INCOMPLETE_MESSAGE, opened.status) << size;
    EXPECT_EQ((size < 5 ? 5 : record.size()) - size, opened.missing);
  }
  EXPECT_EQ(Text(60), connection.to(true).Open(record).text);
}

TEST_P(TlsDataOfAll, TwoRecordsAndAHalfAreOneEachAndAMissingHalf) {
  Connection connection(cipher());
  Octets first;
  Octets second;
  Octets third;
  ASSERT_STATUS(SEC_E_OK, connection.from(false).Seal(Text(10), &first));
  ASSERT_STATUS(SEC_E_OK, connection.from(false).Seal(Text(20), &second));
  ASSERT_STATUS(SEC_E_OK, connection.from(false).Seal(Text(30), &third));
  const Octets half(third.begin(), third.begin() + 20);
  Side& client = connection.to(false);
  Opened opened = client.Open(Joined(Joined(first, second), half));
  ASSERT_STATUS(SEC_E_OK, opened.status);
  EXPECT_EQ(Text(10), opened.text);
  EXPECT_EQ(Joined(second, half), opened.extra);
  opened = client.Open(opened.extra);
  EXPECT_EQ(Text(20), opened.text);
  EXPECT_EQ(half, opened.extra);
  opened = client.Open(opened.extra);
  EXPECT_STATUS(SEC_E_INCOMPLETE_MESSAGE, opened.status);
  EXPECT_EQ(third.size() - half.size(), opened.missing);
  EXPECT_EQ(Text(30), client.Open(third).text);
}

// A context that broke: the same answer from all functions, for good.
void ExpectBroken(Side& side, SECURITY_STATUS status) {
  Octets record;
  EXPECT_STATUS(status, side.Open({0x17, 3, 3, 0, 1, 0}).status);
  SecPkgContext_StreamSizes sizes = {};
  EXPECT_STATUS(status, side.Query(SECPKG_ATTR_STREAM_SIZES, &sizes));
  EXPECT_STATUS(status, side.Step({}).status);
  const DWORD shutdown = SCHANNEL_SHUTDOWN;
  EXPECT_STATUS(status, side.Control(&shutdown, sizeof shutdown));
  Octets room(200);
  SecBuffer buffers[3] = {{30, SECBUFFER_STREAM_HEADER, room.data()},
                          {10, SECBUFFER_DATA, room.data() + 30},
                          {100, SECBUFFER_STREAM_TRAILER, room.data() + 40}};
  SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
  EXPECT_STATUS(status, EncryptMessage(side.context(), 0, &message, 0));
}

TEST_P(TlsDataOfAll, EveryOctetOfARecordIsProtected) {
  const CipherSetup client_setup(cipher());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  const size_t step = two_sides::kOnBoard ? 23 : 1;
  for (size_t at = 0, size = 1; at < size; at += step) {
    SCOPED_TRACE(at);
    Establish(client, server);
    Octets record;
    ASSERT_STATUS(SEC_E_OK, client.Seal(Text(20), &record));
    size = record.size();
    Octets altered = record;
    altered[at] = static_cast<uint8_t>(altered[at] ^ (1U << (at % 8)));
    const Opened opened = server.Open(altered);
    if (opened.status == SEC_E_INCOMPLETE_MESSAGE) {
      EXPECT_TRUE(at == 3 || at == 4) << "a longer one";
      EXPECT_EQ(Text(20), server.Open(record).text);
    } else {
      ASSERT_LT(opened.status, 0) << two_sides::StatusText(opened.status);
      EXPECT_TRUE(opened.text.empty());
      if (at >= 13) {
        EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, opened.status);
      }
      ExpectBroken(server, opened.status);
      EXPECT_STATUS(opened.status, server.Open(record).status) << "the good one is too late";
    }
    client.DeleteContext();
    server.DeleteContext();
  }
}

TEST_P(TlsDataOfAll, ARecordAgainIsRefused) {
  Connection connection(cipher());
  Octets record;
  ASSERT_STATUS(SEC_E_OK, connection.from(true).Seal(Text(20), &record));
  EXPECT_EQ(Text(20), connection.to(true).Open(record).text);
  const SECURITY_STATUS status = connection.to(true).Open(record).status;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, status);
  ExpectBroken(connection.to(true), status);
}

TEST_P(TlsDataOfAll, RecordsInAnotherOrderAreRefused) {
  Connection connection(cipher());
  Octets first;
  Octets second;
  ASSERT_STATUS(SEC_E_OK, connection.from(true).Seal(Text(20), &first));
  ASSERT_STATUS(SEC_E_OK, connection.from(true).Seal(Text(20), &second));
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, connection.to(true).Open(second).status);
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, connection.to(true).Open(first).status) << "too late";
}

TEST_P(TlsDataOfAll, ARecordOfTheOtherDirectionOrConnectionIsRefused) {
  Octets own;
  {
    Connection connection(cipher());
    ASSERT_STATUS(SEC_E_OK, connection.from(true).Seal(Text(20), &own));
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, connection.from(true).Open(own).status) << "reflected";
    EXPECT_EQ(Text(20), connection.to(true).Open(own).text) << "the other side is not harmed";
  }
  Connection another(cipher());
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, another.to(true).Open(own).status);
}

TEST_P(TlsDataOfAll, WhatIsNoRecordIsFatal) {
  const Octets strange[] = {{'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P'},
                            {0x17, 3, 3, 0xFF, 0xFF, 0, 0, 0},
                            {0x17, 2, 0, 0, 1, 0},
                            {0x18, 3, 3, 0, 1, 1},
                            {0x14, 3, 3, 0, 1, 1},
                            {0x16, 3, 3, 0, 4, 0, 0, 0, 0},
                            {0x15, 3, 3, 0, 2, 2, 40},
                            {0x17, 3, 3, 0, 0}};
  for (const Octets& octets : strange) {
    SCOPED_TRACE(static_cast<int>(octets[0]));
    Connection connection(cipher());
    const Opened opened = connection.to(true).Open(octets);
    if (octets[0] == 0x14 && cipher().protocol == SP_PROT_TLS1_3 && opened.status == SEC_E_OK) {
      continue;  // RFC 8446 5 lets a change_cipher_spec be dropped, if only during the handshake
    }
    EXPECT_LT(opened.status, 0) << two_sides::StatusText(opened.status);
    EXPECT_NE(SEC_E_INCOMPLETE_MESSAGE, opened.status);
    EXPECT_STATUS(opened.status, connection.to(true).Open(octets).status);
  }
}

TEST_F(TlsData, AQualityOfProtectionIsRefusedAndNothingIsSealed) {
  Pair pair(kTls13);
  pair.Establish();
  SecPkgContext_StreamSizes sizes = {};
  ASSERT_STATUS(SEC_E_OK, pair.client.Query(SECPKG_ATTR_STREAM_SIZES, &sizes));
  Buffer header(sizes.cbHeader);
  Buffer text(Text(20));
  Buffer trailer(sizes.cbTrailer);
  SecBuffer buffers[3] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, header.data()},
                          {20, SECBUFFER_DATA, text.data()},
                          {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, trailer.data()}};
  SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
  for (const ULONG qop : {SECQOP_WRAP_OOB_DATA, SECQOP_WRAP_NO_ENCRYPT, 1U}) {
    EXPECT_STATUS(SEC_E_QOP_NOT_SUPPORTED, EncryptMessage(pair.client.context(), qop, &message, 0)) << qop;
    EXPECT_EQ(Text(20), text.First(20));
  }
  EXPECT_STATUS(SEC_E_OK, EncryptMessage(pair.client.context(), 0, &message, 0));
}

TEST_F(TlsData, BeforeTheHandshakeIsDoneThereIsNone) {
  Pair pair(kTls13);
  (void)pair.client.Step({});
  Octets record;
  SecPkgContext_StreamSizes sizes = {};
  EXPECT_LT(pair.client.Query(SECPKG_ATTR_STREAM_SIZES, &sizes), 0);
  EXPECT_LT(pair.client.Open({0x17, 3, 3, 0, 1, 0}).status, 0);
  EXPECT_LT(pair.client.Seal({1}, &record), 0);
}

}  // namespace
}  // namespace tls_sides

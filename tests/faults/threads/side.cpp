// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/threads/side.h"

#include <gtest/gtest.h>
#include <stdio.h>

namespace threads {
namespace {

constexpr ULONG kRoom = 18432;
constexpr int kTurns = 8;

Octets Seal(Side& from, const Octets& text) {
  SecPkgContext_StreamSizes sizes = {};
  EXPECT_EQ(SEC_E_OK, QueryContextAttributesA(from.context(), SECPKG_ATTR_STREAM_SIZES, &sizes));
  Octets record(sizes.cbHeader);
  record.insert(record.end(), text.begin(), text.end());
  record.resize(record.size() + sizes.cbTrailer);
  uint8_t* const at = record.data();
  SecBuffer buffers[3] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, at},
                          {static_cast<ULONG>(text.size()), SECBUFFER_DATA, at + sizes.cbHeader},
                          {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, at + sizes.cbHeader + text.size()}};
  SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
  EXPECT_EQ(SEC_E_OK, EncryptMessage(from.context(), 0, &message, 0));
  record.resize(buffers[0].cbBuffer + buffers[1].cbBuffer + buffers[2].cbBuffer);
  return record;
}

Octets Open(Side& to, Octets record) {
  SecBuffer buffers[4] = {{static_cast<ULONG>(record.size()), SECBUFFER_DATA, record.data()}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  EXPECT_EQ(SEC_E_OK, DecryptMessage(to.context(), &message, 0, nullptr));
  const auto* text = static_cast<const uint8_t*>(buffers[1].pvBuffer);
  return text == nullptr ? Octets() : Octets(text, text + buffers[1].cbBuffer);
}

// Tickets that came with the last token of the server are not of interest: records are told apart by size.
void SkipTickets(Side& to, Octets records) {
  while (!records.empty()) {
    const size_t size = 5 + (size_t{records[3]} << 8 | records[4]);
    ASSERT_LE(size, records.size());
    Octets record(records.begin(), records.begin() + static_cast<ptrdiff_t>(size));
    records.erase(records.begin(), records.begin() + static_cast<ptrdiff_t>(size));
    SecBuffer buffers[4] = {{static_cast<ULONG>(record.size()), SECBUFFER_DATA, record.data()}};
    SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
    EXPECT_EQ(SEC_I_RENEGOTIATE, DecryptMessage(to.context(), &message, 0, nullptr));
  }
}

void Send(Side& from, Side& to, uint8_t octet) {
  uint8_t text[100];
  uint8_t signature[16];
  for (uint8_t& each : text) each = octet;
  SecBuffer buffers[2] = {{sizeof text, SECBUFFER_DATA, text},
                          {sizeof signature, SECBUFFER_TOKEN, signature}};
  SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
  EXPECT_EQ(SEC_E_OK, EncryptMessage(from.context(), 0, &message, 0));
  EXPECT_EQ(SEC_E_OK, DecryptMessage(to.context(), &message, 0, nullptr));
  for (const uint8_t each : text) EXPECT_EQ(octet, each);
}

}  // namespace

std::string Text(SECURITY_STATUS status) {
  char text[16];
  snprintf(text, sizeof text, "0x%08lX", static_cast<unsigned long>(static_cast<uint32_t>(status)));
  return text;
}

uint64_t Pack(const SecHandle& handle) {
  return uint64_t{handle.dwLower} << 32 | (handle.dwUpper & 0xFFFFFFFFu);
}
SecHandle Unpack(uint64_t packed) {
  return {static_cast<ULONG_PTR>(packed >> 32), static_cast<ULONG_PTR>(packed & 0xFFFFFFFFu)};
}

SECURITY_STATUS Side::Step(Octets token, Octets* answer) {
  answer->resize(kRoom);
  SecBuffer inputs[2] = {{static_cast<ULONG>(token.size()), SECBUFFER_TOKEN, token.data()},
                         {0, SECBUFFER_EMPTY, nullptr}};
  SecBuffer output = {kRoom, SECBUFFER_TOKEN, answer->data()};
  SecBufferDesc in = {SECBUFFER_VERSION, 2, inputs};
  SecBufferDesc out = {SECBUFFER_VERSION, 1, &output};
  CtxtHandle* const old = has_context_ ? &context_ : nullptr;
  const SECURITY_STATUS status =
      client_ ? InitializeSecurityContextA(&credential_, old, "device.example.test", ISC_REQ_CONFIDENTIALITY,
                                           0, 0, &in, 0, &context_, &out, nullptr, nullptr)
              : AcceptSecurityContext(&credential_, old, &in, ASC_REQ_CONFIDENTIALITY, 0, &context_, &out,
                                      nullptr, nullptr);
  if (status >= 0 && !has_context_ && victim != nullptr)
    victim->store(Pack(context_), std::memory_order_release);
  has_context_ = has_context_ || status >= 0;
  answer->resize(status < 0 ? 0 : output.cbBuffer);
  return status;
}

void Side::Delete() {
  if (has_context_) {
    EXPECT_EQ(SEC_E_OK, DeleteSecurityContext(&context_));
  }
  has_context_ = false;
}

SECURITY_STATUS Pair::Join() {
  Octets up;
  Octets down;
  SECURITY_STATUS of_server = SEC_I_CONTINUE_NEEDED;
  SECURITY_STATUS of_client = client.Step({}, &up);
  for (int turn = 0; turn < kTurns && of_client >= 0; ++turn) {
    if (!up.empty() && of_server == SEC_I_CONTINUE_NEEDED) {
      of_server = server.Step(up, &down);
      if (of_server < 0) return of_server;
      up.clear();
    }
    if (!down.empty() && of_client == SEC_I_CONTINUE_NEEDED) {
      of_client = client.Step(down, &up);
      down.clear();
    }
    if (of_client == SEC_E_OK && of_server == SEC_E_OK) {
      SkipTickets(client, down);
      return SEC_E_OK;
    }
  }
  return of_client < 0 ? of_client : SEC_E_INTERNAL_ERROR;
}

void Pair::Talk() {
  for (uint8_t i = 0; i < 3; ++i) {
    Send(client, server, i);
    Send(server, client, static_cast<uint8_t>(i + 100));
  }
}

void Pair::TalkTls() {
  for (uint8_t i = 0; i < 3; ++i) {
    const Octets text(200, i);
    EXPECT_EQ(text, Open(server, Seal(client, text)));
    EXPECT_EQ(text, Open(client, Seal(server, text)));
  }
}

void Pair::Delete() {
  client.Delete();
  server.Delete();
}

}  // namespace threads

// SPDX-License-Identifier: Apache-2.0
// The codecs of NTLM: what a parser says of a message lies inside of the message, and what can be written
// again reads as the same.
#include "core/base/byte_reader.h"
#include "core/ntlm/av_pair.h"
#include "core/ntlm/logon.h"
#include "core/ntlm/messages.h"
#include "core/ntlm/names.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/mutate.h"
#include "tests/fuzz/support/octets.h"

namespace {

using baresspi::Bytes;
using fuzz::Buffer;
using fuzz::Input;
using fuzz::Octets;
using namespace baresspi::ntlm;  // NOLINT(google-build-using-namespace)

// A pair of a list that is one: its value, or nothing.
Octets FindPair(const Bytes& list, uint32_t id) {
  for (Input input(list.data(), list.size());;) {
    FUZZ_CHECK(input.left() >= 4);
    const uint32_t found = input.U16();
    const size_t size = input.U16();
    FUZZ_CHECK(input.left() >= size);
    Octets value = input.Take(size);
    if (found == id) return value;
    if (found == kMsvAvEol) return {};
  }
}

// The pairs that are echoed, with an end behind them.
Octets Echo(const Bytes& list, AvPairs* pairs, bool* good) {
  MessageWriter count;
  *good = ParseAvPairs(list, pairs, &count);
  if (!*good) return {};
  const Buffer out(count.size());
  MessageWriter writer(out.data(), out.size());
  FUZZ_CHECK(ParseAvPairs(list, pairs, &writer) && writer.fits() && writer.size() == out.size());
  Octets echoed = out.First(out.size());
  echoed.insert(echoed.end(), 4, 0);
  return echoed;
}

void ReadPairs(const Bytes& list) {
  AvPairs pairs = {};
  bool good = false;
  const Octets echoed = Echo(list, &pairs, &good);
  if (!good) return;
  FUZZ_CHECK(echoed.size() <= list.size());
  FUZZ_CHECK(pairs.timestamp == nullptr || fuzz::IsInside({pairs.timestamp, 8}, list));
  FUZZ_CHECK(pairs.channel_bindings == nullptr || fuzz::IsInside({pairs.channel_bindings, kKeySize}, list));
  FUZZ_CHECK(fuzz::IsInside(pairs.target_name, list));
  // What is echoed is the server's alone, reads well, and is echoed as it is.
  const Buffer exact(echoed);
  AvPairs again = {};
  const Octets twice = Echo(exact.bytes(), &again, &good);
  FUZZ_CHECK(good && twice == echoed);
  FUZZ_CHECK(again.flags == 0 && again.channel_bindings == nullptr && again.target_name.empty());
  FUZZ_CHECK((again.timestamp != nullptr) == (pairs.timestamp != nullptr));
  for (uint32_t id = kMsvAvNbComputerName; id <= kMsvAvDnsTreeName; ++id) {
    FUZZ_CHECK(FindPair(list, id) == FindPair(exact.bytes(), id));
  }
}

// A writer counts what it does not write, and writes what it has counted.
void WritePairs(Input* input) {
  const uint32_t id = input->U16();
  const Buffer text(input->Counted());
  const Octets value = input->Rest();
  const auto write = [&](MessageWriter* writer) {
    WriteNamePair(id, baresspi::Text::Utf8(reinterpret_cast<const char*>(text.data()), text.size()), writer);
    WriteAvPair(id + 1, value.data(), value.size(), writer);
    writer->U32(kMsvAvEol);
  };
  MessageWriter count;
  write(&count);
  if (count.malformed()) return;
  const Buffer out(count.size());
  MessageWriter writer(out.data(), out.size());
  write(&writer);
  FUZZ_CHECK(writer.fits() && writer.size() == count.size());
  if (count.size() <= UINT16_MAX) ReadPairs(out.bytes());
}

void ReadNegotiate(const Bytes& token) {
  NegotiateMessage message = {};
  if (!ParseNegotiate(token, &message)) return;
  FUZZ_CHECK(message.flags == baresspi::LoadU32le(&token[kSignatureAndType]));
}

// A field has the size that its Len says.
void CheckSize(const Bytes& token, size_t at, const Bytes& field) {
  FUZZ_CHECK(fuzz::IsInside(field, token) && field.size() == baresspi::LoadU16le(&token[at]));
}

void ReadChallenge(const Bytes& token) {
  ChallengeMessage message = {};
  if (!ParseChallenge(token, &message)) return;
  FUZZ_CHECK(fuzz::IsInside({message.server_challenge, kChallengeSize}, token));
  if ((message.flags & kNegotiateTargetInfo) == 0) {
    FUZZ_CHECK(message.target_info.empty());
    return;
  }
  CheckSize(token, 40, message.target_info);
  ReadPairs(message.target_info);
}

void KeepNames(const AuthenticateMessage& message) {
  AccountNames names = {};
  const SECURITY_STATUS status = names.Set(message.domain, message.user);
  FUZZ_STATUS(status, SEC_E_OK, SEC_E_INSUFFICIENT_MEMORY);
  if (status != SEC_E_OK) return;
  const auto same = [](const Bytes& a, const Bytes& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
  };
  FUZZ_CHECK(same(names.domain(), message.domain) && same(names.user(), message.user));
  for (uint32_t form = 0; form < AccountNames::kForms; ++form) {
    const void* string = names.String(form);
    if (string == nullptr) continue;  // the block is full
    const auto* const begin = reinterpret_cast<const uint8_t*>(&names);
    FUZZ_CHECK(string >= begin && string < begin + sizeof names);
    FUZZ_CHECK(names.String(form) == string);
    const size_t length = baresspi::Text::Terminated(string, (form & 1) == 0).length();
    const size_t units = form < AccountNames::kDomain ? (message.domain.size() + message.user.size()) / 2 +
                                                            (message.domain.empty() ? 0 : 1)
                                                      : message.domain.size() / 2;
    FUZZ_CHECK((form & 1) == 0 ? length == units : length >= units && length <= 3 * units);
  }
}

void ReadAuthenticate(const Bytes& token) {
  AuthenticateMessage message = {};
  if (!ParseAuthenticate(token, &message)) return;
  const Bytes fields[] = {message.lm_response, message.nt_response, message.domain,
                          message.user,        message.workstation, message.session_key};
  size_t at = kSignatureAndType;
  for (const Bytes& field : fields) {
    CheckSize(token, at, field);
    at += kFieldsSize;
    // No field lies in the head, or in the MIC.
    FUZZ_CHECK(field.empty() ||
               field.data() >= token.data() + std::max(kAuthenticateMinimum, message.mic_offset + kMicSize));
  }
  FUZZ_CHECK(message.mic_offset == 0 || message.mic_offset + kMicSize <= token.size());
  if (IsAnonymous(message)) FUZZ_CHECK(message.user.empty() && message.nt_response.empty());
  KeepNames(message);
  if (message.nt_response.size() >= kNtResponseHeader) ReadPairs(message.nt_response.Sub(kNtResponseHeader));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const unsigned kind = input.U8() % 5;
  if (kind == 4) {
    WritePairs(&input);
    return 0;
  }
  const Buffer exact(input.Rest());
  constexpr void (*kReaders[])(const Bytes&) = {ReadPairs, ReadNegotiate, ReadChallenge, ReadAuthenticate};
  kReaders[kind](exact.bytes());
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (size < 2 || seed % 4 == 0) return size;
  static constexpr size_t kChallengeFields[] = {12, 40};
  static constexpr size_t kAuthenticateFields[] = {12, 20, 28, 36, 44, 52};
  if (data[0] % 5 == 2) fuzz::MendNtlm(data + 1, size - 1, kChallengeMessage, kChallengeFields, 2);
  if (data[0] % 5 == 3) fuzz::MendNtlm(data + 1, size - 1, kAuthenticateMessage, kAuthenticateFields, 6);
  return size;
}

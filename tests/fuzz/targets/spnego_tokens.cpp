// SPDX-License-Identifier: Apache-2.0
// The DER reader and writer, and the tokens of SPNEGO: what is read lies inside of what was given; what can
// be written again reads as the same.
#include "core/base/der.h"
#include "core/negotiate/tokens.h"
#include "core/negotiate/writer.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/mutate.h"
#include "tests/fuzz/support/octets.h"

namespace {

using baresspi::Bytes;
using fuzz::Buffer;
using fuzz::Input;
using fuzz::Octets;
using namespace baresspi::negotiate;  // NOLINT(google-build-using-namespace)

// ---- DER. ----

// Every element of a level, and what is in it, to a depth.
void Walk(const Bytes& whole, Bytes level, unsigned depth) {
  while (!level.empty()) {
    const Bytes before = level;
    Bytes content;
    const int tag = baresspi::DerNext(&level, &content);
    if (tag < 0) {
      FUZZ_CHECK(level.data() == before.data() && level.size() == before.size());  // nothing was taken
      return;
    }
    FUZZ_CHECK(tag == before[0] && fuzz::IsInside(content, whole) && fuzz::IsInside(level, whole));
    FUZZ_CHECK(level.size() < before.size() && content.end() == level.data());
    Bytes again = before;
    Bytes same;
    FUZZ_CHECK(baresspi::DerTake(&again, static_cast<uint8_t>(tag), &same) && same.data() == content.data());
    FUZZ_CHECK(!baresspi::DerTake(&again, static_cast<uint8_t>(again.empty() ? 0 : ~again[0]), &same));
    Bytes opened = before.Sub(0, static_cast<size_t>(content.end() - before.data()));
    FUZZ_CHECK(baresspi::DerOpen(&opened, static_cast<uint8_t>(tag)) && opened.size() == content.size());
    if (depth != 0) Walk(whole, content, depth - 1);
  }
}

void Prepend(Input* input) {
  const uint8_t tag = input->U8();
  const size_t size = input->U32() % 0x20000;
  const Buffer out(size + 6);
  uint8_t* const end = out.data() + out.size();
  uint8_t* const at = baresspi::DerPrepend(end - size, end, tag);
  FUZZ_CHECK(at >= out.data() && at < end - size);
  Bytes level(at, static_cast<size_t>(end - at));
  Bytes content;
  FUZZ_CHECK(baresspi::DerNext(&level, &content) == tag);
  FUZZ_CHECK(level.empty() && content.size() == size && content.end() == end);
}

// ---- SPNEGO. ----

bool Same(const Bytes& a, const Bytes& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

// Writes what was read, and reads that.
void WriteAgain(TokenKind kind, const NegToken& token) {
  const bool init = kind == TokenKind::kNegTokenInit;
  const bool with_mic = token.mech_list_mic().size() == kMicSize;
  const Bytes names = init ? token.mech_types : token.supported_mech();
  // The OBJECT IDENTIFIER of a NegTokenResp with its head.
  Octets headed(names.begin(), names.end());
  if (!init && !names.empty()) {
    Octets room(names.size() + 6);
    uint8_t* const end = room.data() + room.size();
    std::copy(names.begin(), names.end(), end - names.size());
    headed.assign(baresspi::DerPrepend(end - names.size(), end, baresspi::kDerOid), end);
  }
  unsigned form = init ? kInit : static_cast<unsigned>(token.neg_state);
  if (!init && !headed.empty()) form |= kWithMech;
  if (with_mic) form |= kWithMic;
  const size_t front = headed.size() + 64;  // lengths here may take three octets more than ours do
  const Bytes inner = token.token();
  const Buffer out(front + inner.size() + 64);
  std::copy(inner.begin(), inner.end(), out.data() + front);
  const size_t size =
      Write(form, {headed.data(), headed.size()}, out.data(), front, inner.size(), [&](uint8_t* mic) {
        std::copy(token.mech_list_mic().begin(), token.mech_list_mic().end(), mic);
        return true;
      });
  FUZZ_CHECK(size != 0 && size <= out.size());
  const Buffer exact(out.First(size));
  Bytes again = exact.bytes();
  NegToken read;
  FUZZ_CHECK(ReadToken(&again, &read) == kind);
  FUZZ_CHECK(Same(again, inner) && Same(read.token(), inner));
  FUZZ_CHECK(!init || Same(read.mech_types, token.mech_types));
  FUZZ_CHECK(init || (read.neg_state == token.neg_state && Same(read.supported_mech(), names)));
  FUZZ_CHECK(!with_mic || Same(read.mech_list_mic(), token.mech_list_mic()));
}

void Read(const Octets& octets) {
  const Buffer exact(octets);
  const Bytes whole = exact.bytes();
  Bytes rest = whole;
  NegToken token;
  const TokenKind kind = ReadToken(&rest, &token);
  FUZZ_CHECK((kind == TokenKind::kEmpty) == octets.empty());
  if (kind == TokenKind::kUnknown || kind == TokenKind::kEmpty) return;
  if (kind == TokenKind::kRaw) {
    FUZZ_CHECK(rest.data() == whole.data() && rest.size() == whole.size());
    FUZZ_CHECK(!token.mechanisms().empty());
    return;
  }
  FUZZ_CHECK(fuzz::IsInside(rest, whole) && fuzz::IsInside(token.mech_types, whole));
  for (const Bytes& field : token.fields) FUZZ_CHECK(fuzz::IsInside(field, whole));
  FUZZ_CHECK(static_cast<unsigned>(token.neg_state) <= 3);
  FUZZ_CHECK(kind != TokenKind::kNegTokenInit || token.mech_types[0] == baresspi::kDerSequence);
  WriteAgain(kind, token);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  switch (input.U8() % 4) {
    case 0: {
      const Buffer exact(input.Rest());
      Walk(exact.bytes(), exact.bytes(), 8);
      break;
    }
    case 1:
      Prepend(&input);
      break;
    default:
      Read(input.Rest());
  }
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  if (size < 2 || seed % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  return 1 + fuzz::MutateDer(data + 1, size - 1, max_size - 1, seed / 4);
}

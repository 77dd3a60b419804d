// SPDX-License-Identifier: Apache-2.0
// Negotiate's client and server with somebody between them, who edits each token, puts others in its place,
// takes SPNEGO off or puts it on. If both are content in the end, they have the same keys, and the token says
// who the client is.
#include "core/base/der.h"
#include "core/negotiate/tokens.h"
#include "core/negotiate/writer.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/ntlm_wire.h"
#include "tests/fuzz/support/sides.h"

namespace {

using fuzz::Buffer;
using fuzz::Call;
using fuzz::Input;
using fuzz::Octets;
using fuzz::Result;
using namespace baresspi::negotiate;  // NOLINT(google-build-using-namespace)

constexpr ULONG kClientRequests[] = {ISC_REQ_CONFIDENTIALITY, ISC_REQ_INTEGRITY, 0, ISC_REQ_NO_INTEGRITY,
                                     ISC_REQ_NULL_SESSION,    ISC_REQ_DATAGRAM,  0, ISC_REQ_IDENTIFY};
constexpr ULONG kProtection =
    ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;
constexpr ULONG kServerRequests[] = {0, ASC_REQ_INTEGRITY, ASC_REQ_CONFIDENTIALITY,
                                     ASC_REQ_ALLOW_NULL_SESSION};

// ---- DER, element by element. ----

struct Element {
  uint8_t tag;
  Octets content;
};

std::vector<Element> Split(const Octets& level) {
  std::vector<Element> elements;
  baresspi::Bytes rest(level.data(), level.size());
  baresspi::Bytes content;
  for (int tag = 0; (tag = baresspi::DerNext(&rest, &content)) >= 0;)
    elements.push_back({static_cast<uint8_t>(tag), Octets(content.begin(), content.end())});
  elements.push_back({0, Octets(rest.begin(), rest.end())});  // what is none
  return elements;
}

Octets Wrapped(uint8_t tag, const Octets& content) {
  Octets out(content.size() + 6);
  uint8_t* const end = out.data() + out.size();
  std::copy(content.begin(), content.end(), end - content.size());
  const uint8_t* const at = baresspi::DerPrepend(end - content.size(), end, tag);
  return Octets(at, static_cast<const uint8_t*>(end));
}

// Goes down along a path that the input says, edits there, and puts the lengths right on the way up.
Octets EditDer(Input* input, const Octets& level, unsigned depth) {
  std::vector<Element> elements = Split(level);
  const unsigned what = input->U8();
  const size_t at = what / 8 % elements.size();
  Element& element = elements[at];
  const auto place = elements.begin() + static_cast<ptrdiff_t>(at);
  switch (what % 8) {
    case 0:
      elements.erase(place);
      break;
    case 1:
      elements.insert(place, Element(element));
      break;
    case 2:
      element.tag = input->U8();
      break;
    case 3:
      std::swap(element, elements[input->U8() % elements.size()]);
      break;
    case 4:
      fuzz::EditOctets(input, &element.content);
      break;
    default:
      if (depth != 0) element.content = EditDer(input, element.content, depth - 1);
  }
  Octets out;
  for (const Element& e : elements) {
    const Octets whole = e.tag == 0 ? e.content : Wrapped(e.tag, e.content);
    out.insert(out.end(), whole.begin(), whole.end());
  }
  return out;
}

// ---- Tokens. ----

Octets Unwrapped(const Octets& token) {
  baresspi::Bytes inner(token.data(), token.size());
  NegToken parsed;
  const TokenKind kind = ReadToken(&inner, &parsed);
  return kind == TokenKind::kUnknown ? token : Octets(inner.begin(), inner.end());
}

// SPNEGO of ours around octets, in one of its forms.
Octets Rewrapped(Input* input, const Octets& token) {
  const Octets inner = Unwrapped(token);
  const unsigned choice = input->U8();
  static constexpr unsigned kForms[] = {kInit, kHint, 0, 1, 2, 3, kWithMech | 1, kWithMech | 3};
  const Octets list = {0x30, 0x0C, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0A};
  unsigned form = kForms[choice % 8];
  const bool init = (form & kIsInit) != 0;
  const Octets mic = (choice & 8) != 0 ? input->Take(kMicSize) : Octets();
  if (mic.size() == kMicSize) form |= kWithMic;
  const Octets names = init ? list : Octets(list.begin() + 2, list.end());
  const size_t front = Front(names.size());
  Buffer out(front + inner.size() + 64);
  std::copy(inner.begin(), inner.end(), out.data() + front);
  const size_t size =
      Write(form, {names.data(), names.size()}, out.data(), front, inner.size(), [&](uint8_t* to) {
        std::copy(mic.begin(), mic.end(), to);
        return true;
      });
  return out.First(size);
}

// The NTLM token in it with edits of its own, in a frame whose lengths fit.
Octets EditInner(Input* input, const Octets& token) {
  const Octets inner = Unwrapped(token);
  const auto found =
      inner.empty() ? token.end() : std::search(token.begin(), token.end(), inner.begin(), inner.end());
  Octets edited = inner;
  fuzz::EditOctets(input, &edited);
  // Where its size did not change, only it did.
  if (edited.size() != inner.size() || found == token.end()) return Rewrapped(input, edited);
  Octets out = token;
  std::copy(edited.begin(), edited.end(), out.begin() + (found - token.begin()));
  return out;
}

Octets Meddle(Input* input, const Octets& token, const std::vector<Octets>& seen) {
  switch (input->U8() % 10) {
    case 1: {
      Octets out = token;
      fuzz::EditOctets(input, &out);
      return out;
    }
    case 2:
      return EditDer(input, token, 5);
    case 3:
      return input->Counted();
    case 4:
      return Unwrapped(token);
    case 5:
      return Rewrapped(input, token);
    case 6:
      return seen[input->U8() % seen.size()];
    case 7:
      return {};
    case 8:
      return EditInner(input, token);
    default:
      return token;
  }
}

// Both have let each other in: what one signs, the other takes. unprotected: who asked for no protection
// takes a last token from which somebody took the mechListMIC, and then misses the acceptor's first number.
void CheckKeys(fuzz::Side* client, fuzz::Side* server, bool unprotected) {
  const Octets text = {'t', 'e', 'x', 't'};
  for (const bool from_client : {true, false}) {
    const Buffer data(text);
    const Buffer signature(16);
    SecBuffer buffers[] = {{4, SECBUFFER_DATA, data.data()}, {16, SECBUFFER_TOKEN, signature.data()}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
    fuzz::Side* const sender = from_client ? client : server;
    fuzz::Side* const receiver = from_client ? server : client;
    FUZZ_CHECK(MakeSignature(sender->context(), 0, &message, 0) == SEC_E_OK);
    const SECURITY_STATUS status = VerifySignature(receiver->context(), &message, 0, nullptr);
    FUZZ_STATUS(status, SEC_E_OK, unprotected && !from_client ? SEC_E_OUT_OF_SEQUENCE : SEC_E_OK);
  }
}

constexpr unsigned kNoMic = 16;  // of the input's second octet

std::vector<Result> Run(const uint8_t* data, size_t size, bool tight) {
  Input input(data, size);
  const unsigned first = input.U8();
  const unsigned second = input.U8();
  SEC_WINNT_AUTH_IDENTITY_A alice = fuzz::Alice();
  BARESSPI_DEVICE device = fuzz::Device();
  // One of the two may be plain NTLM.
  fuzz::Side client((second & 3) == 3 ? "NTLM" : "Negotiate", SECPKG_CRED_OUTBOUND, &alice, tight);
  fuzz::Side server((second & 12) == 12 ? "NTLM" : "Negotiate", SECPKG_CRED_INBOUND, &device, tight);
  client.SetPolicy((second & kNoMic) != 0 ? BARESSPI_POLICY_NO_MIC : 0);
  server.SetPolicy((second & 32) != 0 ? BARESSPI_POLICY_REQUIRE_MIC : 0);
  Call call = {kClientRequests[first % 8], "ldap/dc.example.test", nullptr};
  Call answer = {kServerRequests[first / 8 % 4], nullptr, nullptr};
  std::vector<Result> results;
  std::vector<Octets> seen = {{}};
  bool altered = false;
  // The server may be asked first, and send its hint.
  bool to_client = (first & 64) == 0;
  Octets token;
  for (unsigned legs = 0; legs < 10; ++legs, to_client = !to_client) {
    fuzz::Side& side = to_client ? client : server;
    results.push_back(side.Step(token, to_client ? call : answer));
    const Result& result = results.back();
    if (result.status < 0) break;
    if (client.established() && server.established()) break;
    seen.push_back(result.token);
    token = Meddle(&input, result.token, seen);
    altered = altered || token != result.token;
  }
  // A client that was told to make no MIC may be given another key.
  const bool keys_are_safe = !altered || (second & kNoMic) == 0;
  if (client.established() && server.established() && keys_are_safe)
    CheckKeys(&client, &server, altered && (call.requested & kProtection) == 0);
  client.Query();
  server.Query();
  return results;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::PlayBothWays(data, size, Run);
  return 0;
}

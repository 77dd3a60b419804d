// SPDX-License-Identifier: Apache-2.0
// Signing and sealing between an established client and server of NTLM, in any layout of buffers: what was
// altered on its way is refused and changes nothing, so that the right message is taken after it.
#include <deque>

#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/ntlm_wire.h"
#include "tests/fuzz/support/sides.h"

namespace {

using fuzz::Buffer;
using fuzz::Call;
using fuzz::Input;
using fuzz::Octets;

constexpr ULONG kSignature = 16;
constexpr size_t kMostParts = 6;

struct Established {
  explicit Established(Input* input)
      : options(input->U8()),
        client("NTLM", SECPKG_CRED_OUTBOUND, &alice, false),
        server("NTLM", SECPKG_CRED_INBOUND, &device, false) {
    static constexpr ULONG kRequests[] = {ISC_REQ_CONFIDENTIALITY, ISC_REQ_INTEGRITY, 0,
                                          ISC_REQ_DATAGRAM | ISC_REQ_CONFIDENTIALITY};
    Call call;
    call.requested = kRequests[options % 4];
    Call answer;
    if (datagram()) answer.requested = ASC_REQ_DATAGRAM;
    client.SetPolicy(BARESSPI_POLICY_ALLOW_WEAK_KEYS | BARESSPI_POLICY_NO_MIC);
    server.SetPolicy(BARESSPI_POLICY_ALLOW_WEAK_KEYS);
    Octets token = client.Step({}, call).token;
    // Short keys, by a NEGOTIATE of which a bit went missing (there is no MIC).
    if (!token.empty() && (options & 4) != 0) token[15] &= 0x5F;
    if (!token.empty() && (options & 8) != 0) token[15] &= 0xBF;  // no KEY_EXCH
    token = server.Step(token, answer).token;
    token = client.Step(token, call).token;
    FUZZ_CHECK(server.Step(token, answer).done());
  }
  bool datagram() const { return options % 4 == 3; }
  bool seals() const { return options % 2 != 0 ? datagram() : options % 4 == 0; }
  bool signs() const { return options % 4 != 2; }

  unsigned options;
  SEC_WINNT_AUTH_IDENTITY_A alice = fuzz::Alice();
  BARESSPI_DEVICE device = fuzz::Device();
  fuzz::Side client, server;
};

// A message as a list of SecBuffers, each on the heap in its exact size.
class Parts {
 public:
  void Add(ULONG type, const Octets& octets) {
    blocks_.emplace_back(octets);
    buffers_[count_++] = {static_cast<ULONG>(octets.size()), type, blocks_.back().data()};
  }
  PSecBufferDesc description() {
    description_ = {SECBUFFER_VERSION, static_cast<ULONG>(count_), buffers_};
    return &description_;
  }
  SecBuffer& operator[](size_t i) { return buffers_[i]; }
  size_t count() const { return count_; }
  Octets Of(size_t i) const {
    const auto* octets = static_cast<const uint8_t*>(buffers_[i].pvBuffer);
    return Octets(octets, octets + buffers_[i].cbBuffer);
  }
  std::vector<Octets> All() const {
    std::vector<Octets> all;
    for (size_t i = 0; i < count_; ++i) all.push_back(Of(i));
    return all;
  }

 private:
  std::deque<Buffer> blocks_;
  SecBuffer buffers_[kMostParts + 1] = {};
  SecBufferDesc description_ = {};
  size_t count_ = 0;
};

// What goes over: types and octets, the signature's place among them.
struct Message {
  bool sealed;
  ULONG qop;
  ULONG number;
  std::vector<std::pair<ULONG, Octets>> parts;
  size_t token_at;
};

// The input's own octets, or, of several of MD5's blocks, what needs none.
Octets DrawText(Input* input, unsigned size) {
  constexpr unsigned kShort = 28;
  if (size < kShort) return input->Take(size);
  Octets text(64 * (size - kShort) + input->U8());
  uint8_t value = input->U8();
  for (uint8_t& octet : text) octet = value = static_cast<uint8_t>(value * 5 + 1);
  return text;
}

Message Draw(Input* input) {
  static constexpr ULONG kTypes[] = {SECBUFFER_DATA,
                                     SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM,
                                     SECBUFFER_DATA | SECBUFFER_READONLY,
                                     SECBUFFER_PADDING,
                                     SECBUFFER_EMPTY,
                                     SECBUFFER_DATA,
                                     SECBUFFER_STREAM_HEADER,
                                     SECBUFFER_DATA};
  Message message = {};
  const unsigned how = input->U8();
  message.sealed = (how & 1) != 0;
  static constexpr ULONG kQops[] = {0, SECQOP_WRAP_NO_ENCRYPT, BARESSPI_SECQOP_WRAP_ENCRYPT, 5};
  message.qop = kQops[how / 2 % 4];
  message.number = how / 8 % 2 == 0 ? 0 : input->U32();
  const size_t count = how / 16 % kMostParts;
  for (size_t i = 0; i < count; ++i) {
    const unsigned kind = input->U8();
    message.parts.push_back({kTypes[kind % 8], DrawText(input, kind / 8)});
  }
  message.token_at = input->U8() % (count + 1);
  message.parts.insert(message.parts.begin() + static_cast<ptrdiff_t>(message.token_at),
                       {SECBUFFER_TOKEN, Octets(kSignature)});
  return message;
}

SECURITY_STATUS Send(CtxtHandle* context, const Message& message, Parts* parts) {
  return message.sealed ? EncryptMessage(context, message.qop, parts->description(), message.number)
                        : MakeSignature(context, message.qop, parts->description(), message.number);
}

SECURITY_STATUS Receive(CtxtHandle* context, const Message& message, Parts* parts, ULONG* qop) {
  return message.sealed ? DecryptMessage(context, parts->description(), message.number, qop)
                        : VerifySignature(context, parts->description(), message.number, qop);
}

Parts Copy(const Message& message, const std::vector<Octets>& octets) {
  Parts parts;
  for (size_t i = 0; i < octets.size(); ++i) parts.Add(message.parts[i].first, octets[i]);
  return parts;
}

// Alters something that is protected; false: there was nothing to alter, or it is as it was.
bool Alter(Input* input, const Established& pair, const Message& message, std::vector<Octets>* octets) {
  const size_t at = input->U8() % octets->size();
  const ULONG type = message.parts[at].first;
  const bool is_token = at == message.token_at;
  const ULONG attributes = type & SECBUFFER_ATTRMASK;
  const bool is_data =
      (type & ~SECBUFFER_ATTRMASK) == SECBUFFER_DATA && (attributes & SECBUFFER_READONLY) == 0;
  if (!is_token && (!is_data || !pair.signs())) return false;
  const Octets before = (*octets)[at];
  fuzz::EditOctets(input, &(*octets)[at]);
  return (*octets)[at] != before;
}

// Signature and message in one piece, as DecryptMessage takes them too: for a message of one part.
void ReceiveStream(CtxtHandle* context, const Message& message, const std::vector<Octets>& sent,
                   const Octets& text) {
  Octets stream = sent[message.token_at];
  for (size_t i = 0; i < sent.size(); ++i) {
    if (i != message.token_at) stream.insert(stream.end(), sent[i].begin(), sent[i].end());
  }
  Parts parts;
  parts.Add(SECBUFFER_STREAM, stream);
  parts.Add(SECBUFFER_DATA, {});
  ULONG qop = 77;
  FUZZ_CHECK(DecryptMessage(context, parts.description(), message.number, &qop) == SEC_E_OK);
  FUZZ_CHECK(parts.Of(1) == text);
  const auto* begin = static_cast<const uint8_t*>(parts[0].pvBuffer);
  FUZZ_CHECK(static_cast<const uint8_t*>(parts[1].pvBuffer) == begin + kSignature);
}

// It is what the sender had.
void CheckText(const Message& message, const Parts& parts) {
  for (size_t i = 0; i < parts.count(); ++i) {
    if (i != message.token_at) FUZZ_CHECK(parts.Of(i) == message.parts[i].second);
  }
}

// Forgeries first, then the message itself. false: a forgery took its place, and the channel is at its end.
bool Deliver(Input* input, const Established& pair, CtxtHandle* receiver, const Message& message,
             const std::vector<Octets>& sent) {
  for (unsigned forgeries = input->U8() % 4; forgeries != 0; --forgeries) {
    std::vector<Octets> altered = sent;
    if (!Alter(input, pair, message, &altered)) continue;
    Parts parts = Copy(message, altered);
    ULONG qop = 77;
    const SECURITY_STATUS status = Receive(receiver, message, &parts, &qop);
    if (status == SEC_E_OK) {
      // Without KEY_EXCH a signature is the same whether its message is sealed or not: who put the sender's
      // own text in the place of what was sealed has made the message that is signed only. The receiver is
      // told; its cipher is not where the sender's is any more.
      FUZZ_CHECK(message.sealed && message.qop != SECQOP_WRAP_NO_ENCRYPT && qop == SECQOP_WRAP_NO_ENCRYPT);
      CheckText(message, parts);
      return false;
    }
    FUZZ_STATUS(status, SEC_E_MESSAGE_ALTERED, SEC_E_OUT_OF_SEQUENCE);
    FUZZ_CHECK(parts.All() == altered && qop == 77);
  }
  const unsigned way = input->U8();
  const bool one_part =
      message.parts.size() == 2 && (message.parts[1 - message.token_at].first == SECBUFFER_DATA);
  if (message.sealed && one_part && (way & 1) != 0 && pair.signs()) {
    ReceiveStream(receiver, message, sent, message.parts[1 - message.token_at].second);
    return true;
  }
  Parts parts = Copy(message, sent);
  ULONG qop = 77;
  // Who does not ask for the QOP wants what was sealed.
  const bool asks = (way & 2) == 0 || message.qop == SECQOP_WRAP_NO_ENCRYPT;
  FUZZ_CHECK(Receive(receiver, message, &parts, asks ? &qop : nullptr) == SEC_E_OK);
  CheckText(message, parts);
  // Once more it is a repetition; a datagram's number is the caller's own.
  if (pair.datagram() || !pair.signs()) return true;
  Parts again = Copy(message, sent);
  FUZZ_CHECK(Receive(receiver, message, &again, &qop) == SEC_E_OUT_OF_SEQUENCE);
  FUZZ_CHECK(again.All() == sent);
  return true;
}

// Lists that are none: refused, and nothing happens.
void Malform(Input* input, CtxtHandle* context) {
  const Message message = Draw(input);
  Parts parts;
  for (const auto& [type, octets] : message.parts) parts.Add(type, octets);
  PSecBufferDesc description = parts.description();
  const unsigned how = input->U8();
  const SecBuffer token = parts[message.token_at];
  switch (how % 4) {
    case 0:
      description->ulVersion = 1;
      break;
    case 1:
      parts[message.token_at].pvBuffer = nullptr;
      break;
    case 2:
      parts[message.token_at].BufferType = SECBUFFER_EMPTY;
      break;
    default:
      parts[message.token_at].cbBuffer = how / 16;  // less than a signature
  }
  ULONG qop = 0;
  const bool sends = (how & 4) != 0;
  const SECURITY_STATUS status = sends            ? MakeSignature(context, 0, description, 0)
                                 : (how & 8) != 0 ? DecryptMessage(context, description, 0, &qop)
                                                  : VerifySignature(context, description, 0, &qop);
  FUZZ_STATUS(status, SEC_E_INVALID_TOKEN, SEC_E_MESSAGE_ALTERED, SEC_E_BUFFER_TOO_SMALL,
              SEC_E_UNSUPPORTED_FUNCTION);
  if (status == SEC_E_BUFFER_TOO_SMALL) FUZZ_CHECK(sends && parts[message.token_at].cbBuffer == kSignature);
  (void)token;
}

// false: there is no more to be exchanged.
bool Exchange(Input* input, Established* pair, bool from_client) {
  CtxtHandle* const sender = from_client ? pair->client.context() : pair->server.context();
  CtxtHandle* const receiver = from_client ? pair->server.context() : pair->client.context();
  const Message message = Draw(input);
  Parts parts;
  for (const auto& [type, octets] : message.parts) parts.Add(type, octets);
  const SECURITY_STATUS status = Send(sender, message, &parts);
  const bool known = message.sealed ? message.qop != 5 : message.qop == 0;
  const bool needs_seal = message.sealed && message.qop == 0;
  const bool may = !message.sealed || (needs_seal ? pair->seals() : pair->signs());
  if (!known) {
    FUZZ_CHECK(status == SEC_E_QOP_NOT_SUPPORTED);
  } else {
    FUZZ_CHECK(status == (may ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION));
  }
  std::vector<Octets> sent = parts.All();
  if (status != SEC_E_OK) {  // nothing happened to it
    for (size_t i = 0; i < sent.size(); ++i) FUZZ_CHECK(sent[i] == message.parts[i].second);
    return true;
  }
  // Padding is none; what is not data is as it was; so is what is to be read only.
  for (size_t i = 0; i < sent.size(); ++i) {
    const ULONG type = message.parts[i].first;
    if (type == SECBUFFER_PADDING || type == SECBUFFER_TOKEN || type == SECBUFFER_DATA) continue;
    FUZZ_CHECK(sent[i] == message.parts[i].second);
  }
  Message received = message;
  for (size_t i = 0; i < sent.size(); ++i) {
    if (message.parts[i].first == SECBUFFER_PADDING) received.parts[i].second = sent[i];
  }
  return Deliver(input, *pair, receiver, received, sent);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Case one;
  Input input(data, size);
  Established pair(&input);
  for (unsigned messages = 0; messages < 24 && !input.empty(); ++messages) {
    const unsigned who = input.U8();
    if (who % 8 == 7) {
      Malform(&input, (who & 8) != 0 ? pair.client.context() : pair.server.context());
    } else if (!Exchange(&input, &pair, (who & 8) != 0)) {
      break;
    }
  }
  return 0;
}

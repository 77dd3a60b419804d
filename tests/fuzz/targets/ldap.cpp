// SPDX-License-Identifier: Apache-2.0
// LDAP: BER, filters, what a directory says, and the client, with every protection, against a directory that
// says what the input has. It knows the account, so that binds succeed and messages go through the layer.
#include "boards/ldap/client.h"
#include "boards/ldap/filter.h"
#include "boards/ldap/ldif.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/sides.h"
#include "tests/fuzz/support/sockets.h"

#include <optional>
#include <string>

namespace {

using fuzz::Buffer;
using fuzz::Input;
using ldap::Text;
using OctetString = fuzz::Octets;

ldap::Octets View(const Buffer& octets) {
  return {octets.data(), octets.size()};
}
bool IsInside(ldap::Octets part, const Buffer& whole) {
  return fuzz::IsInside({part.data, part.size}, whole.bytes());
}
bool IsInside(Text part, const Buffer& whole) {
  return IsInside(ldap::OctetsOf(part), whole);
}

// ---- BER. ----
void TryBer(Input* input) {
  const Buffer octets(input->Rest());
  size_t size = 0;
  const ldap::Extent extent = ldap::ElementExtent(View(octets), &size);
  ldap::BerReader reader(View(octets));
  ldap::BerReader numbers(View(octets));
  uint8_t tag = 0;
  ldap::Octets content;
  const bool first = reader.Next(&tag, &content);
  FUZZ_CHECK(first == (extent == ldap::Extent::kKnown && size <= octets.size()));
  if (first) {
    FUZZ_CHECK(content.data + content.size == octets.data() + size || content.empty());
    // In its shortest form it is what we write.
    const Buffer room(content.size + 8);
    ldap::BerWriter writer(room.data(), room.size());
    writer.Put(tag, content);
    FUZZ_CHECK(writer.ok() && writer.written().size <= size);
  }
  for (size_t i = 0; reader.Next(&tag, &content); ++i)
    FUZZ_CHECK(IsInside(content, octets) && i < octets.size());
  FUZZ_CHECK(numbers.TakeNumber(ldap::kInteger) <= 0x7FFFFFFF);
  FUZZ_CHECK(numbers.ok() || numbers.TakeNumber(ldap::kEnumerated) == 0);
}

// ---- What a directory says. ----
size_t printed;
void Print(Text piece) {
  for (size_t i = 0; i < piece.size; ++i)
    FUZZ_CHECK(piece[i] == '\n' || (piece[i] >= ' ' && piece[i] <= '~'));
  printed += piece.size;
}

void ReadEntry(const ldap::Entry& entry) {
  ldap::PutEntry(entry, Print);
}

void TryMessage(Input* input) {
  const Buffer octets(input->Rest());
  ldap::Message message;
  if (!ReadMessage(View(octets), &message)) return;
  FUZZ_CHECK(IsInside(message.content, octets) && message.id <= 0x7FFFFFFF);
  ldap::Result result;
  if (ReadResult(message, &result)) {
    FUZZ_CHECK(IsInside(result.matched_dn, octets) && IsInside(result.diagnostic, octets));
    FUZZ_CHECK(IsInside(result.token, octets) && IsInside(result.name, octets));
    FUZZ_CHECK(result.has_token || result.token.empty());
    (void)ldap::ResultName(result.code);
  }
  ldap::Entry entry;
  if (entry.Read(message)) {
    FUZZ_CHECK(IsInside(entry.dn(), octets));
    ReadEntry(entry);
  }
  ldap::BerReader urls({});
  ldap::Octets url;
  if (ReadReference(message, &urls)) {
    while (urls.TakeIf(ldap::kOctetString, &url)) FUZZ_CHECK(IsInside(url, octets));
    FUZZ_CHECK(urls.done());
  }
}

// ---- Filters. ----
// What is written is BER, as deep as it may be. Not recursive: levels are kept here.
void CheckFilter(ldap::Octets filter) {
  ldap::Octets levels[64] = {filter};
  size_t depth = 1;
  while (depth != 0) {
    ldap::BerReader reader(levels[--depth]);
    uint8_t tag = 0;
    ldap::Octets content;
    while (reader.Next(&tag, &content)) {
      constexpr uint8_t kConstructed = 0x20;
      FUZZ_CHECK(depth + 1 < std::size(levels));
      if ((tag & kConstructed) != 0 && depth < 60) levels[depth++] = content;
    }
    FUZZ_CHECK(reader.done());
  }
}

void TryFilter(Input* input) {
  const size_t room = input->U16() % 1024;
  const Buffer text(input->Rest());
  const Buffer out(room);
  ldap::BerWriter writer(out.data(), out.size());
  const bool known = ldap::PutFilter(&writer, {reinterpret_cast<const char*>(text.data()), text.size()});
  FUZZ_CHECK(writer.written().size <= room);
  if (known && writer.ok()) {
    size_t size = 0;
    FUZZ_CHECK(ldap::ElementExtent(writer.written(), &size) == ldap::Extent::kKnown);
    FUZZ_CHECK(size == writer.written().size);
    CheckFilter(writer.written());
  }
  // A value that was escaped is a value.
  std::string filter(text.size() * 3 + 16, 0);
  http::TextWriter escaped(filter.data(), filter.size());
  escaped.Put("(a=");
  ldap::PutFilterValue(&escaped, {reinterpret_cast<const char*>(text.data()), text.size()});
  escaped.Put(")");
  FUZZ_CHECK(escaped.ok());
  const Buffer plenty(text.size() + 64);
  ldap::BerWriter value(plenty.data(), plenty.size());
  FUZZ_CHECK(ldap::PutFilter(&value, escaped.text()) && value.ok());
  const ldap::Octets written = value.written();
  FUZZ_CHECK(written.size >= text.size());
  FUZZ_CHECK(text.size() == 0 ||
             memcmp(written.data + written.size - text.size(), text.data(), text.size()) == 0);
}

// ---- The client and its directory. ----
class Directory {
 public:
  Directory(Input* input, unsigned choice) : input_(input), by_the_book_((choice & 1) == 0) {}

  void Hear(const OctetString& octets) { heard_.insert(heard_.end(), octets.begin(), octets.end()); }

  // The client is about to ask.
  void Expect() {
    ++last_id_;
    heard_.clear();
  }

  // Somebody waits for what it says next.
  bool Speak(int socket) {
    if (by_the_book_ && !bound_ && AnswerBind(socket)) return true;
    if (input_->empty()) {
      fuzz::sockets::End(socket);
      return true;
    }
    const unsigned what = input_->U8();
    OctetString said = input_->Counted();
    if ((what & 1) == 0) said = MessageOf(what, said);
    if (layered_ && (what & 2) == 0) said = Wrap(said, what);
    if ((what & 12) == 12 && !said.empty())
      said[input_->U16() % said.size()] ^= static_cast<uint8_t>(1 + input_->U8());
    fuzz::sockets::Say(socket, said);
    return true;
  }

 private:
  // A message around the operation that these octets are, with the id that is waited for, or another.
  OctetString MessageOf(unsigned what, const OctetString& operation) {
    OctetString room(operation.size() + 16);
    ldap::BerWriter writer(room.data(), room.size());
    const size_t mark = writer.Begin(ldap::kSequence);
    writer.PutNumber(ldap::kInteger, (what & 16) != 0 ? what : last_id_);
    for (const uint8_t octet : operation) writer.PutOctet(octet);
    writer.End(mark);
    room.resize(writer.ok() ? writer.written().size : 0);
    return room;
  }

  OctetString Wrap(OctetString message, unsigned what) {
    OctetString whole(ldap::Login::kLayer);
    const size_t size = ldap::Login::kSignature + message.size();
    for (size_t i = 0; i < 4; ++i) whole[i] = static_cast<uint8_t>(size >> (8 * (3 - i)));
    SecBuffer parts[] = {{ldap::Login::kSignature, SECBUFFER_TOKEN, whole.data() + ldap::Login::kSizeOctets},
                         {static_cast<ULONG>(message.size()), SECBUFFER_DATA, message.data()}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, parts};
    const ULONG qop = (what & 32) != 0 ? SECQOP_WRAP_NO_ENCRYPT : BARESSPI_SECQOP_WRAP_ENCRYPT;
    if (EncryptMessage(side_->context(), qop, &list, 0) != SEC_E_OK) return message;
    whole.insert(whole.end(), message.begin(), message.end());
    return whole;
  }

  // The client's bind, answered as a directory does. False: there is none.
  bool AnswerBind(int socket) {
    ldap::Message message;
    size_t size = 0;
    if (ldap::ElementExtent({heard_.data(), heard_.size()}, &size) != ldap::Extent::kKnown ||
        size > heard_.size())
      return false;
    const Buffer whole(heard_.data(), size);
    heard_.erase(heard_.begin(), heard_.begin() + static_cast<ptrdiff_t>(size));
    FUZZ_CHECK(ReadMessage(View(whole), &message));
    last_id_ = message.id;
    if (message.operation != ldap::kBindRequest) return false;
    constexpr uint8_t kSasl = 0xA3;
    ldap::BerReader reader(message.content);
    (void)reader.TakeNumber(ldap::kInteger);
    (void)reader.Take(ldap::kOctetString);
    ldap::BerReader choice(reader.Take(kSasl));
    (void)choice.Take(ldap::kOctetString);
    const ldap::Octets token = choice.Take(ldap::kOctetString);
    if (!side_.has_value()) side_.emplace("Negotiate", SECPKG_CRED_INBOUND, &device_, false);
    const fuzz::Result result = side_->Step(OctetString(token.data, token.data + token.size), {});
    OctetString room(result.token.size() + 64);
    ldap::BerWriter writer(room.data(), room.size());
    const size_t outer = writer.Begin(ldap::kBindResponse);
    constexpr uint32_t kInvalidCredentials = 49;
    writer.PutNumber(ldap::kEnumerated, result.done()      ? ldap::kSuccess
                                        : result.goes_on() ? ldap::kSaslBindInProgress
                                                           : kInvalidCredentials);
    writer.Put(ldap::kOctetString, Text(""));
    writer.Put(ldap::kOctetString, Text(""));
    if (!result.token.empty()) writer.Put(0x87, ldap::Octets{result.token.data(), result.token.size()});
    writer.End(outer);
    room.resize(writer.written().size);
    fuzz::sockets::Say(socket, MessageOf(0, room));
    layered_ = result.done() && (result.attributes & (ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY)) != 0;
    bound_ = bound_ || result.done();
    return true;
  }

  Input* input_;
  const bool by_the_book_;  // until the login is done
  BARESSPI_DEVICE device_ = fuzz::Device();
  std::optional<fuzz::Side> side_;
  OctetString heard_;
  uint32_t last_id_ = 1;
  bool layered_ = false;
  bool bound_ = false;
};

void TryClient(Input* input) {
  static ldap::Client client;
  const unsigned choice = input->U8();
  Directory directory(input, choice);
  fuzz::sockets::Peer peer;
  peer.piece = (choice & 16) == 0 ? SIZE_MAX : 1 + input->U8() % 32;
  peer.hears = [&](int, const OctetString& octets) { directory.Hear(octets); };
  peer.is_awaited = [&](int socket) { return directory.Speak(socket); };
  fuzz::sockets::Begin(peer);
  ldap::Settings settings;
  settings.host = "dc.example.test";
  settings.port = 389;
  settings.account = {fuzz::kUser, fuzz::kDomain, fuzz::kPassword};
  settings.protection = static_cast<ldap::Protection>((choice >> 1) % 3);
  settings.timeout = 5000;
  ldap::Finder finder;
  finder.on_entry = [](void*, const ldap::Entry& entry) { ReadEntry(entry); };
  finder.on_reference = [](void*, Text url) { FUZZ_CHECK(url.size <= BARESSPI_LDAP_IN); };
  FUZZ_CHECK(client.Open(&settings) == ldap::Outcome::kDone);
  const ldap::Outcome bound = client.Bind();
  FUZZ_CHECK((choice & 1) != 0 || bound == ldap::Outcome::kDone);
  if (bound == ldap::Outcome::kDone) FUZZ_CHECK(client.login()->protection() == settings.protection);
  for (unsigned i = 0; i < 3; ++i) {
    directory.Expect();
    const ldap::Outcome found = client.Search({}, finder);
    if (found != ldap::Outcome::kDone && found != ldap::Outcome::kRefused) {
      FUZZ_CHECK(client.Search({}, finder) == ldap::Outcome::kLost);
      break;
    }
  }
  client.Close();
  FUZZ_CHECK(fuzz::sockets::Open() == 0);
}

constexpr void (*kTries[])(Input*) = {TryBer, TryMessage, TryFilter, TryClient};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Case one;
  Input input(data, size);
  kTries[input.U8() % std::size(kTries)](&input);
  return 0;
}

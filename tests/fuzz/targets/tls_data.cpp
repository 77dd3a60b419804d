// SPDX-License-Identifier: Apache-2.0
// An established connection of ours with ours: a script of messages, of records that are altered on the way,
// of control tokens, and of buffers in any layout. The model beside it knows who may still send and receive.
#include "core/schannel/context.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/port.h"
#include "tests/fuzz/support/tls_edits.h"
#include "tests/fuzz/support/tls_party.h"

namespace {

using fuzz::Buffer;
using fuzz::Input;
using fuzz::Octets;
using fuzz::tls::Answer;
using fuzz::tls::Opened;
using fuzz::tls::Party;

// One direction: what went in, and what is on its way.
struct Way {
  Octets sealed;         // records on their way
  Octets texts;          // what they hold
  unsigned empty = 0;    // records without text, one behind another
  bool altered = false;  // or otherwise a reason to refuse it
};

class Conversation {
 public:
  // tickets: what the server has sent behind the handshake.
  Conversation(Party* client, Party* server, const Octets& tickets, Input* script)
      : sides_{client, server}, script_(script) {
    ways_[1].sealed = tickets;
  }

  void Run() {
    for (unsigned steps = 0; steps < 64 && !script_->empty(); ++steps) {
      const unsigned who = script_->U8() & 1;
      switch (script_->U8() % 6) {
        case 0:
        case 1:
          Seal(who);
          break;
        case 2:
        case 3:
          Deliver(who);
          break;
        case 4:
          Control(who);
          break;
        case 5:
          sides_[who]->QueryAll();
          break;
      }
    }
  }

 private:
  // EncryptMessage, with its buffers in any order and of any size.
  void Seal(unsigned who) {
    SecPkgContext_StreamSizes sizes = {};
    const SECURITY_STATUS asked =
        QueryContextAttributesA(sides_[who]->context(), SECPKG_ATTR_STREAM_SIZES, &sizes);
    if (broken_[who] < 0) FUZZ_CHECK(asked == broken_[who]);
    const unsigned layout = script_->U8();
    size_t text_size = script_->U16() % 64;
    if (asked == SEC_E_OK && (layout & 1) != 0) text_size = sizes.cbMaximumMessage + script_->U8() % 3 - 1;
    const int head = (layout & 2) != 0 ? static_cast<int8_t>(script_->U8()) : 0;
    const int tail = (layout & 4) != 0 ? static_cast<int8_t>(script_->U8()) : 0;
    const size_t header_size = static_cast<size_t>(std::max(0, static_cast<int>(sizes.cbHeader) + head));
    const size_t trailer_size = static_cast<size_t>(std::max(0, static_cast<int>(sizes.cbTrailer) + tail));
    const Buffer header(header_size);
    Octets text(text_size);
    for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<uint8_t>(i * 7 + text_size);
    const Buffer data(text);
    const Buffer trailer(trailer_size);
    SecBuffer buffers[4] = {{static_cast<ULONG>(header_size), SECBUFFER_STREAM_HEADER, header.data()},
                            {static_cast<ULONG>(text_size), SECBUFFER_DATA, data.data()},
                            {static_cast<ULONG>(trailer_size), SECBUFFER_STREAM_TRAILER, trailer.data()},
                            {0, SECBUFFER_EMPTY, nullptr}};
    std::swap(buffers[0], buffers[(layout >> 3) % 4]);
    if ((layout & 32) != 0) buffers[layout >> 6].BufferType = script_->U8();
    SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
    const SECURITY_STATUS status = EncryptMessage(sides_[who]->context(), 0, &message, 0);
    if (broken_[who] < 0) return FUZZ_CHECK(status == broken_[who]);
    FUZZ_STATUS(status, SEC_E_OK, SEC_E_INVALID_TOKEN, SEC_E_BUFFER_TOO_SMALL, SEC_E_CONTEXT_EXPIRED,
                SEC_E_OUT_OF_SEQUENCE);
    FUZZ_CHECK(!closed_[who] || status != SEC_E_OK);
    if (status != SEC_E_OK) return FUZZ_CHECK(data.First(text_size) == text);
    Way& way = ways_[who];
    for (const ULONG type : {SECBUFFER_STREAM_HEADER, SECBUFFER_DATA, SECBUFFER_STREAM_TRAILER}) {
      for (const SecBuffer& buffer : buffers) {
        if (buffer.BufferType != type) continue;
        const auto* octets = static_cast<const uint8_t*>(buffer.pvBuffer);
        way.sealed.insert(way.sealed.end(), octets, octets + buffer.cbBuffer);
        if (type == SECBUFFER_DATA) text.resize(buffer.cbBuffer);  // it may be another, empty one
        break;
      }
    }
    FUZZ_CHECK(text.size() <= sizes.cbMaximumMessage);
    way.texts.insert(way.texts.end(), text.begin(), text.end());
    // Of those mbed TLS takes three, since whoever receives them does not get on.
    way.empty = text.empty() ? way.empty + 1 : 0;
    way.altered = way.altered || way.empty > 3;
  }

  // What is on its way to a side arrives, edited if the script says so.
  void Deliver(unsigned to) {
    Way& way = ways_[1 - to];
    const Octets edited = fuzz::tls::Edited(way.sealed, ways_[to].sealed, script_);
    way.altered = way.altered || edited != way.sealed;
    way.sealed = edited;
    while (!way.sealed.empty()) {
      const Opened opened = sides_[to]->Open(way.sealed);
      if (broken_[to] < 0) {
        FUZZ_CHECK(opened.status == broken_[to]);
        way.sealed.clear();
        return;
      }
      FUZZ_STATUS(opened.status, SEC_E_OK, SEC_I_RENEGOTIATE, SEC_I_CONTEXT_EXPIRED, SEC_E_INCOMPLETE_MESSAGE,
                  SEC_E_ILLEGAL_MESSAGE, SEC_E_MESSAGE_ALTERED, SEC_E_INTERNAL_ERROR, SEC_E_DECRYPT_FAILURE);
      if (opened.status == SEC_E_INCOMPLETE_MESSAGE) return FUZZ_CHECK(way.altered);
      if (opened.status < 0) {
        FUZZ_CHECK(way.altered);
        broken_[to] = opened.status;
        sides_[to]->CheckLatched(opened.status, way.sealed);
        way.sealed.clear();
        return;
      }
      Take(to, &way, opened);
      if (opened.status == SEC_I_CONTEXT_EXPIRED) return;
    }
  }

  // A record was read: only what was sent comes, in its order, and at most once.
  void Take(unsigned to, Way* way, const Opened& opened) {
    FUZZ_CHECK(opened.text.size() <= way->texts.size());
    FUZZ_CHECK(std::equal(opened.text.begin(), opened.text.end(), way->texts.begin()));
    way->texts.erase(way->texts.begin(), way->texts.begin() + static_cast<ptrdiff_t>(opened.text.size()));
    FUZZ_CHECK(opened.extra.size() <= way->sealed.size());
    if (opened.status != SEC_I_RENEGOTIATE) {
      FUZZ_CHECK(opened.extra.size() < way->sealed.size());
      way->sealed = opened.extra;
      if (opened.status == SEC_I_CONTEXT_EXPIRED) way->sealed.clear();
      return;
    }
    const Answer answer = sides_[to]->Step(opened.extra);
    FUZZ_STATUS(answer.status, SEC_E_OK);
    Send(to, answer.output);
    way->sealed.assign(opened.extra.end() - static_cast<ptrdiff_t>(answer.extra), opened.extra.end());
  }

  void Send(unsigned who, const Octets& records) {
    Octets& sealed = ways_[who].sealed;
    sealed.insert(sealed.end(), records.begin(), records.end());
  }

  // A control token, right or not, and the call that makes what is to be sent of it.
  void Control(unsigned who) {
    Octets token = {static_cast<uint8_t>(script_->U8() % 5), 0, 0, 0};
    for (unsigned words = script_->U8() % 3; words != 0; --words) {
      token.push_back(script_->U8());
      token.insert(token.end(), 3, 0);
    }
    token.resize(token.size() - (script_->U8() == 1 ? 1 : 0));
    const SECURITY_STATUS status = sides_[who]->Control(token);
    if (broken_[who] < 0) return FUZZ_CHECK(status == broken_[who]);
    FUZZ_STATUS(status, SEC_E_OK, SEC_E_INVALID_TOKEN, SEC_E_UNSUPPORTED_FUNCTION);
    // An alert of the application's, whenever it is said, may be the end for who gets it.
    if (status == SEC_E_OK && token[0] == SCHANNEL_ALERT) ways_[who].altered = true;
    if (status != SEC_E_OK || script_->U8() == 1) return;
    const Answer answer = sides_[who]->Step({}, fuzz::tls::LayoutOf(script_->U8() & 20));
    FUZZ_STATUS(answer.status, SEC_E_OK, SEC_E_INVALID_TOKEN, SEC_E_CONTEXT_EXPIRED);
    if (answer.status != SEC_E_OK) return;
    Send(who, answer.output);
    closed_[who] = closed_[who] || token[0] == SCHANNEL_SHUTDOWN ||
                   (token.size() == 12 && token[4] == TLS1_ALERT_FATAL) ||
                   (token.size() == 12 && token[8] == TLS1_ALERT_CLOSE_NOTIFY);
  }

  Party* sides_[2];
  Input* script_;
  Way ways_[2];  // from the client, from the server
  bool closed_[2] = {};
  SECURITY_STATUS broken_[2] = {};
};

// All that a context is: its slot and its arena. An established one is brought back to what it was by
// writing them back, since nothing of it is anywhere else; a handshake for each input would cost a thousand
// times that.
class Snapshot {
 public:
  explicit Snapshot(Party* side) : context_(baresspi::FindContext(side->context())) {
    FUZZ_CHECK(context_ != nullptr);
    slot_ = OctetsOf(Slot());
    arena_ = OctetsOf(Arena());
  }
  void Restore() const {
    memcpy(Slot().data(), slot_.data(), slot_.size());
    memcpy(Arena().data(), arena_.data(), arena_.size());
  }

 private:
  using Context = baresspi::schannel::SchannelContext;
  static Octets OctetsOf(const baresspi::MutableBytes& memory) {
    return Octets(memory.begin(), memory.end());
  }
  baresspi::MutableBytes Slot() const { return {reinterpret_cast<uint8_t*>(context_), sizeof(Context)}; }
  baresspi::MutableBytes Arena() const { return ArenaMemory(*static_cast<Context*>(context_)); }

  baresspi::Context* context_;
  Octets slot_;
  Octets arena_;
};

fuzz::tls::Setup SetupOf(ULONG protocol, bool client) {
  fuzz::tls::Setup setup;
  setup.client = client;
  setup.protocols = protocol;
  return setup;
}

// Two sides whose handshake is done, and what came of the server behind it.
struct Established {
  explicit Established(ULONG protocol) : client(SetupOf(protocol, true)), server(SetupOf(protocol, false)) {
    bool done[2] = {};
    for (bool is_client = true; !done[0] || !done[1]; is_client = !is_client) {
      const Answer answer = (is_client ? client : server).Step(tickets);
      FUZZ_STATUS(answer.status, SEC_E_OK, SEC_I_CONTINUE_NEEDED);
      tickets = answer.output;
      done[is_client ? 0 : 1] = answer.status == SEC_E_OK;
    }
  }
  Party client;
  Party server;
  Octets tickets;
};

struct Kept : Established {
  using Established::Established;
  const Snapshot of_client{&client};
  const Snapshot of_server{&server};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const uint64_t kSeed = 1;
  fuzz::port::Reset();
  static Kept tls12(SP_PROT_TLS1_2);
  static Kept tls13(SP_PROT_TLS1_3);
  fuzz::port::Reset();
  fuzz::port::SeedRandom(kSeed);
  Input script(data, size);
  Kept& pair = (script.U8() & 1) != 0 ? tls13 : tls12;
  Conversation(&pair.client, &pair.server, pair.tickets, &script).Run();
  FUZZ_CHECK(fuzz::port::IsAtRest());
  pair.of_client.Restore();
  pair.of_server.Restore();
  return 0;
}

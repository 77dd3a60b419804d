// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/tls_recording.h"

#include <memory>

#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/port.h"
#include "tests/fuzz/support/tls_edits.h"

namespace fuzz::tls {
namespace {

constexpr ULONG k12 = SP_PROT_TLS1_2;
constexpr ULONG k13 = SP_PROT_TLS1_3;

Scenario Plain(ULONG protocols, bool rsa = false) {
  Scenario scenario;
  scenario.client.client = true;
  scenario.client.protocols = scenario.server.protocols = protocols;
  scenario.client.rsa = scenario.server.rsa = rsa;
  return scenario;
}
Scenario Mutual(ULONG protocols, bool rsa = false) {
  Scenario scenario = Plain(protocols, rsa);
  scenario.client.shows = true;
  scenario.server.asks = true;
  return scenario;
}
// The client says no to SEC_I_INCOMPLETE_CREDENTIALS, or shows nothing.
Scenario Without(ULONG protocols) {
  Scenario scenario = Plain(protocols);
  scenario.server.asks = true;
  scenario.server.flags = BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL;
  return scenario;
}
Scenario Alpn(ULONG protocols) {
  Scenario scenario = Plain(protocols);
  scenario.client.speaks_alpn = scenario.server.speaks_alpn = true;
  return scenario;
}
Scenario Resumed(ULONG protocols) {
  Scenario scenario = Plain(protocols);
  scenario.resumes = true;
  return scenario;
}
// The application looks at the certificates itself, and the client has an address for a name.
Scenario Manual(ULONG protocols) {
  Scenario scenario = Mutual(protocols);
  scenario.client.flags = scenario.server.flags = SCH_CRED_MANUAL_CRED_VALIDATION;
  scenario.client.target = "127.0.0.1";
  return scenario;
}

const std::vector<Scenario>& Scenarios() {
  static const std::vector<Scenario> kScenarios = {
      Plain(k12), Plain(k13),   Mutual(k12),  Mutual(k13), Without(k12), Without(k13),     Alpn(k12),
      Alpn(0),    Resumed(k12), Resumed(k13), Manual(k12), Manual(k13),  Plain(k12, true), Mutual(k13, true),
  };
  return kScenarios;
}

constexpr Layout kSupplied = {.supplied = true};

constexpr uint8_t kHandshake = 22;
constexpr uint8_t kApplicationData = 23;

// What of a flight both sides hash (RFC 5246 7.4.9, RFC 8446 4.4.1): its handshake messages, whichever
// records they are in; of encrypted records the octets.
Octets TranscriptOf(const Octets& flights) {
  Octets transcript;
  for (const Record& record : Split(flights)) {
    if (record.type != kHandshake && record.type != kApplicationData) continue;
    transcript.insert(transcript.end(), record.content.begin(), record.content.end());
  }
  return transcript;
}

// What both sides do, with the port's sequence begun anew in each turn.
class Recorder {
 public:
  explicit Recorder(Recording* recording)
      : recording_(recording), client_(recording->scenario.client), server_(recording->scenario.server) {}

  void Connect(unsigned connection) {
    Octets inbox;
    bool done[2] = {};
    for (bool client = true; !done[0] || !done[1]; client = !client) {
      FUZZ_CHECK(recording_->turns.size() < 20);
      inbox = Step(client, connection, false, inbox);
      done[client ? 0 : 1] = recording_->turns.back().status == SEC_E_OK;
    }
    while (!inbox.empty()) inbox = Step(true, connection, true, inbox);  // tickets
    client_.DeleteContext();
    server_.DeleteContext();
  }

 private:
  Octets Step(bool client, unsigned connection, bool established, const Octets& input) {
    Party& side = client ? client_ : server_;
    port::SeedRandom(recording_->turns.size() + 1);
    Octets token = input;
    if (established) {
      const Opened opened = side.Open(input);
      FUZZ_STATUS(opened.status, SEC_I_RENEGOTIATE);
      token = opened.extra;
    }
    Answer answer = side.Step(token);
    if (answer.status == SEC_I_INCOMPLETE_CREDENTIALS) answer = side.Step(token, kSupplied);
    FUZZ_STATUS(answer.status, SEC_E_OK, SEC_I_CONTINUE_NEEDED);
    recording_->turns.push_back({client, connection, established, input, answer.output, answer.status});
    if (established) return Octets(token.end() - static_cast<ptrdiff_t>(answer.extra), token.end());
    FUZZ_CHECK(answer.extra == 0);
    return answer.output;
  }

  Recording* recording_;
  Party client_;
  Party server_;
};

// One side of a recording, and the script of what it is told.
class Player {
 public:
  Player(const Recording& recording, const Recording& other, bool client, Input* script)
      : recording_(recording),
        other_(other),
        client_(client),
        script_(script),
        side_(SetupOf(recording.scenario, client, script->U8() % 4 != 3)) {}

  // Up to the turn that the script names all is as it was; from there on the script's flights come.
  void Play() {
    const unsigned edited = recording_.scenario.resumes ? 1 : 0;
    unsigned spared = script_->U8() % 4;
    unsigned connection = 0;
    bool goes_on = true;
    for (size_t i = 0; goes_on && i < recording_.turns.size(); ++i) {
      const Turn& turn = recording_.turns[i];
      if (turn.client != client_) continue;
      if (turn.connection != connection) {
        side_.DeleteContext();
        heard_ = recorded_ = {};
      }
      connection = turn.connection;
      if (!turn.established) recorded_.insert(recorded_.end(), turn.input.begin(), turn.input.end());
      const bool has_peer = !turn.input.empty();
      const bool edits = connection == edited && has_peer && (spared == 0 || --spared == 0);
      port::SeedRandom(i + 1);
      goes_on = edits ? Tell(turn, Edited(turn.input, FlightOf(other_, i), script_)) : Repeat(turn);
    }
    side_.QueryAll();
    side_.DeleteContext();
  }

 private:
  static Setup SetupOf(const Scenario& scenario, bool client, bool extended) {
    Setup setup = client ? scenario.client : scenario.server;
    setup.extended = extended;
    return setup;
  }
  static const Octets& FlightOf(const Recording& recording, size_t turn) {
    return recording.turns[turn % recording.turns.size()].input;
  }

  // What happened in the recording happens again, unless an earlier flight was another.
  bool Repeat(const Turn& turn) {
    if (changed_) return Tell(turn, turn.input);
    Answer answer;
    Octets input = turn.input;
    if (turn.established) {
      const Opened opened = side_.Open(input);
      FUZZ_STATUS(opened.status, SEC_I_RENEGOTIATE);
      input = opened.extra;
    }
    answer = side_.Step(input);
    if (answer.status == SEC_I_INCOMPLETE_CREDENTIALS) answer = side_.Step(input, kSupplied);
    FUZZ_CHECK(answer.status == turn.status && answer.output == turn.output);
    if (!turn.established) heard_.insert(heard_.end(), input.begin(), input.end());
    established_ = answer.status == SEC_E_OK;
    return true;
  }

  // The flight, in pieces if the script says so. False: there is nothing more to tell.
  bool Tell(const Turn& turn, const Octets& flight) {
    if (turn.established) return established_ && TellEstablished(flight);
    const Layout layout = LayoutOf(script_->U8());
    const size_t piece = script_->U8();  // 0: all at once
    const bool same = !changed_ && flight == turn.input && layout.empties != 0;
    changed_ = changed_ || !same;
    Octets output;
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    for (size_t at = 0; at < flight.size() && status != SEC_E_OK;) {
      const size_t size =
          piece == 0 || layout.empties == 0 ? flight.size() - at : std::min(piece * 8, flight.size() - at);
      inbox_.insert(inbox_.end(), flight.begin() + static_cast<ptrdiff_t>(at),
                    flight.begin() + static_cast<ptrdiff_t>(at + size));
      at += size;
      if (!Listen(layout, &status, &output)) return false;
    }
    if (same) FUZZ_CHECK(status == turn.status && output == turn.output);
    established_ = status == SEC_E_OK;
    // Nobody on the way can have changed what the sides have said, unless each of them knows.
    knows_used_ = knows_used_ && layout.empties != 0;
    if (established_ && knows_used_) FUZZ_CHECK(TranscriptOf(heard_) == TranscriptOf(recorded_));
    return true;
  }

  // Has the side take what has come. False: it is broken, or at its end.
  bool Listen(const Layout& layout, SECURITY_STATUS* status, Octets* output) {
    while (!inbox_.empty() && *status != SEC_E_OK) {
      Answer answer = side_.Step(inbox_, layout);
      if (answer.status == SEC_I_INCOMPLETE_CREDENTIALS) {
        side_.QueryAll();
        Layout supplied = layout;
        supplied.supplied = true;
        answer = side_.Step(inbox_, supplied);
        FUZZ_CHECK(answer.status != SEC_I_INCOMPLETE_CREDENTIALS);
      }
      if (answer.status == SEC_E_INCOMPLETE_MESSAGE) {
        FUZZ_CHECK(layout.empties == 0 || answer.missing != 0);
        return true;
      }
      FUZZ_CHECK(answer.status != SEC_E_BUFFER_TOO_SMALL);
      if (answer.status < 0) {
        side_.CheckLatched(answer.status, inbox_);
        return false;
      }
      *status = answer.status;
      output->insert(output->end(), answer.output.begin(), answer.output.end());
      if (layout.empties == 0) answer.extra = 0;
      const auto rest = inbox_.end() - static_cast<ptrdiff_t>(answer.extra);
      heard_.insert(heard_.end(), inbox_.begin(), rest);
      inbox_.erase(inbox_.begin(), rest);
    }
    return true;
  }

  // Behind the handshake: what DecryptMessage wants fed back goes back, whatever it says then.
  bool TellEstablished(const Octets& flight) {
    Octets rest = flight;
    changed_ = true;
    for (int i = 0; i < 64 && !rest.empty(); ++i) {
      const Opened opened = side_.Open(rest);
      FUZZ_STATUS(opened.status, SEC_E_OK, SEC_I_RENEGOTIATE, SEC_I_CONTEXT_EXPIRED, SEC_E_INCOMPLETE_MESSAGE,
                  SEC_E_ILLEGAL_MESSAGE, SEC_E_MESSAGE_ALTERED, SEC_E_INTERNAL_ERROR);
      if (opened.status == SEC_E_INCOMPLETE_MESSAGE || opened.status == SEC_I_CONTEXT_EXPIRED) return false;
      if (opened.status < 0) {
        side_.CheckLatched(opened.status, rest);
        return false;
      }
      rest = opened.extra;
      if (opened.status != SEC_I_RENEGOTIATE) continue;
      const Answer answer = side_.Step(rest, LayoutOf(script_->U8() & 4));
      FUZZ_STATUS(answer.status, SEC_E_OK);
      rest.erase(rest.begin(), rest.end() - static_cast<ptrdiff_t>(answer.extra));
    }
    return true;
  }

  const Recording& recording_;
  const Recording& other_;
  const bool client_;
  Input* script_;
  Party side_;
  Octets inbox_;            // came, and was not used yet
  Octets heard_;            // of this connection's handshake: what came and was used,
  Octets recorded_;         // and what did so when it was recorded
  bool knows_used_ = true;  // each call could say what it left
  bool changed_ = false;    // somewhere before, something was not as recorded
  bool established_ = false;
};

}  // namespace

size_t ScenarioCount() {
  return Scenarios().size();
}

const Recording& RecordingOf(size_t scenario) {
  static std::vector<std::unique_ptr<Recording>> recordings(ScenarioCount());
  std::unique_ptr<Recording>& recording = recordings[scenario];
  if (recording == nullptr) {
    const Case whole;
    recording = std::make_unique<Recording>();
    recording->scenario = Scenarios()[scenario];
    Recorder recorder(recording.get());
    for (unsigned i = 0; i <= (recording->scenario.resumes ? 1u : 0u); ++i) recorder.Connect(i);
  }
  return *recording;
}

void Play(bool client, const uint8_t* data, size_t size) {
  Input script(data, size);
  const Recording& recording = RecordingOf(script.U8() % ScenarioCount());
  const Recording& other = RecordingOf(script.U8() % ScenarioCount());
  const Case whole;
  Player(recording, other, client, &script).Play();
}

}  // namespace fuzz::tls

// SPDX-License-Identifier: Apache-2.0
// baresspi-token: BareSSPI as a program with tokens in and tokens out, the same on this machine and on a
// board, so that any peer can be joined to it by a pipe or a UART.
//
// Commands, one a line, each answered with one line. Octets are base64, "-" is none.
//   STEP tok            -> TOK tok CONTINUE | TOK tok DONE
//   WRAP 0|1 data       -> WRAPPED encrypted tok      (EncryptMessage: signature, then the text)
//   UNWRAP tok          -> PLAIN encrypted qop data
//   MIC data            -> MIC tok                    (MakeSignature)
//   VERIFY data tok     -> VALID qop
//   KEY                 -> KEY hex                    (SECPKG_ATTR_SESSION_KEY)
//   INFO                -> INFO src=.. dst=.. package=.. flags=0x.. ...
//   QUIT
// What fails is answered with ERR command NAME 0xstatus; STEP adds [tok tok], the token to send to the peer
// all the same.
#include "boards/common/console.h"
#include "boards/token/options.h"
#include "boards/token/session.h"
#include "boards/token/status_name.h"
#include "boards/token/text.h"

// The longest line, and the longest token that a handshake may make.
#ifndef BARESSPI_TOKEN_LINE
#define BARESSPI_TOKEN_LINE (1024 * 1024)
#endif
#ifndef BARESSPI_TOKEN_ROOM
#define BARESSPI_TOKEN_ROOM 4096
#endif

namespace token {
namespace {

constinit char line[BARESSPI_TOKEN_LINE];
constinit uint8_t token_room[BARESSPI_TOKEN_ROOM];
constinit Session session;
constinit Options options;

constexpr size_t kMaxWords = 3;
constexpr int kUsageStatus = 2;
constexpr int kNoCredentialStatus = 2;

void PutError(const char* command, SECURITY_STATUS status) {
  Put("ERR ");
  Put(command);
  Put(" ");
  Put(StatusName(status));
  Put(" ");
  PutHexNumber(static_cast<uint32_t>(status));
}

// Each command is handed its words and writes its answer, all but the line's end.
using Words = const char* const*;

void PutNotBase64() {
  Put("ERR not base64");
}

void Step(Words words) {
  Octets in;
  Octets out = {token_room, sizeof token_room};
  if (!DecodeBase64(words[1], &in)) return PutNotBase64();
  const SECURITY_STATUS status = session.Step(in, &out);
  if (!SEC_SUCCESS(status)) {
    PutError("step", status);
    // A buffer that was too small holds the size needed, not a token.
    if (status == SEC_E_BUFFER_TOO_SMALL) out.size = 0;
    Put(" [tok ");
    PutBase64(&out, 1);
    return Put("]");
  }
  Put("TOK ");
  PutBase64(&out, 1);
  Put(status == SEC_I_CONTINUE_NEEDED ? " CONTINUE" : " DONE");
}

void Wrap(Words words) {
  Octets data;
  uint8_t signature_room[Session::kSignatureRoom];
  Octets signature = {signature_room, sizeof signature_room};
  const bool encrypt = Equal(words[1], "1");
  if (!DecodeBase64(words[2], &data)) return PutNotBase64();
  const SECURITY_STATUS status = session.Wrap(encrypt, data, &signature);
  if (status != SEC_E_OK) return PutError("wrap", status);
  const Octets pieces[] = {signature, data};
  Put(encrypt ? "WRAPPED 1 " : "WRAPPED 0 ");
  PutBase64(pieces, 2);
}

void Unwrap(Words words) {
  Octets message;
  Octets text;
  bool encrypted = false;
  if (!DecodeBase64(words[1], &message)) return PutNotBase64();
  const SECURITY_STATUS status = session.Unwrap(message, &text, &encrypted);
  if (status != SEC_E_OK) return PutError("unwrap", status);
  Put(encrypted ? "PLAIN 1 0 " : "PLAIN 0 0 ");
  PutBase64(&text, 1);
}

void Mic(Words words) {
  Octets data;
  uint8_t signature_room[Session::kSignatureRoom];
  Octets signature = {signature_room, sizeof signature_room};
  if (!DecodeBase64(words[1], &data)) return PutNotBase64();
  const SECURITY_STATUS status = session.MakeMic(data, &signature);
  if (status != SEC_E_OK) return PutError("mic", status);
  Put("MIC ");
  PutBase64(&signature, 1);
}

void Verify(Words words) {
  Octets data;
  Octets signature;
  ULONG qop = 0;
  if (!DecodeBase64(words[1], &data) || !DecodeBase64(words[2], &signature)) return PutNotBase64();
  const SECURITY_STATUS status = session.VerifyMic(data, signature, &qop);
  if (status != SEC_E_OK) return PutError("verify", status);
  Put("VALID ");
  PutNumber(qop);
}

void Key(Words) {
  const SECURITY_STATUS status = session.PutKey();
  if (status != SEC_E_OK) PutError("key", status);
}

void Info(Words) {
  const SECURITY_STATUS status = session.PutInfo();
  if (status != SEC_E_OK) PutError("info", status);
}

struct Command {
  const char* name;
  void (*run)(Words words);
};
constexpr Command kCommands[] = {
    {"STEP", Step},     {"WRAP", Wrap}, {"UNWRAP", Unwrap}, {"MIC", Mic},
    {"VERIFY", Verify}, {"KEY", Key},   {"INFO", Info},
};

void Run(Words words) {
  for (const Command& command : kCommands) {
    if (Equal(words[0], command.name)) return command.run(words);
  }
  Put("ERR unknown command");
}

void Serve() {
  for (;;) {
    const LineStatus status = ReadLine(line, sizeof line);
    if (status == LineStatus::kEnd) return;
    if (status == LineStatus::kTooLong) {
      Put("ERR line too long");
    } else {
      const char* words[kMaxWords];
      SplitWords(line, words, kMaxWords);
      if (words[0][0] == 0) continue;
      if (Equal(words[0], "QUIT")) return;
      Run(words);
    }
    EndLine();
  }
}

}  // namespace
}  // namespace token

int main(int argc, char** argv) {
  using namespace token;
  if (!ParseOptions(argc, argv, &options)) {
    board::Complain(kUsage);
    return kUsageStatus;
  }
  const SECURITY_STATUS status = session.Begin(&options);
  if (status != SEC_E_OK) {
    PutError("credential", status);
    EndLine();
    return kNoCredentialStatus;
  }
  Serve();
  session.End();
  return 0;
}

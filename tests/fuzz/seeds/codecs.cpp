// SPDX-License-Identifier: Apache-2.0
// Seeds of the codecs' targets: text, spnego_tokens, ntlm_messages.
#include <string_view>

#include "core/base/byte_reader.h"
#include "core/ntlm/messages.h"
#include "tests/corpus/ntlm/real_logins.h"
#include "tests/corpus/spnego/real_logins.h"
#include "tests/fuzz/seeds/seeds.h"

namespace {

using seeds::Builder;
using seeds::Octets;

Octets Kind(unsigned kind, const uint8_t* data, size_t size) {
  return Builder().U8(kind).Put(data, size);
}

void WriteText() {
  constexpr std::string_view kTexts[] = {"EXAMPLE\\alice",
                                         "Μολών λαβέ",
                                         "\xF0\x9F\x94\x91 \xEF\xBF\xBF",
                                         "\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF",
                                         "cifs/files.example.test",
                                         "host1UWhRCAAAAA"};
  for (const std::string_view text : kTexts) {
    const auto* octets = reinterpret_cast<const uint8_t*>(text.data());
    seeds::Write("text", Kind(0, octets, text.size()));
    seeds::Write("text", Kind(6, octets, text.size()));
    Octets wide;
    for (const char c : text) wide.insert(wide.end(), {static_cast<uint8_t>(c), 0});
    seeds::Write("text", Builder().U8(1).U8(40).Put(wide));
    seeds::Write("text", Kind(2, wide.data(), wide.size()));
    // form; user, domain, password, package list, each behind its size; what is done with the credential.
    for (const unsigned form : {0U, 1U, 8U, 24U}) {
      const Octets& name = (form & 1) != 0 ? wide : Octets(octets, octets + text.size());
      Builder seed;
      seed.U8(3).U8(form);
      for (int i = 0; i < 3; ++i) seed.U8(static_cast<unsigned>(name.size())).Put(name);
      seed.U8(5).Put(reinterpret_cast<const uint8_t*>("!ntlm"), 5);
      for (const unsigned way : {0U, 1U, 2U, 6U}) seeds::Write("text", Builder(seed).U8(way).Put(wide));
    }
    const auto size = static_cast<unsigned>(wide.size());
    seeds::Write("text", Builder().U8(5).U8(0).U8(size).Put(wide));
    seeds::Write("text", Builder().U8(5).U8(size).Put(wide).U8(size).Put(wide));
  }
  for (const std::string_view name :
       {"NTLM", "negotiate", "Schannel", "Microsoft Unified Security Protocol Provider"})
    seeds::Write("text", Kind(4, reinterpret_cast<const uint8_t*>(name.data()), name.size()));
}

void WriteTokens() {
  seeds::Write("spnego_tokens", Builder().U8(1).U8(0x30).U32(0x7F));
  seeds::Write("spnego_tokens", Builder().U8(1).U8(0x30).U32(0x1234));
  for (const real_spnego_logins::Login& login : real_spnego_logins::kLogins) {
    seeds::Write("spnego_tokens", Kind(2, login.hint.data, login.hint.size));
    for (const real_spnego_logins::Token& leg : login.legs) {
      if (leg.size == 0) break;
      seeds::Write("spnego_tokens", Kind(2, leg.data, leg.size));
      seeds::Write("spnego_tokens", Kind(0, leg.data, leg.size));
    }
  }
}

void WriteMessages() {
  for (const real_logins::Login& login : real_logins::kLogins) {
    seeds::Write("ntlm_messages", Kind(1, login.negotiate.data, login.negotiate.size));
    seeds::Write("ntlm_messages", Kind(2, login.challenge.data, login.challenge.size));
    seeds::Write("ntlm_messages", Kind(3, login.authenticate.data, login.authenticate.size));
    baresspi::ntlm::ChallengeMessage challenge = {};
    if (!ParseChallenge({login.challenge.data, login.challenge.size}, &challenge)) continue;
    seeds::Write("ntlm_messages", Kind(0, challenge.target_info.data(), challenge.target_info.size()));
  }
  seeds::Write("ntlm_messages",
               Builder().U8(4).U16(1).U16(3).Put(reinterpret_cast<const uint8_t*>("DEV12345678"), 11));
}

const seeds::Source text(WriteText);
const seeds::Source tokens(WriteTokens);
const seeds::Source messages(WriteMessages);

}  // namespace

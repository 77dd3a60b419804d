// SPDX-License-Identifier: Apache-2.0
// Seeds of the targets that drive both halves of NTLM and Negotiate: exchanges without edits, with each kind
// of edit once, and with tokens of real peers in the place of one.
#include "tests/corpus/ntlm/real_logins.h"
#include "tests/corpus/spnego/real_logins.h"
#include "tests/fuzz/seeds/seeds.h"

namespace {

using seeds::Builder;
using seeds::Octets;

// The first octet of ntlm_client's and ntlm_server's: what is asked for (3 bits), then these.
constexpr unsigned kRawToken = 64;
constexpr unsigned kTight = 128;
constexpr unsigned kPolicies[] = {0, 1, 2, 4, 8, 32, 63};

void WriteClient() {
  for (unsigned request = 0; request < 8; ++request) {
    for (const unsigned more : {0U, 8U, 16U, 24U, 32U, 40U, kTight | 40U}) {
      const unsigned first = request | more;
      Builder seed;
      seed.U8(first).U8(kPolicies[request % 7]);
      if ((first & 32) != 0) seed.U32(0x64636261);                               // the bindings' data
      seeds::Write("ntlm_client", Builder(seed).U8(0));                          // no edits
      seeds::Write("ntlm_client", Builder(seed).U8(1).U8(29));                   // a flag
      seeds::Write("ntlm_client", Builder(seed).U8(4).U8(2).U8(request).U8(0));  // a pair less
      seeds::Write("ntlm_client", Builder(seed).U8(4).U8(3).U8(request).U8(0));  // one twice
      seeds::Write("ntlm_client", Builder(seed).U8(4).U8(1).U8(0).U8(6).U8(2).U32(2).U8(0));  // one more
      seeds::Write("ntlm_client", Builder(seed).U8(24).U8(4).U32(0x420041).U8(1).U16(20).U8(7).U8(0));
    }
  }
  for (const real_logins::Login& login : real_logins::kLogins) {
    const Octets challenge(login.challenge.data, login.challenge.data + login.challenge.size);
    for (unsigned request = 0; request < 4; ++request)
      seeds::Write("ntlm_client", Builder().U8(kRawToken | request).U8(0).Put(challenge));
  }
}

void WriteServer() {
  for (unsigned request = 0; request < 8; ++request) {
    for (const unsigned more : {0U, 8U, kTight}) {
      for (const unsigned policy : kPolicies) {
        Builder seed;
        seed.U8(request | more).U8(policy);
        if (more == 8) seed.U32(0x64636261);
        if (request != 3) seed.U32(0).U8(0);  // NEGOTIATE as it is; in datagram mode there is none
        // How the last message is made, and who sends it; then the edits that the bits of how ask for.
        for (const unsigned who : {0U, 1U, 2U, 4U, 5U, 6U, 7U, 8U, 16U, 32U, 64U, 96U})
          seeds::Write("ntlm_server", Builder(seed).U8(0).U8(who));
        if (policy != 0) continue;
        seeds::Write("ntlm_server", Builder(seed).U8(128).U8(0));                // nobody
        seeds::Write("ntlm_server", Builder(seed).U8(1).U8(0).U32(0x40000000));  // a flag
        seeds::Write("ntlm_server", Builder(seed).U8(2).U8(0).U8(2).U8(5).U8(0));
        seeds::Write("ntlm_server", Builder(seed).U8(2).U8(0).U8(3).U8(1).U8(0));
        seeds::Write("ntlm_server", Builder(seed).U8(16).U8(0).U8(1).U16(16).U8(9).U8(0));
        seeds::Write("ntlm_server", Builder(seed).U8(32).U8(0));  // without a MIC
        seeds::Write("ntlm_server", Builder(seed).U8(64).U8(0).U8(7).U16(200).U8(0));
      }
    }
  }
  for (const real_logins::Login& login : real_logins::kLogins) {
    const Octets last(login.authenticate.data, login.authenticate.data + login.authenticate.size);
    seeds::Write("ntlm_server", Builder().U8(kRawToken).U8(0).U32(0).U8(0).Put(last));
    // The NEGOTIATE by an edit: put in before ours, which then is what follows it.
    if (login.negotiate.size > 255) continue;
    seeds::Write("ntlm_server", Builder()
                                    .U8(kRawToken)
                                    .U8(0)
                                    .U32(0)
                                    .U8(4)
                                    .U16(0)
                                    .U8(static_cast<unsigned>(login.negotiate.size))
                                    .Put(login.negotiate.data, login.negotiate.size)
                                    .U8(0)
                                    .Put(last));
  }
}

void WriteMessages() {
  for (unsigned options = 0; options < 16; ++options) {
    // Who, how (4 parts at most), the parts (kind and size in one octet), the signature's place, forgeries,
    // way.
    for (unsigned how = 0; how < 8; ++how) {
      Builder seed;
      seed.U8(options);
      for (unsigned i = 0; i < 4; ++i) {
        seed.U8(8 * (i % 2)).U8(how | 16 * i);
        for (unsigned part = 0; part < i; ++part) seed.U8(8 * 4 + (part + i) % 8).U32(0x74736574);
        seed.U8(i).U8(1).U8(i).U8(8).U16(2).U8(0).U8(i);
      }
      seeds::Write("ntlm_protect", seed);
      seeds::Write("ntlm_protect_fast", seed);
    }
    // Long parts between short ones, each way, of sizes around MD5's blocks.
    for (unsigned first = 0; first < 8; ++first) {
      Builder seed;
      seed.U8(options);
      for (unsigned i = 0; i < 4; ++i) {
        seed.U8(8 * (i % 2)).U8(1 | 3 << 4);
        seed.U8(8 * 28 + first)
            .U8(57 + i)
            .U8(i)
            .U8(8 * 3 + i)
            .U8(1)
            .U8(2)
            .U8(3)
            .U8(8 * 31)
            .U8(9 * first + i)
            .U8(7);
        seed.U8(i).U8(1).U8(i).U8(8).U16(2).U8(0).U8(i);
      }
      seeds::Write("ntlm_protect", seed);
      seeds::Write("ntlm_protect_fast", seed);
    }
  }
}

void WriteNegotiate() {
  for (unsigned first = 0; first < 256; first += 3) {
    for (const unsigned second : {0U, 3U, 12U, 15U, 16U, 32U}) {
      seeds::Write("negotiate_both", Builder().U8(first).U8(second));
      if (first % 5 == 0) seeds::Write("negotiate_both", Builder().U8(first).U8(second).U8(0).U8(4).U8(4));
    }
  }
  // Each way of meddling with each token.
  for (unsigned leg = 0; leg < 4; ++leg) {
    for (unsigned way = 1; way < 10; ++way) {
      Builder seed;
      seed.U8(leg % 2 == 0 ? 0 : 128).U8(0);
      for (unsigned i = 0; i < leg; ++i) seed.U8(0);
      seeds::Write("negotiate_both", Builder(seed).U8(way).U8(way).U16(9).U8(1).U8(0));
      seeds::Write("negotiate_both", Builder(seed).U8(5).U8(way).U8(way).U8(way));
    }
  }
  for (const real_spnego_logins::Login& login : real_spnego_logins::kLogins) {
    // The server is told the client's first two tokens, the client the server's; ours go nowhere.
    for (const unsigned who : {0U, 64U}) {
      Builder seed;
      seed.U8(who).U8(0);
      for (unsigned leg = 0; leg < 5 && login.legs[leg].size != 0; ++leg)
        seed.U8(3).Counted(login.legs[leg].data, login.legs[leg].size);
      seeds::Write("negotiate_both", seed);
    }
  }
}

const seeds::Source client(WriteClient);
const seeds::Source server(WriteServer);
const seeds::Source messages(WriteMessages);
const seeds::Source both(WriteNegotiate);

}  // namespace

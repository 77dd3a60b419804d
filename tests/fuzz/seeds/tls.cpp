// SPDX-License-Identifier: Apache-2.0
// TLS: handshakes of OpenSSL and GnuTLS for what is read of them, certificates and keys in every form, and
// scripts of edits for each kind of handshake.
#include <string>

#include "tests/corpus/tls/handshakes.h"
#include "tests/fuzz/seeds/seeds.h"
#include "tests/support/pki/certificates.h"

namespace {

namespace pki = baresspi::pki;
using seeds::Builder;
using seeds::Octets;

// The number of what is tried, first in tls_formats' input.
enum FormatTry { kRecords, kHello, kCertificates, kOldStructure, kNewStructure, kFirstCall, kFormat };
constexpr unsigned kScenarios = 14;  // tls_recording.cpp's

void WriteHandshakes() {
  for (const auto& handshake : handshakes::kHandshakes) {
    unsigned directions = 0;
    Octets flights;
    for (size_t i = 0; i < handshake.count && i < 4; ++i) {
      const auto& flight = handshake.flights[i];
      directions |= (flight.from_server ? 1U : 0U) << i;
      const Octets counted = Builder().Counted(flight.data, flight.size);
      flights.insert(flights.end(), counted.begin(), counted.end());
      if (i < 2) seeds::Write("tls_formats", Builder().U8(kRecords).Put(flight.data, flight.size));
    }
    seeds::Write("tls_formats", Builder().U8(kHello).U8(directions).Put(flights));
  }
}

// choice: TryCertificates'. A PEM text has its zero.
void WriteCertificate(unsigned choice, const pki::Octets& octets) {
  for (const unsigned zero : {0u, 1u}) {
    seeds::Write("tls_formats",
                 Builder().U8(kCertificates).U8(choice).Counted(octets.data, octets.size + zero));
  }
}

void WriteCertificates() {
  for (const pki::Octets* one :
       {&pki::kServer, &pki::kServerRsa, &pki::kServerP384, &pki::kServerSha1, &pki::kRootPem,
        &pki::kRootsPem, &pki::kServerWeak, &pki::kServerAddresses}) {
    WriteCertificate(4, *one);       // as its own
    WriteCertificate(16, *one);      // as an anchor
    WriteCertificate(32 + 1, *one);  // behind the server's own
  }
  for (const pki::Octets* key : {&pki::kServerKey, &pki::kServerRsaKey, &pki::kServerKeyPkcs8,
                                 &pki::kServerRsaKeyPkcs8, &pki::kServerKeyEncrypted, &pki::kClientKey}) {
    WriteCertificate(8, *key);
    WriteCertificate(8 + 2 + 1, *key);
  }
  WriteCertificate(64 + 128, pki::kServerKey);  // in an element
  const std::string encrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
  seeds::Write("tls_formats",
               Builder()
                   .U8(kCertificates)
                   .U8(8)
                   .Counted(reinterpret_cast<const uint8_t*>(encrypted.data()), encrypted.size() + 1));
}

void WriteCredentials() {
  // AES_128, AES, SHA-1, RSA_KEYX, ECDH_EPHEM, RSA_SIGN, ECDSA, AES-256.
  const Octets algorithms =
      Builder().U16(0x660E).U16(0x6611).U16(0x8004).U16(0xA400).U16(0xAE06).U16(0x2400).U16(0x2203).U16(
          0x6610);
  for (const unsigned choice : {2u, 6u, 10u}) {
    Builder input;
    input.U8(kOldStructure).U8(choice).U8(8).Put(algorithms);
    if ((choice & 4) != 0) input.U32(0xFC0);
    seeds::Write("tls_formats", input.U16(128).U16(256).U32(1000).U32(0x00400008));
  }
  for (unsigned name = 0; name < 12; ++name) {
    for (unsigned usage = 0; usage < 6; ++usage) {
      Builder input;
      input.U8(kNewStructure).U8(0).U8(2);
      for (const unsigned modes : {0u, 1u}) {
        input.U8(usage)
            .U8(modes == 0 ? name : 0)
            .U8(modes)
            .U8(8)
            .U8(9)
            .U16(modes == 0 && usage == 2 ? 128 : 0)
            .U16(0);
      }
      seeds::Write("tls_formats", input);
    }
  }
}

void WriteFirstCalls() {
  const Octets protocols = Builder()
                               .U32(6 + 12)
                               .U32(2)
                               .U16(12)
                               .U8(2)
                               .Put({'h', '2'})
                               .U8(8)
                               .Put({'h', 't', 't', 'p', '/', '1', '.', '1'});
  for (const char* name : {"device.example.test", "Device.EXAMPLE.test.", "[2001:db8::7]", "192.0.2.9",
                           "2001:db8::7", "", "a_b-c.d", "under/score", "xn--bcher-kva.example"}) {
    Octets narrow;
    Octets wide;
    for (const char* at = name; *at != 0; ++at) {
      narrow.push_back(static_cast<uint8_t>(*at));
      wide.push_back(static_cast<uint8_t>(*at));
      wide.push_back(0);
    }
    seeds::Write("tls_formats", Builder().U8(kFirstCall).U8(0).Counted(protocols).Put(narrow));
    seeds::Write("tls_formats", Builder().U8(kFirstCall).U8(3).U16(0).Put(wide));
  }
  seeds::Write("tls_formats",
               Builder().U8(kFormat).U32(4294967295u).U8(40).U8(0xA5).Put({'2', '.', '5', '%', 'x'}));
}

// As it was, in every layout and in pieces; then one edit of each kind in a flight, which is another one in
// the next kind of handshake: they are slow, and all of them would take the minute that libFuzzer has.
void WriteScripts() {
  for (const char* target : {"tls_client", "tls_server"}) {
    for (unsigned scenario = 0; scenario < kScenarios; ++scenario) {
      for (const unsigned piece : {0u, 1u, 13u}) {
        Builder input;
        input.U8(scenario).U8(0).U8(0).U8(0);
        for (int flight = 0; flight < 4; ++flight) input.U8(0).U8(0).U8(16 + 4).U8(piece);
        seeds::Write(target, input);
      }
      for (unsigned spared = 0; spared < 3; ++spared) {
        for (unsigned what = 0; what < 12; ++what) {
          if ((what + scenario) % 3 != spared) continue;
          Builder input;
          input.U8(scenario).U8(scenario + 1).U8(0).U8(spared);
          seeds::Write(target, input.U8(1).U8(what).U8(what & 1).U8(what).U8(what).U8(2).U8(7).U8(1));
        }
        for (unsigned what = 0; what < 8; ++what) {  // of messages
          if ((what + scenario) % 3 != spared) continue;
          Builder input;
          input.U8(scenario).U8(0).U8(0).U8(spared);
          seeds::Write(target,
                       input.U8(1).U8(10).U8(what & 1).U8(0).U8(what).U8(1).U8(what).U8(0).U8(4).U8(9));
        }
      }
      // TLS 1.2's certificates: one of others in their place.
      if (scenario % 2 != 0) continue;
      for (unsigned certificate = 0; certificate < 20; ++certificate) {
        Builder input;
        input.U8(scenario).U8(0).U8(0).U8(target[4] == 'c' ? 0u : 2u);
        seeds::Write(target,
                     input.U8(1).U8(10).U8(target[4] == 'c' ? 1 : 0).U8(0).U8(3).U8(1).U8(certificate).U8(0));
      }
    }
  }
}

// Messages, both ways, in records of any size; control tokens; and some altered.
void WriteData() {
  for (const unsigned version : {0u, 1u}) {
    Builder input;
    input.U8(version);
    for (const unsigned who : {0u, 1u}) {
      input.U8(who).U8(0).U8(0).U16(40);          // seal
      input.U8(1 - who).U8(2).U8(0).U8(0);        // deliver
      input.U8(who).U8(0).U8(1).U16(0).U8(1);     // the largest
      input.U8(who).U8(0).U8(1).U16(0).U8(2);     // one octet too large
      input.U8(who).U8(0).U8(2).U16(9).U8(0xFF);  // a header's room too small
      input.U8(1 - who).U8(2).U8(0).U8(0);
      input.U8(who).U8(5);  // queries
    }
    const Octets talk = input;
    seeds::Write("tls_data", talk);
    seeds::Write("tls_data",
                 Builder().Put(talk).U8(0).U8(4).U8(1).U8(0).U8(0).U8(0).U8(0).U8(1).U8(2).U8(0).U8(
                     0));  // close_notify
    seeds::Write(
        "tls_data",
        Builder().Put(talk).U8(1).U8(4).U8(2).U8(2).U8(2).U8(80).U8(0).U8(0).U8(0).U8(0).U8(2).U8(0).U8(
            0));  // an alert
    seeds::Write("tls_data",
                 Builder().Put(talk).U8(0).U8(4).U8(3).U8(1).U8(2).U8(0).U8(0).U8(0));  // SCHANNEL_SESSION
    for (unsigned what = 0; what < 12; ++what) {
      seeds::Write(
          "tls_data",
          Builder().Put(talk).U8(0).U8(0).U8(0).U16(40).U8(1).U8(2).U8(1).U8(what).U8(0).U8(what).U8(1).U8(
              3));
    }
  }
}

const seeds::Source handshakes_source(WriteHandshakes);
const seeds::Source certificates(WriteCertificates);
const seeds::Source credentials(WriteCredentials);
const seeds::Source first_calls(WriteFirstCalls);
const seeds::Source scripts(WriteScripts);
const seeds::Source data(WriteData);

}  // namespace

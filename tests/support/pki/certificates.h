// SPDX-License-Identifier: Apache-2.0
// Certificates and keys for tests of TLS, made by tests/support/pki/make, and in pem/ for programs of others.
// Valid from 2020 to 2049 where nothing else is said. A server's is for device.example.test, localhost and
// 127.0.0.1; a client's for alice (common name) and alice@example.test (user principal name).
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace baresspi::pki {

// One zero follows the octets and is not counted: PEM can be read as a string, and mbed TLS wants size + 1.
struct Octets {
  const uint8_t* data;
  size_t size;
};

// ---- Certificates, DER. Roots: the first three are to be trusted. ----
extern const Octets kRoot;          // P-256
extern const Octets kRootRsa;       // RSA, 2,048 bits
extern const Octets kRootP384;      // P-384, SHA-384
extern const Octets kOtherRoot;     // P-256: of those whom nobody trusts
extern const Octets kIntermediate;  // P-256, by kRoot, for one certificate below it

// Servers', with the key of each.
extern const Octets kServer;            // kServerKey, by kRoot
extern const Octets kServerP384;        // kServerP384Key, by kRootP384 with SHA-384
extern const Octets kServerRsa;         // kServerRsaKey, by kRootRsa
extern const Octets kServerSha512;      // kServerKey, by kRootRsa with SHA-512
extern const Octets kServerChained;     // kServerKey, by kIntermediate
extern const Octets kServerExpired;     // kServerKey, by kRoot: 2020 only
extern const Octets kServerFuture;      // kServerKey, by kRoot: from 2048 on
extern const Octets kServerOtherName;   // kServerKey, by kRoot: other.example.test, 192.0.2.1
extern const Octets kServerUntrusted;   // kServerKey, by kOtherRoot
extern const Octets kServerSelf;        // kServerKey, by itself, and no CA
extern const Octets kServerClientOnly;  // kServerKey, by kRoot: a client's, by its extended key usage
extern const Octets kServerAddresses;   // kServerKey, by kRoot: 2001:db8::7, and the *name* 192.0.2.9
extern const Octets kServerSha1;        // kServerKey, by kRoot with SHA-1
extern const Octets kServerWeak;        // kServerWeakKey, by kRoot: RSA, 1,024 bits
extern const Octets kRootExpired;       // kRoot's key and name: 2020 only

// Clients'.
extern const Octets kClient;           // kClientKey, by kRoot
extern const Octets kClientRsa;        // kClientRsaKey, by kRootRsa
extern const Octets kClientUntrusted;  // kClientKey, by kOtherRoot

// ---- Keys, DER: SEC 1 (P-256, P-384) and PKCS #1 (RSA), or as their names say. ----
extern const Octets kServerKey;
extern const Octets kServerP384Key;
extern const Octets kServerRsaKey;
extern const Octets kServerWeakKey;
extern const Octets kClientKey;
extern const Octets kClientRsaKey;
extern const Octets kServerKeyPkcs8;
extern const Octets kServerRsaKeyPkcs8;
extern const Octets kServerKeyEncrypted;  // PKCS #8, password "secret"

// ---- PEM. ----
extern const Octets kRootPem;
extern const Octets kRootsPem;  // the three trusted ones
extern const Octets kServerPem;
extern const Octets kServerChainPem;  // kServerChained and kIntermediate
extern const Octets kServerRsaPem;
extern const Octets kClientPem;
extern const Octets kServerKeyPem;  // BEGIN EC PRIVATE KEY
extern const Octets kServerKeyPkcs8Pem;
extern const Octets kServerRsaKeyPem;  // BEGIN RSA PRIVATE KEY
extern const Octets kClientKeyPem;
extern const Octets kServerKeyEncryptedPem;    // BEGIN ENCRYPTED PRIVATE KEY, password "secret"
extern const Octets kServerKeyTraditionalPem;  // Proc-Type: 4,ENCRYPTED, likewise

}  // namespace baresspi::pki

// SPDX-License-Identifier: Apache-2.0
// A TLS client and a TLS server by turns, which are measured: tls_ours.cpp, tls_plain.cpp. By whom: tls.cpp,
// tls_time.cpp. Whatever goes wrong ends the program.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace bench {

// Credentials of both, for this version alone: 12, 13. Then a connection can be made.
void Acquire(int version);
void Connect();
// Of the connection.
unsigned Suite();
size_t Largest();
void PrintMemory();
// A record of size octets, from the client to the server.
void Transfer(size_t size);
void Disconnect();
void Release();

// From nothing to nothing, between BeginHandshakes and EndHandshakes, which come after Disconnect and in the
// place of Release.
void BeginHandshakes();
void Handshake();
void EndHandshakes();

}  // namespace bench

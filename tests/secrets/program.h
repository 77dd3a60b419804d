// SPDX-License-Identifier: Apache-2.0
// What the logins (ntlm.cpp, tls.cpp) ask of the program that they are part of: leftovers.cpp looks what each
// call leaves behind it, timing.cpp tells valgrind what is secret.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace secrets {

// When a secret's time ends.
enum class Life : uint8_t {
  kCall,        // with the call that makes it: no pool keeps it
  kContext,     // with its context, be it deleted or broken
  kCredential,  // with its credential
};

// A call of the API. What it leaves behind is searched: on its stack everything, in the pools Life::kCall.
void Run(const char* step, void (*call)(void*), void* argument);
template <typename F>
void Run(const char* step, F call) {
  Run(
      step, [](void* argument) { (*static_cast<F*>(argument))(); }, &call);
}

// Whether a login is run in order to learn its secrets, which are searched for when it is run once more.
bool Learning();
// A secret of this login.
void Note(const char* name, const void* octets, size_t size, Life life);
// No pool may hold a secret of this life or a shorter one any more.
void Ended(const char* step, Life life);
// Some pool is expected to hold this secret: else the search would prove nothing.
void Held(const char* step, const char* name);

// For valgrind: nothing may depend on these octets from now on; and these are to go over, so anybody may know
// them.
void Hide(void* octets, size_t size);
void Tell(void* octets, size_t size);

// The check of a login; prints what fails.
void Expect(const char* what, bool holds);

// The logins. Random octets are secret in all but TLS, where mbed TLS works with them.
enum class Random : uint8_t { kSecret, kPublic };
void Repeat(const char* name, void (*login)(const void*), const void* argument, Random random);
void RunNtlm();
void RunTls();

}  // namespace secrets

// SPDX-License-Identifier: Apache-2.0
// Tells valgrind (memcheck) which octets are secret: they are marked as undefined memory, so that it reports
// each branch and each address that depends on them, down to whatever is made of them. Marked are NT hashes,
// passwords in UTF-16 (those in UTF-8 have to be decoded by their octets), random octets, and messages that
// are sealed.
//
// Two functions of core are wrapped by the linker, so that the code is the one that is shipped: what a
// comparison answers may be known, and RC4's table is as secret as its key, which valgrind cannot see, since
// an octet that is written to a secret place leaves no mark there.
//
// `timing control`: does what must be reported, twice.
#include <string.h>
#include <valgrind/memcheck.h>

#include "config/baresspi_config.h"
#include "core/crypto/rc4.h"
#include "tests/secrets/output.h"
#include "tests/secrets/port.h"
#include "tests/secrets/program.h"

extern "C" {
// EqualConstantTime and Rc4::Key.
bool __real__ZN8baresspi17EqualConstantTimeEPKvS1_m(const void* a, const void* b, size_t size);
bool __wrap__ZN8baresspi17EqualConstantTimeEPKvS1_m(const void* a, const void* b, size_t size);
void __real__ZN8baresspi3Rc43KeyEPKhm(baresspi::Rc4* cipher, const uint8_t* key, size_t size);
void __wrap__ZN8baresspi3Rc43KeyEPKhm(baresspi::Rc4* cipher, const uint8_t* key, size_t size);
}

namespace secrets {
namespace {

constinit const char* login_name = "";
constinit unsigned steps = 0;
constinit unsigned failures = 0;
constinit unsigned comparisons = 0;
constinit unsigned keys = 0;

void HideRandom(void* octets, size_t size) {
  VALGRIND_MAKE_MEM_UNDEFINED(octets, size);
}

// As long as the key is secret, so is all of the table.
void HideTable(baresspi::Rc4* cipher, const uint8_t* key, size_t size) {
  uint8_t marks[32];
  if (VALGRIND_GET_VBITS(key, marks, size) != 1 || marks[0] == 0) return;
  VALGRIND_MAKE_MEM_UNDEFINED(cipher->s, sizeof cipher->s);
  ++keys;
}

// A branch, and an index.
int Control() {
  uint8_t key[2] = {1, 1};
  volatile const uint8_t table[4] = {1, 2, 3, 4};
  VALGRIND_MAKE_MEM_UNDEFINED(key, sizeof key);
  if (*static_cast<volatile uint8_t*>(&key[0]) == 1) Print("branched\n");
  uint8_t looked_up = table[key[1] & 3];
  VALGRIND_MAKE_MEM_DEFINED(&looked_up, sizeof looked_up);
  Print(looked_up == 2 ? "looked up\n" : "");
  return 0;
}

}  // namespace

void Run(const char*, void (*call)(void*), void* argument) {
  call(argument);
  ++steps;
}
bool Learning() {
  return false;
}
void Note(const char*, const void*, size_t, Life) {}
void Ended(const char*, Life) {}
void Held(const char*, const char*) {}

void Hide(void* octets, size_t size) {
  VALGRIND_MAKE_MEM_UNDEFINED(octets, size);
}
void Tell(void* octets, size_t size) {
  VALGRIND_MAKE_MEM_DEFINED(octets, size);
}

void Expect(const char* what, bool holds) {
  if (holds) return;
  Print("FAIL ");
  Print(login_name);
  Print(": ");
  Print(what);
  Print("\n");
  ++failures;
}

void Repeat(const char* name, void (*login)(const void*), const void* argument, Random random) {
  login_name = name;
  VALGRIND_PRINTF("login: %s\n", name);
  StartPortAnew(random == Random::kSecret ? HideRandom : nullptr, 0);
  login(argument);
}

}  // namespace secrets

bool __wrap__ZN8baresspi17EqualConstantTimeEPKvS1_m(const void* a, const void* b, size_t size) {
  bool equal = __real__ZN8baresspi17EqualConstantTimeEPKvS1_m(a, b, size);
  uint8_t marks = 0;
  secrets::comparisons += VALGRIND_GET_VBITS(&equal, &marks, 1) == 1 && marks != 0;
  VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof equal);
  return equal;
}

void __wrap__ZN8baresspi3Rc43KeyEPKhm(baresspi::Rc4* cipher, const uint8_t* key, size_t size) {
  __real__ZN8baresspi3Rc43KeyEPKhm(cipher, key, size);
  secrets::HideTable(cipher, key, size);
}

int main(int count, char** arguments) {
  using namespace secrets;  // NOLINT(google-build-using-namespace)
  if (!RUNNING_ON_VALGRIND) return 3;
  if (count > 1 && strcmp(arguments[1], "control") == 0) return Control();
  RunNtlm();
#if BARESSPI_SCHANNEL
  RunTls();
#endif
  Print(steps);
  Print(" steps, ");
  Print(comparisons);
  Print(" comparisons of secrets, ");
  Print(keys);
  Print(" secret ciphers, ");
  Print(failures);
  Print(" failures\n");
  return failures != 0 ? 2 : 0;
}

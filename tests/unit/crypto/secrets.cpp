// SPDX-License-Identifier: Apache-2.0
// For valgrind: keys and messages are marked as undefined memory, so that it reports each branch and each
// address that depends on them. Digests, MACs and the comparison have none; `rc4`, as the argument, has,
// which shows that valgrind would tell.
#include <string.h>
#include <valgrind/memcheck.h>

#include "core/base/memory.h"
#include "core/crypto/hmac_md5.h"
#include "core/crypto/rc4.h"

using namespace baresspi;

int main(int count, char** arguments) {
  if (!RUNNING_ON_VALGRIND) return 2;
  uint8_t key[16] = {1}, message[200] = {2}, digest[16];
  VALGRIND_MAKE_MEM_UNDEFINED(key, sizeof key);
  VALGRIND_MAKE_MEM_UNDEFINED(message, sizeof message);

  if (count > 1 && strcmp(arguments[1], "rc4") == 0) {
    Rc4 rc4;
    rc4.Key(key, sizeof key);
    rc4.Apply(message, sizeof message);
    return 0;
  }
  Md4 md4;
  md4.Update(message, sizeof message);
  md4.Finish(digest);
  Md5 md5;
  md5.Update(message, sizeof message);
  md5.Finish(digest);
  HmacMd5 hmac(key);
  hmac.Update(message, sizeof message);
  hmac.Finish(digest);
  bool equal = EqualConstantTime(digest, message, sizeof digest);
  VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof equal);  // which of the two it is may be known
  return equal ? 1 : 0;
}
